"""What people do to tasks: the states, versions, events and counts that each act leaves behind."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import World, make_task, make_unit
from tracker.actions.moves import RuleRefused, StaleTask
from tracker.actions.record import NOBODY, Actor, event_hash
from tracker.actions.tasks import (
    KeptFile,
    Said,
    close_in_part,
    redate,
    report,
    send_back,
    verify,
)
from tracker.models import Account, DeadlineChange, Event, Report, Situation, Task, UnitKind, db
from tracker.queries.accounts import person_of
from tracker.rules.deadlines import days_late
from tracker.rules.lifecycle import MoveRefused, State
from tracker.rules.lights import Light

DUE = date(2026, 3, 31)
AT_ONCE = 50


def at(day: date, hour: int = 2) -> datetime:
    """An instant on a day of the office: 02:00 UTC is ten in the morning there."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def day(number: int) -> date:
    """The day this many days after the deadline."""
    return DUE + timedelta(days=number)


def acting(account: Account) -> Actor:
    """An account as the author of acts."""
    return Actor(person_of(account), "、".join(unit.name for unit in account.units) or None, "192.0.2.7")


def said(task: Task, situation: Situation = Situation.ON_PLAN, text: str = "已完成主体结构", **more: Any) -> Said:
    """A report of the version that is stored now."""
    values: dict[str, Any] = {"once": f"{task.key}-{task.version}", "version": task.version}
    return Said(**(values | {"situation": situation, "text": text} | more))


def done(task: Task, account: Account, now: datetime, **more: Any) -> Report:
    """A report of 已完成 by a member of staff for their unit."""
    return report(acting(account), task, said(task, Situation.DONE, unit_id=account.units[0].id, **more), now)


def events(task: Task) -> list[Event]:
    """The events of a task, oldest first."""
    query = sa.select(Event).where(Event.object_type == "task", Event.object_id == task.key)
    return list(db.session.scalars(query.order_by(Event.id)))


def late(task: Task, today: date) -> int:
    """The days late of a task as every page counts them."""
    return days_late(task.due_on, today, task.submitted_on, task.held_days)


@pytest.fixture
def task(world: World) -> Task:
    """A task that 财政局 leads, due on the last of March."""
    return make_task(world.plan, lead=[world.finance], cooperating=[world.education], due_on=DUE)


@pytest.fixture
def shared(world: World) -> Task:
    """A task without a lead, of 财政局 and 住建局."""
    return make_task(world.plan, responsible=[world.finance, world.housing], due_on=DUE)


def test_a_report_is_kept_whole_and_moves_the_task(world: World, task: Task) -> None:
    file = KeptFile("凭证.pdf", "application/pdf", 12, "a" * 64)
    row = report(acting(world.staff), task, said(task, unit_id=world.finance.id, files=[file]), at(day(-60)))
    assert (row.situation, row.text, row.unit_id, row.account_id) == (
        Situation.ON_PLAN,
        "已完成主体结构",
        world.finance.id,
        world.staff.id,
    )
    assert (row.light_before, row.light_after, row.due_on) == (Light.NOT_DUE, Light.NORMAL, DUE)
    assert [(kept.name, kept.sha256) for kept in row.evidence] == [("凭证.pdf", "a" * 64)]
    assert (task.state, task.version, task.submitted_on) == (State.IN_PROGRESS, 2, None)
    assert (task.last_words, task.last_reported_at) == ("已完成主体结构", at(day(-60)))


def test_a_report_is_an_event_that_says_who_where_before_and_after(world: World, task: Task) -> None:
    report(acting(world.staff), task, said(task, text="开工"), at(day(-60)))
    [event] = events(task)
    assert (event.act, event.person_name, event.role, event.unit_name, event.address) == (
        "report",
        world.staff.name,
        "unit_staff",
        "财政局",
        "192.0.2.7",
    )
    assert event.region_code == task.region_code
    light = [None, "2026-04-01", "2026-03-16", None]
    assert event.before == {"state": "not_started", "due_on": "2026-03-31", "version": 1, "light": light}
    assert event.after == {
        "state": "in_progress",
        "due_on": "2026-03-31",
        "version": 2,
        "light": [*light[:3], "0001-01-01"],
        "situation": "on_plan",
        "text": "开工",
    }


