"""What the filters of the ledger offer a person to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from tracker.models import NATIONAL, Assignment, Framework, Indicator, Plan, ProjectSchool, School, Task, Unit, db
from tracker.queries.visibility import visible_to, within_region
from tracker.rules.permissions import Person, Role

MOST_CHOICES = 200
LISTS = ("plans", "units", "indicators", "schools")
Listed = sa.Select[str, str, int]


@dataclass(frozen=True)
class Choices:
    """(value, label) pairs for each list."""

    plans: list[tuple[str, str]]
    units: list[tuple[int, str]]
    indicators: list[tuple[str, str]]
    schools: list[tuple[int, str]]


def choices_for(person: Person) -> Choices:
    """Plans, units, indicators and schools within what the person may see, at most 200 of each; one question."""
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in LISTS}
    for row in sorted(db.session.execute(_question(person)).all(), key=lambda row: row.place):
        found[row.list].append((row.value, row.label))
    return Choices(
        plans=found["plans"],
        units=[(int(value), label) for value, label in found["units"]],
        indicators=found["indicators"],
        schools=[(int(value), label) for value, label in found["schools"]],
    )


@lru_cache(maxsize=128)
def _question(person: Person) -> sa.CompoundSelect[str, str, int, str]:
    """All lists in one statement; it is the same whenever a person opens the ledger."""
    lists = {
        "plans": _plans(person),
        "units": _units(person),
        "indicators": _listed(Indicator.code, Indicator.title, Indicator.position)
        .join(Framework, Framework.id == Indicator.framework_id)
        .where(Framework.code == NATIONAL),
        "schools": _schools(person),
    }
    return sa.union_all(*(sa.select(_piece(name, query)) for name, query in lists.items()))


def _plans(person: Person) -> Listed:
    query = _listed(Plan.code, Plan.title, Plan.region_code, Plan.code)
    return query.where(within_region(Plan.region_code, person.region))


def _units(person: Person) -> Listed:
    query = _listed(Unit.id, Unit.name, Unit.name).where(within_region(Unit.region_code, person.region))
    query = query.where(Unit.disabled_at.is_(None))
    if person.role is Role.UNIT_STAFF:
        query = query.where(Unit.id.in_(person.units))
    return query.where(sa.exists().where(Assignment.unit_id == Unit.id))


def _schools(person: Person) -> Listed:
    built = sa.exists().where(
        ProjectSchool.school_id == School.id, Task.id == ProjectSchool.task_id, visible_to(person)
    )
    query = _listed(School.id, School.name, School.name)
    return query.where(within_region(School.region_code, person.region), built)


def _listed(value: Any, label: Any, *order: Any) -> Listed:
    """Value and label of a list with the place in its order."""
    place = sa.func.row_number().over(order_by=order)
    return sa.select(sa.cast(value, sa.String).label("value"), label.label("label"), place.label("place"))


def _piece(name: str, query: Listed) -> sa.Subquery:
    return query.add_columns(sa.literal(name).label("list")).order_by("place").limit(MOST_CHOICES).subquery()
