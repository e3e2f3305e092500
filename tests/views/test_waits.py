"""POST /tasks/<key>/wait and /wait/end, and what is seen of a wait."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import World, make_account
from tests.views.test_tasks_report import post as post_report
from tests.views.test_tasks_report import reload
from tests.visit import checked, client_for, token_of, visit
from tracker import clock
from tracker.models import Event, OutboxMail, Task, Wait, db
from tracker.rules.permissions import Role


def wait(client: FlaskClient, world: World, task: Task | None = None, **differences: Any) -> TestResponse:
    """Say that a task waits for 教科体局."""
    task = task or world.task
    values = {"csrf_token": token_of(client, "/password"), "version": str(reload(task).version)}
    values |= {"unit": str(world.education.id), "since": clock.today().isoformat(), "reason": "等学位预测"}
    return client.post(f"/tasks/{task.key}/wait", data=values | differences)


def end(client: FlaskClient, world: World, **differences: Any) -> TestResponse:
    """End the wait for 教科体局."""
    values = {"csrf_token": token_of(client, "/password"), "version": str(reload(world.task).version)}
    return client.post(
        f"/tasks/{world.task.key}/wait/end", data=values | {"unit": str(world.education.id)} | differences
    )


def waits() -> list[Wait]:
    """Every wait, oldest first."""
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Wait).order_by(Wait.id)))


def test_a_lead_marks_for_whom_it_waits_and_the_rule_of_the_light_says_so(app: Flask, world: World) -> None:
    helper = make_account(Role.UNIT_STAFF, units=[world.education])
    staff = client_for(app, world.staff)
    assert wait(staff, world).status_code == 302
    [row] = waits()
    assert (row.unit_id, row.by_unit_id, row.since) == (world.education.id, world.finance.id, clock.today())
    page = visit(client_for(app, world.leader), f"/tasks/{world.task.key}")
    today = clock.today()
    said = f"自{today.year}年{today.month}月{today.day}日起等待教科体局配合"
    assert said in page.select_one(".facts").get_text()  # type: ignore[union-attr]
    mine = visit(client_for(app, helper), "/work")
    assert "等学位预测" in mine.find(id="awaited").get_text()  # type: ignore[union-attr]
    [mail] = db.session.scalars(sa.select(OutboxMail)).all()
    assert (mail.kind, mail.address) == ("awaited", helper.email)
    assert "财政局自" in mail.text
    assert "等配合" in visit(staff, "/tasks").get_text()
    assert wait(staff, world).status_code == 409
    assert len(waits()) == 1


def test_the_unit_that_marked_it_ends_it(app: Flask, world: World) -> None:
    staff = client_for(app, world.staff)
    wait(staff, world)
    assert end(staff, world, version="1").status_code == 409
    assert end(staff, world).status_code == 302
    assert waits()[0].ended_by_id == world.staff.id
    assert end(staff, world).status_code == 409
    assert "等待教科体局配合" not in visit(staff, f"/tasks/{world.task.key}").select_one(".facts").get_text()  # type: ignore[union-attr]
    acts = sa.select(Event).where(Event.allowed).order_by(Event.id)
    assert [event.act for event in db.session.scalars(acts)] == [
        "wait",
        "wait_end",
    ]
    assert wait(staff, world).status_code == 302


def test_a_report_of_the_awaited_unit_ends_it_and_nobody_elses(app: Flask, world: World) -> None:
    helper = client_for(app, make_account(Role.UNIT_STAFF, units=[world.education]))
    wait(client_for(app, world.staff), world)
    post_report(client_for(app, world.staff), world.task, version="2")
    assert waits()[0].ended_at is None
    assert post_report(helper, world.task, version="3").status_code == 302
    assert waits()[0].ended_at is not None
    event = db.session.scalars(sa.select(Event).where(Event.act == "report").order_by(Event.id.desc())).first()
    assert event is not None
    assert event.after["wait_ended"] == "教科体局"
    assert visit(helper, "/work").find(id="awaited") is None


def test_what_is_submitted_waits_no_more(app: Flask, world: World) -> None:
    staff = client_for(app, world.staff)
    wait(staff, world)
    post_report(staff, world.task, situation="done", version="2")
    assert wait(staff, world).status_code == 409
    assert "等待教科体局配合" not in visit(staff, f"/tasks/{world.task.key}").select_one(".facts").get_text()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("differences", "field"),
    [
        ({"since": "tomorrow"}, "since"),
        ({"since": "2024-12-31"}, "since"),
        ({"since": ""}, "since"),
        ({"unit": "999999"}, "unit"),
        ({"unit": ""}, "unit"),
        ({"reason": " "}, "reason"),
    ],
)
def test_an_unfit_wait_comes_back_with_its_words(
    app: Flask, world: World, differences: dict[str, str], field: str
) -> None:
    if differences.get("since") == "tomorrow":
        differences = {"since": (clock.today() + timedelta(days=1)).isoformat()}
    answer = wait(client_for(app, world.staff), world, **differences)
    assert answer.status_code == 400
    page = checked(answer)
    if field != "reason":
        assert page.find(id="waits-wait-reason").get_text().strip() == "等学位预测"  # type: ignore[union-attr]
    assert waits() == []


def test_a_unit_does_not_wait_for_itself_or_for_one_without_a_part(app: Flask, world: World) -> None:
    staff = client_for(app, world.staff)
    assert wait(staff, world, unit=str(world.finance.id)).status_code == 400
    assert wait(staff, world, unit=str(world.housing.id)).status_code == 400


def test_a_responsible_unit_without_a_lead_may_wait_for_the_other(app: Flask, world: World) -> None:
    assert wait(client_for(app, world.staff), world, world.shared_task, unit=str(world.housing.id)).status_code == 302
    assert "其他单位正在等待您单位配合（1）" in visit(client_for(app, world.housing_staff), "/work").get_text()


def test_a_stale_wait_keeps_its_words(app: Flask, world: World) -> None:
    staff = client_for(app, world.staff)
    post_report(staff, world.task)
    answer = wait(staff, world, version="1")
    assert answer.status_code == 409
    assert checked(answer).find(id="waits-wait-reason").get_text().strip() == "等学位预测"  # type: ignore[union-attr]


def test_only_a_unit_that_answers_for_the_task_waits(app: Flask, world: World) -> None:
    helper = make_account(Role.UNIT_STAFF, units=[world.education])
    cases = {world.housing_staff: 404, world.stranger: 404, world.leader: 403, world.office: 403, helper: 403}
    for account, status in cases.items():
        assert wait(client_for(app, account), world).status_code == status, account.username
        assert end(client_for(app, account), world).status_code == status, account.username
    assert waits() == []
    assert client_for(app, world.staff).get(f"/tasks/{world.task.key}/wait").status_code == 405