def test_events_form_one_chain_over_all_tasks(world: World, task: Task, shared: Task) -> None:
    report(acting(world.staff), task, said(task), at(day(-60)))
    done(shared, world.staff, at(day(-59)))
    done(task, world.staff, at(day(-58)))
    verify(acting(world.office), task, task.version, at(day(-57)))
    db.session.commit()
    db.session.expire_all()
    previous = "0" * 64
    for event in db.session.scalars(sa.select(Event).order_by(Event.id)):
        assert event.previous_hash == previous
        assert event.hash == event_hash(event)
        previous = event.hash


def test_the_done_of_a_lead_submits_and_the_done_of_others_does_not(world: World, task: Task) -> None:
    report(acting(world.office), task, said(task, Situation.DONE, unit_id=world.education.id), at(day(-9)))
    assert task.state is State.IN_PROGRESS
    done(task, world.staff, at(day(-8)))
    assert (task.state, task.submitted_on) == (State.SUBMITTED, day(-8))
    assert [event.act for event in events(task)] == ["report", "submit"]


def test_without_a_lead_the_last_unit_submits_and_a_word_taken_back_counts_no_more(world: World, shared: Task) -> None:
    done(shared, world.staff, at(day(-9)))
    report(acting(world.staff), shared, said(shared, unit_id=world.finance.id), at(day(-8)))
    done(shared, world.housing_staff, at(day(-7)))
    assert shared.state is State.IN_PROGRESS
    done(shared, world.staff, at(day(-6)))
    assert (shared.state, shared.submitted_on) == (State.SUBMITTED, day(-6))


def test_a_collective_has_done_when_each_of_its_members_has(world: World) -> None:
    towns = [make_unit("潋江镇", kind=UnitKind.TOWNSHIP), make_unit("江背镇", kind=UnitKind.TOWNSHIP)]
    group = make_unit("各乡镇", kind=UnitKind.COLLECTIVE, members=towns)
    task = make_task(world.plan, responsible=[group], due_on=DUE)
    for town, state in zip(towns, (State.IN_PROGRESS, State.SUBMITTED), strict=True):
        report(acting(world.office), task, said(task, Situation.DONE, unit_id=town.id), at(day(-5)))
        assert task.state is state


def test_the_same_form_sent_twice_makes_one_report(world: World, task: Task) -> None:
    form = said(task, once="the-form")
    first = report(acting(world.staff), task, form, at(day(-9)))
    second = report(acting(world.staff), task, form, at(day(-8)))
    assert first.id == second.id
    assert task.version == 2
    assert len(events(task)) == 1


def test_a_difficulty_stands_from_its_first_day_until_a_report_without_one(world: World, task: Task) -> None:
    for number in (-60, -50):
        report(acting(world.staff), task, said(task, Situation.DIFFICULTY), at(day(number)))
    assert task.difficulty_on == day(-60)
    assert task.light(day(-50)) is Light.SOON
    report(acting(world.staff), task, said(task), at(day(-40)))
    assert task.difficulty_on is None
    assert task.light(day(-40)) is Light.NORMAL


