"""/indicators, /indicators/<code> and /plans/<code>/indicators."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.datastructures import MultiDict

from tests.factories import COUNTY, OTHER_COUNTY, World, make_account, make_plan, make_task
from tests.visit import client_for, counted_queries, visit
from tracker import clock
from tracker.models import Account, Contribution, Unit, db
from tracker.queries.accounts import person_of
from tracker.queries.indicators import national_indicator
from tracker.queries.ledger import ledger_page
from tracker.rules.permissions import Role
from tracker.views.query import filters_from

PAGES = ["/indicators", "/indicators/R5", "/plans/xingguo-2023/indicators"]


def serve(world: World, code: str, count: int) -> None:
    """Give a national indicator so many tasks more."""
    indicator = national_indicator(code)
    assert indicator
    plan, unit = db.session.merge(world.plan), db.session.merge(world.finance)
    for _ in range(count):
        task = make_task(plan, lead=[unit], due_on=date(2020, 1, 1))
        db.session.add(Contribution(task_id=task.id, indicator_id=indicator.id, reason="理由"))
    db.session.commit()


def linked_counts(page: BeautifulSoup) -> list[tuple[int, str]]:
    """Every number on a page that is a link to the ledger, with its address."""
    found = []
    for link in page.select("main a[href^='/tasks?']"):
        count = link.select_one(".count")
        text = (count or link).get_text(strip=True)
        if text.isdigit():
            found.append((int(text), str(link["href"])))
    return found


def listed(account: Account, address: str) -> int:
    """How many tasks the ledger lists at an address."""
    filters = filters_from(MultiDict(parse_qsl(urlsplit(address).query)))
    return ledger_page(person_of(account), filters, clock.today(), 1).total


def without_task(page: BeautifulSoup) -> list[str]:
    """The codes of the indicators that are marked because no task serves them."""
    return [str(row.select_one(".code").text) for row in page.select(".without")]  # type: ignore[union-attr]


def main_of(page: BeautifulSoup) -> Tag:
    """What the page itself says, without its frame."""
    found = page.select_one("main")
    assert found
    return found


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("role", [Role.PLAN_OFFICE, Role.LEADER, Role.AUDITOR, Role.UNIT_STAFF])
def test_every_business_role_reads_it_and_every_number_leads_to_that_many_tasks(
    plans_app: Flask, role: Role, address: str
) -> None:
    finance = db.session.scalars(sa.select(Unit).where(Unit.region_code == COUNTY, Unit.name == "财政局")).one()
    account = make_account(role, units=[finance] if role is Role.UNIT_STAFF else [])
    page = visit(client_for(plans_app, account), address)
    account = db.session.merge(account)
    numbers = linked_counts(page)
    assert numbers
    for number, target in numbers:
        assert listed(account, target) == number, target
    assert ("只统计本单位的任务" in main_of(page).text) is (role is Role.UNIT_STAFF)


@pytest.mark.parametrize("address", ["/indicators", "/indicators/R5", "/plans/xg/indicators"])
def test_the_administrators_of_the_machine_do_not_see_business(app: Flask, world: World, address: str) -> None:
    for account in (world.administrator, world.security):
        visit(client_for(app, account), address, status=403)
    assert app.test_client().get(address).status_code == 302
    assert client_for(app, world.leader).post(address).status_code == 405


def test_what_is_foreign_or_unknown_is_not_found(app: Flask, world: World) -> None:
    leader, stranger = client_for(app, world.leader), client_for(app, world.stranger)
    visit(leader, "/plans/xg/indicators")
    visit(stranger, "/plans/xg/indicators", status=404)
    visit(leader, "/plans/nothing/indicators", status=404)
    visit(leader, "/indicators/R8", status=404)
    visit(stranger, "/indicators?plan=xg", status=400)
    visit(leader, "/indicators?plan=nothing", status=400)
    visit(leader, f"/indicators?region={OTHER_COUNTY}", status=400)
    visit(leader, "/indicators/R1?region=x", status=400)
    visit(leader, "/indicators/R1?page=99999999999", status=400)


def test_the_page_says_what_the_plan_reports_and_what_nobody_works_on(plans_app: Flask) -> None:
    client = client_for(plans_app, make_account(Role.LEADER, region="650121"))
    text = main_of(visit(client, "/indicators")).get_text(" ", strip=True)
    assert "4 项指标没有任务" in text
    assert "6 项任务没有对应指标" in text
    assert "小学 校际差异系数 0.5380" in text
    assert "初中 校际差异系数 0.099 " in text
    page = visit(client, "/indicators")
    assert without_task(page) == ["R6", "G4", "G5", "G14"]
    assert len(page.select("#without-task li")) == 4
    assert len(page.select("#without-indicator tbody tr")) == 6
    own = visit(client, "/plans/urumqi-2022/indicators")
    assert len(own.select("tr.without")) == 4


def test_an_indicator_says_on_top_how_many_tasks_are_late(app: Flask, world: World) -> None:
    client = client_for(app, world.leader)
    assert "没有任务服务于这项指标" in main_of(visit(client, "/indicators/R5")).text
    serve(world, "R5", 3)
    page = visit(client, "/indicators/R5")
    assert "3 项任务服务于这项指标，其中 3 项逾期。" in main_of(page).text
    assert [row.text.split()[0] for row in page.select(".reason")] == ["理由"] * 3


def test_a_plan_narrows_what_a_prefecture_sees(plans_app: Flask) -> None:
    client = client_for(plans_app, make_account(Role.LEADER, region=""))
    page = visit(client, "/indicators?plan=akqi-2022")
    assert without_task(page) == ["G7"]
    page = visit(client, "/indicators?region=65")
    links = [link.text for link in page.select("nav.presets[aria-label='地区和计划'] a")]
    assert links[:3] == ["全部计划", "乌鲁木齐市", "克孜勒苏柯尔克孜自治州"]


def test_english_readers_get_english_names(app: Flask, world: World) -> None:
    client = client_for(app, world.leader)
    client.set_cookie("language", "en")
    text = main_of(visit(client, "/indicators")).text
    assert "Networked multimedia classrooms per 100 students" in text
    assert "Government guarantees" in text
    text = main_of(visit(client, "/indicators/S1")).text
    assert "At least 85% of valid answers are satisfied" in text


@pytest.mark.parametrize("address", ["/indicators", "/indicators/R1", "/plans/xg/indicators"])
def test_fifty_tasks_ask_no_more_questions_than_one(app: Flask, world: World, address: str) -> None:
    def questions(client_account: Account) -> int:
        client = client_for(app, client_account)
        client.get(address)
        db.session.remove()
        with counted_queries() as statements:
            assert client.get(address).status_code == 200
        return len(statements)

    serve(world, "R1", 1)
    one = questions(world.leader)
    serve(world, "R1", 49)
    assert questions(db.session.merge(world.leader)) == one


def test_with_two_plans_in_reach_each_task_says_which_is_its_own(app: Flask, world: World) -> None:
    other = make_task(make_plan("second", title="另一方案"), title="另一方案的任务", lead=[world.finance])
    for task in (world.task, other):
        db.session.add(Contribution(task_id=task.id, indicator=national_indicator("R1"), reason="补充教师"))
    db.session.commit()
    page = visit(client_for(app, world.office), "/indicators/R1")
    assert "另一方案" in page.get_text()
