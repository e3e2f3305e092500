"""Whether the jobs do their work, and what each did and missed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.factories import World
from tests.visit import counted_queries
from tracker import clock
from tracker.actions.record import NOBODY, record
from tracker.jobs.job import RegionalJob
from tracker.jobs.runner import run_job
from tracker.jobs.schedule import TIMETABLE, catch_up
from tracker.jobs.standing import Health, Standing, health, standings
from tracker.models import LATEST, JobRun, Plan, PlanState, QuietDay, db
from tracker.rules.timetable import Missed
from tracker.rules.workdays import OFFICIAL

COUNTY = "360732"
NOON = clock.at_office(date(2026, 3, 4), 12)
NAMES = tuple(job.name for job in TIMETABLE)


@pytest.fixture(autouse=True)
def begun(world: World) -> None:
    """Something happened long ago."""
    record(NOBODY, "sign_in", NOON - timedelta(days=60))
    db.session.commit()


def run_all(now: datetime) -> None:
    """What a scheduler does at an instant: catch up, and wake what wakes every minute."""
    catch_up(now)
    for job in TIMETABLE:
        if job.cron == "* * * * *":
            assert run_job(job, now).error is None


def standing(name: str, now: datetime, region: str = COUNTY) -> Standing:
    """How one job stands."""
    return next(each for each in standings(now, region, OFFICIAL).jobs if each.job.name == name)


def test_a_scheduler_at_work_is_well() -> None:
    run_all(NOON)
    assert health(NOON + timedelta(minutes=15)) == Health((), NOON)
    assert standings(NOON, COUNTY, OFFICIAL).health == health(NOON)


def test_a_scheduler_stopped_for_a_day_is_late_until_it_is_back() -> None:
    run_all(NOON)
    later = NOON + timedelta(hours=26)
    found = health(later)
    assert not found.is_well
    assert (found.late, found.last_at) == (NAMES, NOON)
    run_all(later)
    assert health(later).is_well


def test_jobs_that_never_ran_are_late() -> None:
    assert health(NOON) == Health(NAMES, None)


@pytest.mark.parametrize("hours", [1, 3])
def test_nothing_is_late_in_the_first_two_hours(world: World, hours: int) -> None:
    now = NOON - timedelta(days=60) + timedelta(hours=hours)
    assert health(now).is_well is (hours < 2)


def test_nothing_is_late_while_no_plan_is_active(world: World) -> None:
    db.session.execute(sa.update(Plan).values(state=PlanState.CLOSED))
    assert health(NOON).is_well


def test_one_job_that_fails_is_late_alone_after_two_hours() -> None:
    run_all(NOON)
    row = db.session.scalars(sa.select(JobRun).where(JobRun.job == "notice_overdue")).one()
    row.finished_at, row.error = None, "ValueError: x"
    db.session.commit()
    assert health(NOON).late == ("notice_overdue",)
    morning = clock.at_office(date(2026, 3, 5), 2)
    for job in TIMETABLE:
        if job.cron == "* * * * *":
            run_job(job, morning)
    assert health(morning).is_well
    assert health(morning + timedelta(minutes=6)).late == ("notice_overdue",)


def test_who_woke_a_minute_ago_names_no_job_whose_turn_is_days_ahead() -> None:
    """Two days of silence, then every job of each minute wakes; the daily ones have two hours from their moment."""
    run_all(NOON)
    back = clock.at_office(date(2026, 3, 6), 0, 30)
    assert health(back).late == NAMES
    for job in TIMETABLE:
        if job.cron == "* * * * *":
            run_job(job, back)
    assert health(back) == Health((), back)


def test_a_short_silence_of_all_is_told_of_all_and_not_of_some() -> None:
    run_all(NOON)
    assert health(NOON + timedelta(minutes=16)).late == NAMES


def test_one_job_that_hangs_while_others_wake_is_named() -> None:
    run_all(NOON)
    later = NOON + timedelta(minutes=20)
    for job in TIMETABLE:
        if job.cron == "* * * * *" and job.name != "deliver_outbox":
            run_job(job, later)
    assert health(later).late == ("deliver_outbox",)


def test_a_region_that_keeps_failing_is_late_after_two_hours() -> None:
    run_all(NOON)
    row = db.session.scalars(sa.select(JobRun).where(JobRun.job == "queue_digests", JobRun.period == LATEST)).one()
    later = NOON + timedelta(hours=2)
    row.error, row.started_at = "regions_failed=1 ValueError: x", later
    db.session.commit()
    assert "queue_digests" not in health(later).late
    row.started_at = later + timedelta(minutes=1)
    db.session.commit()
    assert "queue_digests" in health(later + timedelta(minutes=1)).late


def test_a_mail_server_that_is_down_makes_no_job_late() -> None:
    run_all(NOON)
    row = db.session.scalars(sa.select(JobRun).where(JobRun.job == "deliver_outbox")).one()
    row.error, row.finished_at = "service_down timed_out", None
    db.session.commit()
    assert health(NOON).is_well


def test_three_days_off_are_told_as_one_range_with_what_made_them_up() -> None:
    """Tuesday 3 March to Thursday 5 March, with a weekend at the other end."""
    run_all(clock.at_office(date(2026, 3, 2), 12))
    friday = clock.at_office(date(2026, 3, 6), 12)
    assert standing("notice_overdue", friday).missed == [Missed("2026-03-03", "2026-03-05", None)]
    run_all(friday)
    for name in ("notice_overdue", "queue_digests"):
        assert standing(name, friday).missed == [Missed("2026-03-03", "2026-03-05", "2026-03-06")]
    monday = clock.at_office(date(2026, 3, 9), 12)
    run_all(monday)
    weekend = Missed("2026-03-07", "2026-03-08", "2026-03-09")
    assert weekend in standing("notice_overdue", monday).missed
    assert weekend not in standing("queue_digests", monday).missed
    # Friday evening was slept through.
    assert standing("freeze_week", monday).missed == []
    run_all(clock.at_office(date(2026, 3, 13), 18))
    assert standing("freeze_week", clock.at_office(date(2026, 3, 13), 18)).missed == []
    run_all(clock.at_office(date(2026, 3, 27), 18))
    assert standing("freeze_week", clock.at_office(date(2026, 3, 27), 18)).missed == [
        Missed("2026-W12", "2026-W12", "2026-W13")
    ]


def test_each_region_sees_its_own_runs() -> None:
    run_all(NOON)
    own, other = standing("queue_digests", NOON), standing("queue_digests", NOON, "360733")
    assert (own.ran_at, own.result) == (NOON, "digests=0")
    assert (other.ran_at, other.result) == (None, "")
    assert standing("notice_overdue", NOON, "360733").ran_at == NOON
    assert own.next_at == clock.at_office(date(2026, 3, 5), 9)


def test_the_next_run_of_what_is_for_people_lies_behind_the_quiet_days() -> None:
    for day in range(5, 16):
        db.session.add(QuietDay(region_code="36", day=date(2026, 3, day), note="两会"))
    db.session.commit()
    assert standing("queue_digests", NOON).next_at == clock.at_office(date(2026, 3, 16), 9)
    assert standing("queue_leaders_week", NOON).next_at == clock.at_office(date(2026, 3, 16), 8, 30)
    assert standing("freeze_week", NOON).next_at == clock.at_office(date(2026, 3, 6), 17)
    assert standing("queue_digests", NOON, "640422").next_at == clock.at_office(date(2026, 3, 5), 9)


def test_after_a_silence_of_months_the_leaders_mail_is_not_taken_for_switched_off() -> None:
    for days in range(90):
        db.session.add(QuietDay(region_code=COUNTY, day=date(2026, 3, 5) + timedelta(days=days), note="暑期"))
    db.session.commit()
    assert standing("queue_leaders_week", NOON).next_at == clock.at_office(date(2026, 6, 3), 8, 30)


def test_a_run_of_long_ago_is_still_the_last() -> None:
    run_all(NOON)
    assert standing("queue_digests", NOON + timedelta(days=90)).ran_at == NOON


def test_many_regions_take_no_more_questions() -> None:
    run_all(NOON)
    with counted_queries() as few:
        standings(NOON, "", OFFICIAL)
    jobs = [job.name for job in TIMETABLE if isinstance(job, RegionalJob)]
    values = {"started_at": NOON, "lease_until": NOON, "finished_at": NOON}
    for number in range(1000, 1100):
        for name in jobs:
            db.session.add(
                JobRun(job=name, period="2026-03-04", region_code=f"36{number}", result=f"digests={number}", **values)
            )
    db.session.commit()
    with counted_queries() as many:
        found = standings(NOON, "", OFFICIAL)
    assert len(many) == len(few) <= 4
    digests = next(each for each in found.jobs if each.job.name == "queue_digests")
    assert digests.result == f"digests={sum(range(1000, 1100))}"
