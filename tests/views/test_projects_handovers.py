"""POST /projects/<key>/handovers…: seats of a school that are handed over apart from the rest."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import World, make_project, make_school, make_task
from tests.views.test_task_links import events
from tests.views.test_tasks_report import reload
from tests.views.test_typed import door as door
from tests.views.test_typed import end, enter
from tests.visit import checked, client_for, token_of, visit
from tracker import clock
from tracker.models import Handover, PlanState, Project, Stage, Task, db
from tracker.rules.lifecycle import State
from tracker.views.typed import has_draft


def a_project(world: World, seats: int | None = 2000) -> Project:
    """A project of 财政局 with a primary school."""
    task = make_task(
        db.session.merge(world.plan), responsible=[db.session.merge(world.finance)], due_on=date(2099, 8, 20)
    )
    project = make_project(task, parts=[(make_school(), Stage.PRIMARY, seats, 40)])
    db.session.commit()
    return project


def post(client: FlaskClient, task: Task, act: str, **values: Any) -> TestResponse:
    """Send one of the forms of 学位交付."""
    said = {"csrf_token": token_of(client, "/password"), "version": str(reload(task).version)} | values
    return client.post(f"/projects/{task.key}/handovers{act}", data=said)


def add(client: FlaskClient, project: Project, **differences: Any) -> TestResponse:
    """Plan a batch of 800 seats."""
    part = db.session.merge(project).schools[0]
    values = {"part": str(part.id), "seats": "800", "classes": "16", "planned_on": "2099-08-01"} | differences
    return post(client, part.project.task, "", **values)


def rows() -> list[Handover]:
    """The batches that are stored."""
    db.session.rollback()
    return list(db.session.scalars(sa.select(Handover).order_by(Handover.id)))


def batch(world: World, **differences: Any) -> Handover:
    """A batch of 800 of 2,000 seats."""
    project = a_project(world)
    row = Handover(part=project.schools[0], **({"seats": 800, "planned_on": date(2099, 8, 1)} | differences))
    db.session.add(row)
    db.session.commit()
    return row


def change(client: FlaskClient, row: Handover, **differences: Any) -> TestResponse:
    """Plan a batch otherwise."""
    task = db.session.merge(row).part.project.task
    values = {"about": str(row.id), "seats": "900", "planned_on": "2099-08-10"} | differences
    return post(client, task, "/change", **values)


def hand_over(client: FlaskClient, row: Handover, on: date | None, **differences: Any) -> TestResponse:
    """Say when a batch was handed over."""
    task = db.session.merge(row).part.project.task
    values = {"about": str(row.id), "handed_on": on.isoformat() if on else ""} | differences
    return post(client, task, "/hand-over", **values)


def remove(client: FlaskClient, row: Handover, reason: str = "合并交付") -> TestResponse:
    """Take a batch out."""
    return post(client, db.session.merge(row).part.project.task, "/remove", about=str(row.id), reason=reason)


def test_a_batch_stands_on_the_page_beside_the_rest_and_in_the_timeline(app: Flask, world: World) -> None:
    project = a_project(world)
    key = project.task.key
    staff = client_for(app, world.staff)
    assert add(staff, project).status_code == 302
    [row] = rows()
    assert (row.seats, row.classes, row.planned_on, row.handed_on) == (800, 16, date(2099, 8, 1), None)
    text = visit(staff, f"/projects/{key}").get_text(" ", strip=True)
    assert "预计2099年8月1日可用（按计划日期），800 个学位2099年秋季可用" in text
    assert "预计2099年8月20日可用（按方案时限），1,200 个学位2099年秋季可用" in text
    [event] = events("add_handover")
    assert (event.after["seats"], event.after["stage"]) == (800, "primary")
    timeline = visit(client_for(app, world.leader), f"/tasks/{key}").get_text(" ", strip=True)
    assert "分批交付 800 个学位，计划 2099年8月1日" in timeline


def test_the_forms_of_a_row_stand_open_where_the_address_asks(app: Flask, world: World) -> None:
    row = batch(world)
    address, number = f"/projects/{row.part.project.task.key}", row.id
    staff = client_for(app, world.staff)
    closed = visit(staff, address)
    assert not closed.select("form[action*='hand-over']")
    link = closed.select_one(f"#handover-{number} a[href*='edit=handover']")
    assert link
    opened = visit(staff, str(link["href"]))
    assert opened.select("form[action*='hand-over']")
    assert opened.select_one("#handovers-change-seats[value='800']")
    for odd in ("handover-", "handover-x", "handover-999999999999999999999", "node-1", "handover-١"):
        assert not visit(staff, f"{address}?edit={odd}").select("form[action*='hand-over']")
    assert not visit(client_for(app, world.leader), str(link["href"])).select("form[action*='handovers']")


def test_the_row_of_a_form_that_outlived_its_session_is_open_with_all_its_dates(door: Flask, world: World) -> None:
    row = batch(world, expected_on=date(2099, 8, 9))
    task, number = row.part.project.task, row.id
    staff = client_for(door, world.staff)
    sent = {"csrf_token": token_of(staff, "/password"), "version": "1", "about": str(number)}
    end(staff, "idle")
    ended = staff.post(f"/projects/{task.key}/handovers/hand-over", data=sent | {"handed_on": "2020-08-01"})
    assert ended.status_code == 401
    entered = enter(staff, checked(ended), world.staff.username)
    # The page of the task has no such form: it leaves the words to the page of the project.
    visit(staff, f"/tasks/{task.key}")
    page = visit(staff, str(entered.location))
    assert page.select_one("#handovers-hand_over-handed_on[value='2020-08-01']")
    assert page.select_one("#handovers-change-seats[value='800']")
    assert page.select_one("#handovers-change-expected_on[value='2099-08-09']")


def test_the_page_of_a_project_leaves_words_of_its_task_alone(door: Flask, world: World) -> None:
    task = a_project(world).task
    staff = client_for(door, world.staff)
    sent = {"csrf_token": token_of(staff, "/password"), "version": "1", "text": "正在整改", "situation": "progress"}
    end(staff, "idle")
    enter(staff, checked(staff.post(f"/tasks/{task.key}/report", data=sent)), world.staff.username)
    visit(staff, f"/projects/{task.key}")
    assert "正在整改" in visit(staff, f"/tasks/{task.key}").get_text()


def test_only_a_form_on_the_page_of_a_task_is_kept_as_a_draft() -> None:
    assert has_draft("tasks.report")
    for act in ("nodes.plan", "money.add", "handovers.change", "plan_tasks.edit", "county_values.say"):
        assert not has_draft(act)


def test_a_batch_is_changed_handed_over_taken_back_and_taken_out(app: Flask, world: World) -> None:
    row, today = batch(world, invented=True), clock.today()
    key = row.part.project.task.key
    office = client_for(app, world.office)
    assert change(office, row).status_code == 302
    [stored] = rows()
    assert (stored.seats, stored.planned_on, stored.invented) == (900, date(2099, 8, 10), False)
    assert events("change_handover")[0].before["seats"] == 800
    assert hand_over(office, row, today).status_code == 302
    assert rows()[0].handed_on == today
    assert "已经交付，900 个学位" in visit(office, f"/projects/{key}").get_text(" ", strip=True)
    refused = hand_over(office, row, None)
    assert refused.status_code == 400
    assert "撤销交付登记，请写明理由" in checked(refused).get_text()
    assert hand_over(office, row, None, reason="登记有误").status_code == 302
    assert rows()[0].handed_on is None
    assert remove(office, row).status_code == 302
    assert rows() == []
    [event] = events("remove_handover")
    assert (event.before["seats"], event.after["reason"]) == (900, "合并交付")
    assert "撤销" in visit(office, f"/tasks/{key}").get_text()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"seats": ""}, "请填写这一批有多少个学位"),
        ({"seats": "0"}, "请填写这一批有多少个学位"),
        ({"seats": "-5"}, "请只填数字"),
        ({"seats": "8.5"}, "请填整数"),
        ({"part": ""}, "请选择学校"),
        ({"planned_on": "八月"}, "如 2026-03-31"),
        ({"expected_on": "2020-01-01"}, "预计交付日期不能早于今天"),
        ({"note": "长" * 201}, "最多200字"),
    ],
)
def test_a_wrong_batch_comes_back_with_its_words(app: Flask, world: World, values: dict[str, str], said: str) -> None:
    project = a_project(world)
    answer = add(client_for(app, world.staff), project, **({"note": "一期校舍"} | values))
    assert answer.status_code == 400
    page = checked(answer)
    assert said in page.get_text()
    assert page.select_one("#handovers details[open]")
    assert rows() == []


def test_a_school_by_a_number_that_none_can_have_is_refused(app: Flask, world: World) -> None:
    answer = add(client_for(app, world.staff), a_project(world), part="99999999999999999999")
    assert answer.status_code == 400
    assert not rows()


def test_more_seats_than_planned_are_questioned_and_kept(app: Flask, world: World) -> None:
    project = a_project(world, seats=500)
    key = project.task.key
    staff = client_for(app, world.staff)
    assert add(staff, project).status_code == 302
    assert "分批合计 800 个，超过计划的 500 个，请核对" in visit(staff, f"/projects/{key}").get_text()


def test_a_day_that_lies_ahead_is_no_day_of_handing_over(app: Flask, world: World) -> None:
    row = batch(world)
    answer = hand_over(client_for(app, world.staff), row, clock.today() + timedelta(days=1))
    assert answer.status_code == 400
    page = checked(answer)
    assert "交付日期不能晚于今天" in page.get_text()
    assert page.select("form[action*='hand-over']")
    assert rows()[0].handed_on is None


def test_only_who_keeps_the_project_may_and_strangers_find_nothing(app: Flask, world: World) -> None:
    row = batch(world)
    project = row.part.project
    for act in (lambda who: add(who, project), lambda who: change(who, row), lambda who: hand_over(who, row, None),
                lambda who: remove(who, row)):  # fmt: skip
        assert act(client_for(app, world.leader)).status_code == 403
        assert act(client_for(app, world.auditor)).status_code == 403
        assert act(client_for(app, world.housing_staff)).status_code in {403, 404}
        assert act(client_for(app, world.stranger)).status_code == 404
    assert rows()[0].seats == 800
    address = f"/projects/{db.session.merge(project).task.key}/handovers"
    assert client_for(app, world.office).get(address).status_code == 405


def test_who_comes_second_sees_both_and_the_same_form_twice_makes_one_row(app: Flask, world: World) -> None:
    row = batch(world)
    version = str(reload(row.part.project.task).version)
    staff = client_for(app, world.staff)
    assert change(staff, row, version=version).status_code == 302
    stale = change(staff, row, version=version, seats="700")
    assert stale.status_code == 409
    page = checked(stale)
    assert page.select_one("#handovers-change-seats[value='700']")
    assert rows()[0].seats == 900
    project = rows()[0].part.project
    version = str(reload(project.task).version)
    assert add(staff, project, version=version).status_code == 302
    assert add(staff, project, version=version).status_code == 409
    assert len(rows()) == 2


def test_what_is_not_there_any_more_is_refused(app: Flask, world: World) -> None:
    row, other = batch(world), batch(world)
    staff = client_for(app, world.staff)
    assert remove(staff, row).status_code == 302
    project = rows()[0].part.project
    task = db.session.merge(project).task
    assert post(staff, task, "/remove", about="999999", reason="多余").status_code == 409
    # A batch of another project is none of this one.
    first = db.session.scalars(sa.select(Project).where(Project.task_id != task.id)).first()
    assert first
    assert post(staff, first.task, "/remove", about=str(other.id), reason="多余").status_code == 409
    assert add(staff, first, part=str(project.schools[0].id)).status_code == 409
    assert len(rows()) == 1


def test_a_suspended_project_and_a_closed_plan_take_nothing(app: Flask, world: World) -> None:
    row = batch(world)
    task = row.part.project.task
    key = task.key
    task.state = State.SUSPENDED
    task.keep_light_dates()
    db.session.commit()
    staff = client_for(app, world.staff)
    assert change(staff, row).status_code == 409
    page = visit(staff, f"/projects/{key}")
    assert not page.select("form[action*='handovers']")
    assert "已中止，2,000 个学位不再计入" in page.get_text()
    task = reload(task)
    task.state, task.plan.state = State.IN_PROGRESS, PlanState.CLOSED
    db.session.commit()
    assert change(staff, row).status_code == 409
    assert rows()[0].seats == 800


def test_every_column_has_a_name_and_a_full_school_no_rest(app: Flask, world: World) -> None:
    row = batch(world, seats=2000)
    page = visit(client_for(app, world.staff), f"/projects/{row.part.project.task.key}")
    assert all(each.get_text(strip=True) for each in page.select("#handovers th, #nodes th"))
    assert "全部分批交付" in page.get_text()
