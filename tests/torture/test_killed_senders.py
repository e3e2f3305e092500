"""A sender that is killed loses nothing, and what it repeats is recognised by its Message-ID."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from random import Random

import pytest

from tests.factories import World
from tests.torture.conftest import FULL, Keep
from tests.torture.counts import count, rows, states
from tests.torture.processes import PATIENCE, Died, Place, Sender
from tests.torture.scenes import AFTER_LEASE, MORNING, queued_digests
from tests.torture.server import Conversation, Server, Step
from tracker.models import MailState

PEOPLE, KILLS, STRIDE = (600, 40, 1) if FULL else (60, 5, 6)
# Each of them comes so far at most that there are mails left for the last one.
MOST_MAILS = PEOPLE // KILLS - 3
# A kill between two steps of the conversation finds the sender at its database.
LONGEST_LAG = 0.004
# The statement that takes mails for sending: it counts a try of each.
LEASING = r"(?s)UPDATE outbox_mails SET .*attempts ?\+"


class Executioner:
    """Kills a sender at a step of a conversation, perhaps a moment after it."""

    def __init__(self, server: Server, sender: Sender, at: int, step: Step, lag: float = 0.0) -> None:
        self._sender, self._step, self._at, self._lag = sender, step, at, lag
        self._turn = threading.Lock()
        server.hook = self

    def __call__(self, step: Step, _conversation: Conversation) -> None:
        with self._turn:
            if step is self._step:
                self._at -= 1
                if self._at < 0:
                    time.sleep(self._lag)
                    self._sender.kill()


def test_forty_killed_senders_lose_nothing(
    place: Place, world: World, server: Server, chance: Random, keep: Keep
) -> None:
    queued_digests(world, PEOPLE)
    now, kills = MORNING, 0
    while kills < KILLS:
        with place.sender() as sender:
            step = chance.choice([step for step in Step if step is not Step.CONNECT])
            later = 0 if step is Step.EHLO else chance.randrange(MOST_MAILS)
            Executioner(server, sender, later, step, chance.choice([0, chance.uniform(0, LONGEST_LAG)]))
            try:
                sender.do("deliver_outbox", now)
                break
            except Died:
                kills += 1
        now += AFTER_LEASE
    server.hook = lambda *_: None
    assert kills == KILLS
    drained(place, now)
    keep("T084 killed at random", count(rows(), server.kept), kills=kills, most_doubled=kills)


def drained(place: Place, now: datetime) -> None:
    """One more run after the lease leaves nothing waiting."""
    with place.sender() as sender:
        assert sender.do("deliver_outbox", now)["error"] is None, sender.printed()
    assert set(states(rows())) == {MailState.SENT}


def test_a_kill_at_each_point_of_a_mail_loses_nothing(place: Place, world: World, server: Server, keep: Keep) -> None:
    """Before the lease is committed, after it, after RCPT, after DATA was accepted, before the mark."""
    queued_digests(world, 10)
    points = [
        before_the_lease_is_committed,
        at_step(Step.MAIL),
        at_step(Step.DATA),
        at_step(Step.KEPT),
        before_the_mark,
    ]
    now, may_come_twice = MORNING, Counter[str]()
    for point in points:
        before = len(server.kept)
        with place.sender() as sender:
            point(sender, server, now)
        server.hook = lambda *_: None
        for mail in server.kept[before:]:
            may_come_twice[mail.recipient] += point in points[3:]
        now += AFTER_LEASE
    twice = may_come_twice.total()
    assert twice >= 2, "a mail for each of the last two points"
    drained(place, now)
    came = Counter(each.recipient for each in server.kept)
    assert {address for address, times in came.items() if times > 1} == set(+may_come_twice)
    keep("T085 killed at each point", count(rows(), server.kept), kills=len(points), most_doubled=twice)


Point = Callable[[Sender, Server, datetime], None]


def before_the_lease_is_committed(sender: Sender, _server: Server, now: datetime) -> None:
    """Kill between the statement of the lease and its commit."""
    assert "stopped" in sender.do("deliver_outbox", now, commit_of=LEASING)
    sender.kill()


def at_step(step: Step) -> Point:
    """Kill at the first mail that comes to a step of the conversation."""

    def kill(sender: Sender, server: Server, now: datetime) -> None:
        Executioner(server, sender, 0, step)
        with pytest.raises(Died):
            sender.do("deliver_outbox", now)

    return kill


def before_the_mark(sender: Sender, server: Server, now: datetime) -> None:
    """Kill before the first statement after the server has answered that it has the mail."""
    armed = threading.Event()

    def stop(step: Step, _: Conversation) -> None:
        if step is Step.KEPT:
            sender.stop_next()
            armed.wait(PATIENCE)

    server.hook = stop
    sender.tell("deliver_outbox", now)
    assert sender.heard() == {"armed": True}
    armed.set()
    assert "stopped" in sender.heard()
    sender.kill()


def test_a_kill_before_the_server_hears_of_a_mail_leaves_no_trace(
    place: Place, world: World, server: Server, keep: Keep
) -> None:
    """Killed before statement after statement and commit after commit, until the server hears of a mail."""
    queued_digests(world, 3)
    begun = threading.Event()
    server.hook = lambda step, _: begun.set() if step is Step.MAIL else None
    kills, now, stop_at = 0, MORNING, 1
    while not begun.is_set():
        assert not server.kept
        with place.sender() as sender:
            sender.do("deliver_outbox", now, stop_at=stop_at)
        kills += 1
        stop_at += STRIDE
        now += AFTER_LEASE
    drained(place, now)
    keep("T085 before each statement", count(rows(), server.kept), kills=kills, most_doubled=1)
