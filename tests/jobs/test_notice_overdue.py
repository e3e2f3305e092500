"""Noticing what became overdue."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from tests.factories import World, make_plan, make_task
from tests.visit import counted_queries
from tracker import clock
from tracker.jobs.notice_overdue import run
from tracker.models import Event, OverdueNotice, PlanState, db
from tracker.rules.lifecycle import State

DAY = date(2026, 3, 6)
NIGHT = clock.at_office(DAY, 0, 5)
YESTERDAY = date(2026, 3, 5)


def notices() -> list[tuple[int, date, date]]:
    """What was noticed."""
    rows = db.session.execute(sa.select(OverdueNotice.task_id, OverdueNotice.due_on, OverdueNotice.noticed_on))
    return sorted(tuple(row) for row in rows)


def events() -> list[Event]:
    """What was recorded."""
    return list(db.session.scalars(sa.select(Event).where(Event.act == "notice_overdue")))


def test_the_day_after_the_deadline_is_noticed_once_with_one_event(world: World) -> None:
    late = [make_task(world.plan, lead=[world.finance], due_on=YESTERDAY) for _ in range(3)]
    make_task(world.plan, lead=[world.finance], due_on=DAY)
    assert run(NIGHT) == "noticed=3"
    assert notices() == [(task.id, YESTERDAY, DAY) for task in late]
    assert [event.after for event in events()] == [{"count": 3}]
    assert run(NIGHT) == "noticed=0"
    assert len(notices()) == 3
    assert len(events()) == 1


def test_nothing_late_leaves_no_event(world: World) -> None:
    assert run(NIGHT) == "noticed=0"
    assert events() == []


@pytest.mark.parametrize(
    ("instant", "noticed"),
    [(datetime(2026, 3, 5, 15, 59, 59, tzinfo=UTC), 0), (datetime(2026, 3, 5, 16, 0, tzinfo=UTC), 1)],
)
def test_late_begins_at_midnight_in_shanghai(world: World, instant: datetime, noticed: int) -> None:
    make_task(world.plan, lead=[world.finance], due_on=YESTERDAY)
    assert run(instant) == f"noticed={noticed}"


def test_tasks_that_cannot_be_late_are_not_noticed(world: World) -> None:
    for values in (
        {"state": State.CLOSED, "closed_on": DAY},
        {"state": State.SUSPENDED},
        {"needs_redate": True},
        {"state": State.SUBMITTED, "submitted_on": YESTERDAY},
    ):
        make_task(world.plan, lead=[world.finance], due_on=YESTERDAY, **values)
    draft = make_plan("draft", state=PlanState.DRAFT)
    make_task(draft, lead=[world.finance], due_on=YESTERDAY)
    assert run(NIGHT) == "noticed=0"


def test_a_moved_deadline_that_passes_is_noticed_again(world: World) -> None:
    task = make_task(world.plan, lead=[world.finance], due_on=YESTERDAY)
    run(NIGHT)
    task.due_on = date(2026, 3, 20)
    task.keep_light_dates()
    assert run(clock.at_office(date(2026, 3, 21), 0, 5)) == "noticed=1"
    assert [due_on for _task, due_on, _noticed in notices()] == [YESTERDAY, date(2026, 3, 20)]


def test_a_clock_that_jumps_forth_and_back_changes_nothing_twice(world: World) -> None:
    make_task(world.plan, lead=[world.finance], due_on=YESTERDAY)
    assert run(clock.at_office(date(2026, 3, 8), 1)) == "noticed=1"
    assert run(NIGHT) == "noticed=0"
    assert run(clock.at_office(date(2026, 3, 8), 1)) == "noticed=0"


def test_noticing_takes_the_same_statements_however_many_tasks(world: World) -> None:
    for _ in range(30):
        make_task(world.plan, lead=[world.finance], due_on=YESTERDAY)
    with counted_queries() as statements:
        run(NIGHT)
    assert len(statements) <= 4
