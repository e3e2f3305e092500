"""Indicators with the tasks that serve them: the national ones, and the items of a plan's own list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from tracker.models import (
    NATIONAL,
    Addition,
    Assignment,
    Contribution,
    Framework,
    Indicator,
    Plan,
    ReportedValue,
    School,
    Task,
    Veto,
    db,
)
from tracker.queries.ledger import WITHOUT_INDICATOR, Filters, conditions_of, worst_first
from tracker.queries.lights import light_column
from tracker.queries.reach import Reach
from tracker.queries.visibility import visible_to
from tracker.rules.lifecycle import State
from tracker.rules.lights import COUNTED, Light
from tracker.rules.links import LinkState
from tracker.rules.permissions import Person
from tracker.rules.stages import Stage

MOST_LOOSE = 20
MOST_REPORTING_PLANS = 20


@dataclass
class Tally:
    """Tasks by light."""

    by_light: dict[Light, int] = field(default_factory=lambda: defaultdict(int))

    def __getitem__(self, light: Light) -> int:
        return self.by_light.get(light, 0)

    @property
    def total(self) -> int:
        """Tasks in the six groups; suspended ones stand apart."""
        return sum(self[light] for light in COUNTED)


@dataclass(frozen=True)
class IndicatorRow:
    """A national indicator with its tasks by light, what plans report of it, and the plan's own items that are it."""

    indicator: Indicator
    tally: Tally
    reported: list[ReportedValue]
    own_items: list[Indicator]


@dataclass(frozen=True)
class Board:
    """The national indicators in their groups, and the tasks that serve none: their count by light and the worst."""

    rows: list[IndicatorRow]
    loose_tally: Tally
    loose: list[Task]
    other_values: list[ReportedValue]

    @property
    def groups(self) -> list[list[IndicatorRow]]:
        """The indicators by group."""
        return [list(group) for _, group in groupby(self.rows, key=lambda row: row.indicator.group)]

    @property
    def empty(self) -> list[IndicatorRow]:
        """Indicators that no task serves."""
        return [row for row in self.rows if not row.tally.total]

    @property
    def late(self) -> list[IndicatorRow]:
        """Indicators with an overdue task."""
        return [row for row in self.rows if row.tally[Light.OVERDUE]]


@dataclass(frozen=True)
class ItemRow:
    """An item of a plan's list, the national one that it is, its duty task, and all that serve it worst first."""

    item: Indicator
    national: Indicator | None
    duty: Task | None
    tasks: list[Task]
    tally: Tally
    reported: list[ReportedValue]


@dataclass(frozen=True)
class ItemBoard:
    """A plan's own list in its groups, its vetoes, and the tasks of the plan that serve no national indicator."""

    groups: list[list[ItemRow]]
    vetoes: list[Veto]
    loose: list[Task]
    other_values: list[ReportedValue]

    @property
    def rows(self) -> list[ItemRow]:
        """All items."""
        return [row for group in self.groups for row in group]

    @property
    def empty(self) -> list[ItemRow]:
        """Items that no task serves."""
        return [row for row in self.rows if not row.tally.total]

    @property
    def late(self) -> list[ItemRow]:
        """Items with an overdue task."""
        return [row for row in self.rows if row.tally[Light.OVERDUE]]


def board_of(person: Person, reach: Reach, today: date, indicators: list[Indicator], is_county: bool) -> Board:
    """These national indicators with the tasks that a person may see in a reach.

    A county knows its items from its standard, and sees its tasks without an indicator one by one.
    """
    filters = Filters(plan=reach.plan.code if reach.plan else None, region=reach.region or None)
    tallies = _tallies([visible_to(person), *conditions_of(filters, today)], today)
    reported = _reported(_reporting(reach))
    items = {} if is_county else _items_by_national(reach.only_plan)
    rows = [
        IndicatorRow(each, tallies.get(each.id, Tally()), reported.get(each.id, []), items.get(each.id, []))
        for each in indicators
    ]
    without = Filters(plan=filters.plan, region=filters.region, indicator=WITHOUT_INDICATOR)
    loose_tally = tallies.get(None, Tally())
    loose = (
        _loose([visible_to(person), *conditions_of(without, today)], today)
        if is_county and loose_tally.by_light
        else []
    )
    return Board(rows, loose_tally, loose, reported.get(None, []))


