"""How units and regions stand: their tasks by light, their on-time rate and their places."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from tracker.models import Issue, IssueLine, Region, Task, Unit, Wait, db
from tracker.queries.coverage import Conditions
from tracker.queries.ledger import WITHOUT_INDICATOR, Filters, conditions_of, has_fallen_due, led_by, was_in_time
from tracker.queries.lights import light_column
from tracker.rules.lights import COUNTED, Light
from tracker.rules.overview import OnTime, level_shown, places
from tracker.rules.waits import WAITS_IN


@dataclass(frozen=True)
class Standing:
    """How a unit or a region stands; ``filters`` lead to its tasks, None where no list holds exactly them."""

    name: str
    filters: dict[str, Any] | None
    lights: dict[Light, int]
    on_time: OnTime
    own: OnTime
    stale: int
    newly_overdue: int
    waiting: int = 0  # its late tasks that wait for other units
    awaited: int = 0  # the tasks that wait for it
    place: int | None = None
    region: str | None = None
    issue: Issue | None = None
    counts: dict[str, int] = field(default_factory=dict)  # of an issue: the sums that it keeps (``rules/issues.py``)

    @property
    def total(self) -> int:
        """The tasks it answers for, without suspended ones."""
        return sum(self.lights.get(light, 0) for light in COUNTED)


def standing_tasks(
    where: Conditions, today: date, issues: Mapping[str, Issue], decide_after: int | None
) -> sa.Subquery:
    """A narrow row per task: its light now and in the issue before, and what the figures ask of it.

    ``decide_after``: so many days late a task waits for the leaders' decision, None for never.
    """
    query = sa.select(
        Task.id.label("task_id"),
        Task.region_code.label("region_code"),
        light_column(today).label("light_now"),
        IssueLine.light.label("light_before"),
        _flag(has_fallen_due(today)).label("due"),
        _flag(sa.and_(has_fallen_due(today), was_in_time())).label("in_time"),
        _flag(Task.state.in_(WAITS_IN)).label("may_wait"),
        asked(Filters(stale=True), today).label("stale"),
        waits_for_decision(decide_after, today).label("to_decide"),
        asked(Filters(indicator=WITHOUT_INDICATOR), today).label("unlinked"),
    ).select_from(Task)
    return with_light_before(query, issues).where(*where).subquery()


def with_light_before(query: sa.Select[*tuple[Any, ...]], issues: Mapping[str, Issue]) -> sa.Select[*tuple[Any, ...]]:
    """Join the line of each task in the last issue of its own region, where it has one."""
    latest = Issue.id.in_([issue.id for issue in issues.values()])
    return query.outerjoin(Issue, sa.and_(Issue.region_code == Task.region_code, latest)).outerjoin(
        IssueLine, sa.and_(IssueLine.issue_id == Issue.id, IssueLine.task_id == Task.id)
    )


def _flag(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.case((condition, 1), else_=0)


def asked(filters: Filters, today: date) -> sa.ColumnElement[int]:
    """1 for a task that a filter of the ledger would list, else 0."""
    return _flag(sa.and_(*conditions_of(filters, today)))


def waits_for_decision(decide_after: int | None, today: date) -> sa.ColumnElement[int]:
    """1 for a task that is so late that it waits for the leaders' decision, else 0."""
    return sa.literal(0) if decide_after is None else asked(Filters(late_for=decide_after), today)


def sum_of(column: sa.ColumnElement[int], name: str) -> sa.Label[int]:
    """The sum of a column under a name, 0 over no rows."""
    return sa.func.coalesce(sa.func.sum(column), 0).label(name)


def _standing_columns(standing: sa.Subquery) -> list[sa.Label[int]]:
    c = standing.c
    lights = [sum_of(_flag(c.light_now == light.value), light.value) for light in COUNTED]
    overdue = sa.and_(c.light_now == Light.OVERDUE.value, c.light_before != Light.OVERDUE)
    return [
        *lights,
        *(sum_of(c[name], name) for name in ("due", "in_time", "stale")),
        sum_of(_flag(overdue), "newly_overdue"),
    ]


