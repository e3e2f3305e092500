"""Opening reporting periods: none skipped, at most one of a task at a run, whatever the rule and the days off."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from itertools import islice

import pytest
import sqlalchemy as sa

from tests.actions.test_tasks import acting
from tests.factories import World, make_plan, make_task
from tests.visit import counted_queries
from tracker import clock
from tracker.actions.periods import Chosen, set_rhythm
from tracker.actions.suspensions import resume, suspend
from tracker.actions.tasks import Said, report
from tracker.jobs.open_periods import run
from tracker.models import Event, PlanState, Report, ReportingPeriod, Situation, Task, db
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light
from tracker.rules.rhythms import Beat, Rhythm, periods_from

DAY = date(2026, 3, 6)
NIGHT = clock.at_office(DAY, 0, 10)


def rhythmic(world: World, rhythm: Rhythm, begins_on: date, parts: int = 1, **differences: object) -> Task:
    """A long-term task with a rhythm."""
    values = {"lead": [world.finance], "rhythm": rhythm, "rhythm_parts": parts, "rhythm_from": begins_on}
    return make_task(world.plan, **(values | differences))  # type: ignore[arg-type]


def starts(task: Task) -> list[date]:
    """The first days of the open periods of a task."""
    query = sa.select(ReportingPeriod.starts_on).where(ReportingPeriod.task_id == task.id)
    return list(db.session.scalars(query.order_by(ReportingPeriod.starts_on)))


def say(world: World, task: Task, now: datetime) -> Report:
    """A report of 财政局."""
    said = Said(Situation.ON_PLAN, "说的话", f"{task.key}-{now}", task.version, unit_id=world.finance.id)
    return report(acting(world.staff), task, said, now)


def test_a_period_opens_once_with_one_event(world: World) -> None:
    tasks = [rhythmic(world, Rhythm.MONTHLY, DAY) for _ in range(3)]
    assert run(NIGHT) == "opened=3 skipped=0"
    assert [starts(task) for task in tasks] == [[date(2026, 3, 1)]] * 3
    assert run(NIGHT) == "opened=0 skipped=0"
    events = list(db.session.scalars(sa.select(Event).where(Event.act == "open_periods")))
    assert [event.after for event in events] == [{"count": 3}]


def test_a_wrong_rule_opens_one_period_a_run_and_not_all_of_them(world: World) -> None:
    task = rhythmic(world, Rhythm.WEEKLY, date(2000, 1, 1))
    for runs in (1, 2, 3):
        assert run(NIGHT + timedelta(days=runs)) == "opened=1 skipped=0"
        assert len(starts(task)) == runs
    assert starts(task) == [date(1999, 12, 27), date(2000, 1, 3), date(2000, 1, 10)]


@pytest.mark.parametrize(
    ("rhythm", "parts"),
    [
        (Rhythm.WEEKLY, 1),
        (Rhythm.MONTHLY, 1),
        (Rhythm.QUARTERLY, 1),
        (Rhythm.HALF_YEARLY, 2),
        (Rhythm.YEARLY, 12),
        (Rhythm.SCHOOL_YEAR, 2),
    ],
)
def test_no_period_is_skipped_and_at_most_one_is_opened_a_run(world: World, rhythm: Rhythm, parts: int) -> None:
    """Over two years, with the job away for weeks at a time and reports coming meanwhile."""
    begins = date(2026, 1, 31)
    task = rhythmic(world, rhythm, begins, parts)
    before = 0
    for number in range(0, 2 * 365, 5):
        now = clock.at_office(begins + timedelta(days=number), 9)
        if number % 85 == 0:
            say(world, task, now)
            before = len(starts(task))
        if number % 100 < 50:
            run(now)
            assert len(starts(task)) - before in {0, 1}
            before = len(starts(task))
    last = begins + timedelta(days=2 * 365)
    while run(clock.at_office(last, 9)) != "opened=0 skipped=0":
        pass
    opened = starts(task)
    expected = list(islice(periods_from(Beat(rhythm, parts, begins)), len(opened)))
    assert opened == [period.starts_on for period in expected]
    assert expected[-1].starts_on <= last <= expected[-1].ends_on


def test_after_days_off_it_catches_up_by_one_at_each_run_and_fills_the_gap_before_a_report(world: World) -> None:
    task = rhythmic(world, Rhythm.MONTHLY, date(2025, 12, 31))
    said = say(world, task, clock.at_office(DAY, 9))
    assert starts(task) == [date(2026, 3, 1)]
    for month in (date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)):
        assert run(NIGHT) == "opened=1 skipped=0"
        assert month in starts(task)
    assert run(NIGHT) == "opened=0 skipped=0"
    marked = db.session.scalars(sa.select(ReportingPeriod).where(ReportingPeriod.report_id == said.id)).all()
    assert [period.starts_on for period in marked] == [date(2026, 3, 1)]


def test_a_period_is_marked_with_the_first_report_that_came_before_it_was_opened(world: World) -> None:
    task = make_task(world.plan, lead=[world.finance])
    first = say(world, task, clock.at_office(date(2026, 3, 2), 9))
    say(world, task, clock.at_office(date(2026, 3, 3), 9))
    chosen = Chosen(Rhythm.MONTHLY, 1, DAY)
    set_rhythm(acting(world.office), task, task.version, chosen, "每月报", clock.at_office(DAY, 9))
    run(NIGHT)
    assert db.session.scalars(sa.select(ReportingPeriod)).one().report_id == first.id


def test_a_report_opens_the_present_period_and_the_first_one_marks_it(world: World) -> None:
    task = rhythmic(world, Rhythm.SCHOOL_YEAR, DAY, 2)
    first = say(world, task, clock.at_office(DAY, 9))
    say(world, task, clock.at_office(DAY, 10))
    period = db.session.scalars(sa.select(ReportingPeriod)).one()
    assert (period.starts_on, period.ends_on, period.report_id) == (date(2026, 3, 1), date(2026, 8, 31), first.id)
    assert run(NIGHT) == "opened=0 skipped=0"


@pytest.mark.parametrize(
    "differences",
    [
        {"state": State.CLOSED, "closed_on": DAY},
        {"state": State.SUSPENDED},
        {"state": State.SUBMITTED, "submitted_on": DAY},
    ],
)
def test_nothing_is_asked_of_what_waits_rests_or_is_closed(world: World, differences: dict[str, object]) -> None:
    rhythmic(world, Rhythm.MONTHLY, DAY, **differences)
    assert run(NIGHT) == "opened=0 skipped=0"


def test_what_rested_is_asked_again_from_the_period_in_which_it_goes_on(world: World) -> None:
    task = rhythmic(world, Rhythm.MONTHLY, DAY)
    run(NIGHT)
    suspend(acting(world.office), task, task.version, "停工", NIGHT)
    later = clock.at_office(date(2026, 9, 15), 9)
    resume(acting(world.office), task, task.version, "复工", later)
    assert task.light(date(2026, 9, 30)) is Light.NOT_DUE
    assert task.light(date(2026, 10, 1)) is Light.OVERDUE
    assert run(later) == "opened=1 skipped=0"
    assert starts(task) == [date(2026, 3, 1), date(2026, 9, 1)]
    assert run(later) == "opened=0 skipped=0"


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.CLOSED])
def test_only_active_plans_are_asked(world: World, state: PlanState) -> None:
    make_task(make_plan(state=state), rhythm=Rhythm.MONTHLY, rhythm_from=DAY)
    make_task(world.plan)
    assert run(NIGHT) == "opened=0 skipped=0"


def test_a_rhythm_that_cannot_be_counted_is_logged_counted_and_skipped(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    rhythmic(world, Rhythm.YEARLY, DAY, 5)
    rhythmic(world, Rhythm.ONCE, DAY)
    good = rhythmic(world, Rhythm.MONTHLY, DAY)
    with caplog.at_level(logging.WARNING):
        assert run(NIGHT) == "opened=1 skipped=2"
    assert starts(good) == [date(2026, 3, 1)]
    assert caplog.text.count("is skipped") == 2


def test_a_single_span_opens_once_up_to_the_deadline(world: World) -> None:
    task = rhythmic(world, Rhythm.ONCE, DAY, due_on=date(2026, 6, 30))
    assert run(NIGHT) == "opened=1 skipped=0"
    assert run(NIGHT + timedelta(days=365)) == "opened=0 skipped=0"
    assert starts(task) == [DAY]


@pytest.mark.parametrize(("hour", "opened"), [(15, 0), (16, 1)])
def test_a_period_begins_at_midnight_in_shanghai(world: World, hour: int, opened: int) -> None:
    task = rhythmic(world, Rhythm.MONTHLY, DAY)
    run(NIGHT)
    last_evening = datetime(2026, 3, 31, hour, 59, tzinfo=NIGHT.tzinfo)
    assert run(last_evening) == f"opened={opened} skipped=0"
    assert len(starts(task)) == 1 + opened


def test_many_tasks_take_a_few_questions(world: World) -> None:
    for _ in range(30):
        rhythmic(world, Rhythm.MONTHLY, DAY)
    db.session.flush()
    with counted_queries() as statements:
        assert run(NIGHT) == "opened=30 skipped=0"
    assert len(statements) <= 8
