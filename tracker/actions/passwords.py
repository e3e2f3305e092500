"""New passwords: what is kept of the old one, and the mailed link that lets a person choose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import CursorResult

from tracker.actions.record import Actor, record
from tracker.actions.sign_in import as_actor, count_for_address, end_open_sessions, note_failure, unlock_name
from tracker.models import Account, OldPassword, PasswordReset, db
from tracker.notifications.password_changed import queue_password_changed
from tracker.notifications.password_reset import queue_password_reset
from tracker.queries.passwords import accounts_called, resets_mailed
from tracker.rules.accounts import reset_refusal
from tracker.rules.passwords import REMEMBERED
from tracker.rules.resets import MOST_RESETS


def keep_password(account: Account, password_hash: str, now: datetime, *, must_change: bool = False) -> None:
    """Keep the hash of a new password; the one before it is remembered, open links to a new one end.

    The person is told by mail, so that a change by somebody else does not pass unseen.
    """
    db.session.add(OldPassword(account_id=account.id, password_hash=account.password_hash, at=now))
    account.password_hash = password_hash
    account.must_change_password = must_change
    account.password_changed_at = now
    db.session.flush()
    _forget_oldest(account.id)
    end_resets(account.id, now)
    queue_password_changed(account, now)


def change_password(actor: Actor, account: Account, password_hash: str, session_id: int, now: datetime) -> int:
    """Keep the hash of one's own new password and end every other session; returns how many these were."""
    keep_password(account, password_hash, now)
    account.version += 1
    unlock_name(account.username, now)
    ended = end_open_sessions(account.id, now, but=session_id)
    _note(actor, "change_password", account, ended, now)
    return ended


def ask_reset(asked: str, address: str, now: datetime) -> None:
    """Queue a mail with a link for the accounts that a person names; whoever asks learns nothing of it.

    Each asking is an event and counts against the network address. Nobody gets more than a few mails an hour, and
    posts whose password no administrator may reset get none: whoever sets the mail address could sign in as them.
    """
    count_for_address(address, now)
    told = [account for account in accounts_called(asked) if _may_be_mailed(account, now)]
    for account in told:
        end_resets(account.id, now)
        queue_password_reset(account, now)
        _note(Actor(address=address), "ask_password_reset", account, None, now)
    if not told:
        note_failure(address, "ask_password_reset", asked, None, now)


def choose_password(reset: PasswordReset, password_hash: str, address: str, now: datetime) -> bool:
    """Keep the password that a mailed link let somebody choose and end every session; False where it was used."""
    used: CursorResult[tuple[()]] = db.session.execute(  # type: ignore[assignment]
        sa.update(PasswordReset)
        .where(PasswordReset.id == reset.id, PasswordReset.used_at.is_(None))
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    account = reset.account
    if used.rowcount != 1 or account.disabled_at:
        return False
    keep_password(account, password_hash, now)
    account.version += 1
    unlock_name(account.username, now)
    ended = end_open_sessions(account.id, now)
    _note(as_actor(account, address), "choose_password", account, ended, now)
    return True


def end_resets(account_id: int, now: datetime) -> None:
    """No link that was mailed before works any more."""
    db.session.execute(
        sa.update(PasswordReset)
        .where(PasswordReset.account_id == account_id, PasswordReset.used_at.is_(None))
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )


def _may_be_mailed(account: Account, now: datetime) -> bool:
    return reset_refusal(False, account.role) is None and resets_mailed(account.email or "", now) < MOST_RESETS


def _forget_oldest(account_id: int) -> None:
    kept: Sequence[int] = db.session.scalars(
        sa.select(OldPassword.id)
        .where(OldPassword.account_id == account_id)
        .order_by(OldPassword.id.desc())
        .limit(REMEMBERED)
    ).all()
    db.session.execute(
        sa.delete(OldPassword)
        .where(OldPassword.account_id == account_id, OldPassword.id.not_in(kept))
        .execution_options(synchronize_session=False)
    )


def _note(actor: Actor, act: str, account: Account, ended: int | None, now: datetime) -> None:
    after = None if ended is None else {"sessions_ended": ended}
    record(actor, act, now, obj=("account", account.username), region=account.region_code, after=after)
