"""POST /tasks/batch and /tasks/batch/redate: many tasks at once, all of them or none."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import World, make_plan, make_task
from tests.views.test_tasks_report import reload
from tests.visit import checked, client_for, send
from tracker.models import DeadlineChange, Event, OutboxMail, PlanState, Task, db
from tracker.rules.lifecycle import State
from tracker.rules.rhythms import Rhythm

REASON = "县里重排工期"
NEW = date(2098, 1, 31)


def pair(task: Task) -> str:
    return f"{task.key}:{reload(task).version}"


def redate(client: FlaskClient, tasks: list[str], **differences: Any) -> TestResponse:
    values = {"task": tasks, "act": "move", "due_on": NEW.isoformat(), "reason": REASON}
    return send(client, "/tasks/batch/redate", values | differences, token_from="/tasks")


def changes() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(DeadlineChange)) or 0


def test_ticked_tasks_are_listed_with_their_deadlines(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    values = {"key": [world.task.key, world.housing_task.key, world.task.key]}
    page = checked(send(client, "/tasks/batch", values, token_from="/tasks"))
    assert [each.get_text() for each in page.select("td.title-cell a")] == ["资金拨付", "校舍建设"]
    for form in page.select("form[action^='/tasks/batch/']"):
        pairs = [each["value"] for each in form.select("input[name=task]")]
        assert pairs == [pair(world.task), pair(world.housing_task)]


def test_the_chosen_are_urged_from_the_same_page(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    page = checked(send(client, "/tasks/batch", {"all": "1"}, token_from="/tasks"))
    form = page.select_one("form[action^='/urges/preview']")
    assert form is not None
    keys = [str(each["value"]) for each in form.select("input[name=key]")]
    assert len(keys) == 3
    checked(send(client, "/urges/preview", {"key": keys}, token_from="/tasks"))


def test_the_whole_list_is_chosen_by_one_box(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    address = f"/tasks/batch?lead={world.housing.id}"
    page = checked(send(client, address, {"all": "1"}, token_from="/tasks"))
    assert "共 2 项" in page.get_text()


def test_nothing_chosen_leads_back_with_a_word(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    answer = send(client, "/tasks/batch?light=not_due", {}, token_from="/tasks")
    assert (answer.status_code, answer.location) == (302, "/tasks?light=not_due")
    assert "请先勾选任务" in client.get("/tasks").text


def test_one_act_takes_five_hundred_tasks(app: Flask, world: World) -> None:
    for _ in range(498):
        make_task(world.plan)
    db.session.commit()
    client = client_for(app, world.office)
    answer = send(client, "/tasks/batch", {"all": "1"}, token_from="/tasks")
    assert answer.status_code == 302
    assert "一次最多办理 500 项" in client.get("/tasks").text
    assert send(client, "/tasks/batch", {"key": ["x"] * 1 + [str(n) for n in range(500)]}, "/tasks").status_code == 400


def test_many_deadlines_move_at_once_with_one_mail_to_a_person(app: Flask, world: World) -> None:
    answer = redate(client_for(app, world.office), [pair(world.task), pair(world.shared_task)])
    assert answer.status_code == 302
    assert {reload(task).due_on for task in (world.task, world.shared_task)} == {NEW}
    assert reload(world.task).first_due_on == date(2099, 6, 30)
    assert changes() == 2
    mails = db.session.scalars(sa.select(OutboxMail).where(OutboxMail.account_id == world.staff.id)).all()
    assert [mail.subject.startswith("2项时限调整") or "2项时限调整" in mail.subject for mail in mails] == [True]
    events = db.session.scalars(sa.select(Event).where(Event.act == "redate")).all()
    assert {event.object_id for event in events} == {world.task.key, world.shared_task.key}
    assert all(event.after["reason"] == REASON for event in events)  # type: ignore[index]


def test_doubtful_deadlines_are_confirmed_as_they_were_read(app: Flask, world: World) -> None:
    doubtful = make_task(world.plan, lead=[world.finance], due_on=date(2020, 1, 1), needs_redate=True)
    client = client_for(app, world.office)
    assert redate(client, [pair(doubtful)], act="confirm", due_on="").status_code == 302
    task = reload(doubtful)
    assert (task.due_on, task.needs_redate) == (date(2020, 1, 1), False)
    answer = redate(client, [pair(world.task)], act="confirm", due_on="")
    assert answer.status_code == 409
    assert "无须确认" in answer.text


def test_one_stale_task_keeps_all_as_they_were(app: Flask, world: World) -> None:
    old = pair(world.housing_task)
    client = client_for(app, world.office)
    assert redate(client, [old], due_on="2097-01-01").status_code == 302
    answer = redate(client, [pair(world.task), old])
    assert answer.status_code == 409
    page = checked(answer)
    said = page.select_one(".notice.bad")
    assert said is not None
    assert "没有调整任何任务" in said.get_text()
    assert "校舍建设" in said.get_text()
    assert "资金拨付" not in said.get_text()
    assert reload(world.task).due_on == date(2099, 6, 30)
    assert changes() == 1
    assert page.find(id="redate-reason").get_text().strip() == REASON  # type: ignore[union-attr]
    # What comes back stands on the present versions and can be sent.
    assert (
        redate(
            client, [str(each["value"]) for each in page.select("form[action$=redate] input[name=task]")]
        ).status_code
        == 302
    )


@pytest.mark.parametrize("state", [State.CLOSED, State.SUSPENDED])
def test_one_refused_task_keeps_all_as_they_were(app: Flask, world: World, state: State) -> None:
    closed = make_task(world.plan, title="已办结", state=state, closed_on=date(2026, 1, 1))
    answer = redate(client_for(app, world.office), [pair(world.task), pair(closed)])
    assert answer.status_code == 409
    assert "已办结" in checked(answer).select_one(".notice.bad").get_text()  # type: ignore[union-attr]
    assert changes() == 0


def test_a_closed_plan_is_read_only(app: Flask, world: World) -> None:
    closed = make_task(make_plan("old", state=PlanState.CLOSED))
    assert redate(client_for(app, world.office), [pair(world.task), pair(closed)]).status_code == 409
    assert changes() == 0


def test_a_foreign_task_refuses_the_whole(app: Flask, world: World) -> None:
    foreign = make_task(make_plan("other", region="640422"))
    client = client_for(app, world.office)
    for key in (foreign.key, "no-such-task"):
        assert redate(client, [pair(world.task), f"{key}:1"]).status_code == 404
        assert send(client, "/tasks/batch", {"key": [world.task.key, key]}, "/tasks").status_code == 404
        assert send(client, "/tasks/export.xlsx", {"key": [world.task.key, key]}, "/tasks").status_code == 404
    assert changes() == 0


@pytest.mark.parametrize(
    "differences",
    [
        {"reason": " "},
        {"reason": "长" * 501},
        {"act": "move", "due_on": ""},
        {"due_on": "2026-02-30"},
        {"due_on": "2101-01-01"},
        {"act": ""},
        {"act": "close"},
        {"task": []},
        {"task": "xg-1"},
        {"task": "xg-1:x"},
        {"task": "xg-1:99999999999"},
        {"state": "closed"},
        {"version": "1"},
    ],
)
def test_an_unsound_form_changes_nothing(app: Flask, world: World, differences: dict[str, Any]) -> None:
    answer = redate(client_for(app, world.office), [pair(world.task)], **differences)
    assert answer.status_code == 400
    assert changes() == 0
    BeautifulSoup(answer.text, "html.parser")


def test_only_the_office_acts_on_many(app: Flask, world: World) -> None:
    for account in (world.staff, world.leader, world.auditor):
        client = client_for(app, account)
        assert redate(client, [pair(world.task)]).status_code == 403
        assert send(client, "/tasks/batch", {"key": [world.task.key]}, "/tasks").status_code == 403
    assert client_for(app, world.office).get("/tasks/batch/redate").status_code in {404, 405}
    assert changes() == 0


def set_rhythm(client: FlaskClient, tasks: list[str], **differences: Any) -> TestResponse:
    values = {"task": tasks, "rhythm": "monthly", "parts": "1", "begins_on": "2026-01-01", "reason": REASON}
    return send(client, "/tasks/batch/rhythm", values | differences, token_from="/tasks")


def test_many_tasks_get_one_rhythm(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    tasks = [world.task, world.housing_task]
    assert set_rhythm(client, [pair(task) for task in tasks]).status_code == 302
    assert {reload(task).rhythm for task in tasks} == {Rhythm.MONTHLY}
    assert {event.object_id for event in db.session.scalars(sa.select(Event).where(Event.act == "rhythm"))} == {
        task.key for task in tasks
    }


def test_one_task_against_a_rhythm_keeps_all_as_they_were(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    closed = make_task(world.plan, title="已办结", state=State.CLOSED, closed_on=date(2026, 1, 1))
    foreign = make_task(make_plan("other", region="640422"))
    old = pair(world.shared_task)
    assert redate(client, [old]).status_code == 302
    for other, status in ((pair(closed), 409), (old, 409), (f"{foreign.key}:1", 404)):
        assert set_rhythm(client, [pair(world.task), other]).status_code == status
    for differences in ({"reason": ""}, {"begins_on": ""}, {"parts": "5"}, {"rhythm": "daily"}, {"version": "1"}):
        assert set_rhythm(client, [pair(world.task)], **differences).status_code == 400
    assert set_rhythm(client_for(app, world.staff), [pair(world.task)]).status_code == 403
    assert reload(world.task).rhythm is None


def test_the_form_that_was_sent_comes_back_and_the_other_stays_empty(app: Flask, world: World) -> None:
    page = checked(set_rhythm(client_for(app, world.office), [pair(world.task)], begins_on=""))
    assert page.find(id="rhythm-reason").get_text().strip() == REASON  # type: ignore[union-attr]
    assert page.find(id="redate-reason").get_text().strip() == ""  # type: ignore[union-attr]


def test_only_filters_stand_in_the_addresses_of_the_page(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    address = "/tasks/batch?light=not_due&_external=1&_scheme=ftp&endpoint=x&code=1"
    page = checked(send(client, address, {"key": [world.task.key]}, token_from="/tasks"))
    actions = [form["action"] for form in page.select("main form")]
    assert actions == [
        "/tasks/batch/redate?light=not_due",
        "/tasks/batch/rhythm?light=not_due",
        "/urges/preview?next=/tasks?light%3Dnot_due",
        "/tasks/export.xlsx?light=not_due",
    ]
