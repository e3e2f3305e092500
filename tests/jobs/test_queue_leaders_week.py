"""The weekly job of the leaders' mail: in which regions it is due, and that a week has one."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
import sqlalchemy as sa

from tests.factories import COUNTY, OTHER_COUNTY, World, make_account, make_calendar_day
from tracker import clock
from tracker.jobs.queue_leaders_week import next_at, regions, run
from tracker.jobs.runner import run_job
from tracker.jobs.schedule import TIMETABLE
from tracker.models import JobRun, OutboxMail, PlanState, QuietDay, ReminderLadder, db
from tracker.rules.ladders import Ladder
from tracker.rules.permissions import Role
from tracker.rules.workdays import OFFICIAL

JOB = next(job for job in TIMETABLE if job.name == "queue_leaders_week")
MONDAY = date(2026, 3, 9)


def at(day: date, hour: int = 8, minute: int = 30) -> datetime:
    """An instant on the clock of the office."""
    return clock.at_office(day, hour, minute)


def choose_hour(hour: time | None) -> None:
    """Let the county choose the hour of the mail, or switch it off."""
    values = {**vars(Ladder()), "days_before": [15, 7, 1], "leaders_at": hour}
    db.session.merge(ReminderLadder(region_code=COUNTY, **values))
    db.session.flush()


def mails() -> int:
    """How many mails to leaders there are."""
    query = sa.select(sa.func.count()).select_from(OutboxMail).where(OutboxMail.kind == "leaders_week")
    return db.session.scalar(query) or 0


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (at(MONDAY, 8, 29), False),
        (at(MONDAY), True),
        (at(MONDAY, 23, 59), True),
        (at(date(2026, 3, 13), 17), True),  # still the same week: what was missed is caught up with
        (at(date(2026, 3, 14)), False),  # a Saturday
        (at(date(2026, 4, 6)), False),  # a Monday, and a holiday
        (at(date(2026, 4, 7)), True),
        (at(date(2026, 2, 18)), False),  # the week of Spring Festival
        (at(date(2026, 2, 14)), True),  # a Saturday worked for it
        (datetime.fromisoformat("2026-03-09T00:29:00+00:00"), False),  # the clock of the office, not of the server
        (datetime.fromisoformat("2026-03-09T00:30:00+00:00"), True),
    ],
)
def test_it_is_due_on_working_days_from_its_hour_on(world: World, now: datetime, due: bool) -> None:
    assert list(regions(now)) == ([COUNTY] if due else [])


def test_the_calendar_and_the_quiet_days_of_the_region_count(world: World) -> None:
    make_calendar_day(MONDAY)
    db.session.add(QuietDay(region_code="36", day=date(2026, 3, 10), note="中考"))
    db.session.flush()
    assert [bool(regions(at(date(2026, 3, day)))) for day in (9, 10, 11)] == [False, False, True]


@pytest.mark.parametrize(("hour", "due"), [(time(7), True), (time(9), False), (None, False)])
def test_a_region_chooses_its_hour_or_none(world: World, hour: time | None, due: bool) -> None:
    choose_hour(hour)
    assert bool(regions(at(MONDAY))) is due


def test_only_regions_with_leaders_and_a_running_plan_are_asked(world: World) -> None:
    make_account(Role.LEADER, region=OTHER_COUNTY)
    make_account(Role.LEADER, region="3607")
    make_account(Role.LEADER, region="36", disabled_at=at(MONDAY))
    assert list(regions(at(MONDAY))) == ["3607", COUNTY]
    world.plan.state = PlanState.DRAFT
    db.session.flush()
    assert list(regions(at(MONDAY))) == []


def test_a_week_has_one_mail_however_often_the_job_wakes(world: World) -> None:
    for now in (at(MONDAY), at(MONDAY, 8, 31), at(date(2026, 3, 10)), at(date(2026, 3, 13))):
        run_job(JOB, now)
    assert mails() == 1
    [run_of_week] = db.session.scalars(sa.select(JobRun).where(JobRun.job == JOB.name, JobRun.period == "2026-W11"))
    assert (run_of_week.region_code, run_of_week.result, run_of_week.error) == (COUNTY, "leaders=1", None)
    run_job(JOB, at(date(2026, 3, 16)))
    assert mails() == 2


def test_a_monday_that_was_missed_is_made_up_in_its_week_alone(world: World) -> None:
    run_job(JOB, at(date(2026, 3, 12), 16))
    assert mails() == 1
    run_job(JOB, at(date(2026, 3, 21)))  # nothing ran from the 16th to the 20th; the 21st is a Saturday
    assert mails() == 1
    run_job(JOB, at(date(2026, 3, 23)))
    assert list(db.session.scalars(sa.select(OutboxMail.reason).order_by(OutboxMail.id))) == [
        f"leaders_week:{world.leader.id}:2026-W11",
        f"leaders_week:{world.leader.id}:2026-W13",
    ]


def test_a_run_that_breaks_off_leaves_nothing_behind(world: World) -> None:
    db.session.commit()
    assert run(at(MONDAY), [COUNTY]) == {COUNTY: "leaders=1"}
    db.session.rollback()
    assert mails() == 0
    run_job(JOB, at(MONDAY))
    assert mails() == 1


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(MONDAY, 7), at(MONDAY)),
        (at(MONDAY), at(date(2026, 3, 16))),
        (at(date(2026, 4, 3), 12), at(date(2026, 4, 7))),
        (at(date(2026, 2, 10)), at(date(2026, 2, 24))),  # no day of the week of Spring Festival is worked
    ],
)
def test_the_next_one_is_named(now: datetime, expected: datetime) -> None:
    assert next_at(now, Ladder(), OFFICIAL) == expected


def test_where_it_is_off_none_is_named() -> None:
    assert next_at(at(MONDAY), Ladder(leaders_at=None), OFFICIAL) is None
