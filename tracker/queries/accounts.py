"""Accounts, their login sessions and the count of failed attempts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from tracker.models import Account, LoginAttempt, LoginSession, Region, Unit, db
from tracker.queries.paging import Page, page_of
from tracker.queries.visibility import within_region
from tracker.rules.accounts import LOCKED_FOR, MOST_FAILURES_OF_ADDRESS, THROTTLED_FOR
from tracker.rules.passwords import normal
from tracker.rules.permissions import Person, Role


class AccountState(StrEnum):
    """What the list of accounts can be narrowed to."""

    ACTIVE = "active"
    DISABLED = "disabled"
    WITHOUT_ROLE = "without_role"
    WITHOUT_ADDRESS = "without_address"


@dataclass(frozen=True)
class AccountFilters:
    """What a person asks of the list of accounts."""

    q: str = ""
    role: Role | None = None
    state: AccountState | None = None


def token_hash(token: str) -> str:
    """What is kept of a session's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def login_session(token: str) -> LoginSession | None:
    """The login session of a token with its account, its units and their groups, open or ended."""
    query = sa.select(LoginSession).where(LoginSession.token_hash == token_hash(token))
    units = joinedload(LoginSession.account).joinedload(Account.units)
    wanted = query.options(units.joinedload(Unit.collectives))
    return db.session.scalars(wanted).unique().one_or_none()


def account_by_username(username: str) -> Account | None:
    """An account by its name for signing in, in whatever letters it was typed."""
    return db.session.scalar(
        sa.select(Account).where(Account.username == kept_username(username)).options(selectinload(Account.units))
    )


def kept_username(text: str) -> str:
    """A user name as it is kept and looked up: plain small letters."""
    return normal(text).strip().casefold()


def person_of(account: Account) -> Person:
    """The account as the rules know it; staff act for their units and the groups these belong to."""
    own = account.units if account.role is Role.UNIT_STAFF else []
    units = frozenset(each.id for unit in own for each in (unit, *unit.collectives))
    return Person(account.id, account.role, account.region_code, units, account.name)


def accounts_page(region: str, filters: AccountFilters, number: int) -> Page[Account]:
    """A page of the accounts at or below a region, by region and user name, with their units."""
    query = sa.select(Account).where(within_region(Account.region_code, region), *_conditions(filters))
    query = query.options(selectinload(Account.units)).order_by(Account.region_code, Account.username)
    return page_of(query, number)


def _conditions(filters: AccountFilters) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if filters.q:
        unit = Account.units.any(sa.or_(_contains(Unit.name, filters.q), _contains(Unit.full_name, filters.q)))
        own = (_contains(column, filters.q) for column in (Account.username, Account.name, Account.email))
        conditions.append(sa.or_(*own, unit))
    if filters.role:
        conditions.append(Account.role == filters.role)
    if filters.state:
        conditions.append(_in_state(filters.state))
    return conditions


def _contains(
    column: sa.SQLColumnExpression[str] | sa.SQLColumnExpression[str | None], text: str
) -> sa.ColumnElement[bool]:
    return column.icontains(text, autoescape=True)


def _in_state(state: AccountState) -> sa.ColumnElement[bool]:
    return {
        AccountState.ACTIVE: Account.disabled_at.is_(None),
        AccountState.DISABLED: Account.disabled_at.is_not(None),
        AccountState.WITHOUT_ROLE: Account.role.is_(None),
        AccountState.WITHOUT_ADDRESS: Account.email.is_(None),
    }[state]


def units_in(region: str) -> list[Unit]:
    """The units of a region itself, not of those below it, by name; none that is disabled or merged."""
    query = sa.select(Unit).where(Unit.region_code == region, Unit.disabled_at.is_(None))
    return list(db.session.scalars(query.order_by(Unit.name)))


def region_names(codes: set[str]) -> dict[str, str]:
    """The names of regions by code; the empty code, the whole country, is not among them."""
    return {region.code: region.name for region in db.session.scalars(sa.select(Region).where(Region.code.in_(codes)))}


def has_accounts() -> bool:
    """Whether any account exists."""
    return db.session.scalar(sa.select(Account.id).limit(1)) is not None


def open_sessions(account_id: int, since: datetime, seen_since: datetime) -> list[LoginSession]:
    """The sessions of an account that neither were ended nor timed out, newest first."""
    query = sa.select(LoginSession).where(LoginSession.account_id == account_id, LoginSession.ended_at.is_(None))
    query = query.where(LoginSession.created_at >= since, LoginSession.last_seen_at >= seen_since)
    return list(db.session.scalars(query.order_by(LoginSession.id.desc())))


def failures_of(username: str) -> str:
    """The subject under which failures with a user name are counted; nothing that was typed is kept."""
    return f"account:{hashlib.sha256(kept_username(username).encode()).hexdigest()}"


def lock_of(username: str) -> str:
    """The subject under which the lock of a user name stands, whether or not such an account exists."""
    return f"lock:{hashlib.sha256(kept_username(username).encode()).hexdigest()}"


def failures_from(address: str) -> str:
    """The subject under which failures from an address are counted."""
    return f"address:{address}"


def attempts_since(subject: str, since: datetime) -> int:
    """How many attempts of a subject were counted after an instant."""
    query = sa.select(sa.func.count()).where(LoginAttempt.subject == subject, LoginAttempt.at > since)
    return db.session.scalar(query) or 0


def locked_until(username: str, now: datetime) -> datetime | None:
    """When the lock of a user name ends, or None where there is none."""
    return locked_among([username], now).get(username)


def locked_among(usernames: Iterable[str], now: datetime) -> dict[str, datetime]:
    """Those of the user names that are locked, with the end of the lock."""
    by_subject = {lock_of(username): username for username in usernames}
    query = sa.select(LoginAttempt.subject, sa.func.max(LoginAttempt.at)).group_by(LoginAttempt.subject)
    query = query.where(LoginAttempt.subject.in_(by_subject), LoginAttempt.at > now - LOCKED_FOR)
    return {by_subject[subject]: at + LOCKED_FOR for subject, at in db.session.execute(query)}


def wait_for_address(address: str, now: datetime) -> timedelta | None:
    """How long an address with too many failures must wait, or None."""
    query = sa.select(LoginAttempt.at).where(LoginAttempt.subject == failures_from(address))
    query = query.where(LoginAttempt.at > now - THROTTLED_FOR).order_by(LoginAttempt.at.desc())
    oldest = db.session.scalar(query.offset(MOST_FAILURES_OF_ADDRESS - 1).limit(1))
    return oldest + THROTTLED_FOR - now if oldest else None
