"""Send what waits in the outbox: lease, ask whether it is still true, send, mark.

Each step is a transaction of its own and nothing is open while the server is spoken to. A sender that dies in between
leaves a lease behind; when it has passed, the mail is sent with the same Message-ID. So nothing is lost, and what may
come twice can be recognised.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from time import monotonic

import sqlalchemy as sa

from tracker import clock
from tracker.models import EXPIRED, UNREADABLE, MailState, OutboxMail, db
from tracker.notifications import (
    asked_again,
    awaited,
    digest,
    extension_decided,
    instructed,
    part_returned,
    password_changed,
    password_reset,
    redated,
    reopened,
    returned,
    urged,
)
from tracker.notifications.letters import Letter, one_line, settings
from tracker.notifications.smtp import Answer, MailServer, Outcome, ServiceDown
from tracker.queries.frame import region_name
from tracker.queries.outbox import due_mails, has_newer
from tracker.queries.passwords import PASSWORD_RESET
from tracker.queries.reminders import DIGEST
from tracker.rules.workdays import is_workday

# Longer than a server that answers each step at the last moment needs for one mail.
LEASE = timedelta(minutes=5)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240))
MOST_PER_RUN = 500
MOST_UNREADABLE = 3

Recompose = Callable[[OutboxMail, datetime], Letter | None]
RECOMPOSE: dict[str, Recompose] = {
    DIGEST: digest.recompose,
    returned.RETURNED: returned.recompose,
    redated.REDATED: redated.recompose,
    reopened.REOPENED: reopened.recompose,
    PASSWORD_RESET: password_reset.recompose,
    password_changed.PASSWORD_CHANGED: password_changed.recompose,
    instructed.INSTRUCTED: instructed.recompose,
    urged.URGED: urged.recompose,
    part_returned.PART_RETURNED: part_returned.recompose,
    asked_again.ASKED_AGAIN: asked_again.recompose,
    extension_decided.EXTENSION_DECIDED: extension_decided.recompose,
    awaited.AWAITED: awaited.recompose,
}
# Kinds whose words are not kept: what was queued stands in their place.
UNKEPT = {PASSWORD_RESET}

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outgoing:
    """A leased mail in plain values, so that nothing of the database is touched while it is sent."""

    id: int
    lease_until: datetime
    address: str
    message_id: str
    sender_name: str
    letter: Letter


@dataclass(frozen=True)
class Withdrawn:
    """A mail that is no longer to be sent, and why."""

    state: MailState
    why: str


def deliver(now: datetime, stopping: Callable[[], bool] = lambda: False) -> Counter[str]:
    """Send what is due, one connection for all; how many met which end. Raises ServiceDown when nothing can be sent."""
    began = monotonic()

    def present() -> datetime:
        """The instant, as far as this run has come: leases are not measured from its beginning."""
        return now + timedelta(seconds=monotonic() - began)

    tally: Counter[str] = Counter()
    tally["expired"] = expire(now)
    server = MailServer(settings())
    try:
        due = due_mails(now, is_workday(clock.office_day(now)), MOST_PER_RUN)
        # Ends the transaction of the question: the server may take its time to answer.
        db.session.commit()
        for mail_id in due:
            if stopping():
                break
            server.open()
            if lease_until := lease(mail_id, present()):
                tally[_deliver_one(server, mail_id, lease_until, present)] += 1
    finally:
        server.close()
        if +tally:
            logger.info("mails: %s", ", ".join(f"{word} {count}" for word, count in sorted((+tally).items())))
    return +tally


def lease(mail_id: int, now: datetime) -> datetime | None:
    """Take a mail for sending, until when; None where another sender has it."""
    until = now + LEASE
    taken = db.session.execute(
        sa.update(OutboxMail)
        .where(
            OutboxMail.id == mail_id,
            sa.or_(
                OutboxMail.state == MailState.QUEUED,
                sa.and_(OutboxMail.state == MailState.LEASED, OutboxMail.lease_until <= now),
            ),
        )
        .values(state=MailState.LEASED, lease_until=until, attempts=OutboxMail.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    return until if taken.rowcount == 1 else None  # type: ignore[attr-defined]


def expire(now: datetime) -> int:
    """Give up what waited past its last day; how many."""
    given_up = db.session.execute(
        sa.update(OutboxMail)
        .where(OutboxMail.state == MailState.QUEUED, OutboxMail.expires_at <= now)
        .values(state=MailState.DEAD, last_answer=EXPIRED)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    return int(given_up.rowcount)  # type: ignore[attr-defined]


def message_of(mail: Outgoing, sent_at: datetime) -> EmailMessage:
    """The message as the server gets it."""
    message = EmailMessage()
    message["From"] = Address(mail.sender_name, addr_spec=sender_address())
    message["To"] = Address(addr_spec=mail.address)
    message["Subject"] = one_line(mail.letter.subject)
    message["Date"] = format_datetime(clock.office_time(sent_at))
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.letter.text, cte="base64")
    message.add_alternative(mail.letter.html, subtype="html", cte="base64")
    # Set last: making the alternative moves every Content header into its first part.
    message["Content-Language"] = "zh-CN"
    return message


def sender_address() -> str:
    """The address that mails come from."""
    return parseaddr(settings().mail_from)[1]


def _deliver_one(server: MailServer, mail_id: int, lease_until: datetime, present: Callable[[], datetime]) -> str:
    """Check, send and mark a leased mail; a word for the end that it met. One bad mail never stops the others."""
    try:
        mail = _check(mail_id, lease_until, present())
        if isinstance(mail, Withdrawn):
            _mark(mail_id, lease_until, state=mail.state, last_answer=mail.why)
            return mail.state.value
        message = message_of(mail, present())
    except Exception:
        db.session.rollback()
        logger.exception("mail %s cannot be written", mail_id)
        return _put_off(mail_id, lease_until, present(), UNREADABLE, MOST_UNREADABLE)
    try:
        answer = server.send(sender_address(), mail.address, message)
    except ServiceDown as down:
        _put_off(mail_id, lease_until, present(), down.reason)
        raise
    return _keep(mail, answer, present())


def _check(mail_id: int, lease_until: datetime, now: datetime) -> Outgoing | Withdrawn:
    """Ask whether a mail is still true, and write it anew from the present state."""
    mail = db.session.get_one(OutboxMail, mail_id, populate_existing=True)
    account = mail.account
    # Without an account it goes to a unit's mailbox: whether that is still the unit's, its recipients say below.
    if account and account.disabled_at:
        return Withdrawn(MailState.DROPPED, "disabled")
    if account and account.email != mail.address:
        return Withdrawn(MailState.DROPPED, "address_changed")
    if mail.kind == DIGEST and has_newer(mail):
        return Withdrawn(MailState.SUPERSEDED, "newer")
    letter = RECOMPOSE[mail.kind](mail, now)
    if letter is None:
        return Withdrawn(MailState.DROPPED, "nothing_left")
    outgoing = Outgoing(
        id=mail.id,
        lease_until=lease_until,
        address=mail.address,
        message_id=mail.message_id,
        sender_name=one_line(f"{region_name(mail.region_code)}优质均衡推进办"),
        letter=letter,
    )
    if mail.kind not in UNKEPT:
        mail.subject, mail.text, mail.html = letter.subject, letter.text, letter.html
    db.session.commit()
    return outgoing


def _keep(mail: Outgoing, answer: Answer, now: datetime) -> str:
    """Mark what the server's answer means for a mail."""
    match answer.outcome:
        case Outcome.SENT:
            _mark(mail.id, mail.lease_until, state=MailState.SENT, sent_at=now, last_answer=answer.words)
            return "sent"
        case Outcome.REFUSED:
            _mark(mail.id, mail.lease_until, state=MailState.DEAD, last_answer=answer.words)
            return "dead"
        case _:
            return _put_off(mail.id, mail.lease_until, now, answer.words)


def _put_off(mail_id: int, lease_until: datetime, now: datetime, why: str, most: int | None = None) -> str:
    """Let a mail wait for its next try, longer each time; after ``most`` tries it is given up."""
    attempts = db.session.scalar(sa.select(OutboxMail.attempts).where(OutboxMail.id == mail_id)) or 1
    if most and attempts >= most:
        _mark(mail_id, lease_until, state=MailState.DEAD, last_answer=why)
        return "dead"
    pause = PAUSES[min(attempts, len(PAUSES)) - 1]
    _mark(mail_id, lease_until, state=MailState.QUEUED, not_before=now + pause, last_answer=why)
    return "later"


def _mark(mail_id: int, lease_until: datetime, **values: object) -> None:
    """Write what became of a mail, unless the lease was lost and another sender has it."""
    db.session.execute(
        sa.update(OutboxMail)
        .where(OutboxMail.id == mail_id, OutboxMail.state == MailState.LEASED, OutboxMail.lease_until == lease_until)
        .values(lease_until=None, **values)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
