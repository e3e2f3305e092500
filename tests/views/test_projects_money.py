"""/projects/<key>/money: the ledger of a project, added to by its unit and the office, withdrawn with a reason."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import World, make_money, make_project, make_task
from tests.visit import checked, client_for, send, token_of, visit
from tracker import clock
from tracker.models import (
    Event,
    LoginSession,
    MoneyEntry,
    OutboxMail,
    PlanState,
    Project,
    ProjectFile,
    ProjectNode,
    Task,
    db,
)
from tracker.rules.lifecycle import State
from tracker.rules.money import MoneyKind, MoneySource

PDF = b"%PDF-1.4\nx\n%%EOF"
SAID = {"kind": "allocated", "amount": "3400万元", "on": "2026-03-06", "source": "bond", "once": "a", "version": "1"}


def built(world: World, **figures: Any) -> Project:
    """A project of 财政局."""
    task = make_task(world.plan, responsible=[world.finance], due_on=date(2099, 6, 30), title="第九中学建设")
    project = make_project(task, **({"budget_yuan": 119_700_000} | figures))
    db.session.commit()
    return project


def add(client: FlaskClient, key: str, **said: Any) -> TestResponse:
    """Send the form of an entry."""
    return send(client, f"/projects/{key}/money", SAID | said, token_from="/password")


def withdraw(client: FlaskClient, key: str, entry_id: int, **said: Any) -> TestResponse:
    """Send the form that withdraws an entry."""
    values = {"version": "1", "reason": "录入有误", "entry": str(entry_id)} | said
    return send(client, f"/projects/{key}/money/{entry_id}/withdraw", values, token_from="/password")


def entries() -> list[MoneyEntry]:
    """All entries, in the order of their making."""
    db.session.expire_all()
    return list(db.session.scalars(sa.select(MoneyEntry).order_by(MoneyEntry.id)))


def events(act: str) -> list[Event]:
    """The events of an act that was allowed."""
    return list(db.session.scalars(sa.select(Event).where(Event.act == act, Event.allowed).order_by(Event.id)))


def words(page: BeautifulSoup) -> str:
    """The text of the money on a project's page."""
    section = page.select_one("#money")
    assert section
    return " ".join(section.get_text(" ", strip=True).split())


@pytest.fixture
def key(world: World) -> str:
    """The key of a project of 财政局."""
    return built(world).task.key


def test_money_that_came_stands_in_the_ledger_and_in_the_history_of_the_task(
    app: Flask, world: World, key: str
) -> None:
    staff = client_for(app, world.staff)
    assert "记录资金" in words(visit(staff, f"/projects/{key}"))
    answer = add(staff, key, note="第一批", source="bond")
    assert answer.location == f"/projects/{key}#money", answer.text
    [entry] = entries()
    assert (entry.kind, entry.amount_yuan, entry.on) == (MoneyKind.ALLOCATED, 34_000_000, date(2026, 3, 6))
    assert (entry.source, entry.note, entry.account_id) == (MoneySource.BOND, "第一批", world.staff.id)
    text = words(visit(staff, f"/projects/{key}"))
    assert "专项债券 3,400" in text
    assert "28.4%" in text
    assert world.staff.name in text
    assert "到位资金 3,400 万元（专项债券）" in visit(staff, f"/tasks/{key}").get_text()
    [event] = events("add_money")
    assert (event.object_type, event.object_id, event.region_code) == ("task", key, world.plan.region_code)
    assert event.after["amount_yuan"] == 34_000_000
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxMail)) == 0
    assert "3,400 万元" in visit(client_for(app, world.auditor), "/events?act=add_money").get_text()


@pytest.mark.parametrize(
    ("said", "yuan"),
    [
        ({"amount": "1.2亿元"}, 120_000_000),
        ({"amount": "56000元", "kind": "paid", "payee": "城建公司"}, 56_000),
        ({"amount": "３，４００"}, 34_000_000),
        ({"amount": "-50"}, -500_000),
        ({"kind": "planned", "on": "", "for_year": "2026", "amount": "500"}, 5_000_000),
        ({"kind": "planned", "on": "", "for_year": "2026年", "source": "", "amount": "500"}, 5_000_000),
    ],
)
def test_amounts_are_taken_as_people_write_them(
    app: Flask, world: World, key: str, said: dict[str, str], yuan: int
) -> None:
    assert add(client_for(app, world.office), key, **said).status_code == 302
    [entry] = entries()
    assert entry.amount_yuan == yuan
    assert entry.for_year == (2026 if "for_year" in said else None)
    assert entry.payee == said.get("payee")
    assert (entry.source is None) == (said.get("source") == "")


