"""重置密码: a link to choose a new password, asked for by its owner.

The outbox holds no code: each try of sending makes a new one, of which the database keeps the hash alone, and puts it
into the letter that leaves. What is stored of the letter says only that there was one.
"""

from __future__ import annotations

from datetime import datetime

from tracker import clock
from tracker.models import Account, OutboxMail, PasswordReset, db
from tracker.notifications.letters import Letter, letter, one_line, settings
from tracker.notifications.outbox import Draft, queue
from tracker.notifications.password_changed import owner_of
from tracker.queries.outbox import has_newer
from tracker.queries.passwords import PASSWORD_RESET, code_hash
from tracker.rules.resets import RESET_LASTS, reset_code

SEALED = "（邮件含有重置密码的链接，正文不保存，也不显示。）"


def queue_password_reset(account: Account, now: datetime) -> None:
    """Queue the mail in the caller's transaction, without its code; it is given up when nobody waits any more."""
    reason = f"{PASSWORD_RESET}:{account.id}:{now.isoformat()}"
    sealed = Letter(_subject(account, now), SEALED, f"<p>{SEALED}</p>")
    queue([Draft(PASSWORD_RESET, reason, owner_of(account), sealed, kept=RESET_LASTS)], now)


def recompose(mail: OutboxMail, now: datetime) -> Letter | None:
    """The letter with a code made for this try of sending; None after a newer one or a new password."""
    if mail.account is None or has_newer(mail) or _was_changed(mail.account, mail.queued_at):
        return None
    code = reset_code()
    db.session.add(PasswordReset(account_id=mail.account.id, token_hash=code_hash(code), at=now))
    return compose(mail.account, code, now)


def compose(account: Account, code: str, now: datetime) -> Letter:
    """The letter. The code stands behind the # of the link, which browsers keep to themselves."""
    name = one_line(account.name)
    return letter(
        PASSWORD_RESET,
        "重置密码",
        name,
        clock.office_day(now),
        name=name,
        username=account.username,
        code=code,
        minutes=RESET_LASTS.seconds // 60,
        page=f"{settings().base_url}/password/reset",
    )


def _was_changed(account: Account, since: datetime) -> bool:
    """Whether a new password was kept meanwhile: with it every link ends, the one that was not yet sent too."""
    return account.password_changed_at is not None and account.password_changed_at > since


def _subject(account: Account, now: datetime) -> str:
    return compose(account, "", now).subject
