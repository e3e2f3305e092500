"""Indicators with the tasks that serve them: the national ones, and the items of a plan's own list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from tracker.models import (
    NATIONAL,
    Assignment,
    Contribution,
    Framework,
    Indicator,
    Plan,
    ReportedValue,
    Task,
    Veto,
    db,
)
from tracker.queries.ledger import WITHOUT_INDICATOR, Filters, conditions_of, worst_first
from tracker.queries.lights import light_column
from tracker.queries.reach import Reach
from tracker.queries.visibility import visible_to
from tracker.rules.lights import COUNTED, Light
from tracker.rules.permissions import Person

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

    groups: list[list[IndicatorRow]]
    loose_tally: Tally
    loose: list[Task]
    other_values: list[ReportedValue]

    @property
    def rows(self) -> list[IndicatorRow]:
        """All indicators."""
        return [row for group in self.groups for row in group]

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
    """An item of a plan's own list: its duty task, all tasks that serve it worst first, and these by light."""

    item: Indicator
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


def board_of(person: Person, reach: Reach, today: date) -> Board:
    """The national indicators with the tasks that a person may see in a reach."""
    filters = Filters(plan=reach.plan.code if reach.plan else None, region=reach.region or None)
    tallies = _tallies([visible_to(person), *conditions_of(filters, today)], today)
    reported = _reported(_reporting(reach))
    items = _items_by_national(reach.only_plan)
    rows = [
        IndicatorRow(each, tallies.get(each.id, Tally()), reported.get(each.id, []), items.get(each.id, []))
        for each in national_indicators()
    ]
    without = Filters(plan=filters.plan, region=filters.region, indicator=WITHOUT_INDICATOR)
    conditions = [visible_to(person), *conditions_of(without, today)]
    groups = [list(group) for _, group in groupby(rows, key=lambda row: row.indicator.group)]
    return Board(groups, _tally_of(conditions, today), _loose(conditions, today), reported.get(None, []))


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


def items_that_are(indicator: Indicator, reach: Reach) -> list[tuple[Plan, Indicator]]:
    """The items of the plans' own lists that are a national indicator, with the plan of each."""
    plans = [reach.plan] if reach.plan else reach.plans
    query = (
        sa.select(Plan, Indicator)
        .join(Indicator, Indicator.framework_id == Plan.framework_id)
        .where(Indicator.national_id == indicator.id, Plan.id.in_([plan.id for plan in plans]))
        .order_by(Plan.region_code, Plan.id, Indicator.position)
        .options(joinedload(Plan.region))
    )
    return [(plan, item) for plan, item in db.session.execute(query)]


def values_of(indicator: Indicator, reach: Reach) -> list[ReportedValue]:
    """What the plans of a reach report of an indicator."""
    return _reported(_reporting(reach)).get(indicator.id, [])


def reasons_of(indicator: Indicator, task_ids: Sequence[int]) -> dict[int, str]:
    """Why each of these tasks serves an indicator, by task id."""
    query = sa.select(Contribution.task_id, Contribution.reason).where(
        Contribution.indicator_id == indicator.id, Contribution.task_id.in_(task_ids)
    )
    return {each.task_id: each.reason for each in db.session.execute(query)}


def _tallies(conditions: list[sa.ColumnElement[bool]], today: date) -> dict[int, Tally]:
    light = light_column(today).label("light")
    query = sa.select(Contribution.indicator_id, light, sa.func.count()).join(Task, Task.id == Contribution.task_id)
    tallies: dict[int, Tally] = defaultdict(Tally)
    for indicator_id, name, count in db.session.execute(
        query.where(*conditions).group_by(Contribution.indicator_id, light)
    ):
        tallies[indicator_id].by_light[Light(name)] = count
    return tallies


def _tally_of(conditions: list[sa.ColumnElement[bool]], today: date) -> Tally:
    light = light_column(today).label("light")
    query = sa.select(light, sa.func.count()).select_from(Task).where(*conditions).group_by(light)
    return Tally({Light(name): count for name, count in db.session.execute(query)})


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
    return list(db.session.scalars(query.options(joinedload(Indicator.national), selectinload(Indicator.parts))))


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
    return ItemRow(item, duty, serving, tally, reported.get(item.national_id, []) if item.national_id else [])


def _serves(task: Task, item: Indicator) -> bool:
    """A task serves a plan's own item as its duty, or through the national indicator that the item is."""
    if task.duty_of_id == item.id:
        return True
    return item.national_id is not None and any(each.indicator_id == item.national_id for each in task.contributions)
