"""A clock that jumps ahead and back: nothing twice, nothing unsaid, and a way out."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import World, make_task
from tracker import clock
from tracker.actions.record import NOBODY, record, verified_chain
from tracker.jobs.runner import run_job
from tracker.jobs.schedule import TIMETABLE
from tracker.models import WRONG_CLOCK, Event, Issue, JobRun, OutboxMail, OverdueNotice, db

NOW = clock.at_office(date(2026, 3, 4), 18)
AHEAD = NOW + timedelta(days=2)


def run_all(now: datetime) -> list[str | None]:
    """Every job at an instant; the errors."""
    return [run_job(job, now).error for job in TIMETABLE]


def marks() -> tuple[list[tuple[int, date]], list[str], list[date]]:
    """The notices, the reasons of all mails and the weeks that were frozen."""
    notices = db.session.execute(sa.select(OverdueNotice.task_id, OverdueNotice.due_on)).all()
    reasons = db.session.scalars(sa.select(OutboxMail.reason).order_by(OutboxMail.id)).all()
    weeks = db.session.scalars(sa.select(Issue.week_on).order_by(Issue.number)).all()
    return sorted((row.task_id, row.due_on) for row in notices), list(reasons), list(weeks)


@pytest.fixture(autouse=True)
def begun(world: World) -> None:
    """Something happened, a task is late and two become late while the clock is ahead."""
    record(NOBODY, "sign_in", NOW - timedelta(days=9))
    for day in (1, 4, 5):
        make_task(world.plan, lead=[world.finance], due_on=date(2026, 3, day))
    db.session.commit()
    assert run_all(NOW) == [None] * len(TIMETABLE)


def test_two_days_ahead_and_back_does_nothing_twice(world: World) -> None:
    run_all(AHEAD)
    ahead = marks()
    assert run_all(NOW) == [WRONG_CLOCK] * len(TIMETABLE)
    assert marks() == ahead
    # Within a day of what the clock had shown it is believed again, and the day it went ahead to was done.
    for hours in range(25, 60, 5):
        assert WRONG_CLOCK not in run_all(NOW + timedelta(hours=hours))
    notices, reasons, weeks = marks()
    assert notices == ahead[0]
    assert len(set(reasons)) == len(reasons)
    assert weeks == ahead[2]
    assert verified_chain().broken is None


def test_the_way_out_lets_the_jobs_go_on_and_repeats_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    years = NOW + timedelta(days=3 * 365 + 2)
    run_all(years)
    ahead = marks()
    assert run_all(NOW + timedelta(days=1)) == [WRONG_CLOCK] * len(TIMETABLE)
    later = NOW + timedelta(days=1, minutes=1)
    monkeypatch.setenv("TRACKER_FAKE_NOW", later.isoformat())
    said = app.test_cli_runner().invoke(args=["job", "accept-clock", "--yes"])
    assert (said.exit_code, "measured from 2026-03-05 18:01" in said.output) == (0, True), said.output
    event = db.session.scalars(sa.select(Event).where(Event.act == "accept_clock")).one()
    assert event.at == later
    friday = NOW + timedelta(days=2)
    assert run_all(later) == run_all(friday) == [None] * len(TIMETABLE)
    notices, reasons, weeks = marks()
    assert notices == ahead[0]
    assert reasons[: len(ahead[1])] == ahead[1]
    assert len(set(reasons)) == len(reasons)
    assert weeks[-1] == date(2026, 3, 2)
    assert max(weeks) == weeks[-1], "what is to come is frozen when it comes"
    numbers = db.session.scalars(sa.select(Issue.number).order_by(Issue.week_on)).all()
    assert list(numbers) == list(range(1, len(numbers) + 1))
    assert not db.session.scalars(sa.select(JobRun).where(JobRun.started_at > friday)).all()
    # It counts only for what was before: the next jump is noticed anew.
    assert run_all(NOW - timedelta(days=1)) == [WRONG_CLOCK] * len(TIMETABLE)
    assert verified_chain().broken is None


def test_the_way_out_asks_first(app: Flask) -> None:
    said = app.test_cli_runner().invoke(args=["job", "accept-clock"], input="n\n")
    assert said.exit_code == 1
    assert not db.session.scalars(sa.select(Event).where(Event.act == "accept_clock")).all()
