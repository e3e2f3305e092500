"""Events as the auditor asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from tracker.clock import at_office
from tracker.models import Account, Event, db
from tracker.queries.paging import Page, page_of
from tracker.queries.visibility import within_region


@dataclass(frozen=True)
class EventFilters:
    """What the auditor asks of the list; ``subject`` is the key of a task or the name of an account."""

    act: str = ""
    who: str = ""
    subject: str = ""
    allowed: bool | None = None
    since: date | None = None
    until: date | None = None


def events_page(region: str, filters: EventFilters, number: int) -> Page[Event]:
    """A page of the events that an auditor of a region reads, newest first."""
    query = sa.select(Event).where(readable_from(region), *_conditions(filters)).order_by(Event.id.desc())
    return page_of(query, number)


def refusals_since(
    since: datetime, account_id: int | None = None, *, address: str | None = None, act: str | None = None
) -> int:
    """How many refusals after an instant are kept of an account or, of nobody signed in, of an address and an act."""
    query = sa.select(sa.func.count()).where(Event.at > since, Event.allowed.is_(False))
    query = query.where(Event.account_id == account_id)
    if account_id is None:
        query = query.where(Event.address == address, Event.act == act)
    return db.session.scalar(query) or 0


def events_before(region: str, filters: EventFilters, number: int, most: int) -> Sequence[Event]:
    """The newest events before a number, as an export takes them piece by piece."""
    query = sa.select(Event).where(readable_from(region), *_conditions(filters), Event.id < number)
    return db.session.scalars(query.order_by(Event.id.desc()).limit(most)).all()


def events_count(region: str, filters: EventFilters) -> int:
    """How many events the filters find."""
    query = sa.select(sa.func.count()).select_from(Event).where(readable_from(region), *_conditions(filters))
    return db.session.scalar(query) or 0


def readable_from(region: str) -> sa.ColumnElement[bool]:
    """Events about things at or below a region, and those about nothing in particular done by its people.

    What has neither (jobs, guesses at names that do not exist) belongs to the whole installation: only an auditor of
    the whole country reads it, since it may concern any region.
    """
    if not region:
        return sa.true()
    people = sa.select(Account.id).where(within_region(Account.region_code, region))
    by_people = sa.and_(Event.region_code.is_(None), Event.account_id.in_(people))
    return sa.or_(within_region(Event.region_code, region), by_people)


def _conditions(filters: EventFilters) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if filters.act:
        conditions.append(Event.act == filters.act)
    if filters.who:
        conditions.append(Event.person_name.icontains(filters.who, autoescape=True))
    if filters.subject:
        conditions.append(Event.object_id == filters.subject)
    if filters.allowed is not None:
        conditions.append(Event.allowed.is_(filters.allowed))
    if filters.since:
        conditions.append(Event.at >= at_office(filters.since, 0))
    if filters.until:
        conditions.append(Event.at < at_office(filters.until + timedelta(days=1), 0))
    return conditions
