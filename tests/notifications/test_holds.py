"""A hold that comes while mails are sent: what a sender has already taken stays too, but for the mail in hand."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask

from tests.factories import World
from tests.notifications.test_mailer import MORNING, queue_for, states, use_server
from tests.torture.server import Conversation, Step, rude_server
from tracker.actions.holds import hold, release
from tracker.actions.record import NOBODY
from tracker.models import MailState, db
from tracker.notifications.mailer import GLANCE, deliver

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
