"""The values that counties say of themselves: in force on a day, over time, and which units may say them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, selectinload

from tracker.models import (
    Assignment,
    Contribution,
    CountyValue,
    CountyValueFile,
    Framework,
    Indicator,
    Plan,
    PlanState,
    Task,
    Unit,
    db,
)
from tracker.queries.visibility import within_region

MOST_VALUES = 200


def ranked(region: str, on: date) -> sa.Subquery:
    """The values up to a day of every county at or below a region; ``place`` 1 is the one in force of its figure."""
    place = sa.func.row_number().over(
        partition_by=(CountyValue.region_code, CountyValue.figure),
        order_by=(CountyValue.on.desc(), CountyValue.id.desc()),
    )
    known = sa.select(
        CountyValue.id,
        CountyValue.region_code,
        CountyValue.figure,
        CountyValue.number,
        CountyValue.yes,
        CountyValue.on,
        place.label("place"),
    )
    return known.where(
        within_region(CountyValue.region_code, region), CountyValue.on <= on, CountyValue.withdrawn_at.is_(None)
    ).subquery()


def values_in_force(region: str, on: date, figures: Collection[str] | None = None) -> dict[str, CountyValue]:
    """The values of a county in force on a day by figure, of some figures or of all, with who says and checked each."""
    rows = ranked(region, on)
    query = sa.select(CountyValue).join(rows, rows.c.id == CountyValue.id).where(rows.c.place == 1)
    if figures is not None:
        query = query.where(CountyValue.figure.in_(list(figures)))
    return {value.figure: value for value in db.session.scalars(query.options(*_with_people()))}


def history_of(region: str, figure: str) -> list[CountyValue]:
    """Everything that was said of a figure, the latest first, withdrawn values too, with their files."""
    query = (
        sa.select(CountyValue)
        .where(CountyValue.region_code == region, CountyValue.figure == figure)
        .options(*_with_people(), selectinload(CountyValue.files))
        .order_by(CountyValue.on.desc(), CountyValue.id.desc())
        .limit(MOST_VALUES)
    )
    return list(db.session.scalars(query))


def value_by_id(value_id: int) -> CountyValue | None:
    """A value by its number."""
    return db.session.get(CountyValue, value_id)


def value_sent_as(region: str, once: str) -> CountyValue | None:
    """The value that a form with this key has already made."""
    return db.session.scalar(sa.select(CountyValue).where(CountyValue.region_code == region, CountyValue.once == once))


def value_file(file_id: int) -> CountyValueFile | None:
    """A file with its value."""
    query = sa.select(CountyValueFile).where(CountyValueFile.id == file_id).options(joinedload(CountyValueFile.value))
    return db.session.scalar(query)


def serving_units(region: str, framework: Framework) -> dict[str, frozenset[int]]:
    """By the code of each item of a framework the units with a part in a task of the region that serves it.

    A task serves an item also where it serves the national one that it is, or another list's same one.
    """
    own, linked = aliased(Indicator), aliased(Indicator)
    meant = sa.func.coalesce(own.national_id, own.id)
    query = (
        sa.select(own.code, Assignment.unit_id)
        .join(linked, sa.or_(linked.id == own.id, linked.id == meant, linked.national_id == meant))
        .join(Contribution, Contribution.indicator_id == linked.id)
        .join(Task, Task.id == Contribution.task_id)
        .join(Plan, Plan.id == Task.plan_id)
        .join(Assignment, Assignment.task_id == Task.id)
        .where(own.framework_id == framework.id, Task.region_code == region, Plan.state != PlanState.DRAFT)
        .distinct()
    )
    found: dict[str, set[int]] = defaultdict(set)
    for code, unit_id in db.session.execute(query):
        found[code].add(unit_id)
    return {code: frozenset(units) for code, units in found.items()}


def units_of(region: str) -> list[Unit]:
    """The units of a county that can say a value."""
    query = sa.select(Unit).where(Unit.region_code == region, Unit.merged_into_id.is_(None), Unit.disabled_at.is_(None))
    return list(db.session.scalars(query.order_by(Unit.name)))


def _with_people() -> tuple[sa.sql.base.ExecutableOption, ...]:
    return (
        joinedload(CountyValue.unit),
        joinedload(CountyValue.said_by),
        joinedload(CountyValue.checked_by),
    )
