"""What administrators do to accounts: make, change, disable, give a role, unlock. Every act is an event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import CursorResult

from tracker.actions.handlers import release_tasks
from tracker.actions.passwords import keep_password
from tracker.actions.record import Actor, record
from tracker.actions.sign_in import end_open_sessions, forget_failures, unlock_name
from tracker.models import Account, Unit, db
from tracker.queries.accounts import kept_username
from tracker.rules.accounts import AccountRefusal, disabling_refusal, reset_refusal, role_refusal
from tracker.rules.mail_addresses import masked
from tracker.rules.permissions import Role


class StaleAccount(Exception):
    """Somebody else saved the account after this form was opened."""


class AccountRefused(Exception):
    """A rule refuses the act; ``reason`` is put into the reader's language by the page."""

    def __init__(self, reason: AccountRefusal) -> None:
        super().__init__(reason)
        self.reason = reason


def create_account(
    actor: Actor,
    *,
    username: str,
    name: str,
    role: Role | None,
    region: str,
    email: str | None,
    units: Sequence[Unit],
    password_hash: str,
    now: datetime,
    must_change: bool = True,
    phone: str | None = None,
) -> Account:
    """A new account; the user name is kept in small letters. Raises IntegrityError where it is taken."""
    account = Account(
        username=kept_username(username),
        name=name,
        role=role,
        region_code=region,
        email=email,
        phone=phone,
        units=list(units),
        password_hash=password_hash,
        must_change_password=must_change,
        password_changed_at=now,
        created_at=now,
    )
    db.session.add(account)
    db.session.flush()
    _note(actor, "create_account", account, now, None)
    return account


def change_account(
    actor: Actor,
    account: Account,
    version: int,
    now: datetime,
    *,
    name: str,
    email: str | None,
    phone: str | None,
    units: Sequence[Unit],
    act: str = "change_account",
) -> None:
    """Set name, mail address, phone and units; of a unit that is left no task is kept. Raises StaleAccount."""
    before = _facts(account)
    _claim(account, version)
    account.name, account.email, account.phone, account.units = name, email, phone, list(units)
    released = release_tasks(account.id, but=[unit.id for unit in units])
    _note(actor, act, account, now, before, **_facts_with(account, released))


def disable(actor: Actor, account: Account, version: int, now: datetime) -> None:
    """Shut an account out at once. Raises StaleAccount, AccountRefused for one's own."""
    _obey(disabling_refusal(_is_own(actor, account)))
    before = _facts(account)
    _claim(account, version)
    account.disabled_at = now
    released = release_tasks(account.id)
    end_open_sessions(account.id, now)
    _note(actor, "disable_account", account, now, before, **_facts_with(account, released))


def enable(actor: Actor, account: Account, version: int, now: datetime) -> None:
    """Let an account in again. Raises StaleAccount."""
    before = _facts(account)
    _claim(account, version)
    account.disabled_at = None
    _note(actor, "enable_account", account, now, before)


def end_sessions(actor: Actor, account: Account, version: int, now: datetime) -> None:
    """End every session of an account. Raises StaleAccount."""
    _claim(account, version)
    ended = end_open_sessions(account.id, now)
    _note(actor, "end_sessions", account, now, None, sessions_ended=ended)


def reset_password(actor: Actor, account: Account, version: int, now: datetime, *, password_hash: str) -> None:
    """Keep the hash of a new one-time password. Raises StaleAccount, AccountRefused."""
    _obey(reset_refusal(_is_own(actor, account), account.role))
    _claim(account, version)
    replace_password(actor, account, now, password_hash)


def replace_password(actor: Actor, account: Account, now: datetime, password_hash: str) -> None:
    """Keep the hash of a new one-time password of any account, as the server's own command does; every session ends."""
    keep_password(account, password_hash, now, must_change=True)
    forget_failures(account.username, now)
    ended = end_open_sessions(account.id, now)
    _note(actor, "reset_password", account, now, None, sessions_ended=ended)


def grant_role(actor: Actor, account: Account, version: int, now: datetime, *, role: Role | None) -> None:
    """Give, change or take a role; every session ends. Raises StaleAccount, AccountRefused."""
    _obey(role_refusal(_is_own(actor, account), account.role, role))
    before = _facts(account)
    _claim(account, version)
    account.role = role
    released = 0 if role is Role.UNIT_STAFF else release_tasks(account.id)
    end_open_sessions(account.id, now)
    _note(actor, "grant_role", account, now, before, **_facts_with(account, released))


def unlock(actor: Actor, account: Account, version: int, now: datetime) -> None:
    """End the lock after wrong passwords. Raises StaleAccount."""
    _claim(account, version)
    unlock_name(account.username, now)
    _note(actor, "unlock_account", account, now, None)


def note_refusal(actor: Actor, act: str, account: Account, reason: str, now: datetime) -> None:
    """Keep a refused act as an event."""
    record(
        actor,
        act,
        now,
        obj=("account", account.username),
        region=account.region_code,
        after={"reason": reason},
        allowed=False,
    )


def _obey(refusal: AccountRefusal | None) -> None:
    if refusal:
        raise AccountRefused(refusal)


def _is_own(actor: Actor, account: Account) -> bool:
    return actor.person is not None and actor.person.id == account.id


def _claim(account: Account, version: int) -> None:
    """Take the next version of the account, or raise StaleAccount."""
    claimed: CursorResult[tuple[()]] = db.session.execute(  # type: ignore[assignment]
        sa.update(Account)
        .where(Account.id == account.id, Account.version == version)
        .values(version=version + 1)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:
        raise StaleAccount
    db.session.refresh(account)


def _facts(account: Account) -> dict[str, object]:
    """What an event says of an account; the address only so far that its owner recognises it."""
    return {
        "name": account.name,
        "role": account.role,
        "email": masked(account.email),
        "phone": bool(account.phone),
        "units": [unit.name for unit in account.units],
        "disabled_at": account.disabled_at,
    }


def _facts_with(account: Account, released: int) -> dict[str, object]:
    """The facts with the number of tasks that the person handles no more, where there are any."""
    return _facts(account) | ({"tasks": released} if released else {})


def _note(
    actor: Actor, act: str, account: Account, now: datetime, before: dict[str, object] | None, **said: object
) -> None:
    db.session.flush()
    after = said or _facts(account)
    record(actor, act, now, obj=("account", account.username), region=account.region_code, before=before, after=after)
