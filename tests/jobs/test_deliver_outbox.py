"""The job that delivers the outbox."""

from __future__ import annotations

import socket
from datetime import date, timedelta

import sqlalchemy as sa
from flask import Flask

from tests.factories import World
from tests.notifications.test_mailer import MORNING, queue_for, use_server
from tests.smtp import HOST, smtp_server
from tracker.jobs import deliver_outbox
from tracker.jobs.runner import run_job
from tracker.jobs.schedule import TIMETABLE
from tracker.models import JobRun, MailState, OutboxMail, db

JOB = next(job for job in TIMETABLE if job.name == "deliver_outbox")
FRIDAY = date(2026, 3, 6)


def states() -> set[MailState]:
    """In which states the mails are."""
    return set(db.session.scalars(sa.select(OutboxMail.state)))


def test_without_a_server_the_mails_stay_however_old_they_are(world: World) -> None:
    queue_for(world, 2)
    outcome = run_job(JOB, MORNING + timedelta(days=60))
    assert outcome.result == "no_server waiting=2"
    assert states() == {MailState.QUEUED}


def test_the_job_says_what_it_sent(app: Flask, world: World) -> None:
    queue_for(world, 2)
    with smtp_server() as box:
        use_server(app, box.port)
        assert run_job(JOB, MORNING).result == "sent=2 waiting=0"
        assert run_job(JOB, MORNING + timedelta(minutes=1)).result == "waiting=0"
    assert len(box.messages) == 2


def test_a_server_that_is_down_stands_in_the_row_until_it_is_up_again(app: Flask, world: World) -> None:
    queue_for(world)
    with socket.socket() as closed:
        closed.bind((HOST, 0))
        use_server(app, closed.getsockname()[1])
        assert run_job(JOB, MORNING).error == "service_down connection_refused"
    row = db.session.scalars(sa.select(JobRun)).one()
    assert row.error == "service_down connection_refused"
    with smtp_server() as box:
        use_server(app, box.port)
        assert run_job(JOB, MORNING + timedelta(minutes=1)).error is None
    db.session.refresh(row)
    assert row.error is None
    assert states() == {MailState.SENT}


def test_a_process_that_ends_begins_no_mail(app: Flask, world: World) -> None:
    queue_for(world)
    deliver_outbox.ending.set()
    try:
        with smtp_server() as box:
            use_server(app, box.port)
            run_job(JOB, MORNING)
    finally:
        deliver_outbox.ending.clear()
    assert box.messages == []
    assert states() == {MailState.QUEUED}
