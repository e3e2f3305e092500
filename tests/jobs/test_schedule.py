"""The timetable, and what a process catches up with when it starts."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import World, make_task
from tracker import clock
from tracker.jobs.runner import run_job
from tracker.jobs.schedule import TIMETABLE, catch_up, is_missing, next_run
from tracker.models import JobRun, MailState, OutboxMail, db

JOBS = {job.name: job for job in TIMETABLE}
FRIDAY = date(2026, 3, 6)


@pytest.mark.parametrize(
    ("name", "now", "expected"),
    [
        ("notice_overdue", clock.at_office(FRIDAY, 0), clock.at_office(FRIDAY, 0, 5)),
        ("notice_overdue", clock.at_office(FRIDAY, 12), clock.at_office(date(2026, 3, 7), 0, 5)),
        ("queue_digests", clock.at_office(FRIDAY, 8), clock.at_office(FRIDAY, 9)),
        ("freeze_week", clock.at_office(FRIDAY, 8), clock.at_office(FRIDAY, 17)),
        ("freeze_week", clock.at_office(FRIDAY, 18), clock.at_office(date(2026, 3, 13), 17)),
        ("deliver_outbox", clock.at_office(FRIDAY, 8) + timedelta(seconds=1), clock.at_office(FRIDAY, 8, 1)),
    ],
)
def test_jobs_have_work_by_the_clock_of_the_office(world: World, name: str, now: datetime, expected: datetime) -> None:
    assert next_run(JOBS[name], now) == expected


@pytest.mark.parametrize(
    ("name", "now", "missing"),
    [
        ("notice_overdue", clock.at_office(FRIDAY, 0, 4), False),
        ("notice_overdue", clock.at_office(FRIDAY, 0, 5), True),
        ("queue_digests", clock.at_office(FRIDAY, 8, 59), False),
        ("queue_digests", clock.at_office(FRIDAY, 22), True),
        ("freeze_week", clock.at_office(FRIDAY, 16, 59), False),
        ("freeze_week", clock.at_office(date(2026, 3, 8), 12), True),
        ("freeze_week", clock.at_office(date(2026, 3, 9), 12), False),
        ("deliver_outbox", clock.at_office(FRIDAY, 12), False),
    ],
)
def test_a_job_is_missing_once_its_hour_has_struck(world: World, name: str, now: datetime, missing: bool) -> None:
    assert is_missing(JOBS[name], now) is missing


def test_three_days_off_are_caught_up_once(world: World) -> None:
    make_task(world.plan, lead=[world.finance], due_on=date(2026, 3, 2))
    db.session.commit()
    run_job(JOBS["queue_digests"], clock.at_office(date(2026, 3, 2), 9))
    outcomes = catch_up(clock.at_office(FRIDAY, 10))
    # No region has missed a week: nothing is made up.
    assert [outcome.period for outcome in outcomes] == ["2026-03-06"] * 3 + ["2026-W10"]
    assert all(outcome.error is None for outcome in outcomes)
    waiting = sa.select(sa.func.count()).where(
        OutboxMail.state == MailState.QUEUED, OutboxMail.account_id == world.staff.id
    )
    assert db.session.scalar(waiting) == 1
    assert catch_up(clock.at_office(FRIDAY, 10, 10)) == []


def test_a_failed_run_is_caught_up(app: Flask) -> None:
    now = clock.at_office(FRIDAY, 10)
    values = {"started_at": now, "lease_until": now, "error": "OperationalError: database is locked"}
    db.session.add(JobRun(job="notice_overdue", period="2026-03-06", **values))
    db.session.commit()
    assert is_missing(JOBS["notice_overdue"], now)
    catch_up(now)
    assert not is_missing(JOBS["notice_overdue"], now)
