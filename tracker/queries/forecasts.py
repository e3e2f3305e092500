"""The forecast of a county, or of every county of a prefecture or province, for a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from tracker.models import Task, db
from tracker.queries.collection import held_collection
from tracker.queries.county_facts import facts_of, facts_within
from tracker.queries.gains import ahead_of, ahead_within, tasks_ahead_of
from tracker.queries.visibility import visible_to
from tracker.rules.forecast import Forecast, forecast
from tracker.rules.gains import Mode, TaskEnd
from tracker.rules.permissions import Person, Role
from tracker.rules.prospects import Ahead, Change
from tracker.rules.school_facts import SchoolFacts
from tracker.rules.standards import Standard
from tracker.rules.verdicts import Verdict


def forecast_of(
    standard: Standard,
    region: str,
    on: date,
    today: date,
    mode: Mode = Mode.DEADLINE,
    changes: Iterable[Change] = (),
    *,
    unconfirmed: bool = False,
) -> Forecast:
    """The forecast of one county, in a constant number of questions; for a day that is past, from what was known."""
    base = min(on, today)
    facts, ahead = facts_of(region, base), ahead_of(region, base)
    return forecast(standard, facts, ahead, on, mode, changes, unconfirmed=unconfirmed, today=today)


def forecast_from(verdict: Verdict, on: date) -> Forecast:
    """The forecast of a county for a day by its deadlines, from a verdict of today that is known."""
    facts = verdict.facts
    return forecast(verdict.standard, facts, ahead_of(facts.region, facts.on), on, now=verdict)


@dataclass(frozen=True)
class Outlook:
    """A county's forecast with its what-ifs, the same without them, and what lies ahead."""

    found: Forecast
    plain: Forecast
    ahead: Ahead

    @property
    def tasks(self) -> dict[str, TaskEnd]:
        """Every task that brings something, by key."""
        ends = [*(each.task for each in self.ahead.gains), *(each.task for each in self.ahead.meetings)]
        return {each.key: each for each in ends}

    @property
    def schools(self) -> dict[int, SchoolFacts]:
        """The schools of the county by id, with those that are not open yet."""
        return {each.id: each for each in (*self.plain.now.facts.schools, *self.ahead.coming)}


def outlook_of(
    standard: Standard, region: str, on: date, today: date, mode: Mode, changes: tuple[Change, ...], unconfirmed: bool
) -> Outlook:
    """The forecast of one county for a day from today on, with and without what-ifs, from the same reading."""
    facts, ahead = facts_of(region, today), ahead_of(region, today)
    plain = forecast(standard, facts, ahead, on, mode, unconfirmed=unconfirmed)
    if not changes:
        return Outlook(plain, plain, ahead)
    found = forecast(standard, facts, ahead, on, mode, changes, unconfirmed=unconfirmed, now=plain.now)
    return Outlook(found, plain, ahead)


def foreseen(now: Verdict) -> Forecast:
    """What the tasks of a county that was read and judged bring to the schools and students of today; one question."""
    facts = now.facts
    return forecast(now.standard, facts, tasks_ahead_of(facts.region), facts.on, now=now)


def seen_of(person: Person, keys: Collection[str]) -> frozenset[str]:
    """Which of some tasks of a person's county they may see: staff those of their units alone."""
    if person.role is not Role.UNIT_STAFF:
        return frozenset(keys)
    return frozenset(db.session.scalars(sa.select(Task.key).where(Task.key.in_(keys), visible_to(person))))


def forecasts_within(
    standard: Standard, region: str, on: date, today: date, mode: Mode = Mode.DEADLINE, *, unconfirmed: bool = False
) -> Iterator[Forecast]:
    """The forecasts of all counties with schools at or below a region, in as many questions as one county takes.

    One after another: a province's answers together would fill the memory, and each is looked at once.
    """
    base = min(on, today)
    with held_collection():
        ahead, counties = ahead_within(region, base), facts_within(region, base)
    for facts in counties:
        with held_collection():
            of_county = ahead.get(facts.region, Ahead())
            found = forecast(standard, facts, of_county, on, mode, unconfirmed=unconfirmed, today=today)
        yield found
