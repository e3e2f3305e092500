"""Asking before a mail leaves whether it is still true: a batch of mails in few questions, each written anew.

A batch that cannot be written is asked again one by one, so that the mail at fault stops no other.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.models import ADDRESS_REFUSED, NOTHING_LEFT, MailState, OutboxMail, Robot, db
from tracker.notifications import (
    appraisal_published,
    asked_again,
    awaited,
    digest,
    extension_decided,
    instructed,
    leaders_week,
    objection_answered,
    part_returned,
    password_changed,
    password_reset,
    redated,
    reopened,
    returned,
    robot_test,
    urged,
)
from tracker.notifications.leases import Lease
from tracker.notifications.letters import Letter, one_line, settings
from tracker.notifications.outbox import as_read_by
from tracker.notifications.robots import not_told, way_to
from tracker.queries.frame import region_names
from tracker.queries.outbox import LEADERS_WEEK, refused_among, with_newer
from tracker.queries.passwords import PASSWORD_RESET
from tracker.queries.reminders import DIGEST
from tracker.rules.robots import Credentials

Recompose = Callable[[Sequence[OutboxMail], datetime], dict[int, Letter | None]]


def one_by_one(recompose: Callable[[OutboxMail, datetime], Letter | None]) -> Recompose:
    """A kind of mail that is written anew mail by mail."""
    return lambda mails, now: {mail.id: recompose(mail, now) for mail in mails}


RECOMPOSE: Mapping[str, Recompose] = {
    DIGEST: digest.recompose,
    LEADERS_WEEK: leaders_week.recompose,
    returned.RETURNED: one_by_one(returned.recompose),
    redated.REDATED: one_by_one(redated.recompose),
    reopened.REOPENED: one_by_one(reopened.recompose),
    PASSWORD_RESET: one_by_one(password_reset.recompose),
    password_changed.PASSWORD_CHANGED: one_by_one(password_changed.recompose),
    instructed.INSTRUCTED: one_by_one(instructed.recompose),
    urged.URGED: one_by_one(urged.recompose),
    part_returned.PART_RETURNED: one_by_one(part_returned.recompose),
    asked_again.ASKED_AGAIN: one_by_one(asked_again.recompose),
    extension_decided.EXTENSION_DECIDED: one_by_one(extension_decided.recompose),
    awaited.AWAITED: one_by_one(awaited.recompose),
    appraisal_published.APPRAISAL_PUBLISHED: one_by_one(appraisal_published.recompose),
    objection_answered.OBJECTION_ANSWERED: one_by_one(objection_answered.recompose),
    robot_test.ROBOT_TEST: one_by_one(robot_test.recompose),
}
# Kinds whose words are not kept: what was queued stands in their place.
UNKEPT = {PASSWORD_RESET}
# Kinds that are about the account itself: they try its address even where the server refused it before.
TRIED_ANYWAY = {PASSWORD_RESET, password_changed.PASSWORD_CHANGED}

# What no mail is to blame for: a database that is away, out of order, or has no connection to spare.
DATABASE_FAULTS = (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.InternalError, sa.exc.TimeoutError)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outgoing:
    """A leased mail in plain values, so that nothing of the database is touched while it is sent.

    ``way`` opens the group of a robot; of a mail there is none, nor where the robot's address cannot be read.
    """

    lease: Lease
    address: str
    message_id: str
    sender_name: str
    letter: Letter
    way: Credentials | None = None
    # The server refused the address before: when it takes this mail, it is forgiven.
    was_refused: bool = False


@dataclass
class Checked:
    """What came of a batch: the mails that go out, the ends of those that do not, and those that cannot be written."""

    outgoing: list[Outgoing]
    withdrawn: list[MailState]
    unreadable: list[Lease]


def check(leases: Sequence[Lease], now: datetime) -> Checked:
    """Ask whether leased mails are still true, write them anew from the present state, and commit."""
    if not leases:
        return Checked([], [], [])
    try:
        checked = _checked(leases, now)
        db.session.commit()
    except DATABASE_FAULTS:
        # The database is at fault and no mail: the leases end by themselves.
        db.session.rollback()
        raise
    except Exception:
        db.session.rollback()
        if len(leases) == 1:
            logger.exception("mail %s cannot be written", leases[0].mail_id)
            return Checked([], [], list(leases))
        parts = [check([lease], now) for lease in leases]
        return Checked(
            [each for part in parts for each in part.outgoing],
            [each for part in parts for each in part.withdrawn],
            [each for part in parts for each in part.unreadable],
        )
    return checked


def _checked(leases: Sequence[Lease], now: datetime) -> Checked:
    by_id = {lease.mail_id: lease for lease in leases}
    mails = _still_leased(by_id)
    refused = refused_among({mail.address for mail in mails})
    withdrawn = _withdrawn(mails, refused)
    letters = _letters([mail for mail in mails if mail.id not in withdrawn], now)
    withdrawn |= {mail_id: (MailState.DROPPED, NOTHING_LEFT) for mail_id, letter in letters.items() if not letter}
    names = region_names({mail.region_code for mail in mails})
    outgoing = []
    for mail in mails:
        if mail.id in withdrawn:
            (mail.state, mail.last_answer), mail.lease_until = withdrawn[mail.id], None
        elif written := letters[mail.id]:
            letter = as_read_by(mail.robot_id, written)
            outgoing.append(_outgoing(mail, by_id[mail.id], letter, names, mail.address in refused))
            if mail.kind not in UNKEPT:
                mail.subject, mail.text, mail.html = letter.subject, letter.text, letter.html
    return Checked(outgoing, [state for state, _why in withdrawn.values()], [])


def _still_leased(by_id: Mapping[int, Lease]) -> list[OutboxMail]:
    """The mails of a batch in its order, with their accounts or robots."""
    query = sa.select(OutboxMail).where(OutboxMail.id.in_(by_id), OutboxMail.state == MailState.LEASED)
    recipients = joinedload(OutboxMail.account), joinedload(OutboxMail.robot).joinedload(Robot.unit)
    found = db.session.scalars(query.options(*recipients).execution_options(populate_existing=True))
    mails = {mail.id: mail for mail in found}
    return [mails[id_] for id_, lease in by_id.items() if id_ in mails and mails[id_].lease_until == lease.until]


def _withdrawn(mails: Sequence[OutboxMail], refused: Set[str]) -> dict[int, tuple[MailState, str]]:
    """The mails that are not to be sent whatever they say, and why."""
    newer = with_newer([mail.id for mail in mails if mail.kind == DIGEST])
    found = {}
    for mail in mails:
        account = mail.account
        # Without an account it goes to a unit's mailbox: whether that is still the unit's, its recipients say.
        if account and account.disabled_at:
            found[mail.id] = (MailState.DROPPED, "disabled")
        elif account and account.email != mail.address:
            found[mail.id] = (MailState.DROPPED, "address_changed")
        elif mail.robot_id is not None and (why := not_told(mail)):
            found[mail.id] = (MailState.DROPPED, why)
        elif mail.id in newer:
            found[mail.id] = (MailState.SUPERSEDED, "newer")
        elif mail.address in refused and mail.kind not in TRIED_ANYWAY:
            found[mail.id] = (MailState.DEAD, ADDRESS_REFUSED)
    return found


def _letters(mails: Sequence[OutboxMail], now: datetime) -> dict[int, Letter | None]:
    of_kind: dict[str, list[OutboxMail]] = defaultdict(list)
    for mail in mails:
        of_kind[mail.kind].append(mail)
    letters: dict[int, Letter | None] = {}
    for kind, batch in of_kind.items():
        letters |= RECOMPOSE[kind](batch, now)
    return letters


def _outgoing(mail: OutboxMail, lease: Lease, letter: Letter, names: Mapping[str, str], was_refused: bool) -> Outgoing:
    return Outgoing(
        lease=lease,
        address=mail.address,
        message_id=mail.message_id,
        sender_name=settings().mail_from_name or one_line(f"{names[mail.region_code]}优质均衡推进办"),
        letter=letter,
        way=way_to(mail) if mail.robot is not None else None,
        was_refused=was_refused,
    )
