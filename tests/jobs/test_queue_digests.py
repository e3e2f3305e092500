"""The daily job of the digests."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from tests.factories import World, make_calendar_day, make_plan, make_task
from tests.visit import counted_queries
from tracker import clock
from tracker.jobs.queue_digests import next_at, regions, run
from tracker.jobs.runner import run_job
from tracker.jobs.schedule import TIMETABLE
from tracker.models import JobRun, OutboxMail, QuietDay, Region, ReminderLadder, db
from tracker.rules.ladders import Ladder
from tracker.rules.workdays import OFFICIAL

COUNTY = "360732"
JOB = next(job for job in TIMETABLE if job.name == "queue_digests")


def mails() -> int:
    """How many mails there are."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(OutboxMail)) or 0


@pytest.mark.parametrize(
    ("day", "result"),
    [
        (date(2026, 3, 6), "digests=2"),
        (date(2026, 3, 7), "rest_day"),
        (date(2026, 2, 14), "digests=2"),  # a Saturday worked for Spring Festival
        (date(2026, 2, 17), "rest_day"),
        (date(2035, 3, 9), "digests=2 calendar_unknown"),
        (date(2035, 3, 10), "rest_day calendar_unknown"),
    ],
)
def test_digests_go_out_on_working_days_and_an_unknown_calendar_says_so(world: World, day: date, result: str) -> None:
    make_task(world.plan, lead=[world.finance], due_on=day)
    assert run(clock.at_office(day, 9), [COUNTY]) == {COUNTY: result}


def test_the_job_twice_in_a_row_queues_nothing_more(world: World) -> None:
    make_task(world.plan, lead=[world.finance], due_on=date(2026, 3, 6))
    db.session.commit()
    assert run_job(JOB, clock.at_office(date(2026, 3, 6), 9)).result == "regions=4 digests=2"
    assert run_job(JOB, clock.at_office(date(2026, 3, 6), 9)).result is None
    assert mails() == 2


def test_a_run_that_breaks_off_and_begins_again_leaves_the_same_mails(world: World) -> None:
    make_task(world.plan, lead=[world.finance], due_on=date(2026, 3, 6))
    db.session.commit()
    run(clock.at_office(date(2026, 3, 6), 9), [COUNTY])
    db.session.rollback()
    assert mails() == 0
    run_job(JOB, clock.at_office(date(2026, 3, 6), 9))
    assert mails() == 2


def choose_hour(hour: time, region: str = COUNTY) -> None:
    """Let a region choose its hour of sending, committed."""
    values = {**vars(Ladder()), "days_before": [15, 7, 1], "sends_at": hour}
    db.session.merge(ReminderLadder(region_code=region, **values))
    db.session.commit()


def at(hour: int, minute: int = 0, day: int = 6) -> datetime:
    """An instant of March 2026 on the clock of the office."""
    return clock.at_office(date(2026, 3, day), hour, minute)


def test_each_region_is_served_at_its_own_hour_once(world: World) -> None:
    make_task(world.plan, lead=[world.finance], due_on=date(2026, 3, 6))
    choose_hour(time(10, 30))
    assert list(regions(at(8, 59))) == []
    assert list(regions(at(9))) == ["", "36", "3607"]
    assert run_job(JOB, at(9)).result == "regions=3 digests=0"
    assert run_job(JOB, at(10, 29)).result is None
    assert run_job(JOB, at(10, 30)).result == "regions=1 digests=2"
    assert run_job(JOB, at(10, 31)).result is None


def test_an_hour_moved_forward_sends_no_second_digest_that_day_and_holds_the_next(world: World) -> None:
    for day in (5, 12):
        make_task(world.plan, lead=[world.finance], due_on=date(2026, 3, day))
    choose_hour(time(8))
    assert run_job(JOB, at(8)).result == "regions=1 digests=2"
    choose_hour(time(10, 30))
    assert COUNTY not in regions(at(9))
    run_job(JOB, at(10, 30))
    assert mails() == 2
    # Friday 6 March was sent early; Monday is the next day of sending, and its hour is the new one.
    make_task(world.plan, lead=[world.finance], due_on=date(2026, 3, 9))
    db.session.commit()
    run_job(JOB, at(8, 0, day=9))
    assert mails() == 2
    run_job(JOB, at(10, 30, day=9))
    assert mails() == 4