ACTS: dict[str, Callable[[World, Task, int], object]] = {
    "report": lambda world, task, version: report(acting(world.staff), task, said(task, version=version), at(DUE)),
    "verify": lambda world, task, version: verify(acting(world.office), task, version, at(DUE)),
    "return": lambda world, task, version: send_back(acting(world.office), task, version, "缺凭证", at(DUE)),
    "redate": lambda world, task, version: redate(acting(world.office), task, version, day(30), "征地", at(DUE)),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("version", [0, 1, 3])
def test_an_act_on_another_version_is_refused_and_changes_nothing(
    world: World, task: Task, act: str, version: int
) -> None:
    done(task, world.staff, at(day(-3)))
    db.session.commit()
    assert task.version == 2
    with pytest.raises(StaleTask):
        ACTS[act](world, task, version)
    db.session.rollback()
    db.session.refresh(task)
    assert (task.version, task.state, task.due_on) == (2, State.SUBMITTED, DUE)
    assert len(events(task)) == 1


def test_verification_closes_and_keeps_the_day_of_submission(world: World, task: Task) -> None:
    done(task, world.staff, at(day(-3)))
    verify(acting(world.office), task, task.version, at(day(40)))
    assert (task.state, task.submitted_on, task.closed_on) == (State.CLOSED, day(-3), day(40))
    assert task.light(day(41)) is Light.CLOSED
    assert late(task, day(41)) == 0
    assert [event.act for event in events(task)] == ["submit", "verify"]
    assert events(task)[-1].after == {
        "state": "closed",
        "due_on": "2026-03-31",
        "version": 3,
        "light": ["closed", None, None, None],
    }


def test_nobody_verifies_an_entry_of_their_own(world: World, task: Task) -> None:
    report(
        acting(world.office), task, said(task, Situation.DONE, unit_id=world.finance.id, on_behalf=True), at(day(-3))
    )
    with pytest.raises(RuleRefused, match="own_entry"):
        verify(acting(world.office), task, task.version, at(day(-2)))
    verify(acting(world.office2), task, task.version, at(day(-2)))
    assert task.state is State.CLOSED


def test_nobody_verifies_a_submission_of_which_one_part_is_their_own(world: World, shared: Task) -> None:
    form = said(shared, Situation.DONE, unit_id=world.finance.id, on_behalf=True)
    report(acting(world.office), shared, form, at(day(-4)))
    done(shared, world.housing_staff, at(day(-3)))
    assert shared.state is State.SUBMITTED
    with pytest.raises(RuleRefused, match="own_entry"):
        verify(acting(world.office), shared, shared.version, at(day(-2)))


def test_an_own_entry_that_was_returned_binds_nobody(world: World, task: Task) -> None:
    report(
        acting(world.office), task, said(task, Situation.DONE, unit_id=world.finance.id, on_behalf=True), at(day(-9))
    )
    send_back(acting(world.office2), task, task.version, "缺凭证", at(day(-8)))
    done(task, world.staff, at(day(-7)))
    verify(acting(world.office), task, task.version, at(day(-6)))
    assert task.state is State.CLOSED


@pytest.mark.parametrize("act", ["verify", "return"])
@pytest.mark.parametrize("state", [State.NOT_STARTED, State.IN_PROGRESS, State.CLOSED, State.SUSPENDED])
def test_only_what_was_submitted_is_verified_or_returned(world: World, act: str, state: State) -> None:
    task = make_task(world.plan, lead=[world.finance], due_on=DUE, state=state, closed_on=DUE)
    with pytest.raises(MoveRefused):
        ACTS[act](world, task, 1)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.CLOSED, State.SUSPENDED])
def test_what_lies_at_the_office_or_is_finished_takes_no_report(world: World, state: State) -> None:
    task = make_task(world.plan, lead=[world.finance], due_on=DUE, state=state, submitted_on=DUE, closed_on=DUE)
    with pytest.raises(MoveRefused):
        report(acting(world.staff), task, said(task), at(DUE))


def test_a_submission_in_time_is_never_late_however_long_verification_takes(world: World, task: Task) -> None:
    done(task, world.staff, at(DUE, 15))
    assert task.submitted_on == DUE
    assert (task.light(day(100)), late(task, day(100))) == (Light.NORMAL, 0)


def test_a_submission_one_second_after_midnight_is_late(world: World, task: Task) -> None:
    done(task, world.staff, at(DUE, 16))
    assert task.submitted_on == day(1)
    assert (task.light(day(1)), late(task, day(100))) == (Light.OVERDUE, 1)


def test_a_return_starts_the_count_again_on_the_next_day(world: World, task: Task) -> None:
    done(task, world.staff, at(day(-1)))
    send_back(acting(world.office), task, task.version, "缺验收单", at(day(20)))
    assert (task.state, task.submitted_on, task.returned_on) == (State.IN_PROGRESS, None, day(20))
    assert [late(task, day(number)) for number in (20, 21, 22)] == [0, 1, 2]
    assert [task.light(day(number)) for number in (20, 21)] == [Light.SOON, Light.OVERDUE]
    event = events(task)[-1]
    assert event.after is not None
    assert (event.act, event.after["reason"]) == ("return", "缺验收单")


