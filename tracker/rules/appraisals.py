"""年度考核: what the frozen issues of a year say of each unit, and by which rules.

A task counts in the year in which its deadline in force fell, by the last issue of the year that has it. Extensions,
returns and missed reports are counted from a task's first day on, so those of a year are what stood at its end less
what stood at the end of the year before. A task that several units answer for counts for each of them and gives none a
place.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar

from tracker.rules.overview import OnTime, places
from tracker.rules.workdays import DAY, Calendar

# The first issue of January closes the year before: only it knows what became of the deadlines of the last days.
JANUARY = 1
TERM_DAYS = 5
LONGEST_TERM = 60
MOST_OBJECTIONS = 20
Key = TypeVar("Key", bound=Hashable)


class Figure(StrEnum):
    """What is counted of a unit in a year."""

    DUE = "due"  # tasks whose deadline in force fell in the year, and which have fallen due
    IN_TIME = "in_time"  # those submitted by the deadline then in force
    LATE = "late"  # the others
    DAYS_LATE = "days_late"  # the days late of these, all together
    EXTENSIONS = "extensions"
    RETURNS = "returns"
    PERIODS_MISSED = "periods_missed"
    OWN_DUE = "own_due"  # of those due the ones that the unit answers for alone
    OWN_IN_TIME = "own_in_time"


# What is kept of a unit; what is late follows from it.
STORED = tuple(figure for figure in Figure if figure is not Figure.LATE)
SUMS = (Figure.DAYS_LATE, Figure.EXTENSIONS, Figure.RETURNS, Figure.PERIODS_MISSED)
Figures = Mapping[str, int]


class IssueRow(Protocol):
    """An issue as far as a year asks."""

    @property
    def id(self) -> int:
        """The id of its row."""

    @property
    def number(self) -> int:
        """Its number in its region."""

    @property
    def closed_on(self) -> date:
        """The office day of its cut-off."""


@dataclass(frozen=True)
class Span:
    """The issues that tell of a year, oldest first, and the last one of the year before, if there is any."""

    year: int
    issues: Sequence[IssueRow]
    before: IssueRow | None

    @property
    def last(self) -> IssueRow:
        """The issue as of which the year is told."""
        return self.issues[-1]

    @property
    def is_over(self) -> bool:
        """Whether the last issue was cut off after the end of the year."""
        return is_over(self.year, self.last.closed_on)


def span_of(issues: Sequence[IssueRow], year: int) -> Span | None:
    """The issues of a year out of all of a region, oldest first; None where the year has none of its own."""
    own = [each for each in issues if each.closed_on.year == year]
    if not own:
        return None
    closing = _closing(issues, year)
    return Span(year, [*own, closing] if closing else own, _last_before(issues, year))


def is_over(year: int, day: date) -> bool:
    """Whether a year is over on a day."""
    return day.year > year


def _closing(issues: Sequence[IssueRow], year: int) -> IssueRow | None:
    """The first issue of the January after a year."""
    january = ((each.closed_on.year, each.closed_on.month) == (year + 1, JANUARY) for each in issues)
    return next((each for each, is_in in zip(issues, january, strict=True) if is_in), None)


def _last_before(issues: Sequence[IssueRow], year: int) -> IssueRow | None:
    """The issue up to which everything belongs to earlier years."""
    earlier = [each for each in issues if each.closed_on.year < year]
    if earlier and earlier[-1].closed_on.year == year - 1:
        return _closing(issues, year - 1) or earlier[-1]
    return earlier[-1] if earlier else None


class Line(Protocol):
    """A task as an issue froze it, as far as the appraisal asks."""

    @property
    def task_key(self) -> str:
        """The key of the task."""

    @property
    def number(self) -> str | None:
        """Its number in the plan."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def units(self) -> Sequence[str]:
        """The units that answer for it."""

    @property
    def unit_ids(self) -> Sequence[int]:
        """Their ids, in the same order."""

    @property
    def due_on(self) -> date | None:
        """The deadline in force."""

    @property
    def submitted_on(self) -> date | None:
        """The day on which all was submitted."""

    @property
    def days_late(self) -> int:
        """How many days late it was, while it was open."""

    @property
    def held_days(self) -> int:
        """Days after the deadline that it lay at the office."""

    @property
    def fallen_due(self) -> bool:
        """Whether its deadline had passed, or it was submitted."""

    @property
    def in_time(self) -> bool:
        """Whether it was submitted by the deadline then in force."""

    @property
    def issue_number(self) -> int:
        """The issue that tells of it."""


class Counters(Protocol):
    """What an issue counts of a task from its first day on."""

    @property
    def extensions(self) -> int:
        """Deadlines moved at a unit's request."""

    @property
    def returns(self) -> int:
        """Submissions that the office gave back."""

    @property
    def periods_missed(self) -> int:
        """Periods that nobody reported on."""


