"""密码已修改: told to the owner of an account after every change, so that one by somebody else does not pass unseen."""

from __future__ import annotations

from datetime import datetime

from tracker import clock
from tracker.models import Account, OutboxMail
from tracker.notifications.letters import Letter, full_day, letter, one_line
from tracker.notifications.outbox import Draft, queue
from tracker.queries.routing import Recipient

PASSWORD_CHANGED = "password_changed"


def queue_password_changed(account: Account, now: datetime) -> None:
    """Queue the mail in the caller's transaction; an account without a mail address is told nothing."""
    if not account.email:
        return
    reason = f"{PASSWORD_CHANGED}:{account.id}:{now.isoformat()}"
    queue([Draft(PASSWORD_CHANGED, reason, owner_of(account), compose(account, now))], now)


def recompose(mail: OutboxMail, now: datetime) -> Letter | None:
    """The mail as it was queued: what it says stays true."""
    return compose(mail.account, mail.queued_at) if mail.account else None


def compose(account: Account, changed_at: datetime) -> Letter:
    """The mail about a changed password."""
    at, name = clock.office_time(changed_at), one_line(account.name)
    return letter(
        PASSWORD_CHANGED,
        "密码已修改",
        name,
        at.date(),
        name=name,
        username=account.username,
        when=f"{full_day(at.date())}{at:%H:%M}",
    )


def owner_of(account: Account) -> Recipient:
    """The owner of an account as the recipient of a mail about it."""
    return Recipient(account.id, account.name, account.email or "", account.region_code, account.name)
