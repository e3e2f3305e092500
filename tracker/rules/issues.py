"""What the lines of a frozen issue (期) add up to: the same sums for a page, for the trend of a year and for a unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

from tracker.rules.lights import COUNTED, Light
from tracker.rules.overview import OnTime, Since, Week, has_become, monday_of, shared_by_all

DUE, IN_TIME, OWN_DUE, OWN_IN_TIME = "due", "in_time", "own_due", "own_in_time"
NEWLY_CLOSED_IN_TIME, NEWLY_CLOSED_LATE = "newly_closed_in_time", "newly_closed_late"
NEWLY_OVERDUE, NEWLY_CLOSED, STALE, TO_DECIDE = "newly_overdue", "newly_closed", "stale", "to_decide"


class Frozen(Protocol):
    """A task as an issue froze it, as far as the sums ask."""

    @property
    def light(self) -> Light:
        """Its light at the cut-off."""

    @property
    def light_before(self) -> Light | None:
        """Its light in the issue before, None where it was in none."""

    @property
    def units(self) -> Sequence[str]:
        """The units that answer for it."""

    @property
    def fallen_due(self) -> bool:
        """Whether its deadline has passed, or it was submitted before."""

    @property
    def in_time(self) -> bool:
        """Whether it was submitted by the deadline then in force."""

    @property
    def stale(self) -> bool:
        """Whether nobody has reported on it for two weeks."""

    @property
    def to_decide(self) -> bool:
        """Whether it waited for the leaders to decide."""


def counts_of(lines: Iterable[Frozen]) -> dict[str, int]:
    """The sums over lines by name: each light by its word, and the names of this module; what is nought is left out.

    ``own_…`` count the tasks that one unit answers for alone, which alone give it a place.
    """
    found: Counter[str] = Counter()
    for line in lines:
        alone, due = len(line.units) == 1, line.fallen_due
        closed = has_become(Light.CLOSED, line.light, line.light_before)
        in_time = due and line.in_time
        found[line.light.value] += 1
        found.update(
            {
                DUE: due,
                IN_TIME: in_time,
                OWN_DUE: alone and due,
                OWN_IN_TIME: alone and in_time,
                NEWLY_CLOSED_IN_TIME: closed and line.in_time,
                NEWLY_CLOSED_LATE: closed and not line.in_time,
                NEWLY_OVERDUE: has_become(Light.OVERDUE, line.light, line.light_before),
                NEWLY_CLOSED: closed,
                STALE: line.stale,
                TO_DECIDE: line.to_decide,
            }
        )
    return {name: int(count) for name, count in found.items() if count}


def lights_in(counts: Mapping[str, int]) -> dict[Light, int]:
    """The number of tasks by light, also of those that nobody has."""
    return {light: counts.get(light.value, 0) for light in Light}


def total_in(counts: Mapping[str, int]) -> int:
    """The tasks in the six groups; suspended ones stand apart."""
    return sum(counts.get(light.value, 0) for light in COUNTED)


def on_time_in(counts: Mapping[str, int]) -> OnTime:
    """Tasks fallen due and those submitted in time."""
    return OnTime(counts.get(DUE, 0), counts.get(IN_TIME, 0))


def own_on_time_in(counts: Mapping[str, int]) -> OnTime:
    """The same of tasks that a unit answers for alone."""
    return OnTime(counts.get(OWN_DUE, 0), counts.get(OWN_IN_TIME, 0))


def week_in(counts: Mapping[str, int], newly_overdue_of: Mapping[str, int], since: Week) -> Week:
    """The figures of a week; ``newly_overdue_of`` by unit, ``since`` says what they are measured from."""
    newly_overdue = counts.get(NEWLY_OVERDUE, 0)
    return Week(
        total=total_in(counts),
        closed=counts.get(Light.CLOSED.value, 0),
        overdue=counts.get(Light.OVERDUE.value, 0),
        newly_closed=counts.get(NEWLY_CLOSED, 0) if since.since is not Since.NOTHING else 0,
        newly_overdue=newly_overdue,
        newly_overdue_of=shared_by_all(newly_overdue_of, newly_overdue),
        stale=counts.get(STALE, 0),
        since=since.since,
        since_on=since.since_on,
    )


def may_be_frozen_again(week_on: date, newest: date | None, today: date) -> bool:
    """Whether the figures of a draft may be taken anew: in its own week, and while no later issue counts from it."""
    return newest == week_on == monday_of(today)


def made_up_on(week_on: date, cut_off_on: date) -> date | None:
    """The day on which a missed week was frozen after it had ended, None for one frozen in its week."""
    return cut_off_on if monday_of(cut_off_on) > week_on else None
