"""GET /links and POST /links/confirm: the desk of what tasks bring and waits for the office."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import OTHER_COUNTY, World, make_account, make_plan, make_school, make_task
from tests.views.test_task_additions import proposed
from tests.views.test_task_links import linked, links
from tests.views.test_tasks_report import reload
from tests.visit import checked, client_for, send, visit
from tracker.models import Addition, Event, LinkState, Plan, PlanState, Task, db
from tracker.rules.permissions import Role


def pair(task: Task) -> str:
    """A task with its version, as the desk names it."""
    return f"{task.key}:{reload(task).version}"


def confirm(client: FlaskClient, tasks: list[str], query: str = "", **values: Any) -> TestResponse:
    """Confirm the proposals of tasks."""
    return send(client, f"/links/confirm{query}", {"task": tasks, **values}, token_from="/password")


def test_the_desk_counts_and_lists_by_task(app: Flask, world: World) -> None:
    linked(world.task)
    school = make_school("第三中学")
    proposed(world.housing_task, school_id=school.id, amount=None, reason="方案未分用途")
    linked(world.housing_task, state=LinkState.CONFIRMED)
    office = client_for(app, world.office)
    page = visit(office, "/links")
    assert [each.get_text(" ", strip=True) for each in page.select("main nav.presets a")][-4:] == [
        "待确认 2",
        "缺数量 1",
        "没有对应指标 1",
        "已确认 1",
    ]
    assert [each.get_text(strip=True) for each in page.select("section.brings h2 a")] == [
        f"{world.task.number} 资金拨付",
        f"{world.housing_task.number} 校舍建设",
    ]
    assert "共同责任事项" in visit(office, "/links?show=without_link").get_text()
    page = visit(office, "/links?show=without_amount")
    assert page.select_one("form.amount-only input[name=amount]") is not None
    assert "方案未分用途" in page.get_text()
    assert "校舍建设" in visit(office, "/links?show=confirmed").get_text()


def test_a_line_is_opened_by_its_address(app: Flask, world: World) -> None:
    row = linked(world.task)
    page = visit(client_for(app, world.office), f"/links?edit=link-{row.id}")
    assert page.find(id=f"link-{row.id}-c-reason") is not None
    assert visit(client_for(app, world.office), "/links?edit=nothing").find("textarea") is None


def test_what_is_done_on_the_desk_leads_back_to_it(app: Flask, world: World) -> None:
    linked(world.task)
    office = client_for(app, world.office)
    form = visit(office, "/links?show=waiting").select_one("form.inline")
    assert form is not None
    values = {str(each["name"]): str(each["value"]) for each in form.select("input")}
    answer = office.post(str(form["action"]), data=values)
    assert (answer.status_code, answer.location.startswith("/links")) == (302, True)
    assert links()[0].state is LinkState.CONFIRMED


def test_several_tasks_are_confirmed_at_once(app: Flask, world: World) -> None:
    linked(world.task)
    linked(world.housing_task)
    school = make_school("第三中学")
    proposed(world.housing_task, school_id=school.id)
    waiting = proposed(world.housing_task, school_id=school.id, amount=None, figure="teaching_area_m2")
    answer = confirm(client_for(app, world.office), [pair(world.task), pair(world.housing_task)], "?show=waiting")
    assert answer.status_code == 302
    assert {row.state for row in links()} == {LinkState.CONFIRMED}
    states = {row.id: row.state for row in db.session.scalars(sa.select(Addition))}
    assert states.pop(waiting.id) is LinkState.PROPOSED
    assert set(states.values()) == {LinkState.CONFIRMED}
    done = db.session.scalars(sa.select(Event).where(Event.act == "confirm_links", Event.allowed)).all()
    assert {event.object_id for event in done} == {world.task.key, world.housing_task.key}


def test_one_stale_task_keeps_all_as_they_were(app: Flask, world: World) -> None:
    linked(world.task)
    linked(world.housing_task)
    office = client_for(app, world.office)
    answer = confirm(office, [pair(world.task), f"{world.housing_task.key}:99"])
    assert answer.status_code == 409
    assert "校舍建设：该任务刚被他人更新" in checked(answer).get_text()
    assert {row.state for row in links()} == {LinkState.PROPOSED}
    answer = confirm(office, [pair(world.task), pair(world.shared_task)])
    assert answer.status_code == 409
    assert "共同责任事项" in answer.text
    assert {row.state for row in links()} == {LinkState.PROPOSED}


@pytest.mark.parametrize("tasks", [[], ["nothing"], ["xg-1:zwei"]])
def test_a_form_that_names_no_task_is_refused(app: Flask, world: World, tasks: list[str]) -> None:
    assert confirm(client_for(app, world.office), tasks).status_code == 400


def test_a_task_of_another_county_is_not_there(app: Flask, world: World) -> None:
    foreign = make_task(make_plan("xj", region=OTHER_COUNTY))
    linked(foreign)
    linked(world.task)
    assert confirm(client_for(app, world.office), [pair(world.task), f"{foreign.key}:1"]).status_code == 404
    assert foreign.title not in visit(client_for(app, world.office), "/links").get_text()


def test_only_the_office_has_the_desk(app: Flask, world: World) -> None:
    linked(world.task)
    for account in (world.staff, world.leader, world.auditor, world.administrator):
        client = client_for(app, account)
        assert client.get("/links").status_code == 403, account.username
        assert confirm(client, [f"{world.task.key}:1"]).status_code == 403, account.username
    assert client_for(app, world.office).get("/links/confirm").status_code == 405
    assert {row.state for row in links()} == {LinkState.PROPOSED}


@pytest.mark.parametrize("query", ["?show=all", "?plan=nothing", "?region=64"])
def test_an_address_that_asks_for_what_is_not_there_is_refused(app: Flask, world: World, query: str) -> None:
    assert client_for(app, world.office).get(f"/links{query}").status_code == 400


def test_tasks_of_a_closed_plan_wait_for_nobody(app: Flask, world: World) -> None:
    linked(world.task)
    db.session.execute(sa.update(Plan).values(state=PlanState.CLOSED))
    assert "没有待确认的内容。" in visit(client_for(app, world.office), "/links").get_text()


def test_a_whole_plan_is_listed_page_by_page_within_the_questions(plans_app: Flask) -> None:
    office = client_for(plans_app, make_account(Role.PLAN_OFFICE))
    page = visit(office, "/links")
    assert len(page.select("section.brings")) == 15
    assert len(str(page)) < 160_000
    last = visit(office, "/links?page=99&show=waiting")
    assert last.select_one(".pager a[rel=prev]") is not None
    for edited in page.select("section.brings a.meta")[:3]:
        visit(office, str(edited["href"]).partition("#")[0])
    nation = client_for(plans_app, make_account(Role.PLAN_OFFICE, region=""))
    visit(nation, "/links?show=without_amount")
