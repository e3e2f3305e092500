"""The ledger (任务台账): every filter is a condition, one query counts by light and one fetches a page, worst first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from tracker import clock
from tracker.models import (
    Assignment,
    AssignmentRole,
    Contribution,
    Indicator,
    Issue,
    IssueLine,
    Plan,
    PlanState,
    Project,
    ProjectCategory,
    ProjectSchool,
    Task,
    TaskKind,
    db,
)
from tracker.queries.comparison import Comparison, compared, newest_issue
from tracker.queries.lights import counts_by_light, has_light, is_light, light_column, light_rank
from tracker.queries.rows import TaskRow, task_rows
from tracker.queries.search import contains
from tracker.queries.visibility import visible_to, within_region
from tracker.queries.waits import is_waiting
from tracker.rules.lifecycle import State
from tracker.rules.lights import COUNTED, WORST_FIRST, Light
from tracker.rules.permissions import Person, is_within

PAGE_SIZE = 50
STALE_DAYS = 14
WITHOUT_INDICATOR = "none"
OPEN = (State.NOT_STARTED, State.IN_PROGRESS)


class Due(StrEnum):
    """Where a deadline lies from today."""

    WEEK = "week"
    MONTH = "month"
    PAST = "past"
    NONE = "none"


@dataclass(frozen=True)
class Filters:
    """What a reader asks of the ledger; every field stands in the address of the page under its own name."""

    plan: str | None = None
    active: bool = False
    region: str | None = None
    unit: int | None = None
    lead: int | None = None
    light: tuple[Light, ...] = ()
    state: tuple[State, ...] = ()
    kind: TaskKind | None = None
    category: ProjectCategory | None = None
    due: Due | None = None
    indicator: str | None = None
    item: int | None = None
    school: int | None = None
    q: str | None = None
    late_for: int | None = None
    stale: bool = False
    changed: Light | None = None
    due_by_now: bool = False
    in_time: bool = False
    moved: bool = False
    waiting: bool = False
    waits_for: int | None = None

    @property
    def asks_for_suspended(self) -> bool:
        """Whether what is suspended is asked for by name; only then what was withdrawn stands in the list."""
        return Light.SUSPENDED in self.light or State.SUSPENDED in self.state


@dataclass(frozen=True)
class Page:
    """One page of rows with the counts by light of the whole list (before a filter by light).

    Beside an issue, the tasks that have left the list since follow after its last row.
    """

    rows: list[TaskRow]
    lights: dict[Light, int]
    total: int
    number: int
    comparison: Comparison | None = None

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        removed = len(self.comparison.removed) if self.comparison else 0
        return max(1, -(-(self.total + removed) // PAGE_SIZE))

    @property
    def counted(self) -> int:
        """Tasks in the six groups; suspended ones stand apart."""
        return sum(self.lights.get(light, 0) for light in COUNTED)


def ledger_page(person: Person, filters: Filters, today: date, number: int, compare: bool = False) -> Page:
    """A page of the ledger as a person may see it; a number past the end gives the last page."""
    conditions = [visible_to(person), *conditions_of(filters, today)]
    lights = counts_by_light(conditions, today)
    chosen = {light: lights.get(light, 0) for light in WORST_FIRST if light in (filters.light or Light)}
    if chosen.get(Light.SUSPENDED) and not filters.asks_for_suspended:
        chosen[Light.SUSPENDED] -= _withdrawn(conditions)
        conditions.append(Task.withdrawn_on.is_(None))
    total = sum(chosen.values())
    comparison = compared_with_last_week(person, filters, today) if compare else None
    page = Page([], lights, total, number, comparison)
    number = min(max(1, number), page.pages)
    offset = (number - 1) * PAGE_SIZE
    wanted = page_of_ids(conditions, chosen, today, offset)
    if comparison:
        after = max(0, offset - total)
        wanted += comparison.removed[after : after + PAGE_SIZE - len(wanted)]
    return replace(page, rows=task_rows(wanted), number=number)


def counted_page(person: Person, filters: Filters, today: date) -> Page:
    """How many tasks a person may see by light, without their rows."""
    lights = counts_by_light([visible_to(person), *conditions_of(filters, today)], today)
    return Page([], lights, sum(lights.values()), 1, None)


def compared_with_last_week(person: Person, filters: Filters, today: date) -> Comparison:
    """The list of these filters beside the newest issue of each county; the other filters look at the task of today."""
    base = [visible_to(person), *conditions_of(replace(filters, light=(), state=()), today)]
    region = filters.region if filters.region and is_within(filters.region, person.region) else person.region
    return compared(base, region, filters.light, filters.state, not filters.asks_for_suspended, today)


def listed(person: Person, filters: Filters, today: date) -> list[sa.ColumnElement[bool]]:
    """The whole list of these filters as conditions, the light too."""
    conditions = [visible_to(person), *conditions_of(filters, today)]
    if filters.light:
        conditions.append(has_light(filters.light, today))
    if not filters.asks_for_suspended:
        conditions.append(Task.withdrawn_on.is_(None))
    return conditions


def _withdrawn(conditions: Sequence[sa.ColumnElement[bool]]) -> int:
    query = sa.select(sa.func.count()).select_from(Task).where(*conditions, Task.withdrawn_on.is_not(None))
    return db.session.scalar(query) or 0


def page_of_ids(
    conditions: Sequence[sa.ColumnElement[bool]], lights: Mapping[Light, int], today: date, offset: int
) -> list[int]:
    """The tasks of one page, worst first.

    The counts by light, worst first, say which lights the page holds, so only those are looked at and sorted.
    """
    pieces, missing = [], PAGE_SIZE
    for rank, (light, count) in enumerate(lights.items()):
        shown = min(missing, count - offset)
        if shown > 0:
            pieces.append(_piece([*conditions, is_light(light, today)], rank, shown, max(0, offset)))
            missing -= shown
        offset = max(0, offset - count)
    if not pieces:
        return []
    found = db.session.execute(sa.union_all(*(sa.select(piece) for piece in pieces))).all()
    ordered = sorted(found, key=lambda row: (row.rank, row.due_on or date.max, row.plan_id, row.position))
    return [row.id for row in ordered]


def _piece(conditions: Sequence[sa.ColumnElement[bool]], rank: int, limit: int, offset: int) -> sa.Subquery:
    """Some tasks of one light with what puts them in order."""
    columns = (Task.id, sa.literal(rank).label("rank"), Task.due_on, Task.plan_id, Task.position)
    return sa.select(*columns).where(*conditions).order_by(*within_light()).limit(limit).offset(offset).subquery()


def worst_first(today: date) -> list[Any]:
    """The order of every list: worst light, longest due, then as in the plans."""
    return [light_rank(today), *within_light()]


def within_light() -> list[Any]:
    """The order of tasks with one light: longest due, then as in the plans."""
    return [Task.due_on.is_(None), Task.due_on, Task.plan_id, Task.position]


def conditions_of(filters: Filters, today: date) -> list[sa.ColumnElement[bool]]:
    """The filters as SQL, all but the light, which the counts need apart."""
    found = [
        _plan(filters),
        Task.plan_id.in_(sa.select(Plan.id).where(Plan.state == PlanState.ACTIVE)) if filters.active else None,
        within_region(Task.region_code, filters.region) if filters.region else None,
        _assigned(filters.unit) if filters.unit is not None else None,
        _led(filters.lead) if filters.lead is not None else None,
        Task.state.in_(filters.state) if filters.state else None,
        Task.kind == filters.kind if filters.kind else None,
        Task.id.in_(sa.select(Project.task_id).where(Project.category == filters.category))
        if filters.category
        else None,
        _due(filters.due, today) if filters.due else None,
        _serves(filters.indicator) if filters.indicator else None,
        _serves_item(filters.item) if filters.item is not None else None,
        Task.id.in_(sa.select(ProjectSchool.task_id).where(ProjectSchool.school_id == filters.school))
        if filters.school is not None
        else None,
        contains(filters.q) if filters.q else None,
        _late_for(filters.late_for, today) if filters.late_for is not None else None,
        _stale(today) if filters.stale else None,
        _changed(filters.changed, today) if filters.changed else None,
        has_fallen_due(today) if filters.due_by_now else None,
        was_in_time() if filters.in_time else None,
        _moved(today) if filters.moved else None,
        # Among a unit's own tasks it waits for the others: a task may be its own and wait for it.
        is_waiting(other_than=filters.lead) if filters.waiting else None,
        is_waiting(for_unit=filters.waits_for) if filters.waits_for is not None else None,
    ]
    return [condition for condition in found if condition is not None]


def has_fallen_due(today: date) -> sa.ColumnElement[bool]:
    """Tasks whose deadline has passed or that were submitted before it; ◇ and suspended ones do not count."""
    settled = sa.or_(Task.due_on < today, sa.and_(Task.submitted_on.is_not(None), Task.due_on.is_not(None)))
    return sa.and_(settled, Task.needs_redate.is_(False), Task.state != State.SUSPENDED)


def was_in_time() -> sa.ColumnElement[bool]:
    """Tasks submitted by the deadline that was in force then."""
    return Task.in_time.is_(True)


def _plan(filters: Filters) -> sa.ColumnElement[bool] | None:
    return Task.plan_id.in_(sa.select(Plan.id).where(Plan.code == filters.plan)) if filters.plan else None


def _assigned(unit_id: int) -> sa.ColumnElement[bool]:
    return Task.id.in_(sa.select(Assignment.task_id).where(Assignment.unit_id == unit_id))


def led_by() -> sa.Select[int, int]:
    """(task, unit) pairs of those that answer for a task: its leads, or the responsible units where none leads."""
    led = sa.select(Assignment.task_id).where(Assignment.role == AssignmentRole.LEAD)
    answers = sa.or_(
        Assignment.role == AssignmentRole.LEAD,
        sa.and_(Assignment.role == AssignmentRole.RESPONSIBLE, Assignment.task_id.not_in(led)),
    )
    return sa.select(Assignment.task_id, Assignment.unit_id).where(answers)


def _led(unit_id: int) -> sa.ColumnElement[bool]:
    answering = led_by().where(Assignment.unit_id == unit_id).subquery()
    return Task.id.in_(sa.select(answering.c.task_id))


def _due(due: Due, today: date) -> sa.ColumnElement[bool]:
    match due:
        case Due.NONE:
            return Task.due_on.is_(None)
        case Due.PAST:
            return Task.due_on < today
        case Due.WEEK:
            return Task.due_on.between(today, today + timedelta(days=7))
        case _:
            return Task.due_on.between(today, today + timedelta(days=30))


def _serves(code: str) -> sa.ColumnElement[bool]:
    if code == WITHOUT_INDICATOR:
        return Task.id.not_in(sa.select(Contribution.task_id))
    return Task.id.in_(
        sa.select(Contribution.task_id).join(Indicator).where(Indicator.code == code, Indicator.national_id.is_(None))
    )


def _serves_item(item_id: int) -> sa.ColumnElement[bool]:
    """The duty task of a plan's own item, and the tasks of that plan that serve its national one."""
    item = (
        sa.select(sa.func.coalesce(Indicator.national_id, Indicator.id))
        .where(Indicator.id == item_id)
        .scalar_subquery()
    )
    plans = (
        sa.select(Plan.id).join(Indicator, Indicator.framework_id == Plan.framework_id).where(Indicator.id == item_id)
    )
    serving = sa.select(Contribution.task_id).where(Contribution.indicator_id == item)
    return sa.or_(Task.duty_of_id == item_id, sa.and_(Task.plan_id.in_(plans), Task.id.in_(serving)))


