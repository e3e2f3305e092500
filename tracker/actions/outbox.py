"""What people do to mails: send one again, take a waiting one out, clear an address that was refused."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from tracker.actions.record import Actor, record
from tracker.models import PASSWORD_RESET, TAKEN_OUT, UNDONE_BY_SENDING, Account, MailState, OutboxMail, Unit, db
from tracker.notifications.refused import forgive
from tracker.rules.mail_addresses import masked
from tracker.rules.reminders import MAIL_KEPT


def resend(actor: Actor, mail: OutboxMail, now: datetime) -> bool:
    """Queue again what failed, was taken out or given up, under its old Message-ID; of several who ask, one does it."""
    is_undone = sa.and_(OutboxMail.state == MailState.DROPPED, OutboxMail.last_answer.in_(UNDONE_BY_SENDING))
    revived = db.session.execute(
        sa.update(OutboxMail)
        .where(
            OutboxMail.id == mail.id,
            sa.or_(OutboxMail.state == MailState.DEAD, is_undone),
            OutboxMail.kind != PASSWORD_RESET,
        )
        .values(
            state=MailState.QUEUED,
            queued_at=now,
            not_before=now,
            expires_at=now + MAIL_KEPT,
            attempts=0,
            last_answer=None,
        )
        .execution_options(synchronize_session=False)
    )
    if revived.rowcount != 1:  # type: ignore[attr-defined]
        return False
    # Whoever sends it again expects the address to work; if it does not, the server says so once more.
    forgive(mail.address)
    record(
        actor,
        "resend_mail",
        now,
        obj=("mail", str(mail.id)),
        region=mail.region_code,
        after={"kind": mail.kind, "address": masked(mail.address)},
    )
    return True


def take_out(actor: Actor, mail: OutboxMail, now: datetime) -> bool:
    """Let a waiting mail never be sent; False where it is being sent or has met its end."""
    dropped = db.session.execute(
        sa.update(OutboxMail)
        .where(OutboxMail.id == mail.id, OutboxMail.state == MailState.QUEUED)
        .values(state=MailState.DROPPED, last_answer=TAKEN_OUT)
        .execution_options(synchronize_session=False)
    )
    if dropped.rowcount != 1:  # type: ignore[attr-defined]
        return False
    said = {"kind": mail.kind, "address": masked(mail.address)}
    record(actor, "take_out_mail", now, obj=("mail", str(mail.id)), region=mail.region_code, after=said)
    return True


def clear_address(actor: Actor, owner: Account | Unit, now: datetime) -> bool:
    """Use the refused address of a person or the mailbox of a unit again; False where nobody refuses it any more."""
    address, obj = _address_of(owner)
    if not address or not forgive(address):
        return False
    record(actor, "clear_address", now, obj=obj, region=owner.region_code, after={"address": masked(address)})
    return True


def _address_of(owner: Account | Unit) -> tuple[str | None, tuple[str, str]]:
    if isinstance(owner, Account):
        return owner.email, ("account", owner.username)
    return owner.mailbox, ("unit", str(owner.id))
