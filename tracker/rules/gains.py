"""What tasks bring and when: an amount of a figure, or a condition met, and whether a forecast may count on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tracker.rules.school_figures import SEATS
from tracker.rules.stages import Stage


class Mode(StrEnum):
    """By which date an open task is taken to end: its deadline, what its unit expects, or not at all."""

    DEADLINE = "deadline"
    EXPECTED = "expected"
    CLOSED = "closed"


class Why(StrEnum):
    """Why a gain is not counted on a day."""

    LATER = "later"  # it arrives after the day
    NO_DATE = "no_date"  # the task is open and its date has passed, or it has none
    OPEN = "open"  # only closed tasks are asked for
    UNCONFIRMED = "unconfirmed"
    NO_AMOUNT = "no_amount"
    SUSPENDED = "suspended"
    DROPPED = "dropped"  # by a what-if
    ALREADY = "already"  # the numbers were counted after it was there
    NO_NUMBER = "no_number"  # what it adds to is not known, or its school has no numbers
    NO_EFFECT = "no_effect"  # seats change no number by themselves


# What keeps a gain out even when every open task is finished.
FOR_EVER = frozenset({Why.UNCONFIRMED, Why.NO_AMOUNT, Why.SUSPENDED, Why.DROPPED, Why.ALREADY, Why.NO_NUMBER})


@dataclass(frozen=True, slots=True)
class TaskEnd:
    """When a task ends: closed, due, or expected by its unit; a deadline that must be set anew is none."""

    key: str
    title: str = ""
    due_on: date | None = None
    expected_on: date | None = None
    closed_on: date | None = None
    suspended: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it may still bring something."""
        return self.closed_on is None and not self.suspended


@dataclass(frozen=True, slots=True)
class Gain:
    """An amount that a task adds to a figure of a school, of one of its stages, or of the county (neither of both).

    ``from_on`` is a day before which it does not count, however early the task ends.
    """

    task: TaskEnd
    figure: str
    amount: Decimal | None
    school: int | None = None
    stage: Stage | None = None
    from_on: date | None = None
    confirmed: bool = True
    id: int = 0


@dataclass(frozen=True, slots=True)
class Meeting:
    """A task that meets a condition of the county, one that is answered with yes, when it is done."""

    task: TaskEnd
    condition: str
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Arrival:
    """What becomes of a gain: the day on which it arrives, where there is one, and why it is not counted."""

    gain: Gain
    on: date | None
    why: Why | None

    @property
    def is_counted(self) -> bool:
        """Whether it stands in the numbers of the day."""
        return self.why is None


@dataclass(frozen=True, slots=True)
class Timing:
    """By what arrivals are told: the day asked about, today, the mode, and what a what-if moves or drops."""

    on: date
    today: date
    mode: Mode
    slips: Mapping[str, date]
    drops: frozenset[str]
    unconfirmed: bool = False

    def end_of(self, task: TaskEnd) -> date | Why:
        """The day on which a task ends, or why no day can be counted on."""
        if task.key in self.drops:
            return Why.DROPPED
        if task.suspended:
            return Why.SUSPENDED
        if task.closed_on is not None:
            return task.closed_on
        if task.key in self.slips:
            return self.slips[task.key]
        if self.mode is Mode.CLOSED:
            return Why.OPEN
        due = (task.expected_on or task.due_on) if self.mode is Mode.EXPECTED else task.due_on
        return Why.NO_DATE if due is None or due < self.today else due

    def is_wanted(self, gain: Gain) -> bool:
        """Whether a gain is asked about: confirmed, or asked for although it is not."""
        return gain.confirmed or self.unconfirmed

    def arrival_of(self, gain: Gain, counted_on: date | None) -> Arrival:
        """When a gain arrives, and whether it counts beside numbers of the day ``counted_on``."""
        if not self.is_wanted(gain):
            return Arrival(gain, None, Why.UNCONFIRMED)
        end = self.end_of(gain.task)
        if isinstance(end, Why):
            return Arrival(gain, None, end if gain.amount is not None or end in FOR_EVER else Why.NO_AMOUNT)
        on = max(end, gain.from_on) if gain.from_on else end
        if gain.amount is None:
            return Arrival(gain, on, Why.NO_AMOUNT)
        if gain.figure == SEATS.code:
            return Arrival(gain, on, Why.NO_EFFECT)
        if counted_on is not None and on <= counted_on and not gain.task.is_open:
            return Arrival(gain, on, Why.ALREADY)
        return Arrival(gain, on, Why.LATER if on > self.on else None)
