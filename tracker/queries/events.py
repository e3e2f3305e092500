"""Events as the auditor asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from tracker.clock import at_office
from tracker.models import Account, Event
from tracker.queries.paging import Page, page_of
from tracker.queries.visibility import within_region


@dataclass(frozen=True)
class EventFilters:
    """What the auditor asks of the list; ``subject`` is the key of a task or the name of an account."""

    act: str = ""
    who: str = ""
    subject: str = ""
    allowed: bool | None = None
    day: date | None = None


def events_page(region: str, filters: EventFilters, number: int) -> Page[Event]:
    """A page of the events that an auditor of a region reads, newest first."""
    query = sa.select(Event).where(readable_from(region), *_conditions(filters)).order_by(Event.id.desc())
    return page_of(query, number)


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
    if filters.day:
        next_day = filters.day + timedelta(days=1)
        conditions += [Event.at >= at_office(filters.day, 0), Event.at < at_office(next_day, 0)]
    return conditions