@pytest.mark.parametrize(
    ("said", "words_of_it"),
    [
        ({"amount": ""}, "请填写金额"),
        ({"amount": "NaN"}, "看不懂这个金额"),
        ({"amount": "1e5"}, "看不懂这个金额"),
        ({"amount": "9" * 300}, "看不懂这个金额"),
        ({"amount": "三千万"}, "看不懂这个金额"),
        ({"amount": "0.5元"}, "精确到元"),
        ({"amount": "10001亿元"}, "超过一万亿元"),
        ({"amount": "0"}, "金额不能为零"),
        ({"on": ""}, "请填写到位或支付的日期"),
        ({"on": (clock.today() + timedelta(days=1)).isoformat()}, "不能晚于今天"),
        ({"on": "3月6日"}, "如 2026-03-31"),
        ({"for_year": "2026"}, "只有计划资金分年度"),
        ({"kind": "planned", "on": "", "for_year": "明年"}, "请填写年份"),
        ({"kind": "planned", "on": "", "for_year": "99999"}, "请填写年份"),
        ({"payee": "城建公司"}, "只有支付的资金填收款单位"),
        ({"note": "字" * 501}, "最多500字"),
    ],
)
def test_what_the_ledger_does_not_take_comes_back_with_its_words(
    app: Flask, world: World, key: str, said: dict[str, str], words_of_it: str
) -> None:
    answer = add(client_for(app, world.office), key, **({"note": "第一批"} | said))
    assert answer.status_code == 400
    page = checked(answer)
    assert words_of_it in words(page)
    on_top = page.select_one("main > .notice.bad")
    assert on_top is not None
    assert words_of_it in on_top.text
    assert len(page.select("#money .error-text")) == 1
    assert page.select_one("#money-add-note").text.strip() == said.get("note", "第一批")  # type: ignore[union-attr]
    assert page.select_one("#money details[open]")
    assert entries() == []


@pytest.mark.parametrize("said", [{"kind": "gift"}, {"source": "moon"}, {"kind": ""}])
def test_what_is_no_choice_is_refused(app: Flask, world: World, key: str, said: dict[str, str]) -> None:
    assert add(client_for(app, world.office), key, **said).status_code == 400
    assert entries() == []


def test_unknown_fields_are_refused(app: Flask, world: World, key: str) -> None:
    assert add(client_for(app, world.office), key, account_id="1").status_code == 400
    assert entries() == []


def test_only_its_units_and_the_office_may(app: Flask, world: World, key: str) -> None:
    statuses = {"housing_staff": 404, "leader": 403, "auditor": 403, "stranger": 404, "staff": 302}
    for who, status in statuses.items():
        client = client_for(app, getattr(world, who))
        assert add(client, key).status_code == status, who
        assert client.get(f"/projects/{key}/money").status_code in {404, 405}, who
    assert len(entries()) == 1
    assert "记录资金" not in words(visit(client_for(app, world.leader), f"/projects/{key}"))
    assert add(client_for(app, world.office), world.task.key).status_code == 404


def test_the_same_form_sent_again_adds_nothing(app: Flask, world: World, key: str) -> None:
    staff = client_for(app, world.staff)
    assert add(staff, key).status_code == 302
    assert add(staff, key).status_code == 302
    assert len(entries()) == 1
    assert len(events("add_money")) == 1


def test_two_people_who_opened_the_page_at_once_are_both_kept(app: Flask, world: World, key: str) -> None:
    db.session.execute(sa.update(Task).where(Task.key == key).values(version=7))
    db.session.commit()
    assert add(client_for(app, world.staff), key, once="a").status_code == 302
    assert add(client_for(app, world.office), key, once="b", amount="100").status_code == 302
    assert [entry.amount_yuan for entry in entries()] == [34_000_000, 1_000_000]