def test_days_at_the_office_never_count_over_several_returns(world: World, task: Task) -> None:
    done(task, world.staff, at(day(3)))
    send_back(acting(world.office), task, task.version, "一", at(day(10)))
    assert [late(task, day(number)) for number in (10, 12)] == [3, 5]
    done(task, world.staff, at(day(12)))
    assert late(task, day(30)) == 5
    send_back(acting(world.office), task, task.version, "二", at(day(40)))
    assert [late(task, day(number)) for number in (40, 41)] == [5, 6]
    assert task.light(day(40)) is Light.OVERDUE


def test_a_task_submitted_again_on_the_day_of_its_return_is_not_late(world: World, task: Task) -> None:
    done(task, world.staff, at(day(0)))
    send_back(acting(world.office), task, task.version, "缺验收单", at(day(20)))
    done(task, world.staff, at(day(20), 5))
    assert (late(task, day(40)), task.light(day(40))) == (0, Light.NORMAL)


def test_after_a_return_each_unit_must_say_done_again_even_on_the_same_day(world: World, shared: Task) -> None:
    done(shared, world.staff, at(day(-3), 1))
    done(shared, world.housing_staff, at(day(-3), 2))
    send_back(acting(world.office), shared, shared.version, "两家都缺", at(day(-3), 3))
    states = []
    for account, hour in ((world.staff, 4), (world.housing_staff, 5)):
        done(shared, account, at(day(-3), hour))
        states.append(shared.state)
    assert states == [State.IN_PROGRESS, State.SUBMITTED]


def test_the_office_may_close_with_some_units_done(world: World, shared: Task) -> None:
    done(shared, world.staff, at(day(-3)))
    close_in_part(acting(world.office), shared, shared.version, "住建局部分另立任务", at(day(5)))
    assert (shared.state, shared.submitted_on, shared.closed_on) == (State.CLOSED, day(-3), day(5))
    event = events(shared)[-1]
    assert event.after is not None
    assert (event.act, event.after["reason"]) == ("close_in_part", "住建局部分另立任务")


def test_closing_in_part_needs_somebody_who_said_done_and_no_lead(world: World, task: Task, shared: Task) -> None:
    report(acting(world.staff), shared, said(shared, unit_id=world.finance.id), at(day(-3)))
    with pytest.raises(RuleRefused, match="nobody_done"):
        close_in_part(acting(world.office), shared, shared.version, "理由", at(DUE))
    report(acting(world.office), task, said(task, Situation.DONE, unit_id=world.education.id), at(day(-3)))
    with pytest.raises(RuleRefused, match="nobody_done"):
        close_in_part(acting(world.office2), task, task.version, "理由", at(DUE))


def test_nobody_closes_in_part_on_an_entry_of_their_own(world: World, shared: Task) -> None:
    form = said(shared, Situation.DONE, unit_id=world.finance.id, on_behalf=True)
    report(acting(world.office), shared, form, at(day(-4)))
    with pytest.raises(RuleRefused, match="own_entry"):
        close_in_part(acting(world.office), shared, shared.version, "理由", at(DUE))


def test_a_moved_deadline_keeps_the_words_the_first_date_and_the_reason(world: World, task: Task) -> None:
    task.deadline_text = "2026年3月"
    task.needs_redate = True
    redate(acting(world.office), task, task.version, day(60), "征地延后", at(day(-2)))
    assert (task.due_on, task.first_due_on, task.deadline_text, task.needs_redate) == (day(60), DUE, "2026年3月", False)
    [change] = db.session.scalars(sa.select(DeadlineChange).where(DeadlineChange.task_id == task.id))
    assert (change.old_due_on, change.new_due_on, change.reason, change.account_id) == (
        DUE,
        day(60),
        "征地延后",
        world.office.id,
    )
    [event] = events(task)
    assert event.before is not None
    assert event.after is not None
    assert (event.before["due_on"], event.after["due_on"]) == ("2026-03-31", day(60).isoformat())
    assert task.light(day(1)) is Light.NOT_DUE


