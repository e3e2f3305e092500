"""Reopening, suspending and resuming a task; a move that the state does not allow."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import World, make_task
from tests.visit import client_for, send, visit
from tracker import clock
from tracker.actions.record import NOBODY, Actor
from tracker.actions.tasks import Said, report, verify
from tracker.models import Event, OutboxMail, PlanState, Situation, Task, db
from tracker.queries.accounts import person_of
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light

REASON = "抽查发现场地未完工"


def closed_task(world: World, due_on: date, days_ago: int) -> Task:
    """A task of 财政局 that was submitted and closed some days ago."""
    then = clock.now() - timedelta(days=days_ago)
    task = make_task(world.plan, lead=[world.finance], due_on=due_on)
    report(
        Actor(person_of(world.staff), "财政局"), task, Said(Situation.DONE, "已办结", "d", 1, world.finance.id), then
    )
    verify(NOBODY, task, 2, then)
    db.session.commit()
    return task


def address_of(task: Task, act: str) -> str:
    return f"/tasks/{task.key}/{act}"


def events_of(task: Task) -> list[str]:
    query = sa.select(Event.act).where(Event.object_id == task.key, Event.allowed).order_by(Event.id)
    return list(db.session.scalars(query))


def test_a_reopened_task_is_in_progress_and_not_late_by_the_days_it_lay_closed(app: Flask, world: World) -> None:
    task = closed_task(world, clock.today() - timedelta(days=8), days_ago=10)
    page = visit(client_for(app, world.office), f"/tasks/{task.key}")
    assert page.find("form", action=address_of(task, "reopen"))
    answer = send(
        client_for(app, world.office),
        address_of(task, "reopen"),
        {"version": 3, "reason": REASON},
        token_from=f"/tasks/{task.key}",
    )
    assert answer.status_code == 302
    db.session.refresh(task)
    assert task.state is State.IN_PROGRESS
    assert (task.closed_on, task.submitted_on, task.in_time) == (None, None, None)
    assert task.light(clock.today()) is not Light.OVERDUE
    assert task.light(clock.today() + timedelta(days=1)) is Light.OVERDUE
    assert events_of(task)[-1] == "reopen"
    mail = db.session.scalars(sa.select(OutboxMail).where(OutboxMail.kind == "reopened")).first()
    assert mail is not None
    assert REASON in mail.text


def test_the_words_of_the_round_before_count_no_more_after_a_reopening(app: Flask, world: World) -> None:
    task = closed_task(world, clock.today() + timedelta(days=8), days_ago=2)
    office = client_for(app, world.office)
    send(office, address_of(task, "reopen"), {"version": 3, "reason": REASON}, token_from=f"/tasks/{task.key}")
    assert "已报告完成" not in visit(office, f"/tasks/{task.key}").get_text()


def test_a_suspended_task_stands_apart_until_it_is_resumed(app: Flask, world: World) -> None:
    office, page = client_for(app, world.office), f"/tasks/{world.task.key}"
    send(office, address_of(world.task, "suspend"), {"version": 1, "reason": "用地规划调整"}, token_from=page)
    db.session.refresh(world.task)
    assert world.task.state is State.SUSPENDED
    assert world.task.light(clock.today()) is Light.SUSPENDED
    send(office, address_of(world.task, "resume"), {"version": 2, "reason": "规划已批复"}, token_from=page)
    db.session.refresh(world.task)
    assert world.task.state is State.IN_PROGRESS
    assert events_of(world.task) == ["suspend", "resume"]


def test_a_withdrawn_task_is_not_resumed(app: Flask, world: World) -> None:
    world.task.state, world.task.withdrawn_on = State.SUSPENDED, clock.today()
    office, page = client_for(app, world.office), f"/tasks/{world.task.key}"
    assert not visit(office, page).find("form", action=address_of(world.task, "resume"))
    answer = send(office, address_of(world.task, "resume"), {"version": 1, "reason": "恢复"}, token_from=page)
    assert answer.status_code == 409
    assert "恢复任务" in answer.text


@pytest.mark.parametrize("act", ["reopen", "suspend", "resume"])
def test_it_takes_a_reason_the_office_and_the_present_version(app: Flask, world: World, act: str) -> None:
    task, states = world.task, {"reopen": State.CLOSED, "suspend": State.IN_PROGRESS, "resume": State.SUSPENDED}
    task.state, task.closed_on, task.version = states[act], clock.today(), 5
    task.keep_light_dates()
    db.session.commit()
    page, address = f"/tasks/{task.key}", address_of(task, act)
    office = client_for(app, world.office)
    assert send(office, address, {"version": 5, "reason": " "}, token_from=page).status_code == 400
    stale = send(office, address, {"version": 4, "reason": REASON}, token_from=page)
    assert stale.status_code == 409
    assert REASON in stale.text
    assert (
        send(office, address, {"version": 5, "reason": REASON, "state": "closed"}, token_from=page).status_code == 400
    )
    assert (
        send(client_for(app, world.staff), address, {"version": 5, "reason": "x"}, token_from=page).status_code == 403
    )
    assert (
        send(client_for(app, world.leader), address, {"version": 5, "reason": "x"}, token_from=page).status_code == 403
    )
    stranger = client_for(app, world.stranger)
    assert send(stranger, address, {"version": 5, "reason": "x"}, token_from="/tasks").status_code == 404
    assert office.get(address).status_code == 405
    db.session.refresh(task)
    assert (task.state, task.version) == (states[act], 5)


@pytest.mark.parametrize(
    ("state", "act", "offered"),
    [
        (State.NOT_STARTED, "verify", ("更新进展", "提交核验", "中止任务")),
        (State.IN_PROGRESS, "verify", ("更新进展", "中止任务")),
        (State.CLOSED, "return", ("重新打开",)),
        (State.CLOSED, "suspend", ("重新打开",)),
        (State.SUBMITTED, "suspend", ("核验通过，销号", "退回修改")),
        (State.IN_PROGRESS, "reopen", ("更新进展",)),
        (State.SUSPENDED, "return", ("恢复推进",)),
        (State.NOT_STARTED, "resume", ("更新进展",)),
    ],
)
def test_a_jump_is_refused_with_the_steps_that_are_allowed(
    app: Flask, world: World, state: State, act: str, offered: tuple[str, ...]
) -> None:
    task = world.task
    task.state, task.submitted_on, task.closed_on = state, clock.today(), clock.today()
    task.keep_light_dates()
    db.session.commit()
    values = {"version": 1} | ({} if act == "verify" else {"reason": REASON})
    answer = send(client_for(app, world.office), address_of(task, act), values, token_from=f"/tasks/{task.key}")
    assert answer.status_code == 409
    for words in offered:
        assert words in answer.text
    db.session.refresh(task)
    assert (task.state, task.version) == (state, 1)


def test_a_closed_plan_takes_none_of_it(app: Flask, world: World) -> None:
    world.plan.state = PlanState.CLOSED
    page = f"/tasks/{world.task.key}"
    values = {"version": 1, "reason": REASON}
    answer = send(client_for(app, world.office), address_of(world.task, "suspend"), values, token_from=page)
    assert answer.status_code == 409
    assert "已结束" in answer.text
