"""Milestone strips: one time axis for some projects, and where the days of each stand on it, in percent of the width.

A strip has three lanes: the nodes in the middle, above them what is expected and when the project is due, below them
where a moved node stood first. Within a lane marks keep the order of their days and are set apart so far that each
is seen; the words beside a strip name the exact days.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from tracker.rules.completion import NodeFacts
from tracker.rules.project_facts import ProjectFacts
from tracker.rules.school_years import FIRST_MONTH

# No strip looks farther than this from today, whatever a date says.
MOST_YEARS = 10
# At each end one day, and one more of so many, may stand outside: where it is farther off than half of what the others
# span, and than two years.
DAYS_PER_OUTLIER = 100
NEAREST_OUTLIER = timedelta(days=730)
# Marks of one lane nearer than this, in percent of the width, would lie on each other.
GAP = 3.2
# Words under the axis nearer than this to today's would run into it.
NEAR = 7.0
MOST_YEAR_LABELS = 8
# The width of a character under the large strip, in percent, and the room between two names.
CHARACTER, BETWEEN = 1.7, 1.5
# A letter of the alphabet takes about so much of the width of a Chinese character.
LATIN_END, LATIN = "\u2e80", 0.6


class Sign(StrEnum):
    """What a mark says of a day; each has a shape of its own."""

    PLANNED = "planned"
    DONE = "done"
    OVERDUE = "overdue"
    FIRST = "first"
    EXPECTED = "expected"
    DEADLINE = "deadline"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Mark:
    """A day of a project at its place; ``name`` is the node's, empty where the mark is the project's own."""

    sign: Sign
    day: date
    at: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class Strip:
    """The marks of a project, lane by lane; whether some lie before or after the axis and stand at its edge."""

    marks: tuple[Mark, ...] = ()
    is_before: bool = False
    is_after: bool = False
    done: int = 0
    nodes: int = 0


@dataclass(frozen=True, slots=True)
class Year:
    """A calendar year on the axis: where it begins and what is written there, nothing where years stand too close."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class September:
    """A first of September on the axis; ``is_named`` where its word has room."""

    at: float
    year: int
    is_named: bool


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Whole half-years from ``start`` up to the day before ``end``."""

    start: date
    end: date
    today: date

    def at(self, day: date) -> float:
        """The place of a day in percent of the width; what lies outside stands at the edge."""
        share = (day - self.start).days / (self.end - self.start).days
        return round(min(max(share, 0.0), 1.0) * 100, 1)

    @property
    def now(self) -> float:
        """The place of today."""
        return self.at(self.today)

    @property
    def years(self) -> tuple[Year, ...]:
        """The years that begin on the axis, and the one in the middle of which it begins."""
        firsts = [self.start] if self.start.month > 1 else []
        firsts += [date(year, 1, 1) for year in range(self.start.year + bool(firsts), self.end.year + 1)]
        firsts = [first for first in firsts if first < self.end]
        step = -(-len(firsts) // MOST_YEAR_LABELS)
        named = [first for first in firsts if first.year % step == 0 and self._has_room(first)]
        return tuple(Year(self.at(first), str(first.year) if first in named else "") for first in firsts)

    @property
    def half_years(self) -> tuple[float, ...]:
        """Where the second half of each year begins, but for the edge."""
        halves = (date(year, 7, 1) for year in range(self.start.year, self.end.year + 1))
        return tuple(self.at(half) for half in halves if self.start < half < self.end)

    @property
    def septembers(self) -> tuple[September, ...]:
        """Each day on which a school year begins."""
        firsts = (date(year, FIRST_MONTH, 1) for year in range(self.start.year, self.end.year + 1))
        places = [(self.at(first), first.year) for first in firsts if self.start <= first < self.end]
        step = -(-len(places) // MOST_YEAR_LABELS)
        return tuple(
            September(at, year, is_named=year % max(step, 1) == 0 and abs(at - self.now) >= NEAR) for at, year in places
        )

    def _has_room(self, first: date) -> bool:
        """Whether the word of a year ends before the next year begins."""
        return self.at(date(first.year + 1, 1, 1)) - self.at(first) >= NEAR


@dataclass(frozen=True, slots=True)
class Name:
    """A node's name under the large strip: where, in which line from 0, and which of its ends stands there."""

    text: str
    at: float
    line: int
    end: str
    sign: Sign
    day: date


@dataclass(frozen=True, slots=True)
class LargeStrip:
    """A strip with its own axis and the names of its nodes below it."""

    axis: TimeAxis
    strip: Strip
    names: tuple[Name, ...]

    @property
    def lines(self) -> int:
        """How many lines the names take."""
        return max((name.line for name in self.names), default=-1) + 1


def axis_of(days: Iterable[date], today: date) -> TimeAxis:
    """The axis that shows some days and today: whole half-years, at least two, without what lies absurdly far off."""
    low, high = _years_from(today, -MOST_YEARS), _years_from(today, MOST_YEARS)
    known = sorted([*(day for day in days if low <= day <= high), today])
    spare = 1 + len(known) // DAYS_PER_OUTLIER
    core = known[spare : len(known) - spare] or known
    first, last = min(core[0], today), max(core[-1], today)
    reach = max(NEAREST_OUTLIER, (last - first) / 2)
    first = next(day for day in [*known, first] if day >= first - reach)
    last = next(day for day in [*reversed(known), last] if day <= last + reach)
    start, end = _half_year(first), _next_half_year(last)
    return TimeAxis(start, end if (end - start).days > 200 else _next_half_year(end), today)


