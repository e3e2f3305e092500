"""Mail servers that refuse, stammer, crawl and fall silent: one bad conversation does not spoil the others."""

from __future__ import annotations

import statistics
import time
from collections import Counter

import sqlalchemy as sa

from tests.factories import World
from tests.torture.conftest import FULL, Keep
from tests.torture.counts import Row, count, rows
from tests.torture.processes import PATIENCE, Place, until
from tests.torture.scenes import MINUTE, MORNING, queued_digests
from tests.torture.server import Manner, Server
from tests.torture.web import free_port, seconds_of, wait_for_web
from tracker.models import MailState, RefusedAddress, db
from tracker.models.engine import reading_only

PEOPLE = 30
LONGEST_STEP, SECONDS_A_BYTE = (30, 1.0) if FULL else (3, 0.03)
# The second answers more lively than any time-out, and for longer than anybody should listen.
SLOW = {
    "30 s for a reply": Manner(pause=LONGEST_STEP + 1, times=1),
    "a byte a second": Manner(rcpt="250 " + "very well, " * 12, drip=SECONDS_A_BYTE, times=1),
    "deaf after DATA": Manner(deaf=True, times=1),
}
MOST_SECONDS = 0.5
PAGES = 100


def test_slow_conversations_hold_up_neither_other_mails_nor_the_web(
    place: Place, world: World, server: Server, keep: Keep
) -> None:
    queued_digests(world, PEOPLE)
    addresses = [mail.address for mail in rows()]
    bad = dict(zip(addresses, SLOW.values(), strict=False))
    server.manners = dict(bad)
    quick = set(addresses) - set(bad)
    port = free_port()
    with place.server("--no-scheduler", PORT=str(port)) as web, place.sender(SMTP_TIMEOUT=str(LONGEST_STEP)) as sender:
        wait_for_web(port, web)
        begun = time.monotonic()
        sender.tell("deliver_outbox", MORNING)
        spent = [page_now_and_then(port) for _ in range(PAGES)]
        until(lambda: quick <= {mail.recipient for mail in server.kept}, 3 * LONGEST_STEP + 30, "the quick ones")
        quick_seconds = time.monotonic() - begun
        assert "error" in sender.heard(10 * LONGEST_STEP + PATIENCE)
        assert time.monotonic() - begun < 10 * LONGEST_STEP + 30
        for minute in range(1, 30):
            sender.do("deliver_outbox", MORNING + minute * MINUTE)
    p95 = statistics.quantiles(spent, n=20)[-1]
    assert p95 < MOST_SECONDS, f"{p95:.3f} s"
    assert {mail.state for mail in rows()} == {MailState.SENT}
    note = f"others done after {quick_seconds:.1f} s, web p95 {p95 * 1000:.0f} ms"
    keep("T089 slow, tarpit, deaf", count(rows(), server.kept), most_doubled=len(SLOW), note=note)


def page_now_and_then(port: int) -> float:
    """The seconds of a page, so often that all of them together last as long as the slow conversations."""
    time.sleep(2 * LONGEST_STEP / PAGES)
    return seconds_of(port, "/sign-in")


GOOD = 5
MIXED = {
    "550": Manner(rcpt="550 no such user"),
    "550 to the mail": Manner(data="554 we do not like it"),
    "450 to DATA": Manner(start="450 later", times=1),
    "451": Manner(rcpt="451 later", times=1),
    "452": Manner(rcpt="452 mailbox full", times=2),
    "421": Manner(rcpt="421 closing", times=1),
    "421 after DATA": Manner(data="421 closing", times=1),
    "silent after DATA": Manner(deaf=True, times=1),
}


def test_each_recipient_of_a_mixture_meets_its_own_end(place: Place, world: World, server: Server, keep: Keep) -> None:
    queued_digests(world, GOOD * len(MIXED))
    mails = {mail.address: mail for mail in rows()}
    # Bad ones among good ones, so that each good one comes after a bad one.
    treated = dict(zip(list(mails)[::GOOD], MIXED.items(), strict=True))
    server.manners = {address: manner for address, (_, manner) in treated.items()}
    with place.sender(SMTP_TIMEOUT="3") as sender:
        for minute in range(30):
            sender.do("deliver_outbox", MORNING + minute * MINUTE)
            if minute == 0:
                good_ones_are_done(mails, treated)
    found = {mail.address: mail for mail in rows()}
    ends = {name: found[address] for address, (name, _) in treated.items()}
    assert {name for name, mail in ends.items() if mail.state is MailState.DEAD} == {"550", "550 to the mail"}
    assert {mail.state for mail in found.values()} == {MailState.SENT, MailState.DEAD}
    assert "550" in str(ends["550"].last_answer)
    assert {name: mail.attempts for name, mail in ends.items()} == {
        "550": 1,
        "550 to the mail": 1,
        "450 to DATA": 2,
        "451": 2,
        "452": 3,
        "421": 2,
        "421 after DATA": 2,
        "silent after DATA": 2,
    }
    came_twice = [each for each, times in Counter(kept.recipient for kept in server.kept).items() if times > 1]
    assert came_twice == [ends["silent after DATA"].address]
    assert refused_addresses() == {ends["550"].address}, "what the server said of a mail is no fault of its address"
    due = [mail for mail in found.values() if mail.state is not MailState.DEAD]
    keep("T090 all answers at once", count(due, server.kept), most_doubled=1)


def good_ones_are_done(mails: dict[str, Row], treated: dict[str, object]) -> None:
    """After the first run every good recipient has its mail, whatever the others did."""
    found = {mail.address: mail.state for mail in rows()}
    assert {found[address] for address in mails if address not in treated} == {MailState.SENT}


def refused_addresses() -> set[str]:
    """The addresses through which nobody is asked any more."""
    with reading_only():
        found = set(db.session.scalars(sa.select(RefusedAddress.address)))
        db.session.rollback()
    return found