def units_standing(standing: sa.Subquery) -> list[Standing]:
    """How the units stand that answer for tasks; places go by the tasks that a unit answers for alone."""
    answers = led_by().subquery()
    sharing = sa.select(answers.c.task_id, sa.func.count().label("units")).group_by(answers.c.task_id).subquery()
    alone = _flag(sharing.c.units == 1)
    query = (
        sa.select(
            Unit.id,
            Unit.name,
            *_standing_columns(standing),
            sum_of(alone * standing.c.due, "own_due"),
            sum_of(alone * standing.c.in_time, "own_in_time"),
            sum_of(_flag(_waits_for_others(standing, answers)), "waiting"),
        )
        .select_from(standing)
        .join(answers, answers.c.task_id == standing.c.task_id)
        .join(sharing, sharing.c.task_id == standing.c.task_id)
        .join(Unit, Unit.id == answers.c.unit_id)
        .where(standing.c.light_now != Light.SUSPENDED.value)
        .group_by(Unit.id, Unit.name)
    )
    waited_for = _awaited(standing)
    found = [
        replace(
            _standing(row, row.name, {"lead": row.id}, OnTime(row.own_due, row.own_in_time)),
            waiting=int(row.waiting),
            awaited=waited_for.pop(row.id, ("", 0))[1],
        )
        for row in db.session.execute(query).all()
    ]
    # Units that only co-operate stand in the table where others wait for them.
    helpers = [_helper(unit_id, name, count) for unit_id, (name, count) in waited_for.items()]
    return placed(found + helpers)


def _waits_for_others(standing: sa.Subquery, answers: sa.Subquery) -> sa.ColumnElement[bool]:
    """Late tasks that wait for another unit than the one in question."""
    others = sa.exists().where(
        Wait.task_id == standing.c.task_id, Wait.ended_at.is_(None), Wait.unit_id != answers.c.unit_id
    )
    return sa.and_(standing.c.light_now == Light.OVERDUE.value, standing.c.may_wait == 1, others)


def _awaited(standing: sa.Subquery) -> dict[int, tuple[str, int]]:
    """The units that tasks wait for: their names and how many tasks do."""
    query = (
        sa.select(Unit.id, Unit.name, sa.func.count(sa.distinct(Wait.task_id)))
        .join(Wait, Wait.unit_id == Unit.id)
        .join(standing, standing.c.task_id == Wait.task_id)
        .where(Wait.ended_at.is_(None), standing.c.may_wait == 1)
        .group_by(Unit.id, Unit.name)
    )
    return {unit_id: (name, count) for unit_id, name, count in db.session.execute(query)}


def _helper(unit_id: int, name: str, awaited: int) -> Standing:
    """A unit that answers for no task, and that tasks of others wait for."""
    none = dict.fromkeys(COUNTED, 0)
    return Standing(name, {"lead": unit_id}, none, OnTime(), OnTime(), stale=0, newly_overdue=0, awaited=awaited)


def regions_standing(standing: sa.Subquery, seen_from: str, issues: Mapping[str, Issue]) -> list[Standing]:
    """How the regions below stand side by side: counties, or the level above them where these are too many."""
    code = standing.c.region_code
    rows = db.session.execute(sa.select(code, *_standing_columns(standing)).group_by(code)).all()
    digits = level_shown((row.region_code for row in rows), seen_from)
    codes = {row.region_code[:digits] for row in rows}
    names = {region.code: region.name for region in db.session.scalars(sa.select(Region).where(Region.code.in_(codes)))}
    found = []
    for each in sorted(codes):
        below = [row for row in rows if row.region_code[:digits] == each]
        total = {name: sum(getattr(row, name) for row in below) for name in below[0]._fields[1:]}
        filters = filters_of(each, codes, "region")
        on_time = OnTime(total["due"], total["in_time"])
        standing_of = _standing(total, names.get(each, each), filters, on_time)
        found.append(replace(standing_of, region=each, issue=issues.get(each)))
    return placed(found)


def filters_of(region: str, shown: Collection[str], name: str) -> dict[str, Any] | None:
    """What leads to the tasks of a region; None where others that are shown lie below it: no list has its own alone."""
    return None if any(other != region and other.startswith(region) for other in shown) else {name: region}


def _standing(row: Any, name: str, filters: dict[str, Any] | None, own: OnTime) -> Standing:
    figures = row if isinstance(row, dict) else row._asdict()
    return Standing(
        name=name,
        filters=filters,
        lights={light: int(figures[light.value]) for light in COUNTED},
        on_time=OnTime(int(figures["due"]), int(figures["in_time"])),
        own=own,
        stale=int(figures["stale"]),
        newly_overdue=int(figures["newly_overdue"]),
    )


def placed(standings: list[Standing]) -> list[Standing]:
    """The standings with their places, most overdue first, then the lowest on-time rate."""
    found = places({number: each.own for number, each in enumerate(standings)})
    ranked = [replace(each, place=found.get(number)) for number, each in enumerate(standings)]
    return sorted(ranked, key=lambda each: (-each.lights.get(Light.OVERDUE, 0), _rate_last(each.on_time), each.name))


def _rate_last(on_time: OnTime) -> Fraction:
    return Fraction(2) if on_time.rate is None else on_time.rate