def test_an_hour_moved_back_before_the_present_moment_sends_at_once_and_only_once(world: World) -> None:
    make_task(world.plan, lead=[world.finance], due_on=date(2026, 3, 6))
    choose_hour(time(10, 30))
    run_job(JOB, at(10))
    assert mails() == 0
    choose_hour(time(9))
    run_job(JOB, at(10, 1))
    run_job(JOB, at(10, 30))
    assert mails() == 2
    make_task(world.plan, lead=[world.finance], due_on=date(2026, 3, 9))
    db.session.commit()
    run_job(JOB, at(8, 59, day=9))
    assert mails() == 2
    run_job(JOB, at(9, 0, day=9))
    assert mails() == 4


def test_a_quiet_day_of_a_region_is_done_with_and_says_so(world: World) -> None:
    make_task(world.plan, lead=[world.finance], due_on=date(2026, 3, 6))
    db.session.add(QuietDay(region_code="3607", day=date(2026, 3, 6), note="县里放假"))
    db.session.commit()
    assert run_job(JOB, at(9)).result == "regions=4 digests=0 quiet_day"
    assert run_job(JOB, at(12)).result is None
    said = {row.region_code: row.result for row in db.session.scalars(sa.select(JobRun)) if row.period != "latest"}
    assert said == {"": "digests=0", "36": "digests=0", "3607": "quiet_day", COUNTY: "quiet_day"}
    assert mails() == 0


@pytest.mark.parametrize(
    ("day", "hour", "expected"), [(6, 8, at(9)), (6, 9, at(9, day=9)), (7, 8, at(9, day=9)), (8, 23, at(9, day=9))]
)
def test_the_next_digest_comes_on_the_next_working_day(world: World, day: int, hour: int, expected: datetime) -> None:
    assert next_at(at(hour, day=day), Ladder(), OFFICIAL) == expected
    early = Ladder(sends_at=time(7, 30))
    assert next_at(at(hour, day=8), early, OFFICIAL) == at(7, 30, day=9)


def test_many_regions_take_no_more_statements(world: World) -> None:
    codes = [f"36{number:04}" for number in range(1000, 1060)]
    db.session.add_all(Region(code=code, name=code) for code in codes)
    db.session.flush()
    for code in codes:
        make_plan(f"plan-{code}", region=code)
    db.session.commit()
    with counted_queries() as statements:
        assert run_job(JOB, at(9)).result.startswith("regions=")
    assert len(statements) <= 30


@pytest.mark.parametrize(
    ("holiday", "days"),
    [
        # Nobody entered the holidays of 2027: Monday to Friday, and the results say so.
        ([], [date(2027, 1, 25), date(2027, 2, 1), date(2027, 2, 8), date(2027, 2, 9)]),
        # Spring Festival from Friday the 5th to Thursday the 11th: two steps wait, and are said together.
        ([date(2027, 2, day) for day in range(5, 12)], [date(2027, 1, 25), date(2027, 2, 1), date(2027, 2, 12)]),
    ],
)
def test_reminders_wait_for_the_next_working_day_and_the_deadline_stays(
    world: World, holiday: list[date], days: list[date]
) -> None:
    for day in [date(2027, 1, 1), *holiday] if holiday else []:
        make_calendar_day(day, note="放假")
    task = make_task(world.plan, lead=[world.housing], due_on=date(2027, 2, 8))
    results = {}
    for offset in range(-20, 5):
        day = date(2027, 2, 8) + timedelta(days=offset)
        results[day] = run(clock.at_office(day, 9), [COUNTY])[COUNTY]
    assert [day for day, result in results.items() if result.startswith("digests=1")] == days
    assert all(results[day] == "rest_day" for day in holiday)
    assert all(("calendar_unknown" in result) is not bool(holiday) for result in results.values())
    assert (task.due_on, task.late_from) == (date(2027, 2, 8), date(2027, 2, 9))
    last = db.session.scalars(sa.select(OutboxMail).order_by(OutboxMail.id.desc()).limit(1)).one()
    assert f"逾期{(days[-1] - date(2027, 2, 8)).days}天" in last.text
    assert "时限2月8日" in last.text