def test_a_confirmed_deadline_counts_from_then_on(world: World) -> None:
    task = make_task(world.plan, lead=[world.finance], due_on=DUE, needs_redate=True)
    assert task.light(day(90)) is Light.REDATE
    redate(acting(world.office), task, task.version, DUE, "按原时限执行", at(day(90)))
    assert (task.light(day(90)), late(task, day(90))) == (Light.OVERDUE, 90)


def test_a_deadline_moved_behind_a_late_task_makes_it_late_no_more(world: World, task: Task) -> None:
    assert task.light(day(10)) is Light.OVERDUE
    redate(acting(world.office), task, task.version, day(100), "同意延期", at(day(10)))
    assert (task.light(day(10)), late(task, day(10))) == (Light.NOT_DUE, 0)


@pytest.mark.parametrize("state", [State.CLOSED, State.SUSPENDED])
def test_a_finished_task_keeps_its_deadline(world: World, state: State) -> None:
    task = make_task(world.plan, lead=[world.finance], due_on=DUE, state=state, closed_on=DUE)
    with pytest.raises(RuleRefused, match="closed"):
        redate(acting(world.office), task, task.version, day(60), "理由", at(DUE))


@pytest.mark.parametrize("act", ["report", "verify"])
def test_of_fifty_people_with_one_version_exactly_one_saves(app: Flask, world: World, task: Task, act: str) -> None:
    if act == "verify":
        done(task, world.staff, at(day(-3)))
    db.session.commit()
    key, version, before = task.key, task.version, len(events(task))
    author = {"report": acting(world.staff), "verify": acting(world.office)}[act]
    # A session of this thread that has read would keep SQLite's writers waiting.
    db.session.remove()
    gate = threading.Barrier(AT_ONCE)

    def save(number: int) -> str:
        """What one of the fifty is told."""
        gate.wait()
        with app.app_context():
            try:
                stored = db.session.scalars(sa.select(Task).where(Task.key == key)).one()
                if act == "report":
                    form = Said(Situation.ON_PLAN, f"第{number}人", f"form-{number}", version)
                    report(author, stored, form, at(DUE))
                else:
                    verify(author, stored, version, at(DUE))
                db.session.commit()
            except StaleTask:
                db.session.rollback()
                return "stale"
            return "saved"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = Counter(pool.map(save, range(AT_ONCE)))
    assert answers == {"saved": 1, "stale": AT_ONCE - 1}
    stored = db.session.scalars(sa.select(Task).where(Task.key == key)).one()
    assert stored.version == version + 1
    assert len(events(stored)) == before + 1
    if act == "report":
        [row] = db.session.scalars(sa.select(Report).where(Report.task_id == stored.id))
        assert stored.last_words == row.text


def test_fifty_people_on_fifty_tasks_make_one_unbroken_chain_of_events(app: Flask, world: World) -> None:
    keys = [make_task(world.plan, lead=[world.finance], due_on=DUE).key for _ in range(AT_ONCE)]
    db.session.commit()
    author = acting(world.staff)
    db.session.remove()
    gate = threading.Barrier(AT_ONCE)

    def save(key: str) -> None:
        """One report on a task of its own."""
        gate.wait()
        with app.app_context():
            stored = db.session.scalars(sa.select(Task).where(Task.key == key)).one()
            report(author, stored, Said(Situation.ON_PLAN, "进展", f"form-{key}", 1), at(DUE))
            db.session.commit()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(save, keys))
    chain = list(db.session.scalars(sa.select(Event).order_by(Event.id)))
    assert len(chain) == AT_ONCE
    previous = "0" * 64
    for event in chain:
        assert (event.previous_hash, event.hash) == (previous, event_hash(event))
        previous = event.hash


def test_a_job_acts_without_a_person(world: World, task: Task) -> None:
    redate(NOBODY, task, task.version, day(60), "按计划调整", at(DUE))
    [event] = events(task)
    assert (event.account_id, event.person_name, event.role) == (None, None, None)
