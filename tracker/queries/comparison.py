"""The ledger beside the newest frozen issue of each county: what came, what went, what is another than it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from tracker.models import Issue, IssueLine, Plan, PlanState, Task, db
from tracker.queries.lights import light_column
from tracker.queries.rows import answering_units
from tracker.queries.visibility import COUNTY_DIGITS, within_region
from tracker.rules.lifecycle import State
from tracker.rules.lights import WORST_FIRST, Light

Conditions = Sequence[sa.ColumnElement[bool]]


class Mark(StrEnum):
    """What a week did to a row of the list."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Was:
    """A task as the issue froze it; only what is another now is kept, the rest is None."""

    light: Light | None = None
    state: State | None = None
    units: Sequence[str] | None = None
    due_on: date | None = None
    due_moved: bool = False


@dataclass(frozen=True)
class Comparison:
    """The issues compared with, the mark of each task that has one, and the tasks that left the list, worst first."""

    number: int | None = None
    cut_off_at: datetime | None = None
    counties: int = 0
    marks: dict[int, Mark] = field(default_factory=dict)
    was: dict[int, Was] = field(default_factory=dict)
    removed: list[int] = field(default_factory=list)

    def count(self, mark: Mark) -> int:
        """How many tasks have a mark."""
        return sum(each is mark for each in self.marks.values())


def newest_issue(region: sa.ColumnElement[str] | Any) -> sa.ScalarSelect[int]:
    """The id of the last frozen issue of a county, named by a column."""
    return sa.select(sa.func.max(Issue.id)).where(Issue.region_code == region).correlate(Task).scalar_subquery()


def compared(
    base: Conditions, region: str, lights: Sequence[Light], states: Sequence[State], hidden: bool, today: date
) -> Comparison:
    """The list of ``base`` with these lights and states beside the same list in the newest issue of each county.

    ``base`` are the conditions without light and state; ``hidden`` where the list leaves out what was withdrawn.
    """
    issues = _issues(region)
    if not issues:
        return Comparison()
    units = answering_units(sa.select(Task.id).where(*base))
    marks: dict[int, Mark] = {}
    was: dict[int, Was] = {}
    removed: list[tuple[int, date, int]] = []
    for row in db.session.execute(_both(base, today)):
        if row.region_code not in issues or (row.light is None and row.plan_state is not PlanState.ACTIVE):
            continue  # no issue ever covered it
        light = Light(row.now)
        is_now = _fits(light, row.state, lights, states) and not (hidden and row.withdrawn_on)
        was_then = row.light is not None and _fits(row.light, row.state_then, lights, states)
        if row.light is not None and (is_now or was_then):
            old = _was(row, light, units.get(row.id, []))
            if old:
                was[row.id] = old
        if is_now and (not was_then or row.id in was):
            marks[row.id] = Mark.CHANGED if was_then else Mark.ADDED
        elif was_then and not is_now:
            marks[row.id] = Mark.REMOVED
            removed.append((WORST_FIRST.index(light), row.due_on or date.max, row.id))
    [(number, cut_off_at), *others] = issues.values()
    return Comparison(
        number if not others else None,
        cut_off_at if not others else None,
        len(issues),
        marks,
        was,
        [task_id for *_, task_id in sorted(removed)],
    )


def _issues(region: str) -> dict[str, tuple[int, datetime]]:
    """Number and cut-off of the newest issue of every county at or below a region."""
    latest = sa.select(sa.func.max(Issue.id)).where(
        within_region(Issue.region_code, region), sa.func.length(Issue.region_code) >= COUNTY_DIGITS
    )
    query = sa.select(Issue.region_code, Issue.number, Issue.cut_off_at)
    query = query.where(Issue.id.in_(latest.group_by(Issue.region_code)))
    return {code: (number, cut_off_at) for code, number, cut_off_at in db.session.execute(query)}


def _both(base: Conditions, today: date) -> sa.Select[*tuple[Any, ...]]:
    """Every task with its line in the newest issue of its county, where it has one."""
    line = sa.and_(IssueLine.task_id == Task.id, IssueLine.issue_id == newest_issue(Task.region_code))
    now = (Task.id, Task.region_code, light_column(today).label("now"), Task.state, Task.due_on, Task.withdrawn_on)
    then = (
        IssueLine.light,
        IssueLine.state.label("state_then"),
        IssueLine.due_on.label("due_then"),
        IssueLine.units.label("units_then"),
        Plan.state.label("plan_state"),
    )
    return sa.select(*now, *then).join(Plan, Plan.id == Task.plan_id).outerjoin(IssueLine, line).where(*base)


def _fits(light: Light, state: State, lights: Sequence[Light], states: Sequence[State]) -> bool:
    return (not lights or light in lights) and (not states or state in states)


def _was(row: Any, light: Light, units: Sequence[str]) -> Was | None:
    """What the issue had otherwise, None where it had the same."""
    old = Was(
        light=row.light if row.light is not light else None,
        state=row.state_then if row.state_then is not row.state else None,
        units=row.units_then if sorted(row.units_then) != sorted(units) else None,
        due_on=row.due_then,
        due_moved=row.due_then != row.due_on,
    )
    differs = old.light is not None or old.state is not None or old.units is not None or old.due_moved
    return old if differs else None
