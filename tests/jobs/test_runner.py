"""Running a job: once per period, together, interrupted or again."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tracker import clock
from tracker.actions.record import NOBODY, record
from tracker.jobs.claims import LEASE
from tracker.jobs.job import Job, JobFailed, Outcome, Period, period_of
from tracker.jobs.runner import run_job
from tracker.models import WRONG_CLOCK, JobRun, Region, db

NOW = clock.at_office(date(2026, 3, 6), 9)


def add_region(_now: datetime) -> str:
    """Work that leaves a row, and that a second time would break."""
    db.session.add(Region(code="99", name="某地"))
    db.session.flush()
    return "regions=1"


def stumble(now: datetime) -> str:
    """Work that fails half-way."""
    add_region(now)
    raise ValueError("the second half\nis missing")


def refuse(_now: datetime) -> str:
    """Work that cannot be done for a foreseen reason."""
    raise JobFailed("service_down timed_out")


def job(run: object = add_region, period: Period = Period.DAY) -> Job:
    """A job under a name of its own."""
    return Job("add_region", "0 9 * * *", period, run)  # type: ignore[arg-type]


def rows() -> list[JobRun]:
    """Every run."""
    return list(db.session.scalars(sa.select(JobRun).execution_options(populate_existing=True)))


def refused(name: str) -> str | None:
    """The error of a job that was refused for a wrong clock."""
    return next((row.error for row in rows() if row.job == name and row.period == WRONG_CLOCK), None)


@pytest.mark.parametrize(
    ("instant", "period", "expected"),
    [
        (datetime(2026, 3, 5, 15, 59, tzinfo=UTC), Period.DAY, "2026-03-05"),
        (datetime(2026, 3, 5, 16, 0, tzinfo=UTC), Period.DAY, "2026-03-06"),
        (datetime(2026, 3, 8, 15, 59, tzinfo=UTC), Period.WEEK, "2026-W10"),
        (datetime(2026, 3, 8, 16, 0, tzinfo=UTC), Period.WEEK, "2026-W11"),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), Period.WEEK, "2026-W53"),
    ],
)
def test_periods_turn_at_midnight_in_shanghai(instant: datetime, period: Period, expected: str) -> None:
    assert period_of(job(period=period), instant) == expected


def test_a_job_works_once_in_its_period(app: Flask) -> None:
    assert run_job(job(), NOW) == Outcome("2026-03-06", result="regions=1")
    assert run_job(job(), NOW + timedelta(hours=5)) == Outcome("2026-03-06")
    (row,) = rows()
    assert (row.result, row.error, row.finished_at) == ("regions=1", None, NOW)


def test_a_failure_undoes_the_work_and_stays_in_the_row(app: Flask) -> None:
    assert run_job(job(stumble), NOW).error == "ValueError: the second half"
    assert db.session.get(Region, "99") is None
    (row,) = rows()
    assert (row.finished_at, row.error) == (None, "ValueError: the second half")


def test_what_failed_is_done_by_the_next_run(app: Flask) -> None:
    run_job(job(stumble), NOW)
    assert run_job(job(), NOW).result == "regions=1"
    (row,) = rows()
    assert (row.error, row.finished_at) == (None, NOW)


def test_a_foreseen_failure_keeps_its_word(app: Flask) -> None:
    assert run_job(job(refuse), NOW).error == "service_down timed_out"


def test_an_unfinished_claim_is_taken_again_when_its_lease_has_passed(app: Flask) -> None:
    db.session.add(JobRun(job="add_region", period="2026-03-06", started_at=NOW, lease_until=NOW + LEASE))
    db.session.commit()
    assert run_job(job(), NOW + LEASE / 2) == Outcome("2026-03-06")
    assert db.session.get(Region, "99") is None
    assert run_job(job(), NOW + LEASE).result == "regions=1"


def test_a_job_without_a_period_runs_each_time_in_one_row(app: Flask) -> None:
    count = []
    each_time = job(lambda now: count.append(now) or f"count={len(count)}", Period.EACH_TIME)
    for minute in range(3):
        run_job(each_time, NOW + timedelta(minutes=minute))
    (row,) = rows()
    assert row.result == "count=3"
    assert row.started_at == NOW + timedelta(minutes=2)
    run_job(job(refuse, Period.EACH_TIME), NOW)
    run_job(each_time, NOW)
    assert rows()[0].error is None


def test_of_two_runners_at_once_one_does_the_work(app: Flask) -> None:
    for day in range(6):
        now = NOW + timedelta(days=day)
        outcomes: list[Outcome] = []
        barrier = threading.Barrier(2)

        def work(at: datetime) -> str:
            db.session.add(Region(code=f"9{at.day}", name="某地"))
            return "done"

        def run(at: datetime = now, gate: threading.Barrier = barrier, kept: list[Outcome] = outcomes) -> None:
            with app.app_context():
                gate.wait()
                kept.append(run_job(job(work), at))

        runners = [threading.Thread(target=run) for _ in range(2)]
        for runner in runners:
            runner.start()
        for runner in runners:
            runner.join()
        assert sorted(str(outcome.result) for outcome in outcomes) == ["None", "done"]
        assert all(outcome.error is None for outcome in outcomes)
    assert len(rows()) == 6


def test_a_clock_set_back_runs_nothing_until_it_is_right_again(app: Flask) -> None:
    record(NOBODY, "sign_in", NOW)
    db.session.commit()
    back = NOW - timedelta(days=2)
    each_time = Job("look", "* * * * *", Period.EACH_TIME, lambda _now: "looked=1")
    run_job(each_time, NOW)
    for work in (job(), each_time):
        assert run_job(work, back) == Outcome(WRONG_CLOCK, error=WRONG_CLOCK)
        assert run_job(work, back).result is None
    assert db.session.get(Region, "99") is None
    assert [refused(name) for name in ("add_region", "look")] == [WRONG_CLOCK, WRONG_CLOCK]
    assert run_job(each_time, NOW + timedelta(minutes=1)).result == "looked=1"
    assert refused("add_region") is None
    assert run_job(job(), NOW).result == "regions=1"


def test_a_run_on_record_is_an_instant_to_go_by_like_an_event(app: Flask) -> None:
    assert run_job(job(), NOW).error is None
    assert run_job(job(stumble), NOW - timedelta(days=2)).error == WRONG_CLOCK


def test_a_clock_in_another_century_leaves_no_instant_to_go_by(app: Flask) -> None:
    for year in (1970, 2150):
        assert run_job(job(), datetime(year, 1, 1, tzinfo=UTC)).error == WRONG_CLOCK
    assert run_job(job(), NOW).result == "regions=1"


def test_a_moment_that_a_person_chose_may_lie_in_the_past(app: Flask) -> None:
    record(NOBODY, "sign_in", NOW)
    db.session.commit()
    assert run_job(job(), NOW - timedelta(days=30), chosen=True).result == "regions=1"
