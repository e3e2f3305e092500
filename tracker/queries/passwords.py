"""Passwords of the past, and the mailed links to a new one."""

from __future__ import annotations

import hashlib
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from tracker.models import PASSWORD_RESET as PASSWORD_RESET
from tracker.models import Account, OldPassword, OutboxMail, PasswordReset, db
from tracker.queries.accounts import kept_username
from tracker.rules.passwords import REMEMBERED
from tracker.rules.resets import RESET_LASTS, RESETS_WITHIN, code_as_typed

MOST_ACCOUNTS = 3  # of one person, with one mail address


def old_hashes(account_id: int) -> list[str]:
    """The hashes of the newest passwords that an account had before the present one."""
    query = sa.select(OldPassword.password_hash).where(OldPassword.account_id == account_id)
    return list(db.session.scalars(query.order_by(OldPassword.id.desc()).limit(REMEMBERED)))


def code_hash(code: str) -> str:
    """What is kept of a mailed code."""
    return hashlib.sha256(code_as_typed(code).encode()).hexdigest()


def open_reset(code: str, now: datetime) -> PasswordReset | None:
    """The reset that a code opens, with its account; None for one that is unknown, used, late or of a disabled one."""
    query = sa.select(PasswordReset).where(PasswordReset.token_hash == code_hash(code), PasswordReset.used_at.is_(None))
    reset = db.session.scalar(query.options(joinedload(PasswordReset.account)))
    if reset is None or reset.account.disabled_at or now - reset.at > RESET_LASTS:
        return None
    return reset


def accounts_called(text: str) -> list[Account]:
    """The enabled accounts with a mail address that have this user name or, where none has, this address, locked."""
    query = sa.select(Account).where(Account.disabled_at.is_(None), Account.email.is_not(None))
    query = query.options(selectinload(Account.units)).order_by(Account.id).limit(MOST_ACCOUNTS)
    for condition in (Account.username == kept_username(text), sa.func.lower(Account.email) == kept_username(text)):
        found = list(db.session.scalars(query.where(condition).with_for_update(of=Account)))
        if found:
            return found
    return []


def resets_mailed(address: str, now: datetime) -> int:
    """How many mails with a link an address was sent, or will be, within the hour."""
    recent = OutboxMail.queued_at > now - RESETS_WITHIN
    query = sa.select(sa.func.count()).where(OutboxMail.kind == PASSWORD_RESET, OutboxMail.address == address, recent)
    return db.session.scalar(query) or 0
