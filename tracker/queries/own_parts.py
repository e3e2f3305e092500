"""What is asked of a person's own units besides reports: parts to accept, and tasks of others that wait for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.models import Task, Unit, Wait, db
from tracker.queries.receipts import Part, is_open, own_parts
from tracker.rules.permissions import Person
from tracker.rules.receipts import PartState

MOST_SHOWN = 50  # parts drawn at once; the button accepts those beyond as well


@dataclass(frozen=True)
class Awaited:
    """A part for which the unit ``by`` has waited since a day."""

    part: Part
    since: date
    reason: str
    by: str


@dataclass
class OwnParts:
    """The parts to accept, soonest due first, and the parts that others wait for, the longest wait first."""

    to_accept: list[Part] = field(default_factory=list)
    awaited: list[Awaited] = field(default_factory=list)

    @property
    def shown(self) -> list[Part]:
        """Those of the parts to accept that a page draws."""
        return self.to_accept[:MOST_SHOWN]


def own_parts_asked(person: Person) -> OwnParts:
    """Both in one question."""
    by_unit = aliased(Unit)
    query = (
        own_parts(person)
        .add_columns(Wait.since, Wait.reason, by_unit.name)
        .outerjoin(Wait, sa.and_(Wait.task_id == Task.id, Wait.unit_id == Unit.id, Wait.ended_at.is_(None)))
        .outerjoin(by_unit, by_unit.id == Wait.by_unit_id)
        .where(sa.or_(is_open(), Wait.id.is_not(None)))
        .order_by(Task.due_on.is_(None), Task.due_on, Task.plan_id, Task.position, Unit.id)
    )
    found = OwnParts()
    for row in db.session.execute(query):
        *of_part, since, reason, by = tuple[Any, ...](row)
        part = Part(*of_part)
        if part.state is PartState.OPEN:
            found.to_accept.append(part)
        if since:
            found.awaited.append(Awaited(part, since, reason, by))
    found.awaited.sort(key=lambda each: each.since)
    return found
