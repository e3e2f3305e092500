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
        deadline, and the ladder is silent until its first step after it.
        """
        first_late = late_from + timedelta(days=self.day_after - 1)
        if day >= first_late:
            return self._repeated(first_late, day)
        # After a return the steps before the deadline are long past: they are not told again while the days run anew.
        if day > due_on and late_from > due_on + timedelta(days=1):
            return None
        steps = (due_on - timedelta(days=days) for days in self.days_before)
        return max((step for step in steps if step <= day), default=None)

    def head_step_on(self, due_on: date, late_from: date, held_days: int, day: date) -> date | None:
        """The day of the latest step that the heads of the units share, None while there is none.

        The first is the day on which the task is late by ``head_after``, the days at the office not counted; then they
        are told as often as the others. A step of the units soon after it would tell them twice in a week.
        """
        if self.head_after is None:
            return None
        first_late = late_from + timedelta(days=self.day_after - 1)
        first = max(first_late, due_on + timedelta(days=held_days + self.head_after))
        if day < first:
            return None
        return self._repeated(first, day)

    def _repeated(self, first: date, day: date) -> date:
        """The latest of a step and its repetitions on or before a day."""
        every = timedelta(days=self.repeat_every)
        return first + (day - first) // every * every


DEFAULT = Ladder()
MOST_STEPS = 6
LONGEST_BEFORE = 90
LATEST_AFTER = 30
LONGEST_REPEAT = 90
LONGEST_LATE = 365
FIRST_HOUR, LAST_HOUR = time(6), time(21)


def faults(ladder: Ladder) -> tuple[str, ...]:
    """The names of the fields that no ladder may have so; empty where it may be kept."""
    before = ladder.days_before
    sound = {
        "days_before": len(before) <= MOST_STEPS
        and list(before) == sorted(set(before), reverse=True)
        and all(1 <= days <= LONGEST_BEFORE for days in before),
        "day_after": 1 <= ladder.day_after <= LATEST_AFTER,
        "repeat_every": 1 <= ladder.repeat_every <= LONGEST_REPEAT,
        "head_after": ladder.head_after is None
        or (1 <= ladder.head_after <= LONGEST_LATE and not _is_told_after_leaders(ladder)),
        "decide_after": ladder.decide_after is None or 1 <= ladder.decide_after <= LONGEST_LATE,
        "sends_at": _is_sending_hour(ladder.sends_at),
        "leaders_at": ladder.leaders_at is None or _is_sending_hour(ladder.leaders_at),
    }
    return tuple(name for name, holds in sound.items() if not holds)


def _is_told_after_leaders(ladder: Ladder) -> bool:
    """Whether a head would hear of a task only after the leaders are asked to decide on it."""
    return ladder.head_after is not None and ladder.decide_after is not None and ladder.head_after > ladder.decide_after


def _is_sending_hour(hour: time) -> bool:
    """Whether a mail may be sent at an hour, which is whole to the minute."""
    return FIRST_HOUR <= hour <= LAST_HOUR and not hour.second and not hour.microsecond and hour.tzinfo is None


@dataclass(frozen=True)
class Ladders:
    """The ladders that were chosen, by region; a place without one follows the nearest above it."""

    chosen: Mapping[str, Ladder] = field(default_factory=dict)

    def of(self, region: str) -> Ladder:
        """The ladder that holds in a region."""
        chooser = self.chooser(region)
        return DEFAULT if chooser is None else self.chosen[chooser]

    def chooser(self, region: str) -> str | None:
        """The region whose choice holds in a region, its own or the nearest above it; None where nobody has chosen."""
        nearest = (region[:digits] for digits in range(len(region), -1, -1))
        return next((code for code in nearest if code in self.chosen), None)

    def choosing(self, region: str, ladder: Ladder) -> Ladders:
        """The same with the choice of one region in another way."""
        return Ladders({**self.chosen, region: ladder})

    @property
    def reach(self) -> timedelta:
        """The longest reach of all, for questions over many regions."""
        return max(each.reach for each in (DEFAULT, *self.chosen.values()))

    @property
    def longest_step(self) -> timedelta:
        """The longest step of all, for questions over many regions."""
        return max(each.longest_step for each in (DEFAULT, *self.chosen.values()))
