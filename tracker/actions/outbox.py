"""What people do to mails: send a dead one again."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from tracker.actions.record import Actor, record
from tracker.models import MailState, OutboxMail, db
from tracker.rules.mail_addresses import masked
from tracker.rules.reminders import MAIL_KEPT


def resend(actor: Actor, mail: OutboxMail, now: datetime) -> bool:
    """Queue a dead mail again under its old Message-ID; of several people who ask, one does it."""
    revived = db.session.execute(
        sa.update(OutboxMail)
        .where(OutboxMail.id == mail.id, OutboxMail.state == MailState.DEAD)
        .values(state=MailState.QUEUED, not_before=now, expires_at=now + MAIL_KEPT, attempts=0, last_answer=None)
        .execution_options(synchronize_session=False)
    )
    if revived.rowcount != 1:  # type: ignore[attr-defined]
        return False
    record(
        actor,
        "resend_mail",
        now,
        obj=("mail", str(mail.id)),
        region=mail.region_code,
        after={"kind": mail.kind, "address": masked(mail.address)},
    )
    return True
