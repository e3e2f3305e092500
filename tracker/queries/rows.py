"""The rows of a list of tasks: just what a row shows, in two questions however many rows there are.

A list is read far more often than a task, so its rows are plain values and not rows of the session.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.models import Assignment, AssignmentRole, Plan, PlanState, Task, TaskKind, Unit, db
from tracker.queries.waits import is_waiting
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light, LightDates, LightFacts, days_overdue, light_on

SHOWN = (
    *(Task.id, Task.key, Task.region_code, Task.number, Task.title, Task.kind, Task.state, Task.version),
    *(Task.deadline_text, Task.needs_redate, Task.due_on, Task.submitted_on, Task.returned_at, Task.held_days),
    *(Task.light_fixed, Task.late_from, Task.soon_from, Task.normal_from, Task.last_reported_at, Task.last_words),
    Task.withdrawn_on,
)


@dataclass(slots=True)
class TaskRow:
    """A task as a list shows it; ``unit_names`` are its leads, or the responsible units where none leads.

    ``is_waiting``: its unit says that it waits for another one.
    """

    id: int
    key: str
    region_code: str
    number: str | None
    title: str
    kind: TaskKind
    state: State
    version: int
    deadline_text: str | None
    needs_redate: bool
    due_on: date | None
    submitted_on: date | None
    returned_at: datetime | None
    held_days: int
    light_fixed: Light | None
    late_from: date | None
    soon_from: date | None
    normal_from: date | None
    last_reported_at: datetime | None
    last_words: str | None
    withdrawn_on: date | None
    plan_title: str
    plan_state: PlanState
    is_waiting: bool
    unit_names: list[str] = field(default_factory=list)

    def light(self, day: date) -> Light:
        """The light of a day."""
        return light_on(LightDates(self.light_fixed, self.late_from, self.soon_from, self.normal_from), day)

    @property
    def period_ends_on(self) -> date | None:
        """The last day of the reporting period that a long-term task owes, None where it owes none."""
        return self.late_from - timedelta(days=1) if self.late_from and self.due_on is None else None

    def days_overdue(self, day: date) -> int:
        """Days late on a day; a long-term task counts from the end of the period that was missed."""
        facts = LightFacts(self.state, None, self.due_on, submitted_on=self.submitted_on, held_days=self.held_days)
        return days_overdue(facts, self.late_from, day)


def task_rows(wanted: Sequence[int], *, with_units: bool = True) -> list[TaskRow]:
    """The rows of these tasks, in this order; a list of one's own tasks shows no units."""
    if not wanted:
        return []
    columns = (*SHOWN, Plan.title, Plan.state, is_waiting().label("is_waiting"))
    query = sa.select(*columns).join(Plan, Plan.id == Task.plan_id).where(Task.id.in_(wanted))
    rows = {row[0]: TaskRow(*tuple[Any, ...](row)) for row in db.session.execute(query)}
    for task_id, names in answering_units(wanted).items() if with_units else ():
        rows[task_id].unit_names = names
    return [rows[each] for each in wanted]


def answering_units(task_ids: Sequence[int] | sa.Select[int]) -> dict[int, list[str]]:
    """The names of the units that answer for each task: its leads, or the responsible units where none leads."""
    query = (
        sa.select(Assignment.task_id, Assignment.role, Unit.name)
        .join(Unit, Unit.id == Assignment.unit_id)
        .where(Assignment.task_id.in_(task_ids), Assignment.role != AssignmentRole.COOPERATING)
        .order_by(Assignment.task_id, Assignment.position)
    )
    leads: dict[int, list[str]] = {}
    responsible: dict[int, list[str]] = {}
    for task_id, role, name in db.session.execute(query):
        (leads if role is AssignmentRole.LEAD else responsible).setdefault(task_id, []).append(name)
    return responsible | leads
