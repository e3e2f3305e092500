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
    IN_PART = "in_part"  # the task was closed with a part of it done, and nobody has said since what that part brings
    SCHOOL_CLOSED = "school_closed"


# What keeps a gain out even when every open task is finished.
FOR_EVER = frozenset({*Why} - {Why.LATER, Why.NO_DATE, Why.OPEN})


@dataclass(frozen=True, slots=True)
class TaskEnd:
    """When a task ends: closed, due, or expected by its unit; a deadline that must be set anew is none.

    One closed ``in_part`` has left some of it undone.
    """

    key: str
    title: str = ""
    due_on: date | None = None
    expected_on: date | None = None
    closed_on: date | None = None
    suspended: bool = False
    submitted_on: date | None = None
    in_part: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it may still bring something."""
        return self.closed_on is None and not self.suspended

    @property
    def done_on(self) -> date | None:
        """The day on which the work of a closed task was done: when it was submitted, not when that was found true."""
        return self.closed_on and (self.submitted_on or self.closed_on)


@dataclass(frozen=True, slots=True)
class Gain:
    """An amount that a task adds to a figure of a school, of one of its stages, or of the county (neither of both).

    ``from_on`` is a day before which it does not count, however early the task ends. ``of_part``: the amount was said
    after the task was closed in part, of that part alone.
    """

    task: TaskEnd
    figure: str
    amount: Decimal | None
    school: int | None = None
    stage: Stage | None = None
    from_on: date | None = None
    confirmed: bool = True
    id: int = 0
    of_part: bool = False


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

    def end_of(self, task: TaskEnd, *, of_part: bool = False) -> date | Why:
        """The day on which a task ends, or the part of it that was done; or why no day can be counted on."""
        if task.key in self.drops:
            return Why.DROPPED
        if task.suspended:
            return Why.SUSPENDED
        if task.done_on is not None:
            return Why.IN_PART if task.in_part and not of_part else task.done_on
        if self.mode is Mode.CLOSED:
            return Why.OPEN
        named = self.named_end_of(task)
        is_credible = named is not None and (named >= self.today or task.key in self.slips)
        return named if named is not None and is_credible else Why.NO_DATE

    def named_end_of(self, task: TaskEnd) -> date | None:
        """The day that is named for the end of an open task, even where it can not be counted on."""
        due = (task.expected_on or task.due_on) if self.mode is Mode.EXPECTED else task.due_on
        return self.slips.get(task.key, due)

    def is_wanted(self, gain: Gain) -> bool:
        """Whether a gain is asked about: confirmed, or asked for although it is not."""
        return gain.confirmed or self.unconfirmed

    def arrival_of(self, gain: Gain, counted_on: date | None) -> Arrival:
        """When a gain arrives, and whether it counts beside numbers of the day ``counted_on``."""
        if not self.is_wanted(gain):
            return Arrival(gain, None, Why.UNCONFIRMED)
        end = self.end_of(gain.task, of_part=gain.of_part)
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
