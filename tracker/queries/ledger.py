"""The ledger (任务台账): every filter is a condition, one query counts by light and one fetches a page, worst first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, load_only, selectinload

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
    School,
    Task,
    TaskKind,
    Unit,
    UnitAlias,
    db,
)
from tracker.queries.lights import has_light, light_column, light_rank
from tracker.queries.visibility import visible_to, within_region
from tracker.rules.lifecycle import State
from tracker.rules.lights import COUNTED, Light
from tracker.rules.permissions import Person

PAGE_SIZE = 50
STALE_DAYS = 14
WITHOUT_INDICATOR = "none"
OPEN = (State.NOT_STARTED, State.IN_PROGRESS)
SHOWN = (
    *(Task.key, Task.number, Task.title, Task.kind, Task.region_code, Task.state, Task.version),
    *(Task.deadline_text, Task.deadline_doubt, Task.needs_redate, Task.starts_on, Task.due_on),
    *(Task.submitted_on, Task.returned_on, Task.returned_at, Task.closed_on, Task.held_days, Task.difficulty_on),
    *(Task.light_fixed, Task.late_from, Task.soon_from, Task.normal_from, Task.last_reported_at, Task.last_words),
)


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


@dataclass(frozen=True)
class Page:
    """One page of rows with the counts by light of the whole list (before a filter by light)."""

    rows: list[Task]
    lights: dict[Light, int]
    total: int
    number: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE_SIZE))

    @property
    def counted(self) -> int:
        """Tasks in the six groups; suspended ones stand apart."""
        return sum(self.lights.get(light, 0) for light in COUNTED)


def ledger_page(person: Person, filters: Filters, today: date, number: int) -> Page:
    """A page of the ledger as a person may see it; a number past the end gives the last page."""
    conditions = [visible_to(person), *conditions_of(filters, today)]
    lights = counts_by_light(conditions, today)
    total = sum(lights.get(light, 0) for light in filters.light or Light)
    number = min(max(1, number), max(1, -(-total // PAGE_SIZE)))
    if filters.light:
        conditions.append(has_light(list(filters.light), today))
    return Page(_rows(conditions, today, number), lights, total, number)


def counts_by_light(conditions: list[sa.ColumnElement[bool]], today: date) -> dict[Light, int]:
    """The number of tasks by light."""
    light = light_column(today).label("light")
    query = sa.select(light, sa.func.count()).select_from(Task).where(*conditions).group_by(light)
    return {Light(name): count for name, count in db.session.execute(query)}


def worst_first(today: date) -> list[sa.ColumnElement[object]]:
    """The order of every list: worst light, longest due, then as in the plans."""
    return [light_rank(today), Task.due_on.is_(None), Task.due_on, Task.plan_id, Task.position]  # type: ignore[list-item]


def for_rows() -> list[sa.sql.base.ExecutableOption]:
    """What a row of a list needs, without a question per row."""
    return [
        load_only(*SHOWN),
        selectinload(Task.assignments)
        .load_only(Assignment.role, Assignment.position)
        .joinedload(Assignment.unit)
        .load_only(Unit.name),
        joinedload(Task.plan).load_only(Plan.code, Plan.title, Plan.state),
    ]


def _rows(conditions: list[sa.ColumnElement[bool]], today: date, number: int) -> list[Task]:
    # The order is found on narrow rows first; only the page's own rows are read whole.
    ids = (
        sa.select(Task.id)
        .where(*conditions)
        .order_by(*worst_first(today))
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    wanted = list(db.session.scalars(ids))
    found = {
        task.id: task for task in db.session.scalars(sa.select(Task).where(Task.id.in_(wanted)).options(*for_rows()))
    }
    return [found[each] for each in wanted]


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
        _contains(filters.q) if filters.q else None,
        _late_for(filters.late_for, today) if filters.late_for is not None else None,
        _stale(today) if filters.stale else None,
        _changed(filters.changed, today) if filters.changed else None,
        has_fallen_due(today) if filters.due_by_now else None,
        was_in_time() if filters.in_time else None,
    ]
    return [condition for condition in found if condition is not None]


def has_fallen_due(today: date) -> sa.ColumnElement[bool]:
    """Tasks whose deadline has passed or that were submitted before it; ◇ and suspended ones do not count."""
    settled = sa.or_(Task.due_on < today, sa.and_(Task.submitted_on.is_not(None), Task.due_on.is_not(None)))
    return sa.and_(settled, Task.needs_redate.is_(False), Task.state != State.SUSPENDED)


def was_in_time() -> sa.ColumnElement[bool]:
    """Tasks submitted on or before the deadline in force."""
    return sa.and_(Task.submitted_on.is_not(None), Task.submitted_on <= Task.due_on)


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
    item = sa.select(Indicator.national_id).where(Indicator.id == item_id).scalar_subquery()
    plans = (
        sa.select(Plan.id).join(Indicator, Indicator.framework_id == Plan.framework_id).where(Indicator.id == item_id)
    )
    serving = sa.select(Contribution.task_id).where(Contribution.indicator_id == item)
    return sa.or_(Task.duty_of_id == item_id, sa.and_(Task.plan_id.in_(plans), Task.id.in_(serving)))


def _contains(text: str) -> sa.ColumnElement[bool]:
    units = (
        sa.select(Assignment.task_id)
        .join(Unit)
        .outerjoin(UnitAlias)
        .where(sa.or_(Unit.name.icontains(text, autoescape=True), UnitAlias.alias.icontains(text, autoescape=True)))
    )
    schools = sa.select(ProjectSchool.task_id).join(School).where(School.name.icontains(text, autoescape=True))
    own = (Task.title, Task.requirement, Task.key)
    return sa.or_(
        *(column.icontains(text, autoescape=True) for column in own),
        Task.number == text,
        Task.id.in_(units),
        Task.id.in_(schools),
    )


def _late_for(days: int, today: date) -> sa.ColumnElement[bool]:
    return sa.and_(has_light([Light.OVERDUE], today), Task.due_on <= today - timedelta(days=days))


def _stale(today: date) -> sa.ColumnElement[bool]:
    since = clock.at_office(today - timedelta(days=STALE_DAYS), 0)
    quiet = sa.or_(Task.last_reported_at.is_(None), Task.last_reported_at < since)
    return sa.and_(Task.state.in_(OPEN), Task.needs_redate.is_(False), quiet)


def _changed(light: Light, today: date) -> sa.ColumnElement[bool]:
    """Tasks that have this light now and had another in the last frozen issue of their county."""
    latest = (
        sa.select(sa.func.max(Issue.id)).where(Issue.region_code == Task.region_code).correlate(Task).scalar_subquery()
    )
    before = sa.select(IssueLine.id).where(
        IssueLine.issue_id == latest, IssueLine.task_id == Task.id, IssueLine.light != light
    )
    return sa.and_(has_light([light], today), before.exists())