def test_a_file_is_kept_and_given_back(app: Flask, world: World, key: str) -> None:
    staff = client_for(app, world.staff)
    assert add(staff, key, files=(BytesIO(PDF), "拨款文件.pdf")).status_code == 302
    [file] = db.session.scalars(sa.select(ProjectFile))
    assert (file.entry_id, file.name) == (entries()[0].id, "拨款文件.pdf")
    link = visit(staff, f"/projects/{key}").find("a", string="拨款文件.pdf")
    assert link
    assert staff.get(str(link["href"])).data == PDF  # type: ignore[index]
    assert client_for(app, world.housing_staff).get(str(link["href"])).status_code == 404  # type: ignore[index]


def test_a_file_outlives_a_form_that_was_refused(app: Flask, world: World, key: str) -> None:
    staff = client_for(app, world.staff)
    page = checked(add(staff, key, amount="?", files=(BytesIO(PDF), "拨款文件.pdf")))
    assert "已上传并保留：拨款文件.pdf" in words(page)
    kept = page.select_one("#money form.entry-form input[name=kept]")
    assert add(staff, key, kept=kept["value"]).status_code == 302  # type: ignore[index]
    assert db.session.scalar(sa.select(ProjectFile.name)) == "拨款文件.pdf"


def test_a_file_that_is_none_of_the_kinds_is_refused_beside_the_form(app: Flask, world: World, key: str) -> None:
    answer = add(client_for(app, world.staff), key, files=(BytesIO(b"MZ"), "拨款.exe"))
    assert answer.status_code == 400
    assert "不是可接受的类型" in words(checked(answer))
    assert entries() == []


def test_words_outlive_an_ended_session(app: Flask, world: World, key: str) -> None:
    client = client_for(app, world.staff)
    token = token_of(client, f"/projects/{key}")
    db.session.execute(sa.delete(LoginSession))
    db.session.commit()
    answer = client.post(f"/projects/{key}/money", data=SAID | {"csrf_token": token, "note": "第一批债券"})
    assert answer.status_code == 401
    assert "第一批债券" in answer.text
    assert "3400万元" in answer.text
    assert entries() == []


def test_a_closed_plan_takes_no_money_and_a_suspended_project_does(app: Flask, world: World, key: str) -> None:
    office = client_for(app, world.office)
    db.session.execute(sa.update(Task).where(Task.key == key).values(state=State.SUSPENDED))
    assert add(office, key).status_code == 302
    world.plan.state = PlanState.CLOSED
    db.session.commit()
    answer = add(office, key, once="b")
    assert answer.status_code == 409
    assert "该计划已结束" in answer.text
    assert "记录资金" not in words(visit(office, f"/projects/{key}"))
    assert len(entries()) == 1


def test_a_withdrawn_entry_stays_struck_through_and_leaves_the_sums(app: Flask, world: World, key: str) -> None:
    staff = client_for(app, world.staff)
    add(staff, key)
    add(staff, key, once="b", amount="100")
    first = entries()[0]
    opened = visit(staff, f"/projects/{key}?edit=entry-{first.id}")
    assert "撤回这笔资金" in words(opened)
    assert withdraw(staff, key, first.id).location == f"/projects/{key}#money"
    page = visit(staff, f"/projects/{key}")
    struck = page.select_one(f"#entry-{first.id} s")
    assert struck
    assert struck.text == "3,400"
    assert "已撤回：录入有误" in words(page)
    paid = [" ".join(row.get_text(" ", strip=True).split()) for row in page.select(".money-bars tr")]
    assert paid[1].startswith("到位")
    assert paid[1].endswith("100 0.8%")
    assert "撤回到位资金 3,400 万元（专项债券）" in visit(staff, f"/tasks/{key}").get_text()
    [event] = events("withdraw_money")
    assert (event.before["amount_yuan"], event.after["reason"]) == (34_000_000, "录入有误")


def test_an_entry_is_withdrawn_once_and_with_a_reason(app: Flask, world: World, key: str) -> None:
    office = client_for(app, world.office)
    add(office, key)
    [entry] = entries()
    answer = withdraw(office, key, entry.id, reason="")
    assert answer.status_code == 400
    assert checked(answer).select_one("#money .row-form")
    assert withdraw(office, key, entry.id).status_code == 302
    answer = withdraw(office, key, entry.id)
    assert answer.status_code == 409
    assert "已被撤回" in answer.text
    assert len(events("withdraw_money")) == 1


