"""The job that delivers the outbox."""

from __future__ import annotations

import socket
from datetime import date, timedelta

import sqlalchemy as sa
from flask import Flask

from tests.factories import World
from tests.notifications.test_mailer import MORNING, queue_for, use_server
from tests.smtp import HOST, smtp_server
from tests.visit import client_for, visit
from tracker.jobs import deliver_outbox
from tracker.jobs.runner import run_job
from tracker.jobs.schedule import TIMETABLE
from tracker.models import JobRun, MailState, OutboxMail, db

JOB = next(job for job in TIMETABLE if job.name == "deliver_outbox")
FRIDAY = date(2026, 3, 6)


def states() -> set[MailState]:
    """In which states the mails are."""
    return set(db.session.scalars(sa.select(OutboxMail.state)))


def outbox_page(app: Flask, world: World) -> str:
    """What the operators read."""
    return visit(client_for(app, world.office), "/outbox").get_text()


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
        assert "邮件服务不可用：邮件服务器拒绝连接，积压 1 封，最早 3月6日09:00。" in outbox_page(app, world)
    row = db.session.scalars(sa.select(JobRun)).one()
    assert row.error == "service_down connection_refused"
    with smtp_server() as box:
        use_server(app, box.port)
        assert run_job(JOB, MORNING + timedelta(minutes=1)).error is None
    db.session.refresh(row)
    assert row.error is None
    assert states() == {MailState.SENT}
    assert "邮件服务不可用" not in outbox_page(app, world)


def test_six_hours_without_a_server_cost_no_mail_a_try(app: Flask, world: World) -> None:
    queue_for(world, 3)
    back = MORNING + timedelta(hours=6)
    with socket.socket() as closed:
        closed.bind((HOST, 0))
        use_server(app, closed.getsockname()[1])
        for minute in range(0, 360, 4):
            assert run_job(JOB, MORNING + timedelta(minutes=minute)).error == "service_down connection_refused"
    with smtp_server() as box:
        use_server(app, box.port)
        assert run_job(JOB, back).result == "sent=3 waiting=0", "at the first run after its return"
        assert run_job(JOB, back + timedelta(minutes=1)).result == "waiting=0"
    assert len({each.recipients[0] for each in box.messages}) == len(box.messages) == 3
    assert set(db.session.scalars(sa.select(OutboxMail.attempts))) == {1}


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
