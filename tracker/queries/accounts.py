"""Accounts and their login sessions."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from tracker.models import Account, LoginSession, db
from tracker.queries.visibility import units_acted_for
from tracker.rules.permissions import Person


def token_hash(token: str) -> str:
    """What is kept of a session's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def login_session(token: str) -> LoginSession | None:
    """The login session of a token with its account and units, open or ended."""
    query = sa.select(LoginSession).where(LoginSession.token_hash == token_hash(token))
    return db.session.scalar(query.options(joinedload(LoginSession.account).selectinload(Account.units)))


def account_by_username(username: str) -> Account | None:
    """An account by its name for signing in."""
    return db.session.scalar(sa.select(Account).where(Account.username == username).options(selectinload(Account.units)))


def person_of(account: Account) -> Person:
    """The account as the rules know it; staff act for their units and the groups these belong to."""
    units = units_acted_for([unit.id for unit in account.units]) if account.units else frozenset()
    return Person(account.id, account.role, account.region_code, units, account.name)
