"""The ladder of reminders: on which days a task asks its units again, and when its lateness goes up.

Thresholds count calendar days, sending is on working days. A mail goes out on the first of them on which the step that
has been reached was not yet announced to the person. So steps that fall on holidays wait, steps that passed unseen are
announced once, and nothing depends on the last run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta


@dataclass(frozen=True)
class Ladder:
    """When a region reminds: days before a deadline (falling), after it, and between two reminders while late.

    ``head_after`` and ``decide_after`` are the days late from which the unit's head and the leaders' list are told,
    None for never; ``sends_at`` is the hour of the digests, ``leaders_at`` that of the leaders' Monday mail.
    """

    days_before: tuple[int, ...] = (15, 7, 1)
    day_after: int = 1
    repeat_every: int = 7
    head_after: int | None = 14
    decide_after: int | None = 30
    sends_at: time = time(9)
    leaders_at: time | None = time(8, 30)

    @property
    def reach(self) -> timedelta:
        """How long before its deadline a task first asks."""
        return timedelta(days=max(self.days_before, default=0))

    @property
    def longest_step(self) -> timedelta:
        """The longest time for which a step is the present one."""
        gaps = [before - after for before, after in zip(self.days_before, self.days_before[1:], strict=False)]
        last = [self.days_before[-1] + self.day_after] if self.days_before else []
        return timedelta(days=max([*gaps, *last, self.repeat_every]))

    def step_on(self, due_on: date, late_from: date, day: date) -> date | None:
        """The day of the latest step on or before a day, None before the first.

        ``late_from`` is the first day that counts as late: after a return it lies later than the day after the
        deadline, and the ladder is silent until then.
        """
        first_late = late_from + timedelta(days=self.day_after - 1)
        if day >= first_late:
            return first_late + (day - first_late) // timedelta(days=self.repeat_every) * timedelta(
                days=self.repeat_every
            )
        if due_on < day < late_from:
            return None
        steps = (due_on - timedelta(days=days) for days in self.days_before)
        return max((step for step in steps if step <= day), default=None)


DEFAULT = Ladder()


@dataclass(frozen=True)
class Ladders:
    """The ladders that were chosen, by region; a place without one follows the nearest above it."""

    chosen: Mapping[str, Ladder] = field(default_factory=dict)

    def of(self, region: str) -> Ladder:
        """The ladder that holds in a region."""
        nearest = (region[:digits] for digits in range(len(region), -1, -1))
        return next((self.chosen[code] for code in nearest if code in self.chosen), DEFAULT)

    @property
    def reach(self) -> timedelta:
        """The longest reach of all, for questions over many regions."""
        return max(each.reach for each in (DEFAULT, *self.chosen.values()))

    @property
    def longest_step(self) -> timedelta:
        """The longest step of all, for questions over many regions."""
        return max(each.longest_step for each in (DEFAULT, *self.chosen.values()))
