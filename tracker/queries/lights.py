"""The light of a day in SQL: the same comparison as ``rules/lights.light_on``.

The expressions of a day are built once and used again: they never change, and lists ask for them at every request.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from tracker.models import Task, db
from tracker.rules.lights import WORST_FIRST, Light


@lru_cache(maxsize=64)
def light_column(day: date) -> sa.ColumnElement[str]:
    """The light of every task on a day, as its word."""
    return sa.case(
        (Task.light_fixed.is_not(None), sa.cast(Task.light_fixed, sa.String)),
        (Task.late_from <= day, Light.OVERDUE.value),
        (Task.soon_from <= day, Light.SOON.value),
        (Task.normal_from <= day, Light.NORMAL.value),
        else_=Light.NOT_DUE.value,
    )


@lru_cache(maxsize=64)
def light_rank(day: date) -> sa.ColumnElement[int]:
    """The place of the light in the order worst first."""
    rank = {light: place for place, light in enumerate(WORST_FIRST)}
    return sa.case(
        *((Task.light_fixed == light, rank[light]) for light in (Light.CLOSED, Light.REDATE, Light.SUSPENDED)),
        (Task.late_from <= day, rank[Light.OVERDUE]),
        (Task.soon_from <= day, rank[Light.SOON]),
        (Task.normal_from <= day, rank[Light.NORMAL]),
        else_=rank[Light.NOT_DUE],
    )


@lru_cache(maxsize=64)
def is_light(light: Light, day: date) -> sa.ColumnElement[bool]:
    """Tasks with one light on a day, as plain comparisons that an index serves."""
    open_ = Task.light_fixed.is_(None)
    late, soon, normal = _begun(Task.late_from, day), _begun(Task.soon_from, day), _begun(Task.normal_from, day)
    match light:
        case Light.OVERDUE:
            return sa.and_(open_, late)
        case Light.SOON:
            return sa.and_(open_, _not_begun(Task.late_from, day), soon)
        case Light.NORMAL:
            return sa.and_(open_, _not_begun(Task.late_from, day), _not_begun(Task.soon_from, day), normal)
        case Light.NOT_DUE:
            return sa.and_(
                open_, *(_not_begun(each, day) for each in (Task.late_from, Task.soon_from, Task.normal_from))
            )
        case _:
            return Task.light_fixed == light


def has_light(lights: Sequence[Light], day: date) -> sa.ColumnElement[bool]:
    """Tasks with one of these lights on a day."""
    return sa.or_(sa.false(), *(is_light(light, day) for light in lights))


def counts_by_light(conditions: Sequence[sa.ColumnElement[bool]], day: date) -> dict[Light, int]:
    """The number of tasks by light; one pass over the rows, without a sort."""
    row = db.session.execute(_counts(day).where(*conditions)).one()
    return {light: count for light, count in zip(Light, row, strict=True) if count}


@lru_cache(maxsize=8)
def _counts(day: date) -> sa.Select[*tuple[int, ...]]:
    return sa.select(*(sa.func.count().filter(is_light(light, day)) for light in Light)).select_from(Task)


def _begun(column: InstrumentedAttribute[date | None], day: date) -> sa.ColumnElement[bool]:
    return column <= day


def _not_begun(column: InstrumentedAttribute[date | None], day: date) -> sa.ColumnElement[bool]:
    return sa.or_(column.is_(None), column > day)