def item_board_of(person: Person, plan: Plan, today: date) -> ItemBoard:
    """A plan's own list with the tasks of the plan that a person may see."""
    tasks = _tasks_of(person, plan, today)
    reported = _reported([plan])
    rows = [_item_row(item, tasks, reported, today) for item in _items_of(plan)]
    groups = [list(group) for _, group in groupby(rows, key=lambda row: row.item.group)]
    loose = [task for task in tasks if not task.contributions]
    return ItemBoard(groups, _vetoes_of(plan), loose, reported.get(None, []))


def national_indicators() -> list[Indicator]:
    """The 32 national indicators in their order."""
    query = sa.select(Indicator).join(Framework).where(Framework.code == NATIONAL)
    return list(db.session.scalars(query.order_by(Indicator.position)))


def national_indicator(code: str) -> Indicator | None:
    """A national indicator by its code."""
    query = sa.select(Indicator).join(Framework).where(Framework.code == NATIONAL, Indicator.code == code)
    return db.session.scalar(query)


def values_of(indicator: Indicator, reach: Reach) -> list[ReportedValue]:
    """What the plans of a reach report of an indicator."""
    return _reported(_reporting(reach)).get(indicator.id, [])


@dataclass
class Service:
    """Why a task serves an indicator, whether the office confirmed it, and what it adds to the indicator's figures."""

    reason: str
    state: LinkState
    brings: list[Brings] = field(default_factory=list)


@dataclass(frozen=True)
class Brings:
    """An amount of a figure that a task adds to a school's stage, a whole school, or the county."""

    figure: str
    amount: Decimal
    stage: Stage | None
    school: str | None


def services_of(indicator: Indicator, task_ids: Sequence[int], figures: Collection[str]) -> dict[int, Service]:
    """How each of these tasks serves an indicator by task id, with its confirmed additions to some figures."""
    of_task = sa.and_(
        Addition.task_id == Contribution.task_id,
        Addition.state == LinkState.CONFIRMED,
        Addition.figure.in_(list(figures)),
    )
    query = (
        sa.select(Contribution.task_id, Contribution.reason, Contribution.state)
        .add_columns(Addition.figure, Addition.amount, Addition.stage, School.name)
        .outerjoin(Addition, of_task)
        .outerjoin(School, School.id == Addition.school_id)
        .where(Contribution.indicator_id == indicator.id, Contribution.task_id.in_(task_ids))
        .order_by(Contribution.task_id, Addition.id)
    )
    found: dict[int, Service] = {}
    for task_id, reason, state, figure, amount, stage, school in db.session.execute(query):
        service = found.setdefault(task_id, Service(reason, state))
        if figure and amount is not None:
            service.brings.append(Brings(figure, amount, stage, school))
    return found


def _tallies(conditions: list[sa.ColumnElement[bool]], today: date) -> dict[int | None, Tally]:
    """The tasks by light of each indicator, and under None of those that serve none."""
    light = light_column(today).label("light")
    query = sa.select(Contribution.indicator_id, light, sa.func.count()).select_from(Task)
    query = query.outerjoin(Contribution, Task.id == Contribution.task_id)
    tallies: dict[int | None, Tally] = defaultdict(Tally)
    for indicator_id, name, count in db.session.execute(
        query.where(*conditions).group_by(Contribution.indicator_id, light)
    ):
        tallies[indicator_id].by_light[Light(name)] = count
    return tallies


