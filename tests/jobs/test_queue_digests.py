"""The daily job of the digests."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories import World, make_task
from tracker import clock
from tracker.jobs.queue_digests import run
from tracker.jobs.runner import run_job
from tracker.jobs.schedule import TIMETABLE
from tracker.models import OutboxMail, db

JOB = next(job for job in TIMETABLE if job.name == "queue_digests")


def mails() -> int:
    """How many mails there are."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(OutboxMail)) or 0


@pytest.mark.parametrize(
    ("day", "result"),
    [
        (date(2026, 3, 6), "digests=2 superseded=0"),
        (date(2026, 3, 7), "rest_day"),
        (date(2026, 2, 14), "digests=2 superseded=0"),  # a Saturday worked for Spring Festival
        (date(2026, 2, 17), "rest_day"),
        (date(2035, 3, 9), "digests=2 superseded=0 calendar_unknown"),
        (date(2035, 3, 10), "rest_day calendar_unknown"),
    ],
)
def test_digests_go_out_on_working_days_and_an_unknown_calendar_says_so(world: World, day: date, result: str) -> None:
    make_task(world.plan, lead=[world.finance], due_on=day)
    assert run(clock.at_office(day, 9)) == result


def test_the_job_twice_in_a_row_queues_nothing_more(world: World) -> None:
    make_task(world.plan, lead=[world.finance], due_on=date(2026, 3, 6))
    db.session.commit()
    assert run_job(JOB, clock.at_office(date(2026, 3, 6), 9)).result == "digests=2 superseded=0"
    assert run_job(JOB, clock.at_office(date(2026, 3, 6), 9)).result is None
    assert mails() == 2


def test_a_run_that_breaks_off_and_begins_again_leaves_the_same_mails(world: World) -> None:
    make_task(world.plan, lead=[world.finance], due_on=date(2026, 3, 6))
    db.session.commit()
    run(clock.at_office(date(2026, 3, 6), 9))
    db.session.rollback()
    assert mails() == 0
    run_job(JOB, clock.at_office(date(2026, 3, 6), 9))
    assert mails() == 2
