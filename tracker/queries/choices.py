"""What the filters of the ledger offer a person to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa

from tracker.models import NATIONAL, Assignment, Framework, Indicator, Plan, ProjectSchool, School, Task, Unit, db
from tracker.queries.visibility import visible_to, within_region
from tracker.rules.permissions import Person, Role

MOST_CHOICES = 200
Value = TypeVar("Value", int, str)


@dataclass(frozen=True)
class Choices:
    """(value, label) pairs for each list."""

    plans: list[tuple[str, str]]
    units: list[tuple[int, str]]
    indicators: list[tuple[str, str]]
    schools: list[tuple[int, str]]


def choices_for(person: Person) -> Choices:
    """Plans, units, indicators and schools within what the person may see, at most 200 of each."""
    return Choices(
        plans=_pairs(
            sa.select(Plan.code, Plan.title)
            .where(within_region(Plan.region_code, person.region))
            .order_by(Plan.region_code, Plan.code)
        ),
        units=_units(person),
        indicators=_pairs(
            sa.select(Indicator.code, Indicator.title)
            .join(Framework)
            .where(Framework.code == NATIONAL)
            .order_by(Indicator.position)
        ),
        schools=_pairs(
            sa.select(School.id, School.name)
            .where(
                within_region(School.region_code, person.region),
                sa.exists().where(
                    ProjectSchool.school_id == School.id, Task.id == ProjectSchool.task_id, visible_to(person)
                ),
            )
            .order_by(School.name)
        ),
    )


def _units(person: Person) -> list[tuple[int, str]]:
    query = sa.select(Unit.id, Unit.name).where(within_region(Unit.region_code, person.region))
    query = query.where(Unit.disabled_at.is_(None)).order_by(Unit.name)
    if person.role is Role.UNIT_STAFF:
        query = query.where(Unit.id.in_(person.units))
    return _pairs(query.where(sa.exists().where(Assignment.unit_id == Unit.id)))


def _pairs(query: sa.Select[Value, str]) -> list[tuple[Value, str]]:
    return [(value, label) for value, label in db.session.execute(query.limit(MOST_CHOICES))]
