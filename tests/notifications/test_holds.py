"""A hold that comes while mails are sent: what a sender has already taken stays too, but for the mail in hand."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from tests.factories import World
from tests.notifications.test_mailer import MORNING, queue_for, states, use_server
from tests.smtp import Mailbox
from tests.torture.server import Conversation, Step, rude_server
from tracker.actions.holds import hold, release
from tracker.actions.record import NOBODY
from tracker.models import MailState, db
from tracker.notifications.mailer import GLANCE, deliver
from tracker.notifications.password_changed import queue_password_changed
from tracker.notifications.password_reset import queue_password_reset

MAILS = 6
Act = Callable[[], object]


def give_up() -> None:
    """Hold the outbox and let it go on without what waited."""
    hold(NOBODY, "", MORNING)
    release(NOBODY, "", MORNING, give_up=True)


@pytest.mark.parametrize(
    ("act", "left"), [(lambda: hold(NOBODY, "", MORNING), MailState.QUEUED), (give_up, MailState.DROPPED)]
)
def test_what_is_held_or_given_up_does_not_leave_with_the_batch(
    app: Flask, world: World, act: Act, left: MailState
) -> None:
    queue_for(world, MAILS)
    acted = threading.Event()

    def hook(step: Step, _: Conversation) -> None:
        """Act when the first mail has come, and take so long for each that the sender looks again."""
        if step is Step.REPLIED and not acted.is_set():
            with app.app_context():
                act()
                db.session.commit()
            acted.set()
        elif step is Step.MAIL:
            server.sleep(GLANCE * 1.1 if acted.is_set() else 0)

    with rude_server() as server:
        use_server(app, server.port)
        server.hook = hook
        deliver(MORNING)
    assert acted.is_set()
    # The second was begun at once, before anybody could look.
    assert len(server.kept) <= 2
    assert states()[left] >= MAILS - 2


def test_a_mail_that_is_given_up_in_hand_and_sent_all_the_same_counts_as_sent(app: Flask, world: World) -> None:
    queue_for(world)

    def hook(step: Step, _: Conversation) -> None:
        if step is Step.DATA:
            with app.app_context():
                give_up()
                db.session.commit()

    with rude_server() as server:
        use_server(app, server.port)
        server.hook = hook
        assert deliver(MORNING) == Counter(sent=1)
    assert states() == Counter({MailState.SENT: 1})


def test_a_mail_that_is_given_up_in_hand_and_refused_stays_given_up(app: Flask, world: World, mailbox: Mailbox) -> None:
    queue_for(world)

    class Acting(dict[str, str]):
        def get(self, *_: object) -> str:  # type: ignore[override]
            with app.app_context():
                give_up()
                db.session.commit()
            return "451 later"

    mailbox.rcpt_replies = Acting()
    deliver(MORNING)
    assert states() == Counter({MailState.DROPPED: 1})


def test_a_long_hold_decides_nothing_by_itself(world: World, mailbox: Mailbox) -> None:
    queue_password_changed(world.office, MORNING)
    queue_password_reset(world.office, MORNING)
    hold(NOBODY, "", MORNING)
    db.session.commit()
    later = MORNING + timedelta(days=28)
    assert deliver(later) == Counter()
    assert states() == Counter({MailState.QUEUED: 2})
    release(NOBODY, "", later, give_up=False)
    db.session.commit()
    # Nobody waits for the link of last month.
    assert deliver(later) == Counter(sent=1, expired=1)
