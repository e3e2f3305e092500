"""A mail server that is away for hours or days: nothing is lost, and nobody gets a pile."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

import pytest
from flask import Flask

from tests.factories import World
from tests.torture.conftest import FULL, Keep
from tests.torture.counts import count, rows, states
from tests.torture.processes import Place, Sender
from tests.torture.scenes import MINUTE, MORNING, people_asked, queued_digests
from tests.torture.server import Server
from tests.visit import client_for, visit
from tracker import clock
from tracker.models import MailState

PEOPLE = 50
HOURS = timedelta(hours=6)
MOST_ATTEMPTS = 13
# How often the job runs while the server is away, and how many senders are killed meanwhile.
PAUSE, KILLS = (MINUTE, 10) if FULL else (10 * MINUTE, 2)
# A week before the deadline, a day before it and a day after it: each has a step that is new to everybody.
DUE_ON = date(2026, 3, 12)
DIGEST_DATES = (date(2026, 3, 5), date(2026, 3, 11), date(2026, 3, 13))
LONGEST_PAUSE = timedelta(hours=4)


def test_a_server_away_for_six_hours_costs_no_mail(
    app: Flask,
    place: Place,
    world: World,
    server: Server,
    chance: Random,
    keep: Keep,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    queued_digests(world, PEOPLE)
    server.down()
    back = MORNING + HOURS
    runs = moments(MORNING, back, PAUSE)
    kill_senders_while_away(place, runs, set(chance.sample(runs, KILLS)))
    monkeypatch.setenv("TRACKER_FAKE_NOW", back.isoformat())
    says_that_the_service_is_down(app, world)
    server.up()
    with place.sender() as sender:
        first = next(minute for minute in range(10) if run_and_see(sender, server, back + minute * MINUTE))
        # A mail that was tried meanwhile has its pause before it.
        for now in moments(back + 10 * MINUTE, back + LONGEST_PAUSE, 10 * MINUTE):
            sender.do("deliver_outbox", now)
    assert first < 2, f"the first mail came {first} minutes after the server"
    found = rows()
    assert set(states(found)) == {MailState.SENT}
    assert max(mail.attempts for mail in found) <= MOST_ATTEMPTS
    keep("T087 server away for 6 hours", count(found, server.kept), kills=KILLS)


def moments(begin: datetime, end: datetime, pause: timedelta) -> list[datetime]:
    """The instants at which a job runs, the end left out."""
    return [begin + number * pause for number in range(int((end - begin) / pause))]


def kill_senders_while_away(place: Place, runs: list[datetime], kill_after: set[datetime]) -> None:
    """Run the job again and again without a server; some processes are killed after a run."""
    left = iter(runs)
    for _ in range(len(kill_after) + 1):
        with place.sender() as sender:
            for now in left:
                assert "service_down" in str(sender.do("deliver_outbox", now)["error"])
                if now in kill_after:
                    break


def run_and_see(sender: Sender, server: Server, now: datetime) -> bool:
    """Whether a mail has come after a run."""
    sender.do("deliver_outbox", now)
    return bool(server.kept)


def says_that_the_service_is_down(app: Flask, world: World) -> None:
    """The outbox page tells in plain words."""
    page = visit(client_for(app, world.administrator), "/outbox").get_text()
    assert "邮件服务不可用" in page, page
    assert f"积压 {PEOPLE} 封" in page, page


def test_after_three_digests_without_a_server_each_person_gets_the_newest(
    place: Place, world: World, server: Server, keep: Keep
) -> None:
    people_asked(world, PEOPLE, due_on=DUE_ON)
    server.down()
    for day in DIGEST_DATES:
        with place.sender() as sender:
            assert sender.do("queue_digests", clock.at_office(day, 9))["error"] is None, sender.printed()
            for now in moments(clock.at_office(day, 9, 1), clock.at_office(day, 12), 30 * MINUTE):
                assert "service_down" in str(sender.do("deliver_outbox", now)["error"])
    server.up()
    back = clock.at_office(DIGEST_DATES[-1], 12)
    with place.sender() as sender:
        for now in moments(back, back + LONGEST_PAUSE, 10 * MINUTE):
            sender.do("deliver_outbox", now)
    found = rows()
    newest = [mail for mail in found if mail.reason.endswith(DIGEST_DATES[-1].isoformat())]
    assert len(newest) == PEOPLE
    assert states(found) == {MailState.SENT: PEOPLE, MailState.SUPERSEDED: 2 * PEOPLE}
    keep("T088 server away for three digests", count(newest, server.kept), kills=len(DIGEST_DATES))
