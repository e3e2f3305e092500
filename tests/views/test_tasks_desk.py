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
from tests.visit import checked, client_for, token_of, visit
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


@pytest.mark.parametrize("day", ["9999-12-31", "2101-01-01", "1999-12-31", "0001-01-01"])
def test_a_deadline_of_another_century_is_refused_and_the_reason_kept(app: Flask, world: World, day: str) -> None:
    answer = act(client_for(app, world.office), world.task, "redate", due_on=day, reason="县里重排工期")
    assert answer.status_code == 400
    page = checked(answer)
    assert "时限应在 2000-01-01 至 2100-12-31 之间" in page.get_text()
    assert page.find(id="redate-reason").get_text().strip() == "县里重排工期"  # type: ignore[union-attr]
    assert page.find(id="redate-due_on")["value"] == day  # type: ignore[index]
    assert reload(world.task).due_on == date(2099, 6, 30)


def test_the_first_and_the_last_day_are_taken(app: Flask, world: World) -> None:
    for day in (date(2000, 1, 1), date(2100, 12, 31)):
        assert act(client_for(app, world.office), world.task, "redate", due_on=day.isoformat()).status_code == 302
        assert reload(world.task).due_on == day


def test_a_refused_act_leaves_the_other_forms_of_the_page_alone(app: Flask, world: World) -> None:
    """They are empty and on the present version, so that they can be sent from that page."""
    submit(app, world)
    client = client_for(app, world.office)
    page = checked(act(client, world.task, "redate", due_on="x", reason="延期的理由", version="1"))
    assert page.find(id="send_back-reason").get_text().strip() == ""  # type: ignore[union-attr]
    version = page.select_one("form[action$='/return'] input[name=version]")
    assert version is not None
    assert version["value"] == str(reload(world.task).version)


STALE = {
    "return": ("send_back-reason", "缺少第二笔凭证"),
    "close": ("close_in_part-reason", "其余单位无任务量"),
    "redate": ("redate-reason", "县里重排工期"),
}


@pytest.mark.parametrize("name", list(STALE))
def test_a_stale_act_keeps_its_reason_beside_what_changed(app: Flask, world: World, name: str) -> None:
    place, reason = STALE[name]
    task = world.shared_task if name == "close" else world.task
    post_report(client_for(app, world.staff), task, situation="done")
    office, office2 = client_for(app, world.office), client_for(app, world.office2)
    seen = str(reload(task).version)
    assert act(office2, task, "redate", reason="他人已重定时限", due_on="2097-05-01").status_code == 302
    answer = act(office, task, name, version=seen, reason=reason)
    assert answer.status_code == 409
    page = checked(answer)
    assert "在您填写期间，该任务已被他人更新" in page.get_text()
    assert "他人已重定时限" in page.find(id="back").get_text()  # type: ignore[union-attr]
    assert "已完成主体结构" not in page.find(id="back").get_text()  # type: ignore[union-attr]
    assert page.find(id=place).get_text().strip() == reason  # type: ignore[union-attr]
    form = page.select_one(f"form[action$='/{name}']")
    assert form is not None
    assert form.find_parent("details").has_attr("open")  # type: ignore[union-attr]
    values = {each["name"]: each["value"] for each in form.select("input[name]")}
    sent = office.post(f"/tasks/{task.key}/{name}", data={**values, "reason": reason})
    assert sent.status_code == 302
    event = db.session.scalars(sa.select(Event).order_by(Event.id.desc())).first()
    assert event is not None
    assert event.after["reason"] == reason


def test_a_stale_act_that_has_become_impossible_leaves_its_reason_to_copy(app: Flask, world: World) -> None:
    submit(app, world)
    seen = str(reload(world.task).version)
    assert act(client_for(app, world.office2), world.task, "verify").status_code == 302
    answer = act(client_for(app, world.office), world.task, "return", version=seen, reason="缺少第二笔凭证")
    assert answer.status_code == 409
    page = checked(answer)
    assert page.find(id="typed-reason").get_text().strip() == "缺少第二笔凭证"  # type: ignore[union-attr]
    assert "已核验，销号" in page.find(id="back").get_text()  # type: ignore[union-attr]


def test_a_refused_rule_leaves_the_reason_to_copy(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    refusals = [
        act(office, world.shared_task, "close", reason="写好的理由"),  # nobody_done
        act(office, world.task, "return", reason="写好的理由"),  # MoveRefused
    ]
    post_report(office, world.shared_task, situation="done", unit=str(world.finance.id))
    refusals.append(act(office, world.shared_task, "close", reason="写好的理由"))  # own_entry
    for answer, status in zip(refusals, [409, 409, 403], strict=True):
        assert answer.status_code == status
        page = checked(answer)
        assert page.find(id="typed-reason").get_text().strip() == "写好的理由"  # type: ignore[union-attr]


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


def test_the_page_offers_no_closing_of_an_own_entry(app: Flask, world: World) -> None:
    post_report(client_for(app, world.office), world.task, situation="done", unit=str(world.finance.id))
    post_report(client_for(app, world.office), world.shared_task, situation="done", unit=str(world.finance.id))
    for who, count in ((world.office, 0), (world.office2, 1)):
        page = visit(client_for(app, who), f"/tasks/{world.task.key}")
        assert len(page.select("form[action$='/verify']")) == count
        assert len(page.select("form[action$='/return']")) == 1
        assert ("本人填报，不得核验" in page.get_text()) is (count == 0)
        page = visit(client_for(app, who), f"/tasks/{world.shared_task.key}")
        assert len(page.select("form[action$='/close']")) == count
