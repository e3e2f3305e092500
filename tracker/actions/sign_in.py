"""Signing in and out, and the count of failures."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import CursorResult

from tracker.actions.record import Actor, record
from tracker.models import Account, LoginAttempt, LoginSession, db
from tracker.queries.accounts import (
    attempts_since,
    failures_from,
    failures_of,
    lock_of,
    locked_until,
    person_of,
    token_hash,
)
from tracker.rules.accounts import LOCKED_FOR, MOST_FAILURES, MOST_FAILURES_OF_ADDRESS, THROTTLED_FOR
from tracker.rules.passwords import HashCost
from tracker.settings import Settings

ATTEMPTS_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Credentials:
    """What a person offered: the user name, the account that has it, and the kept hash that the password matched."""

    username: str
    account_id: int | None
    matched: str | None
    renewed: str | None = None


@dataclass(frozen=True)
class Answer:
    """A session with its token, or none; a lock names its end."""

    session: LoginSession | None = None
    token: str = ""
    locked_until: datetime | None = None


def sign_in(offered: Credentials, address: str, now: datetime) -> Answer:
    """Open a session under a new token, or count the failure. The caller commits in both cases."""
    account = _taken(offered.account_id)
    until = locked_until(offered.username, now)
    if until:
        note_failure(address, "sign_in_while_locked", offered.username, account, now)
        count_for_address(address, now)
        return Answer(locked_until=until)
    if account is None or account.disabled_at or offered.matched != account.password_hash:
        note_failure(address, "sign_in", offered.username, account, now)
        count_for_address(address, now)
        return Answer(locked_until=count_failure(offered.username, account, address, now))
    account.password_hash = offered.renewed or account.password_hash
    forget_failures(offered.username, now)
    session, token = _open_session(account, address, now)
    record(as_actor(account, address), "sign_in", now, obj=("account", account.username), region=account.region_code)
    return Answer(session, token)


def _taken(account_id: int | None) -> Account | None:
    """The account under a lock, so that guesses at one account are counted one after the other."""
    if account_id is None:
        return None
    return db.session.scalar(sa.select(Account).where(Account.id == account_id).with_for_update())


def _open_session(account: Account, address: str, now: datetime) -> tuple[LoginSession, str]:
    token = secrets.token_urlsafe(32)
    session = LoginSession(
        token_hash=token_hash(token), account=account, created_at=now, last_seen_at=now, address=address
    )
    db.session.add(session)
    db.session.flush()
    return session, token


def count_failure(username: str, account: Account | None, address: str, now: datetime) -> datetime | None:
    """Count a wrong password; the fifth in a row locks the name, and the end of the lock is returned."""
    db.session.add(LoginAttempt(subject=failures_of(username), at=now))
    db.session.flush()
    if attempts_since(failures_of(username), now - LOCKED_FOR) < MOST_FAILURES:
        return None
    forget_failures(username, now)
    db.session.add(LoginAttempt(subject=lock_of(username), at=now))
    note_failure(address, "lock_account", username, account, now)
    return now + LOCKED_FOR


def count_for_address(address: str, now: datetime) -> None:
    """Count a failure of a network address; the one that makes it wait is an event."""
    db.session.add(LoginAttempt(subject=failures_from(address), at=now))
    db.session.flush()
    if attempts_since(failures_from(address), now - THROTTLED_FOR) == MOST_FAILURES_OF_ADDRESS:
        record(Actor(address=address), "throttle_address", now, allowed=False)


def forget_failures(username: str, now: datetime) -> None:
    """Begin the count of a user name anew; what is older than a day is forgotten for everybody."""
    old = LoginAttempt.at < now - ATTEMPTS_KEPT
    db.session.execute(sa.delete(LoginAttempt).where(sa.or_(LoginAttempt.subject == failures_of(username), old)))


def sign_out(actor: Actor, session_id: int, username: str, now: datetime) -> None:
    """End the session of the person who leaves."""
    _end(now, LoginSession.id == session_id)
    record(actor, "sign_out", now, obj=("account", username), region=actor.person.region if actor.person else None)


def end_session(actor: Actor, account: Account, session_id: int, now: datetime) -> bool:
    """End one session of an account; False where the account has no such open session."""
    if not _end(now, LoginSession.id == session_id, LoginSession.account_id == account.id):
        return False
    record(actor, "end_session", now, obj=("account", account.username), region=account.region_code)
    return True


def end_open_sessions(account_id: int, now: datetime, but: int | None = None) -> int:
    """End every session of an account but one; returns how many were open."""
    return _end(now, LoginSession.account_id == account_id, LoginSession.id != (but or 0))


def _end(now: datetime, *which: sa.ColumnElement[bool]) -> int:
    ended: CursorResult[tuple[()]] = db.session.execute(  # type: ignore[assignment]
        sa.update(LoginSession).where(LoginSession.ended_at.is_(None), *which).values(ended_at=now)
    )
    return ended.rowcount


def unlock_name(username: str, now: datetime) -> None:
    """End the count of a user name and a lock that stands on it."""
    forget_failures(username, now)
    db.session.execute(sa.delete(LoginAttempt).where(LoginAttempt.subject == lock_of(username)))


def fail_password(actor: Actor, account: Account, now: datetime) -> datetime | None:
    """Count a wrong old password like a wrong password at the door; returns the end of a lock. The caller commits."""
    record(actor, "change_password", now, obj=("account", account.username), region=account.region_code, allowed=False)
    return count_failure(account.username, account, actor.address or "", now)


def hash_cost(settings: Settings) -> HashCost:
    """The cost of a password's hash on this installation."""
    return HashCost(settings.argon2_time_cost, settings.argon2_memory_kib)


def note_failure(address: str, act: str, username: str, account: Account | None, now: datetime) -> None:
    """Keep a refusal. Of an unknown name only the beginning is kept: people type passwords into the wrong field."""
    name = account.username if account else f"{username[:2]}…"
    region = account.region_code if account else None
    record(Actor(address=address), act, now, obj=("account", name), region=region, allowed=False)


def as_actor(account: Account, address: str) -> Actor:
    """An account as the author of an event, before it has a session."""
    units = "、".join(unit.name for unit in account.units) or None
    return Actor(person_of(account), units, address)