def test_an_entry_is_withdrawn_only_through_its_own_project(app: Flask, world: World, key: str) -> None:
    office = client_for(app, world.office)
    add(office, key)
    [entry] = entries()
    assert withdraw(office, built(world).task.key, entry.id).status_code == 404
    assert withdraw(office, key, entry.id + 1).status_code == 404
    statuses = {"housing_staff": 404, "leader": 403, "auditor": 403, "stranger": 404}
    for who, status in statuses.items():
        assert withdraw(client_for(app, getattr(world, who)), key, entry.id).status_code == status, who
    assert entries()[0].withdrawn_at is None


def test_sums_that_contradict_each_other_are_questioned_with_their_figures(app: Flask, world: World, key: str) -> None:
    office = client_for(app, world.office)
    add(office, key, kind="paid", amount="200")
    assert "已支付 200 万元，但没有登记到位资金" in words(visit(office, f"/projects/{key}"))
    add(office, key, once="b", amount="150")
    assert "支付 200 万元，超过到位 150 万元，多 50 万元" in words(visit(office, f"/projects/{key}"))
    add(office, key, once="c", amount="1.2亿元")
    assert "到位 12,150 万元，超过计划投资 11,970 万元，多 180 万元" in words(visit(office, f"/projects/{key}"))
    add(office, key, once="d", kind="planned", on="", amount="12000")
    text = words(visit(office, f"/projects/{key}"))
    assert "台账的计划资金 12,000 万元，超过方案投资 11,970 万元，多 30 万元" in text


def test_a_project_without_money_says_so_and_shows_no_zero(app: Flask, world: World) -> None:
    key = built(world, budget_yuan=None).task.key
    text = words(visit(client_for(app, world.leader), f"/projects/{key}"))
    assert "方案未列投资，台账里也没有资金记录" in text
    assert "0" not in text


def test_sums_stand_by_source_and_by_year(app: Flask, world: World) -> None:
    project = built(world)
    make_money(project, MoneyKind.PLANNED, 50_000_000, for_year=2026, source=MoneySource.BOND)
    make_money(project, MoneyKind.ALLOCATED, 20_000_000, date(2025, 12, 31), source=MoneySource.BOND)
    make_money(project, MoneyKind.ALLOCATED, 10_000_000, date(2026, 1, 1))
    make_money(project, MoneyKind.PAID, 5_000_000, date(2026, 2, 1), payee="城建公司")
    text = words(visit(client_for(app, world.leader), f"/projects/{project.task.key}"))
    assert "专项债券 5,000 2,000 —" in text
    assert "文件未注明 — 1,000 500" in text
    assert "2025年 — 2,000 —" in text
    assert "2026年 5,000 1,000 500" in text


def test_what_should_be_paid_by_today_is_a_tick(app: Flask, world: World) -> None:
    today = clock.today()
    nodes = [
        {"name": "开工", "planned_on": today - timedelta(days=50)},
        {"name": "交付", "planned_on": today + timedelta(days=50)},
    ]
    project = built(world, nodes=nodes)
    make_money(project, MoneyKind.PAID, 1_000_000, today)
    page = visit(client_for(app, world.leader), f"/projects/{project.task.key}")
    assert "序时 50%" in words(page)
    assert page.select_one("#money .bullet .expected")


def test_many_entries_ask_no_more_questions(app: Flask, world: World) -> None:
    project = built(world, nodes=[{}])
    for number in range(60):
        entry = make_money(project, MoneyKind.PAID, 10_000 + number, date(2026, 3, 1), account_id=world.staff.id)
        entry.files.append(
            ProjectFile(name="a.pdf", media_type="application/pdf", size=1, sha256="0" * 64, at=clock.now())
        )
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ProjectNode)) == 1
    page = visit(client_for(app, world.office), f"/projects/{project.task.key}")
    assert len(page.select(".money-ledger tbody tr")) == 60


@pytest.mark.parametrize("edit", ["entry-", "entry-99999", "entry-" + "9" * 40, "entry-²", "node-1", "x"])
def test_a_row_that_is_not_there_opens_no_form(app: Flask, world: World, key: str, edit: str) -> None:
    add(client_for(app, world.office), key)
    page = visit(client_for(app, world.office), f"/projects/{key}?edit={edit}")
    assert not page.select_one("#money .row-form")
