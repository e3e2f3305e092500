"""The trend of a year: which weeks it has, what was closed in each, and counts of units that are one today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.rules.issues import NEWLY_CLOSED_IN_TIME, NEWLY_CLOSED_LATE, on_time_in
from tracker.rules.lights import COUNTED, Light

Counts = Mapping[str, int]
WEEKS_LISTED = 8  # as many of the last weeks a table of units names one by one


@dataclass(frozen=True)
class Week:
    """A week of the trend in figures; ``closed_…`` are None where no earlier issue says what stood before."""

    lights: Mapping[Light, int]
    total: int
    closed_in_time: int | None
    closed_late: int | None
    percent: int | None


def weeks_in(year: int) -> int:
    """How many weeks belong to a year: 52 or 53."""
    return date(year, 12, 28).isocalendar().week


def year_of(week_on: date) -> int:
    """The year to which a week belongs: the one of most of its days."""
    return week_on.isocalendar().year


def weeks_from(first: date, last: date) -> list[date]:
    """The Mondays from one to another, both included."""
    return [first + timedelta(weeks=count) for count in range((last - first).days // 7 + 1)]


def week_of(counts: Counts, is_first: bool) -> Week:
    """The figures of a week; what it closed was in the issue before and not closed there: the first has none before.

    A plan that ends, or one that begins with closed tasks, closes nothing.
    """
    lights = {light: counts.get(light.value, 0) for light in COUNTED}
    names = (NEWLY_CLOSED_IN_TIME, NEWLY_CLOSED_LATE)
    in_time, late = (None if is_first else counts.get(name, 0) for name in names)
    return Week(lights, sum(lights.values()), in_time, late, on_time_in(counts).percent)


def weeks_of(counts: Sequence[tuple[date, Counts]], weeks: Iterable[date]) -> list[Week | None]:
    """The figures of some weeks, None for one without an issue, from the sums of all issues, oldest first."""
    found, first = dict(counts), counts[0][0] if counts else None
    return [week_of(found[week], week == first) if week in found else None for week in weeks]


def together(several: Iterable[Counts]) -> dict[str, int]:
    """The sums of units that have become one; a task of two of them counts for each, as it did then."""
    total: Counter[str] = Counter()
    for each in several:
        total.update(each)
    return dict(total)


def followed(unit_id: int, merged_into: Mapping[int, int | None]) -> int:
    """The unit that a unit has become; a ring of mergers ends where it began."""
    seen: set[int] = set()
    while unit_id not in seen and (into := merged_into.get(unit_id)) is not None:
        seen.add(unit_id)
        unit_id = into
    return unit_id
