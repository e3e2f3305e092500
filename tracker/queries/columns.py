"""The columns of the ledger, and what the rarer ones show of many tasks at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa

from tracker.models import Assignment, AssignmentRole, Contribution, Indicator, Task, Unit, db


class Column(StrEnum):
    """A column of the ledger, in the order in which they stand; the title is always there."""

    NUMBER = "number"
    PLAN = "plan"
    SECTION = "section"
    KIND = "kind"
    REQUIREMENT = "requirement"
    UNITS = "units"
    COOPERATING = "cooperating"
    FIRST_DUE = "first_due"
    DUE = "due"
    LIGHT = "light"
    STATE = "state"
    UPDATED = "updated"
    WORDS = "words"
    QUANTITY = "quantity"
    INDICATORS = "indicators"


USUAL = (Column.NUMBER, Column.UNITS, Column.DUE, Column.LIGHT, Column.STATE, Column.UPDATED)
OF_THE_TASK = {Column.SECTION, Column.REQUIREMENT, Column.FIRST_DUE, Column.QUANTITY}


@dataclass(slots=True)
class Details:
    """What a row of the ledger shows only where its column is chosen."""

    section: Sequence[str] = ()
    requirement: str = ""
    first_due_on: date | None = None
    quantity_total: Decimal | None = None
    quantity_unit: str | None = None
    cooperating: list[str] = field(default_factory=list)
    indicators: list[str] = field(default_factory=list)


def details_of(task_ids: Sequence[int], columns: Collection[Column]) -> dict[int, Details]:
    """The rarer columns of these tasks; what no column shows is not asked."""
    found = {task_id: Details() for task_id in task_ids}
    if not OF_THE_TASK.isdisjoint(columns):
        shown = (Task.section, Task.requirement, Task.first_due_on, Task.quantity_total, Task.quantity_unit)
        query = sa.select(Task.id, *shown).where(Task.id.in_(task_ids))
        found |= {row[0]: Details(*row[1:]) for row in db.session.execute(query)}
    if Column.COOPERATING in columns:
        for task_id, name in db.session.execute(_cooperating(task_ids)):
            found[task_id].cooperating.append(name)
    if Column.INDICATORS in columns:
        for task_id, code in db.session.execute(_indicators(task_ids)):
            found[task_id].indicators.append(code)
    return found


def _cooperating(task_ids: Sequence[int]) -> sa.Select[int, str]:
    query = sa.select(Assignment.task_id, Unit.name).join(Unit, Unit.id == Assignment.unit_id)
    asked = Assignment.task_id.in_(task_ids), Assignment.role == AssignmentRole.COOPERATING
    return query.where(*asked).order_by(Assignment.task_id, Assignment.position)


def _indicators(task_ids: Sequence[int]) -> sa.Select[int, str]:
    query = sa.select(Contribution.task_id, Indicator.code).join(Indicator)
    return query.where(Contribution.task_id.in_(task_ids)).order_by(Contribution.task_id, Indicator.position)
