"""Step lines and bars of counts by week: whole numbers in a box of weeks by counts, so that nothing is rounded.

A chart is drawn in a box that is as wide as there are weeks and as high as its scale; a page stretches the box, and
its words stand beside it in shares of the width, never scaled. A week without a value leaves a gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

# The room of a chart in pixels: words above, the lines, and days below.
TOP, PLOT, HEIGHT = 20, 56, 96
# Marks nearer than this share of the width would run into each other's numbers.
NEAR = 16.0
Values = Sequence[int | None]


class Anchor(StrEnum):
    """On which side of a mark its number stands."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


@dataclass(frozen=True)
class Mark:
    """A point with its number: ``at`` in percent of the width, ``y`` and ``words_y`` in pixels from the top."""

    at: float
    y: float
    value: int
    anchor: Anchor
    words_y: float


@dataclass(frozen=True)
class Steps:
    """A step line in a box of ``weeks`` by ``top``, with the numbers of its first, its last and its highest week."""

    weeks: int
    top: int
    path: str
    marks: tuple[Mark, ...]
    first: int
    last: int
    most: int
    most_at: int


@dataclass(frozen=True)
class Bars:
    """Bars above a line and below it, each as (week, count); ``up`` and ``down`` are the scales of both sides."""

    weeks: int
    up: int
    down: int
    above: tuple[tuple[int, int], ...]
    below: tuple[tuple[int, int], ...]

    @property
    def most_above(self) -> int:
        """The highest count above the line."""
        return max((value for _, value in self.above), default=0)

    @property
    def most_below(self) -> int:
        """The highest count below the line."""
        return max((value for _, value in self.below), default=0)


def scale_of(many: Iterable[Values]) -> int:
    """The highest of the counts of several charts, at least one, so that they are drawn on the same scale."""
    return max((value for values in many for value in values if value is not None), default=0) or 1


def steps(values: Values, top: int) -> Steps | None:
    """The step line of counts by week; None where no week has one."""
    known = [place for place, value in enumerate(values) if value is not None]
    if not known:
        return None
    count = {place: values[place] or 0 for place in known}
    most_at = max(known, key=lambda place: (count[place], place))
    ends = dict.fromkeys((known[0], known[-1]))
    marked = [*ends] if most_at in ends else [*ends, most_at]
    marks = [_mark(place, count[place], len(values), top) for place in marked]
    return Steps(
        weeks=len(values),
        top=top,
        path=_path(values, top),
        marks=_apart(marks),
        first=count[known[0]],
        last=count[known[-1]],
        most=count[most_at],
        most_at=most_at,
    )


def bars(above: Values, below: Values) -> Bars:
    """Bars of two counts by week, one above the line and one below it; what is not more than nought has no bar."""
    up, down = (
        tuple((week, value) for week, value in enumerate(each) if value and value > 0) for each in (above, below)
    )
    return Bars(len(above), scale_of([above]), scale_of([below]), up, down)


def _path(values: Values, top: int) -> str:
    """Level through each week and upright between two; a week without a value lifts the pen."""
    parts: list[str] = []
    last: int | None = None
    for week, value in enumerate(values):
        if value is not None and last is None:
            parts.append(f"M{week} {top - value}")
        elif value is not None and value != last:
            parts.append(f"H{week}V{top - value}")
        elif value is None and last is not None:
            parts.append(f"H{week}")
        last = value
    return "".join([*parts, f"H{len(values)}"] if last is not None else parts)


def _mark(place: int, value: int, weeks: int, top: int) -> Mark:
    at = round((place + 0.5) * 100 / weeks, 1)
    y = round(TOP + (1 - value / top) * PLOT, 1)
    anchor = Anchor.START if at < NEAR / 2 else Anchor.END if at > 100 - NEAR / 2 else Anchor.MIDDLE
    return Mark(at, y, value, anchor, round(y - 6, 1))


def _apart(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """The marks without those whose numbers would run into one that was there before; the last one matters most."""
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: -mark.at):
        if all(abs(mark.at - other.at) >= NEAR or abs(mark.y - other.y) >= TOP for other in kept):
            kept.append(mark)
    return tuple(sorted(kept, key=lambda mark: mark.at))
