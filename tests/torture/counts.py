"""What became of the mails: how many of those that had to come were lost, and how many came twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from tests.torture.server import Kept
from tracker.models import MailState, OutboxMail, db
from tracker.models.engine import reading_only


@dataclass(frozen=True)
class Count:
    """Mails that had to come; how many never did, how many came once too often, and under another Message-ID."""

    mails: int
    lost: int
    doubled: int
    renamed: int


@dataclass(frozen=True)
class Row:
    """A mail as the outbox has it."""

    id: int
    address: str
    message_id: str
    kind: str
    reason: str
    state: MailState
    attempts: int
    last_answer: str | None


def rows() -> list[Row]:
    """Every mail of the outbox as it stands; the database is left free for others."""
    columns = (
        OutboxMail.id,
        OutboxMail.address,
        OutboxMail.message_id,
        OutboxMail.kind,
        OutboxMail.reason,
        OutboxMail.state,
        OutboxMail.attempts,
        OutboxMail.last_answer,
    )
    db.session.rollback()
    with reading_only():
        found = [Row(*row) for row in db.session.execute(sa.select(*columns).order_by(OutboxMail.id))]
        db.session.rollback()
    return found


def states(mails: Iterable[Row]) -> Counter[MailState]:
    """How many mails stand in which state."""
    return Counter(mail.state for mail in mails)


def count(mails: Collection[Row], kept: Sequence[Kept]) -> Count:
    """Compare the mails that had to come, at most one for each address, with what the server has kept."""
    names = {mail.address: mail.message_id for mail in mails}
    assert len(names) == len(mails), "an address has several mails"
    came = Counter(each.recipient for each in kept)
    return Count(
        mails=len(names),
        lost=sum(not came[address] for address in names),
        doubled=sum(times - 1 for times in came.values()),
        # Nobody was to get a mail that is not among those that had to come.
        renamed=sum(names.get(each.recipient) != each.message_id for each in kept),
    )
