"""The claims on waiting mails: taken in batches, given back, put off, and marked one by one after the server's answer.

A lease is a state with an end. A sender that dies leaves it behind; when it has passed, the mail waits again under its
old Message-ID.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from tracker.models import EXPIRED, GIVEN_UP, UNREADABLE, MailState, OutboxMail, db

# Longer than a sender may keep a mail in hand, so that no other ever takes it meanwhile.
LEASE = timedelta(minutes=5)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240))
MARK_TRIES = 6
FIRST_WAIT = 0.2  # seconds before a mark is tried again, doubled each time

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Lease:
    """A mail that this sender alone may send until an instant, at its ``attempts``-th try.

    ``unreadable``: how many tries just before this one found that it cannot be written.
    """

    mail_id: int
    until: datetime
    attempts: int
    unreadable: int = 0


def lease(now: datetime, wanted: Sequence[sa.ColumnElement[bool]], most: int) -> list[Lease]:
    """Take the mails that have waited longest, of those that are due and wanted; what others hold is passed over."""
    until = now + LEASE
    due = (
        sa.select(OutboxMail.id)
        .where(OutboxMail.state == MailState.QUEUED, OutboxMail.not_before <= now, *wanted)
        .order_by(OutboxMail.not_before, OutboxMail.id)
        .limit(most)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    taken = db.session.execute(
        sa.update(OutboxMail)
        .where(OutboxMail.id.in_(sa.select(due.c.id)), OutboxMail.state == MailState.QUEUED)
        .values(state=MailState.LEASED, lease_until=until, attempts=OutboxMail.attempts + 1)
        .returning(OutboxMail.not_before, OutboxMail.id, OutboxMail.attempts, OutboxMail.last_answer)
        .execution_options(synchronize_session=False)
    ).all()
    db.session.commit()
    in_order = sorted(taken, key=lambda row: (row.not_before, row.id))
    return [Lease(row.id, until, row.attempts, _unreadable(row.last_answer)) for row in in_order]


def unreadable_again(lease: Lease) -> str:
    """What a mail keeps that cannot be written once more; counted, since tries that met a server count apart."""
    return UNREADABLE if not lease.unreadable else f"{UNREADABLE} {lease.unreadable + 1}"


def _unreadable(answer: str | None) -> int:
    word, _space, count = (answer or "").partition(" ")
    return int(count or 1) if word == UNREADABLE else 0


def still_wanted(leases: Collection[Lease], wanted: Sequence[sa.ColumnElement[bool]]) -> set[Lease]:
    """Those of some leases that stand, of mails that are wanted: nobody has held or given them up meanwhile."""
    query = sa.select(OutboxMail.id, OutboxMail.lease_until).where(
        OutboxMail.id.in_([each.mail_id for each in leases]), OutboxMail.state == MailState.LEASED, *wanted
    )
    found = {tuple(row) for row in db.session.execute(query)}
    db.session.commit()
    return {each for each in leases if (each.mail_id, each.until) in found}


def reclaim(now: datetime) -> None:
    """Let the mails wait again whose sender did not come back before its lease ended."""
    _update(
        [OutboxMail.state == MailState.LEASED, OutboxMail.lease_until <= now], state=MailState.QUEUED, lease_until=None
    )


def expire(now: datetime, own: Sequence[sa.ColumnElement[bool]]) -> int:
    """Give up what waited past its last day; how many. ``own``: of the mails that this sender may send."""
    return _update(
        [OutboxMail.state == MailState.QUEUED, OutboxMail.expires_at <= now, *own],
        state=MailState.DEAD,
        last_answer=EXPIRED,
    )


def give_back(leases: Collection[Lease]) -> None:
    """Let mails wait that were taken and not sent, as if they had never been taken."""
    for until in {each.until for each in leases}:
        ids = [each.mail_id for each in leases if each.until == until]
        _update(
            [OutboxMail.id.in_(ids), OutboxMail.state == MailState.LEASED, OutboxMail.lease_until == until],
            state=MailState.QUEUED,
            lease_until=None,
            attempts=OutboxMail.attempts - 1,
        )


def pause_after(attempts: int) -> timedelta:
    """How long a mail waits after so many tries."""
    return PAUSES[min(attempts, len(PAUSES)) - 1]


class Marks:
    """Writes what became of mails, each at once and for itself, over one connection of its own."""

    def __init__(self) -> None:
        self._connection: sa.Connection | None = None

    def write(self, lease: Lease, **values: object) -> None:
        """Write what became of a mail, unless the lease was lost and another sender has it.

        That it was sent stays true of a mail that was given up while it was in hand.

        A database that is away for some seconds is waited for: a mark that is lost means a mail that comes twice.
        """
        is_ours = sa.and_(OutboxMail.state == MailState.LEASED, OutboxMail.lease_until == lease.until)
        if values.get("state") == MailState.SENT:
            given_up = sa.and_(OutboxMail.state == MailState.DROPPED, OutboxMail.last_answer == GIVEN_UP)
            is_ours = sa.or_(is_ours, given_up)
        mark = sa.update(OutboxMail).where(OutboxMail.id == lease.mail_id, is_ours)
        for attempt in range(MARK_TRIES):
            try:
                with self._open().begin():
                    self._open().execute(mark.values(lease_until=None, **values))
                return
            except sa.exc.DBAPIError:
                self.close()
                if attempt + 1 == MARK_TRIES:
                    raise
                logger.warning("mail %s cannot be marked yet", lease.mail_id)
                time.sleep(FIRST_WAIT * 2**attempt)

    def close(self) -> None:
        """Give the connection up."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except sa.exc.DBAPIError:
                connection.invalidate()

    def _open(self) -> sa.Connection:
        if self._connection is not None:
            return self._connection
        connection = db.engine.connect()
        if connection.dialect.name == "postgresql":
            # A mark that a crash of the database loses makes a mail come twice under one Message-ID, and none get
            # lost. So no mail waits for the disk; the connection is not given to others, who do.
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.detach()
            connection.exec_driver_sql("SET synchronous_commit TO off")
            connection.commit()
        self._connection = connection
        return connection


def _update(where: Sequence[sa.ColumnElement[bool]], **values: object) -> int:
    changed = db.session.execute(
        sa.update(OutboxMail).where(*where).values(**values).execution_options(synchronize_session=False)
    )
    db.session.commit()
    return int(changed.rowcount)  # type: ignore[attr-defined]
