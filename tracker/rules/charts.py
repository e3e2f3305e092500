"""Where the parts of a chart stand: scales, ticks and positions in percent of its width; it draws nothing itself.

A chart is a table whose rows hold a strip as wide as the page allows, so its positions are shares of a width and its
words are never scaled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

NICE = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
MOST_TICKS = 5
# A value so many times the threshold says nothing more by its distance; it stands at the edge with its number.
FARTHEST = 3
# Ticks nearer than this to the threshold would run into its number.
NEAR = 9.0
EDGE = 97.0
TREND_WIDTH, TREND_HEIGHT, TREND_MARGIN = 72, 26, 5


@dataclass(frozen=True)
class Tick:
    """A number under the axis and its place."""

    value: Decimal
    at: float


@dataclass(frozen=True)
class Axis:
    """A scale from zero to ``end``; what lies beyond stands at its edge."""

    end: Decimal

    def at(self, value: Decimal) -> float:
        """The place of a value in percent of the width."""
        return round(min(max(float(value / self.end) * EDGE, 0.0), 99.0), 1)

    def is_beyond(self, value: Decimal) -> bool:
        """Whether a value lies outside and is drawn as an arrow."""
        return value > self.end

    def ticks(self, apart_from: Iterable[Decimal] = ()) -> tuple[Tick, ...]:
        """Round numbers along the scale, but for those that would run into a mark that has its own number."""
        step, marks = nice_step(self.end / MOST_TICKS), [self.at(each) for each in apart_from]
        # Beside a whole number no tick is written as a power of ten.
        found = (Tick(step * count + Decimal(0), self.at(step * count)) for count in range(int(self.end / step) + 1))
        return tuple(tick for tick in found if all(abs(tick.at - mark) >= NEAR for mark in marks))


def nice_step(rough: Decimal) -> Decimal:
    """The least of 1, 2, 2.5, 5 × 10ⁿ that is not below a number."""
    size = Decimal(1).scaleb(rough.adjusted()) if rough > 0 else Decimal(1)
    return next((factor * size for factor in NICE if factor * size >= rough), 10 * size)


def axis_for(values: Iterable[Decimal], threshold: Decimal | None) -> Axis:
    """The axis that shows some values beside a threshold: to the next round number, but not absurdly far."""
    known = [each for each in values if each > 0]
    highest = max([*known, threshold or Decimal(0)], default=Decimal(0)) or Decimal(1)
    if threshold and threshold > 0:
        highest = min(highest, threshold * FARTHEST)
    step = nice_step(highest / (2 * MOST_TICKS))
    return Axis(step * (highest / step).to_integral_value(ROUND_CEILING))


@dataclass(frozen=True)
class Dot:
    """A value on its axis; ``gap`` is the stretch to the threshold where the value is below it."""

    at: float
    beyond: bool
    gap: tuple[float, float] | None = None
    last: float | None = None


def dot(axis: Axis, value: Decimal, threshold: Decimal | None, is_short: bool, last: Decimal | None = None) -> Dot:
    """The place of a value, of last year's, and of what is missing up to the threshold."""
    place = axis.at(value)
    gap = None
    if is_short and threshold is not None:
        start, end = sorted((place, axis.at(threshold)))
        gap = (start, round(end - start, 1))
    before = axis.at(last) if last is not None else None
    return Dot(place, axis.is_beyond(value), gap, before)


@dataclass(frozen=True)
class Bullet:
    """A bar with its limit: the part within the limit, the part beyond, and where the limit stands."""

    within: float
    over: float
    limit: float


def bullet(value: Decimal, limit: Decimal) -> Bullet:
    """A bar of a value beside a limit that it is not to pass; the limit stands at two thirds unless it is far off."""
    axis = Axis(max(limit * Decimal("1.5"), value * Decimal("1.1")) or Decimal(1))
    end, at = axis.at(value), axis.at(limit)
    return Bullet(min(end, at), round(max(end - at, 0.0), 1), at)


def paced(value: Decimal, whole: Decimal, expected: Decimal, longest: Decimal) -> Bullet:
    """A bar on the way to a whole: what passes the whole lies beyond, the tick stands at what is expected by now."""
    value, scale = max(value, Decimal(0)), 100 / (longest or Decimal(1))
    within = min(value, whole)
    # A tick at the very end would stand outside.
    return Bullet(
        *(
            float(round(each, 1))
            for each in (within * scale, (value - within) * scale, min(expected * scale, Decimal(99)))
        )
    )


@dataclass(frozen=True)
class Point:
    """A year's value in a small chart, in its own units."""

    x: float
    y: float


@dataclass(frozen=True)
class Trend:
    """A small chart of some years with its threshold line; years without a value leave a hole."""

    runs: tuple[tuple[Point, ...], ...]
    threshold: float | None
    width: int = TREND_WIDTH
    height: int = TREND_HEIGHT

    @property
    def points(self) -> list[Point]:
        """All points, the latest last."""
        return [point for run in self.runs for point in run]


def trend(values: Sequence[Decimal | None], threshold: Decimal | None) -> Trend | None:
    """The chart of the values of some years, oldest first; None where there are none to connect."""
    known = [each for each in values if each is not None]
    if len(known) < 2:
        return None
    every = [*known, threshold] if threshold is not None else known
    low, high = min(every), max(every)
    room, inner = float(high - low), TREND_HEIGHT - 2 * TREND_MARGIN

    def height_of(value: Decimal) -> float:
        share = float(value - low) / room if room else 0.5
        return round(TREND_HEIGHT - TREND_MARGIN - share * inner, 1)

    step = (TREND_WIDTH - 2 * TREND_MARGIN) / max(len(values) - 1, 1)
    runs: list[tuple[Point, ...]] = []
    run: list[Point] = []
    for place, value in enumerate(values):
        if value is None:
            runs, run = ([*runs, tuple(run)], []) if run else (runs, run)
        else:
            run.append(Point(round(TREND_MARGIN + place * step, 1), height_of(value)))
    runs += [tuple(run)] if run else []
    return Trend(tuple(runs), height_of(threshold) if threshold is not None else None)
