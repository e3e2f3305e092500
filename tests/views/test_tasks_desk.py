"""The office's acts on a task: verify, return, close in part, re-date."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import World
from tests.views.test_tasks_report import post as post_report
from tests.views.test_tasks_report import reload
from tests.visit import client_for, token_of, visit
from tracker import clock
from tracker.models import DeadlineChange, Event, Task, db
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light

ACTS = {
    "verify": {},
    "return": {"reason": "缺凭证"},
    "close": {"reason": "已基本完成"},
    "redate": {"reason": "延期", "due_on": "2098-01-31"},
}


def act(client: FlaskClient, task: Task, name: str, **differences: Any) -> TestResponse:
    """Do an act of the office with the token of the task page and the present version."""
    token = token_of(client, f"/tasks/{task.key}")
    values = {"csrf_token": token, "version": str(reload(task).version), **ACTS[name]}
    return client.post(f"/tasks/{task.key}/{name}", data=values | differences)


def submit(app: Flask, world: World) -> None:
    assert post_report(client_for(app, world.staff), world.task, situation="done").status_code == 302


def test_a_submission_waits_at_the_desk_and_is_closed_by_the_office(app: Flask, world: World) -> None:
    submit(app, world)
    client = client_for(app, world.office)
    assert "资金拨付" in visit(client, "/work").get_text()
    assert act(client, world.task, "verify").status_code == 302
    assert reload(world.task).state is State.CLOSED
    assert "没有等待核验的任务" in visit(client, "/work").get_text()


def test_nobody_verifies_an_entry_of_their_own(app: Flask, world: World) -> None:
    post_report(client_for(app, world.office), world.task, situation="done", unit=str(world.finance.id))
    assert act(client_for(app, world.office), world.task, "verify").status_code == 403
    assert reload(world.task).state is State.SUBMITTED
    assert act(client_for(app, world.office2), world.task, "verify").status_code == 302


def test_a_return_needs_a_reason_and_starts_the_clock_again(app: Flask, world: World) -> None:
    submit(app, world)
    client = client_for(app, world.office)
    assert act(client, world.task, "return", reason=" ").status_code == 400
    assert act(client, world.task, "return").status_code == 302
    task = reload(world.task)
    assert (task.state, task.returned_on, task.submitted_on) == (State.IN_PROGRESS, clock.today(), None)
    assert "缺凭证" in visit(client_for(app, world.staff), f"/tasks/{task.key}").get_text()
    assert "被退回（1）" in visit(client_for(app, world.staff), "/work").get_text()


def test_the_office_may_close_what_some_units_have_done(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    assert act(client, world.shared_task, "close").status_code == 409
    post_report(client_for(app, world.staff), world.shared_task, situation="done")
    assert act(client, world.shared_task, "close").status_code == 302
    assert reload(world.shared_task).state is State.CLOSED


def test_redating_keeps_the_first_date_and_the_reason(app: Flask, world: World) -> None:
    world.task.due_on = world.task.first_due_on = clock.today() - timedelta(days=10)
    world.task.keep_light_dates()
    db.session.commit()
    client = client_for(app, world.office)
    assert act(client, world.task, "redate").status_code == 302
    task = reload(world.task)
    assert (task.due_on, task.first_due_on) == (date(2098, 1, 31), clock.today() - timedelta(days=10))
    assert task.light(clock.today()) is Light.NOT_DUE
    change = db.session.scalars(sa.select(DeadlineChange)).one()
    assert (change.old_due_on, change.reason) == (clock.today() - timedelta(days=10), "延期")
    assert act(client, world.task, "redate", due_on="2026-02-30").status_code == 400


@pytest.mark.parametrize("name", ["verify", "return"])
def test_what_is_not_submitted_can_be_neither_verified_nor_returned(app: Flask, world: World, name: str) -> None:
    assert act(client_for(app, world.office), world.task, name).status_code == 409
    assert reload(world.task).state is State.NOT_STARTED


@pytest.mark.parametrize("name", list(ACTS))
def test_only_the_office_of_the_county_acts(app: Flask, world: World, name: str) -> None:
    submit(app, world)
    for account, status in [
        (world.staff, 403),
        (world.leader, 403),
        (world.auditor, 403),
        (world.housing_staff, 404),
        (world.stranger, 404),
    ]:
        client = client_for(app, account)
        values = {"csrf_token": token_of(client, "/password"), "version": "2", **ACTS[name]}
        answer = client.post(f"/tasks/{world.task.key}/{name}", data=values)
        expected = 403 if account is world.housing_staff else status
        assert answer.status_code == expected, account.username
    assert reload(world.task).state is State.SUBMITTED
    refused = db.session.scalars(sa.select(Event).where(Event.allowed.is_(False))).all()
    assert len(refused) >= 3


@pytest.mark.parametrize("name", list(ACTS))
def test_a_stale_act_changes_nothing(app: Flask, world: World, name: str) -> None:
    submit(app, world)
    assert act(client_for(app, world.office), world.task, name, version="1").status_code == 409
    assert reload(world.task).state is State.SUBMITTED
