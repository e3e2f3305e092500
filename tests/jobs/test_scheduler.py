"""The scheduler: it catches up when it comes to lead, follows a clock that is set back, and ends within its time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import World
from tracker import clock
from tracker.jobs import deliver_outbox
from tracker.jobs import scheduler as module
from tracker.jobs.job import Job, Period
from tracker.jobs.leadership import OF_SERVER, Leadership
from tracker.jobs.schedule import EACH_MINUTE, TIMETABLE
from tracker.jobs.scheduler import Scheduler
from tracker.models import LATEST, JobRun, db
from tracker.notifications import mailer

PATIENCE = 20


def until(is_true: object, seconds: float = PATIENCE) -> None:
    """Wait until something is true. Fails where it does not come to be."""
    deadline = time.monotonic() + seconds
    while not is_true():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.05)


def has_run(job: str) -> bool:
    """Whether a job finished for any period."""
    found = db.session.scalar(sa.select(sa.func.count()).where(JobRun.job == job, JobRun.finished_at.is_not(None)))
    db.session.rollback()
    return bool(found)


@pytest.fixture(autouse=True)
def _the_process_goes_on() -> Iterator[None]:
    """The end of a scheduler is that of its process, but not here: other tests of this process send mails."""
    yield
    deliver_outbox.ending.clear()


@pytest.fixture
def scheduler(app: Flask, world: World) -> Iterator[Scheduler]:
    """A scheduler that is started; it is stopped in the end, if it was not before."""
    db.session.commit()
    scheduler = Scheduler(app)
    scheduler.start()
    yield scheduler
    if not scheduler._ending.is_set():
        scheduler.stop()


def test_who_begins_to_lead_catches_up_at_once(scheduler: Scheduler) -> None:
    until(lambda: has_run("notice_overdue") and has_run("open_periods"))


def test_who_begins_to_lead_wakes_at_once_what_wakes_every_minute(scheduler: Scheduler) -> None:
    until(lambda: all(has_run(job.name) for job in TIMETABLE if job.cron == EACH_MINUTE))
    assert all(wake.next_run_time > clock.now() for wake in scheduler._wakes.get_jobs())


def test_who_waits_does_nothing_and_catches_up_when_the_leader_ends(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.1)
    db.session.commit()
    with app.app_context():
        leader = Leadership(db.engine, app.extensions["settings"].var_dir / module.LOCK_FILE)
        assert leader.holds()
    waiting = Scheduler(app)
    waiting.start()
    try:
        for _ in range(3):
            seen = waiting._seen
            until(lambda seen=seen: waiting._seen > seen)
        assert not has_run("notice_overdue")
        leader.release()
        until(lambda: has_run("notice_overdue"))
    finally:
        assert waiting.stop()


def test_a_clock_that_was_set_back_wakes_the_jobs_all_the_same(
    scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    until(lambda: has_run("notice_overdue"))
    for job in scheduler._wakes.get_jobs():
        job.modify(next_run_time=job.next_run_time + timedelta(days=2))
    scheduler.look()
    assert all(job.next_run_time > clock.now() + timedelta(days=1) for job in scheduler._wakes.get_jobs())
    scheduler._seen += timedelta(days=2)
    scheduler.look()
    soonest = min(job.next_run_time for job in scheduler._wakes.get_jobs())
    assert soonest <= clock.now() + timedelta(minutes=1)


def at_work_on(app: Flask, monkeypatch: pytest.MonkeyPatch, work: object) -> tuple[Scheduler, threading.Thread]:
    """A scheduler in whose hands a job is at this moment."""
    stopped = Scheduler(app)
    stopped._wakes.start()
    job = Job("long", "* * * * *", Period.EACH_TIME, work)  # type: ignore[arg-type]
    thread = threading.Thread(target=stopped._wake, args=[job], daemon=True)
    thread.start()
    until(lambda: +stopped._busy)
    return stopped, thread


def test_the_end_waits_for_the_job_in_hand_and_begins_none(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.session.commit()

    def work(_now: datetime) -> str:
        time.sleep(1)
        return "done"

    scheduler, thread = at_work_on(app, monkeypatch, work)
    assert scheduler.stop()
    thread.join()
    row = db.session.scalars(sa.select(JobRun).where(JobRun.job == "long", JobRun.period == LATEST)).one()
    assert row.result == "done"
    db.session.rollback()
    scheduler._wake(Job("late", "* * * * *", Period.EACH_TIME, work))
    assert not has_run("late")


def test_the_end_does_not_wait_for_ever(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    db.session.commit()
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.3)
    release = threading.Event()
    scheduler, thread = at_work_on(app, monkeypatch, lambda _now: str(release.wait(PATIENCE)))
    begun = time.monotonic()
    assert not scheduler.stop()
    assert time.monotonic() - begun < 5
    release.set()
    thread.join()


def test_a_silent_leader_is_noticed_within_a_minute(app: Flask) -> None:
    leader = Leadership(db.engine, app.extensions["settings"].var_dir / module.LOCK_FILE)
    assert leader.holds()
    if leader._connection is not None:
        told = {name: leader._connection.scalar(sa.text(f"SHOW {name}")) for name in OF_SERVER}
        # Over a socket of the same machine, which cannot vanish alone, the server answers 0.
        assert set(told.values()) <= {"0", "10", "5", "3", "25s"}
        assert leader._connection.connection.dbapi_connection.info.get_parameters()["keepalives_idle"] == "10"  # type: ignore[union-attr]
    leader.release()


def test_a_mail_that_hangs_can_be_cut_off_and_marked_before_the_end_of_the_process() -> None:
    assert mailer.PATIENCE + mailer.LONGEST_END + mailer.GOODBYE < module.PATIENCE_SECONDS < 30
