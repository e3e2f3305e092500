"""Parts of tasks and what their units said of them: accepted, returned, or nothing yet.

A part belongs to a unit in its own name: of a collective unit each member has one. The SQL says the same as
``rules/receipts.py``.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.models import (
    Account,
    Assignment,
    Plan,
    PlanState,
    Receipt,
    Report,
    Task,
    Unit,
    UnitMember,
    db,
)
from tracker.queries.paging import PAGE_SIZE, Page
from tracker.queries.visibility import visible_to
from tracker.rules.permissions import Person
from tracker.rules.receipts import ACCEPTED_IN, PartState, Verdict, asks_for_receipts, may_return, part_state

MOST_RETURNED = 100


@dataclass(frozen=True)
class Part:
    """A unit's part of a task with the newest word on it. ``has_reported`` counts from that word on."""

    task_id: int
    key: str
    region_code: str
    number: str | None
    title: str
    due_on: date | None
    deadline_text: str | None
    version: int
    issued_on: date | None
    unit_id: int
    unit_name: str
    verdict: Verdict | None
    reason: str | None
    said_at: datetime | None
    said_by: str | None
    has_reported: bool

    @property
    def choice(self) -> tuple[int, str]:
        """Its unit, to choose from."""
        return (self.unit_id, self.unit_name)

    @property
    def state(self) -> PartState:
        """Open, accepted or returned."""
        return part_state(self.verdict, self.has_reported)

    @property
    def may_be_returned(self) -> bool:
        """Whether its unit may still return it."""
        return may_return(self.verdict, self.has_reported)


@dataclass(frozen=True)
class PartCounts:
    """How many parts wait for their units, and how many came back to the office."""

    open: int = 0
    returned: int = 0


def parts_of_task(task: Task) -> list[Part]:
    """The parts of a task; none while nobody is asked to accept them."""
    if not asks_for_receipts(task.state, task.plan.state is PlanState.ACTIVE):
        return []
    return _found(_parts(Task.id == task.id).order_by(Unit.id))


def parts_to_accept(person: Person) -> list[Part]:
    """What the person's own units have still to accept."""
    return _found(own_parts(person).where(is_open()))


def part_counts(person: Person) -> PartCounts:
    """The number of open and of returned parts among the tasks that a person sees."""
    states = _parts(visible_to(person)).with_only_columns(is_open().label("open"), is_returned().label("returned"))
    found = states.subquery()
    query = sa.select(*(sa.func.count().filter(found.c[name]).label(name) for name in ("open", "returned")))
    row = db.session.execute(query.select_from(found)).one()
    return PartCounts(row.open, row.returned)


def returned_parts(person: Person) -> list[Part]:
    """The parts that units returned to the office, the oldest return first."""
    query = _parts(visible_to(person)).where(is_returned())
    return _found(query.order_by(Receipt.at, Receipt.id).limit(MOST_RETURNED))


def open_parts(person: Person, total: int, number: int) -> Page[Part]:
    """A page of the parts that no unit has accepted yet, oldest first; a number past the end gives the last page."""
    number = min(max(1, number), max(1, -(-total // PAGE_SIZE)))
    query = _parts(visible_to(person)).where(is_open())
    order = (Plan.issued_on.is_(None), Plan.issued_on, Receipt.id.is_not(None), Receipt.id, Unit.name, Unit.id)
    ordered = query.order_by(*order, Task.plan_id, Task.position)
    return Page(_found(ordered.offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE)), total, number)


def units_asked_again(task_ids: Collection[int]) -> dict[int, list[int]]:
    """The units that have still to accept a part of some tasks that was given to them once more, by task."""
    query = _parts(Task.id.in_(task_ids)).where(is_open(), Receipt.verdict == Verdict.ASKED_AGAIN)
    found: dict[int, list[int]] = {}
    for row in db.session.execute(query.with_only_columns(Task.id, Unit.id.label("unit_id")).order_by(Unit.id)):
        found.setdefault(row.id, []).append(row.unit_id)
    return found


def tasks_returned(task_ids: Collection[int]) -> set[int]:
    """Those of some tasks of which a part lies returned at the office."""
    query = _parts(Task.id.in_(task_ids)).where(is_returned())
    return set(db.session.scalars(query.with_only_columns(Task.id)))


def is_open() -> sa.ColumnElement[bool]:
    """Parts that nobody has accepted, in a query of parts."""
    return sa.and_(~_has_reported(), sa.or_(Receipt.id.is_(None), Receipt.verdict == Verdict.ASKED_AGAIN))


def is_returned() -> sa.ColumnElement[bool]:
    """Parts that their units returned, in a query of parts."""
    return sa.and_(~_has_reported(), Receipt.verdict == Verdict.RETURNED)


def _has_reported() -> sa.ColumnElement[bool]:
    """Whether the unit of a part has reported since the newest word on it."""
    return sa.exists().where(
        Report.task_id == Task.id,
        Report.unit_id == Unit.id,
        Report.withdrawn_at.is_(None),
        sa.or_(Receipt.at.is_(None), Report.at > Receipt.at),
    )


def own_parts(person: Person) -> sa.Select[*tuple[Any, ...]]:
    """The parts of a person's own units, each as the columns of ``Part``."""
    return _parts(visible_to(person), of_units=person.units)


def _parts(*where: sa.ColumnElement[bool], of_units: Collection[int] | None = None) -> sa.Select[*tuple[Any, ...]]:
    """The parts of the open tasks of active plans, each with the newest word on it."""
    unit_id = sa.func.coalesce(UnitMember.member_id, Assignment.unit_id)
    given = (
        sa.select(Assignment.task_id, unit_id.label("unit_id"))
        .join(Task, Task.id == Assignment.task_id)
        .join(Plan, Plan.id == Task.plan_id)
        .outerjoin(UnitMember, UnitMember.collective_id == Assignment.unit_id)
        .where(Plan.state == PlanState.ACTIVE, Task.state.in_(ACCEPTED_IN), *where)
    )
    if of_units is not None:
        given = given.where(unit_id.in_(of_units))
    part = given.distinct().subquery("part")
    newest = sa.select(sa.func.max(Receipt.id)).where(
        Receipt.task_id == part.c.task_id, Receipt.unit_id == part.c.unit_id
    )
    return (
        sa.select(
            *(Task.id, Task.key, Task.region_code, Task.number, Task.title, Task.due_on, Task.deadline_text),
            *(Task.version, Plan.issued_on, Unit.id, Unit.name),
            *(Receipt.verdict, Receipt.reason, Receipt.at, Account.name, _has_reported()),
        )
        .select_from(part)
        .join(Task, Task.id == part.c.task_id)
        .join(Plan, Plan.id == Task.plan_id)
        .join(Unit, Unit.id == part.c.unit_id)
        .outerjoin(Receipt, Receipt.id == newest.correlate(part).scalar_subquery())
        .outerjoin(Account, Account.id == Receipt.account_id)
        .where(Unit.disabled_at.is_(None))
    )


def _found(query: sa.Select[*tuple[Any, ...]]) -> list[Part]:
    return [Part(*tuple[Any, ...](row)) for row in db.session.execute(query)]
