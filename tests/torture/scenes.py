"""What there is to send: people whom tasks ask on a day, and their digests in the outbox."""

from __future__ import annotations

from datetime import date, timedelta

from tests.factories import World, make_account, make_task, make_unit
from tracker import clock
from tracker.models import db
from tracker.notifications.digest import queue_digests
from tracker.rules.permissions import Role

FRIDAY = date(2026, 3, 6)
MORNING = clock.at_office(FRIDAY, 9)
MINUTE = timedelta(minutes=1)
# A little longer than any sender keeps a mail that it has taken for sending.
AFTER_LEASE = timedelta(minutes=5, seconds=10)
IN_A_UNIT = 20


def people_asked(world: World, count: int, due_on: date = FRIDAY) -> None:
    """So many people, each in a unit with an open task of this deadline, committed."""
    for begin in range(0, count, IN_A_UNIT):
        unit = make_unit()
        make_task(world.plan, lead=[unit], due_on=due_on)
        for _ in range(min(IN_A_UNIT, count - begin)):
            make_account(Role.UNIT_STAFF, units=[unit])
    db.session.commit()


def queued_digests(world: World, count: int) -> None:
    """The digests of a Friday morning for so many people, committed."""
    people_asked(world, count)
    queue_digests(MORNING)
    db.session.commit()