def days_of(project: ProjectFacts) -> list[date]:
    """Every day that a project's strip shows."""
    return [day for _, day, _ in [*_nodes(project, date.min), *_above(project), *_below(project)]]


def strip_of(project: ProjectFacts, axis: TimeAxis) -> Strip:
    """The marks of a project on an axis; one that has only a deadline shows only that."""
    lanes = (_nodes(project, axis.today), _above(project), _below(project))
    marks = [mark for lane in lanes for mark in _placed(lane, axis)]
    return Strip(
        tuple(marks),
        any(mark.day < axis.start for mark in marks),
        any(mark.day >= axis.end for mark in marks),
        project.done_nodes,
        len(project.nodes),
    )


def strips_of(projects: Sequence[ProjectFacts], today: date) -> tuple[TimeAxis, list[Strip]]:
    """The common axis of some projects and their strips, in their order."""
    axis = axis_of((day for project in projects for day in days_of(project)), today)
    return axis, [strip_of(project, axis) for project in projects]


def sign_of(node: NodeFacts, today: date) -> Sign:
    """Whether a node is done, overdue, or planned."""
    if node.done_on:
        return Sign.DONE
    return Sign.OVERDUE if node.is_missed(today) else Sign.PLANNED


def names_under(strip: Strip) -> tuple[Name, ...]:
    """The names of the nodes of a large strip, in as many lines as keep them off each other."""
    ends: list[float] = []
    found = []
    for mark in strip.marks:
        if mark.sign not in {Sign.DONE, Sign.OVERDUE, Sign.PLANNED}:
            continue
        width = sum(1.0 if letter > LATIN_END else LATIN for letter in mark.name) * CHARACTER
        end = "start" if mark.at < width / 2 else "end" if mark.at > 100 - width / 2 else "middle"
        left = mark.at - {"start": 0.0, "middle": width / 2, "end": width}[end]
        line = next((place for place, until in enumerate(ends) if until + BETWEEN <= left), len(ends))
        ends[line : line + 1] = [left + width]
        found.append(Name(mark.name, mark.at, line, end, mark.sign, mark.day))
    return tuple(found)


def apart(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places in ascending order moved as little as possible so that each is a gap from the next, within bounds.

    Where they are too many for the room the gap gives way, so that none is lost.
    """
    if not places:
        return []
    gap = min(gap, (high - low) / max(len(places) - 1, 1))
    blocks: list[tuple[float, int]] = []
    for place, wanted in enumerate(places):
        total, count = wanted - place * gap, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            total, count = total + blocks[-1][0], count + blocks[-1][1]
            blocks.pop()
        blocks.append((total, count))
    # All places of a block share one shift; the bounds move whole blocks, so that the order stays.
    latest = high - (len(places) - 1) * gap
    shifts = [min(max(total / count, low), latest) for total, count in blocks for _ in range(count)]
    return [round(min(max(shift + place * gap, low), high), 1) for place, shift in enumerate(shifts)]


def large_strip(project: ProjectFacts, today: date) -> LargeStrip:
    """The strip of one project on an axis of its own, with the names of its nodes."""
    axis, (strip,) = strips_of([project], today)
    return LargeStrip(axis, strip, names_under(strip))


Day = tuple[Sign, date, str]


def _nodes(project: ProjectFacts, today: date) -> list[Day]:
    found = []
    for node in project.nodes:
        day = node.done_on or node.planned_on
        if day:
            found.append((sign_of(node, today), day, node.name))
    return found


def _above(project: ProjectFacts) -> list[Day]:
    """What is expected of the project, its deadline, and when it was closed."""
    last = project.nodes[-1] if project.nodes else None
    expected = (last.expected_on if last else None) or project.expected_on
    is_open = not project.closed_on and not (last and last.done_on)
    found = [(Sign.EXPECTED, expected, last.name if last else "")] if expected and is_open else []
    found += [(Sign.DEADLINE, project.deadline, "")] if project.deadline else []
    return [*found, (Sign.CLOSED, project.closed_on, "")] if project.closed_on else found


def _below(project: ProjectFacts) -> list[Day]:
    """Where nodes stood that were moved."""
    return [
        (Sign.FIRST, node.first_planned_on, node.name)
        for node in project.nodes
        if node.first_planned_on and node.first_planned_on != node.planned_on
    ]


def _placed(lane: list[Day], axis: TimeAxis) -> list[Mark]:
    """The marks of one lane; those of days up to today stay before today where the room allows it."""
    lane.sort(key=lambda each: each[1])
    places = [axis.at(day) for _, day, _ in lane]
    if all(later - earlier >= GAP for earlier, later in pairwise(places)):
        spread = places
    else:
        past = sum(day <= axis.today for _, day, _ in lane)
        has_room = (past - 1) * GAP <= axis.now and (len(lane) - past - 0.5) * GAP <= 100 - axis.now
        if has_room:
            half = min(GAP / 2, 100 - axis.now) if past else 0.0
            spread = apart(places[:past], GAP, 0, axis.now) + apart(places[past:], GAP, axis.now + half, 100)
        else:
            spread = apart(places, GAP, 0, 100)
    return [Mark(sign, day, at, name) for (sign, day, name), at in zip(lane, spread, strict=True)]


def _years_from(day: date, years: int) -> date:
    year = min(max(day.year + years, 1), 9998)
    return date(year, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


def _half_year(day: date) -> date:
    return date(day.year, 1 if day.month < 7 else 7, 1)


def _next_half_year(day: date) -> date:
    return date(day.year, 7, 1) if day.month < 7 else date(day.year + 1, 1, 1)
