"""SIGTERM while mails are sent: the mail in hand is finished, no other is begun, and the process ends well."""

from __future__ import annotations

import signal
from datetime import timedelta

import pytest

from tests.factories import World, make_account, make_task, make_unit
from tests.torture.conftest import FULL, Keep
from tests.torture.counts import count, rows, states
from tests.torture.processes import Place, Process, until
from tests.torture.server import Conversation, Server, Step
from tracker import clock
from tracker.models import MailState, db
from tracker.notifications.returned import queue_returned
from tracker.rules.lifecycle import State
from tracker.rules.permissions import Role

MAILS, SENT_BEFORE = 20, 3
MOST_SECONDS = 30
# A scheduler wakes at the next full minute.
NEXT_WAKING = 75


def queued_returns(world: World) -> None:
    """Mails that go at once on any day, committed."""
    now = clock.now()
    for number in range(MAILS):
        unit = make_unit()
        make_account(Role.UNIT_STAFF, units=[unit])
        values = {"state": State.IN_PROGRESS, "returned_on": clock.office_day(now), "returned_at": now}
        queue_returned(make_task(world.plan, lead=[unit], **values), f"第{number}次", now)
    db.session.commit()


def end_in_the_middle(server: Server, process: Process) -> None:
    """Send SIGTERM while the server has a mail in hand, and let it take its time."""

    def hook(step: Step, _: Conversation) -> None:
        if step is Step.DATA and len(server.kept) == SENT_BEFORE - 1:
            process.signal(signal.SIGTERM)
            server.sleep(1)

    server.hook = hook


def test_a_sender_that_is_ended_finishes_the_mail_in_hand(
    place: Place, world: World, server: Server, keep: Keep
) -> None:
    queued_returns(world)
    with place.sender() as sender:
        end_in_the_middle(server, sender)
        sender.tell("deliver_outbox", clock.now())
        ends_well(sender, server)
    finished(place, server, keep, "T100 SIGTERM while sending")


@pytest.mark.skipif(not FULL, reason="a scheduler wakes once a minute")
def test_a_scheduler_that_is_ended_finishes_the_mail_in_hand(
    place: Place, world: World, server: Server, keep: Keep
) -> None:
    queued_returns(world)
    with place.server("--scheduler-only") as scheduler:
        end_in_the_middle(server, scheduler)
        ends_well(scheduler, server)
    finished(place, server, keep, "T100 SIGTERM to a scheduler")


def ends_well(process: Process, server: Server) -> None:
    """It ends with 0 in time, and what it had in hand is sent and nothing else."""
    until(lambda: len(server.kept) >= SENT_BEFORE, NEXT_WAKING, "the mail in hand is finished")
    code = process.wait(MOST_SECONDS)
    assert code == 0, process.printed()
    assert len(server.kept) == SENT_BEFORE
    assert states(rows()) == {MailState.SENT: SENT_BEFORE, MailState.QUEUED: MAILS - SENT_BEFORE}


def finished(place: Place, server: Server, keep: Keep, check: str) -> None:
    """The next process sends the rest at once."""
    server.hook = lambda *_: None
    with place.sender() as sender:
        sender.do("deliver_outbox", clock.now() + timedelta(seconds=1))
    assert set(states(rows())) == {MailState.SENT}
    keep(check, count(rows(), server.kept), note=f"{SENT_BEFORE} of {MAILS} before the end")
