"""The light of a day in SQL: the same comparison as ``rules/lights.light_on``."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from tracker.models import Task
from tracker.rules.lights import WORST_FIRST, Light


def light_column(day: date) -> sa.ColumnElement[str]:
    """The light of every task on a day, as its word."""
    return sa.case(
        (Task.light_fixed.is_not(None), sa.cast(Task.light_fixed, sa.String)),
        (Task.late_from <= day, Light.OVERDUE.value),
        (Task.soon_from <= day, Light.SOON.value),
        (Task.normal_from <= day, Light.NORMAL.value),
        else_=Light.NOT_DUE.value,
    )


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


def has_light(lights: list[Light], day: date) -> sa.ColumnElement[bool]:
    """Tasks with one of these lights on a day."""
    return light_column(day).in_([light.value for light in lights])