def closed_by_indicator(region: str) -> dict[str, list[bool]]:
    """Whether the tasks of a county that serve a national indicator are closed, by its code; no suspended ones.

    These are the tasks of all units: one answer for each state that any of them is in, nothing of the tasks themselves.
    """
    query = (
        sa.select(Indicator.code, Task.state)
        .select_from(Task)
        .join(Contribution, Contribution.task_id == Task.id)
        .join(Indicator, Indicator.id == Contribution.indicator_id)
        .where(Task.region_code == region, Task.state != State.SUSPENDED)
        .distinct()
    )
    found: dict[str, list[bool]] = defaultdict(list)
    for code, state in db.session.execute(query):
        found[code].append(state is State.CLOSED)
    return found


def _loose(conditions: list[sa.ColumnElement[bool]], today: date) -> list[Task]:
    query = sa.select(Task).where(*conditions).order_by(*worst_first(today)).limit(MOST_LOOSE)
    return list(
        db.session.scalars(query.options(joinedload(Task.duty_of), joinedload(Task.plan).joinedload(Plan.region)))
    )


def _reporting(reach: Reach) -> list[Plan]:
    """The plans whose own reports a page has room for: one, or the few of a prefecture."""
    if reach.plan:
        return [reach.plan]
    return reach.plans if len(reach.plans) <= MOST_REPORTING_PLANS else []


def _reported(plans: list[Plan]) -> dict[int | None, list[ReportedValue]]:
    values: dict[int | None, list[ReportedValue]] = defaultdict(list)
    query = sa.select(ReportedValue).where(ReportedValue.plan_id.in_([plan.id for plan in plans]))
    query = query.options(joinedload(ReportedValue.plan).joinedload(Plan.region)).order_by(ReportedValue.id)
    for value in db.session.scalars(query):
        values[value.indicator_id].append(value)
    return values


def _items_by_national(plan: Plan | None) -> dict[int, list[Indicator]]:
    if plan is None or plan.framework_id is None:
        return {}
    items: dict[int, list[Indicator]] = defaultdict(list)
    query = sa.select(Indicator).where(Indicator.framework_id == plan.framework_id, Indicator.national_id.is_not(None))
    for item in db.session.scalars(query.order_by(Indicator.position)):
        items[item.national_id or 0].append(item)
    return items


def _items_of(plan: Plan) -> list[Indicator]:
    query = sa.select(Indicator).where(Indicator.framework_id == plan.framework_id).order_by(Indicator.position)
    return list(
        db.session.scalars(
            query.options(
                joinedload(Indicator.framework), joinedload(Indicator.national), selectinload(Indicator.parts)
            )
        )
    )


def _vetoes_of(plan: Plan) -> list[Veto]:
    return list(db.session.scalars(sa.select(Veto).where(Veto.framework_id == plan.framework_id).order_by(Veto.id)))


def _tasks_of(person: Person, plan: Plan, today: date) -> list[Task]:
    query = sa.select(Task).where(visible_to(person), Task.plan_id == plan.id).order_by(*worst_first(today))
    return list(
        db.session.scalars(
            query.options(
                selectinload(Task.contributions),
                selectinload(Task.assignments).joinedload(Assignment.unit),
                joinedload(Task.duty_of),
            )
        )
    )


def _item_row(
    item: Indicator, tasks: list[Task], reported: dict[int | None, list[ReportedValue]], today: date
) -> ItemRow:
    serving = [task for task in tasks if _serves(task, item)]
    tally = Tally()
    for task in serving:
        tally.by_light[task.light(today)] += 1
    duty = next((task for task in serving if task.duty_of_id == item.id), None)
    national = item.as_national
    return ItemRow(item, national, duty, serving, tally, reported.get(national.id, []) if national else [])


def _serves(task: Task, item: Indicator) -> bool:
    """A task serves a plan's own item as its duty, or through the national indicator that the item is."""
    if task.duty_of_id == item.id:
        return True
    national = item.as_national
    return national is not None and any(each.indicator_id == national.id for each in task.contributions)