class FrozenLine(Line, Counters, Protocol):
    """Both of a line."""


@dataclass(frozen=True)
class Counted:
    """A task as a year counts it for each unit that answers for it."""

    key: str
    number: str | None
    title: str
    units: Sequence[str]
    unit_ids: Sequence[int]
    due_on: date | None
    is_due: bool
    in_time: bool
    days_late: int
    extensions: int
    returns: int
    periods_missed: int
    issue_number: int

    @property
    def is_late(self) -> bool:
        """Whether it fell due and was not submitted by then."""
        return self.is_due and not self.in_time

    @property
    def is_own(self) -> bool:
        """Whether one unit answers for it alone."""
        return len(self.units) == 1

    def amount(self, figure: Figure) -> int:
        """What the task adds to a figure."""
        flags = {
            Figure.DUE: self.is_due,
            Figure.IN_TIME: self.in_time,
            Figure.LATE: self.is_late,
            Figure.OWN_DUE: self.is_due and self.is_own,
            Figure.OWN_IN_TIME: self.in_time and self.is_own,
        }
        return int(flags[figure]) if figure in flags else int(getattr(self, figure.value))


def counted(line: FrozenLine, before: Counters | None, year: int) -> Counted:
    """What a year counts of a task, from its last line of the year and from the last one of the year before."""
    is_due = line.fallen_due and line.due_on is not None and line.due_on.year == year
    in_time = is_due and line.in_time
    return Counted(
        key=line.task_key,
        number=line.number,
        title=line.title,
        units=line.units,
        unit_ids=line.unit_ids,
        due_on=line.due_on,
        is_due=is_due,
        in_time=in_time,
        days_late=_days_late(line) if is_due and not in_time else 0,
        extensions=_since(line.extensions, before.extensions if before else 0),
        returns=_since(line.returns, before.returns if before else 0),
        periods_missed=_since(line.periods_missed, before.periods_missed if before else 0),
        issue_number=line.issue_number,
    )


def _days_late(line: Line) -> int:
    """Up to the submission, or to the cut-off where there was none; days at the office never count."""
    if line.submitted_on is None or line.due_on is None:
        return line.days_late
    return max(1, (line.submitted_on - line.due_on).days - line.held_days)


def _since(now: int, before: int) -> int:
    return max(0, now - before)


def figures_of(tasks: Iterable[Counted]) -> dict[str, int]:
    """The figures of a unit from the tasks that it answers for."""
    found = list(tasks)
    return {figure.value: sum(task.amount(figure) for task in found) for figure in STORED}


def behind(tasks: Iterable[Counted], figure: Figure) -> list[Counted]:
    """The tasks behind a figure: what each of them adds sums up to it."""
    return [task for task in tasks if task.amount(figure)]


def value_of(figures: Figures, figure: Figure) -> int:
    """A figure, also the one that is not kept."""
    if figure is Figure.LATE:
        return figures.get(Figure.DUE, 0) - figures.get(Figure.IN_TIME, 0)
    return figures.get(figure, 0)


def in_force(figures: Figures, corrected: Figures) -> dict[str, int]:
    """The figures after what the office put right."""
    return {**figures, **corrected}


def on_time(figures: Figures) -> OnTime:
    """Tasks due and those in time."""
    return OnTime(value_of(figures, Figure.DUE), value_of(figures, Figure.IN_TIME))


def own_on_time(figures: Figures) -> OnTime:
    """The same of tasks that the unit answers for alone."""
    return OnTime(value_of(figures, Figure.OWN_DUE), value_of(figures, Figure.OWN_IN_TIME))


def places_of(figures: Mapping[Key, Figures]) -> dict[Key, int]:
    """The places by the rate on time, as the overview has them."""
    return places({key: own_on_time(each) for key, each in figures.items()})


def contradiction(figures: Figures) -> tuple[Figure, Figure] | None:
    """Two figures that cannot both be true, the one that is too large first; None where all may be."""
    for part, whole in (
        (Figure.IN_TIME, Figure.DUE),
        (Figure.OWN_DUE, Figure.DUE),
        (Figure.OWN_IN_TIME, Figure.OWN_DUE),
        (Figure.OWN_IN_TIME, Figure.IN_TIME),
    ):
        if value_of(figures, part) > value_of(figures, whole):
            return part, whole
    has_days, is_late = (value_of(figures, each) > 0 for each in (Figure.DAYS_LATE, Figure.LATE))
    return (Figure.DAYS_LATE, Figure.LATE) if has_days and not is_late else None


def term_end(calendar: Calendar, published_on: date, days: int) -> date:
    """The last day of a term of so many working days; the day of publishing is not among them."""
    day = published_on
    for _each in range(days):
        day = calendar.next_workday(day + DAY)
    return day


def is_open(until: date | None, today: date) -> bool:
    """Whether objections are taken on a day."""
    return until is not None and today <= until
