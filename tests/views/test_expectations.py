"""POST /tasks/<key>/expected: when a unit expects to have done its task."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import World
from tests.views.test_task_links import events, post
from tests.views.test_tasks_report import reload
from tests.visit import checked, client_for, visit
from tracker import clock
from tracker.models import Task, db
from tracker.rules.lifecycle import State


def expect(client: FlaskClient, task: Task, days: int | None = 30, **differences: Any) -> TestResponse:
    """Say that the task is expected to be done in some days."""
    day = "" if days is None else (clock.today() + timedelta(days=days)).isoformat()
    return post(client, task, "expected", **({"expected_on": day, "reason": "招标延后"} | differences))


def test_the_forecast_of_a_unit_stands_beside_the_deadline(app: Flask, world: World) -> None:
    world.task.due_on = clock.today() + timedelta(days=20)
    db.session.commit()
    staff = client_for(app, world.staff)
    assert expect(staff, world.task).status_code == 302
    task = reload(world.task)
    assert task.expected_on == clock.today() + timedelta(days=30)
    assert task.due_on == clock.today() + timedelta(days=20)
    text = visit(client_for(app, world.leader), f"/tasks/{world.task.key}").get_text()
    assert "晚于时限10天" in text
    assert "招标延后" in text
    [event] = events("expect")
    assert (event.before["expected_on"], event.after["expected_on"]) == (None, task.expected_on.isoformat())


def test_it_is_taken_back_with_a_reason(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    expect(office, world.task)
    assert expect(office, world.task, None, reason="").status_code == 400
    assert expect(office, world.task, None).status_code == 302
    assert reload(world.task).expected_on is None
    assert len(events("expect")) == 2


@pytest.mark.parametrize(
    ("days", "differences", "said"),
    [(-1, {}, "不能早于今天"), (5, {"reason": ""}, "请填写理由"), (5, {"expected_on": "bald"}, "如 2026-03-31")],
)
def test_a_wrong_forecast_comes_back_with_its_words(
    app: Flask, world: World, days: int, differences: dict[str, str], said: str
) -> None:
    answer = expect(client_for(app, world.staff), world.task, days, **differences)
    assert answer.status_code == 400
    assert said in checked(answer).get_text()
    assert reload(world.task).expected_on is None


@pytest.mark.parametrize("state", [State.CLOSED, State.SUSPENDED])
def test_a_task_that_is_over_expects_nothing(app: Flask, world: World, state: State) -> None:
    world.task.state, world.task.closed_on = state, clock.today() if state is State.CLOSED else None
    db.session.commit()
    staff = client_for(app, world.staff)
    assert expect(staff, world.task).status_code == 409
    assert "填写预计完成日期" not in visit(staff, f"/tasks/{world.task.key}").get_text()


def test_only_its_units_and_the_office_may(app: Flask, world: World) -> None:
    statuses = {"housing_staff": 404, "leader": 403, "auditor": 403, "stranger": 404, "staff": 302}
    for who, status in statuses.items():
        assert expect(client_for(app, getattr(world, who)), world.task).status_code == status, who
    assert client_for(app, world.staff).get(f"/tasks/{world.task.key}/expected").status_code == 405
    assert expect(client_for(app, world.staff), world.task, version="1").status_code == 409
