"""The line of a value over time, as places in a picture: each value holds from its day until the next one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

WIDTH, HEIGHT, MARGIN = 640, 110, 14


@dataclass(frozen=True)
class Mark:
    """A value with its place."""

    on: date
    number: Decimal
    x: float
    y: float


@dataclass(frozen=True)
class ValueLine:
    """The marks, oldest first, and the corners of the stepped line through them up to ``until``."""

    marks: tuple[Mark, ...]
    corners: tuple[tuple[float, float], ...]
    until: date


def line_of(values: Sequence[tuple[date, Decimal]], until: date) -> ValueLine | None:
    """The line of values by day, of one day the last given; None where there is nothing to compare."""
    by_day = dict(sorted(values, key=lambda each: each[0]))
    if len(by_day) < 2:
        return None
    first, last = min(by_day), max(until, *by_day)
    least, most = min(by_day.values()), max(by_day.values())
    marks = tuple(
        Mark(on, number, _x(on, first, last), _y(number, least, most)) for on, number in sorted(by_day.items())
    )
    corners: list[tuple[float, float]] = []
    for mark in marks:
        if corners:
            corners.append((mark.x, corners[-1][1]))
        corners.append((mark.x, mark.y))
    corners.append((_x(last, first, last), corners[-1][1]))
    return ValueLine(marks, tuple(corners), last)


def _x(on: date, first: date, last: date) -> float:
    days = max(1, (last - first).days)
    return round(MARGIN + (WIDTH - 2 * MARGIN) * (on - first).days / days, 1)


def _y(number: Decimal, least: Decimal, most: Decimal) -> float:
    share = float((number - least) / (most - least)) if most > least else 0.5
    return round(HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * share, 1)
