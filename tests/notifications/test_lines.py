"""Slow servers and endings: what one mail waits for holds up no other, and what was not begun is as it was."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import World
from tests.notifications.test_mailer import MINUTE, MORNING, mail_of, queue_for, states, use_server
from tests.torture.server import Conversation, Manner, Server, Step, rude_server
from tracker.models import MailState, OutboxMail, db
from tracker.notifications import mailer
from tracker.notifications.mailer import deliver

LONG = 20  # seconds; no test that succeeds waits for so long


@pytest.fixture
def server(app: Flask) -> Iterator[Server]:
    """A mail server with bad manners that the application uses."""
    with rude_server() as server:
        use_server(app, server.port)
        yield server


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sender that soon takes another line."""
    monkeypatch.setattr(mailer, "PATIENCE", 0.2)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sender that takes no other line, however slow this machine is."""
    monkeypatch.setattr(mailer, "PATIENCE", 60.0)


def first_in_line() -> str:
    """The address of the mail that is sent first."""
    found = db.session.scalars(sa.select(OutboxMail.address).order_by(OutboxMail.not_before, OutboxMail.id)).first()
    db.session.commit()
    assert found
    return found


def limit(app: Flask, **limits: int) -> None:
    """Set what the settings of mail limit."""
    app.extensions["settings"] = replace(app.extensions["settings"], **limits)


def attempts() -> Counter[tuple[MailState, int, bool]]:
    """How many mails stand in which state after how many tries, and whether a sender holds them."""
    columns = (OutboxMail.state, OutboxMail.attempts, OutboxMail.lease_until.is_not(None))
    found = Counter((state, tries, bool(held)) for state, tries, held in db.session.execute(sa.select(*columns)))
    db.session.commit()
    return found


@pytest.mark.usefixtures("impatient")
def test_while_a_mail_waits_for_its_answer_the_others_are_sent(world: World, server: Server) -> None:
    *slow, _quick, _last = queue_for(world, 6)
    slow_ones = {person.email for person in slow[::2]}
    others_came = threading.Event()

    def hook(step: Step, conversation: Conversation) -> None:
        if step is Step.DATA and conversation.recipient in slow_ones:
            others_came.wait(LONG)
        if step is Step.REPLIED and len(server.kept) == 4:
            others_came.set()

    server.hook = hook
    assert deliver(MORNING) == Counter(sent=6)
    assert {kept.recipient for kept in server.kept[4:]} == slow_ones
    assert others_came.is_set()


@pytest.mark.usefixtures("impatient")
def test_a_mail_without_an_answer_comes_again_under_its_message_id(app: Flask, world: World, server: Server) -> None:
    unlucky, *_ = queue_for(world, 4)
    limit(app, smtp_timeout=2)
    server.manners = {str(unlucky.email): Manner(deaf=True, times=1)}
    assert deliver(MORNING) == Counter(sent=3, later=1)
    waiting = mail_of(unlucky)
    assert (waiting.state, waiting.attempts, waiting.last_answer) == (MailState.QUEUED, 1, "timed_out")
    assert deliver(MORNING + 2 * MINUTE) == Counter(sent=1)
    assert [kept.message_id for kept in server.kept if kept.recipient == unlucky.email] == [waiting.message_id] * 2


@pytest.mark.usefixtures("impatient")
def test_a_server_that_is_lively_for_ever_is_cut_off(
    world: World, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    tarpit, *_ = queue_for(world, 4)
    monkeypatch.setattr(mailer, "LONGEST_MAIL", 2.0)
    # A byte is never late; the whole of it takes LONG.
    server.manners = {str(tarpit.email): Manner(rcpt=f"250 {'very well, ' * 20}", drip=LONG / 220, times=1)}
    assert deliver(MORNING) == Counter(sent=3, later=1)
    assert (mail_of(tarpit).attempts, mail_of(tarpit).last_answer) == (1, "timed_out")
    assert deliver(MORNING + 2 * MINUTE) == Counter(sent=1)
    assert Counter(kept.recipient for kept in server.kept).most_common(1)[0][1] == 1


@pytest.mark.usefixtures("patient")
def test_a_process_that_ends_finishes_the_mail_in_hand_and_leaves_the_rest_untouched(
    world: World, server: Server
) -> None:
    queue_for(world, 5)
    ends = threading.Event()

    def hook(step: Step, _conversation: Conversation) -> None:
        if step is Step.DATA and len(server.kept) == 1:
            ends.set()

    server.hook = hook
    assert deliver(MORNING, ends.is_set) == Counter(sent=2)
    assert attempts() == Counter({(MailState.SENT, 1, False): 2, (MailState.QUEUED, 0, False): 3})
    assert set(db.session.scalars(sa.select(OutboxMail.not_before))) == {MORNING}
    db.session.commit()
    assert deliver(MORNING + timedelta(seconds=1)) == Counter(sent=3)
    assert max(Counter(kept.recipient for kept in server.kept).values()) == 1


@pytest.mark.usefixtures("impatient")
def test_a_process_that_ends_does_not_wait_for_ever_for_the_mail_in_hand(
    world: World, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue_for(world, 3)
    unlucky = first_in_line()
    monkeypatch.setattr(mailer, "LONGEST_END", 0.5)
    ends = threading.Event()
    server.manners = {unlucky: Manner(deaf=True, times=1)}
    server.hook = lambda step, _conversation: ends.set() if step is Step.KEPT else None
    assert deliver(MORNING, ends.is_set) == Counter(later=1)
    assert attempts() == Counter({(MailState.QUEUED, 1, False): 1, (MailState.QUEUED, 0, False): 2})
    assert set(db.session.scalars(sa.select(OutboxMail.last_answer).where(OutboxMail.address == unlucky))) == {
        "timed_out"
    }


def test_a_server_that_hangs_up_between_two_mails_costs_nobody_a_mail(world: World, server: Server) -> None:
    queue_for(world, 4)

    def hook(step: Step, conversation: Conversation) -> None:
        if step is Step.REPLIED and len(server.kept) == 2:
            conversation.close()

    server.hook = hook
    deliver(MORNING)
    server.hook = lambda *_: None
    deliver(MORNING + 2 * MINUTE)
    assert states() == Counter({MailState.SENT: 4})
    assert max(Counter(kept.recipient for kept in server.kept).values()) == 1


@pytest.mark.parametrize("step", [Step.KEPT, Step.EHLO])
def test_a_machine_that_was_suspended_sends_nothing_of_leases_that_ended_meanwhile(
    world: World, server: Server, monkeypatch: pytest.MonkeyPatch, step: Step
) -> None:
    # The clock of the machine stands still meanwhile; the one on the wall does not.
    monkeypatch.setenv("TRACKER_FAKE_NOW", "2026-03-06T09:00")
    queue_for(world, 4)

    def hook(at: Step, _conversation: Conversation) -> None:
        if at is step:
            monkeypatch.setenv("TRACKER_FAKE_NOW", "2026-03-06T09:06")

    server.hook = hook
    sent = 1 if step is Step.KEPT else 0
    assert deliver(MORNING) == +Counter(sent=sent)
    assert attempts() == +Counter({(MailState.SENT, 1, False): sent, (MailState.QUEUED, 0, False): 4 - sent})
    server.hook = lambda *_: None
    assert deliver(MORNING + 6 * MINUTE) == Counter(sent=4 - sent)
    assert max(Counter(kept.recipient for kept in server.kept).values()) == 1