def _late_for(days: int, today: date) -> sa.ColumnElement[bool]:
    """Late by so many days and not at the office, whose days never count: ``late_from`` leaves them out already."""
    begun = today - timedelta(days=max(days, 1) - 1)
    return sa.and_(is_light(Light.OVERDUE, today), Task.state != State.SUBMITTED, Task.late_from <= begun)


def _stale(today: date) -> sa.ColumnElement[bool]:
    since = clock.at_office(today - timedelta(days=STALE_DAYS), 0)
    # A plan of this fortnight has not yet had two weeks to be reported.
    fresh = sa.select(Plan.id).where(Plan.issued_on > today - timedelta(days=STALE_DAYS))
    unheard = sa.and_(Task.last_reported_at.is_(None), Task.plan_id.not_in(fresh))
    quiet = sa.or_(unheard, Task.last_reported_at < since)
    return sa.and_(Task.state.in_(OPEN), Task.needs_redate.is_(False), quiet)


def _changed(light: Light, today: date) -> sa.ColumnElement[bool]:
    """Tasks that have this light now and had another in the last frozen issue of their county."""
    return sa.and_(has_light([light], today), _in_last_issue(IssueLine.light != light))


def _moved(today: date) -> sa.ColumnElement[bool]:
    """Tasks of a county with an issue that are not in the last one, or there with another light, state or deadline."""
    same = (
        sa.cast(IssueLine.light, sa.String) == light_column(today),
        IssueLine.state == Task.state,
        IssueLine.due_on.is_not_distinct_from(Task.due_on),
    )
    frozen = sa.select(Issue.id).where(Issue.region_code == Task.region_code).exists()
    active = sa.select(Plan.id).where(Plan.state == PlanState.ACTIVE)  # an issue covers no other
    return sa.and_(frozen, Task.plan_id.in_(active), ~_in_last_issue(*same))


def _in_last_issue(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Tasks of which the last frozen issue of their county has a line like this."""
    latest = newest_issue(Task.region_code)
    return (
        sa.select(IssueLine.id)
        .where(IssueLine.issue_id == latest, IssueLine.task_id == Task.id, *conditions)
        .correlate(Task)
        .exists()
    )
