"""The light of a task: computed, never set.

An act changes what a task *is*; the passing of days changes only its light. So an act writes four facts,
``LightDates``, and the light of any day follows from them by comparison alone: in Python here, in SQL in
``queries/lights.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.rules.deadlines import days_late
from tracker.rules.lifecycle import State
from tracker.rules.rhythms import Beat, Period, Rhythm, is_possible, missed_period

SOON_DAYS = 15
MISSED_SOON = 2  # reporting periods without a report that light ▲ on a task with a deadline
DAY = timedelta(days=1)


class Light(StrEnum):
    """灯, worst first. Suspended tasks stand apart, outside every total."""

    OVERDUE = "overdue"
    SOON = "soon"
    NORMAL = "normal"
    CLOSED = "closed"
    NOT_DUE = "not_due"
    REDATE = "redate"
    SUSPENDED = "suspended"


class LightRule(StrEnum):
    """Which rule lit the light."""

    CLOSED = "closed"
    REDATE = "redate"
    PAST_DUE = "past_due"
    DUE_SOON = "due_soon"
    DIFFICULTY = "difficulty"
    NODE_MISSED = "node_missed"
    MISSED_PERIODS = "missed_periods"
    UNCHANGED = "unchanged"
    PERIOD_MISSED = "period_missed"
    NO_DEADLINE = "no_deadline"
    NOT_STARTED = "not_started"
    ON_PLAN = "on_plan"
    AWAITING = "awaiting"
    SUSPENDED = "suspended"


COUNTED = (Light.OVERDUE, Light.SOON, Light.NORMAL, Light.CLOSED, Light.NOT_DUE, Light.REDATE)
WORST_FIRST = (Light.OVERDUE, Light.SOON, Light.REDATE, Light.NORMAL, Light.NOT_DUE, Light.CLOSED, Light.SUSPENDED)


@dataclass(frozen=True)
class LightFacts:
    """What the light depends on, in office days. ``held_days`` lay at the office after the deadline and never count.

    The rhythm counts from the period of the last report, or from its first one. ``node_due_on`` is the earliest planned
    day of a project's nodes that are not done.
    """

    state: State
    starts_on: date | None
    due_on: date | None
    needs_redate: bool = False
    submitted_on: date | None = None
    held_days: int = 0
    difficulty_on: date | None = None
    unchanged_on: date | None = None
    rhythm: Rhythm | None = None
    rhythm_parts: int = 1
    rhythm_from: date | None = None
    reported_on: date | None = None
    node_due_on: date | None = None

    @property
    def beat(self) -> Beat | None:
        """The rhythm as it can be counted, None where there is none or its parts cannot be."""
        if self.rhythm is None or self.rhythm_from is None or not is_possible(self.rhythm, self.rhythm_parts):
            return None
        return Beat(self.rhythm, self.rhythm_parts, self.rhythm_from, self.due_on)


@dataclass(frozen=True)
class LightDates:
    """The light as a timetable: ``fixed`` for all days, else ◆, ▲, ● from the dates on which each begins, ○ before."""

    fixed: Light | None = None
    late_from: date | None = None
    soon_from: date | None = None
    normal_from: date | None = None


def light_dates(facts: LightFacts) -> LightDates:
    """The timetable of a task's light as long as nobody acts on it."""
    if facts.state is State.CLOSED:
        return LightDates(fixed=Light.CLOSED)
    if facts.state is State.SUSPENDED:
        return LightDates(fixed=Light.SUSPENDED)
    if facts.needs_redate:
        return LightDates(fixed=Light.REDATE)
    waits = facts.state is State.SUBMITTED
    return LightDates(
        late_from=_late_from(facts),
        soon_from=None
        if waits
        else _earliest(
            facts.difficulty_on,
            facts.unchanged_on,
            _days_before_due(facts),
            _node_missed_from(facts),
            _missed_from(facts),
        ),
        normal_from=_normal_from(facts),
    )


def light_on(dates: LightDates, day: date) -> Light:
    """The light of a day: the first that applies of ✓ ◇ ◆ ▲ ● ○."""
    if dates.fixed:
        return dates.fixed
    for light, begin in (
        (Light.OVERDUE, dates.late_from),
        (Light.SOON, dates.soon_from),
        (Light.NORMAL, dates.normal_from),
    ):
        if begin and begin <= day:
            return light
    return Light.NOT_DUE


def light_rule(facts: LightFacts, day: date) -> LightRule:
    """Which rule lights a task on a day, for people to read."""
    match light_on(light_dates(facts), day):
        case Light.CLOSED:
            return LightRule.CLOSED
        case Light.SUSPENDED:
            return LightRule.SUSPENDED
        case Light.REDATE:
            return LightRule.REDATE
        case Light.OVERDUE:
            return LightRule.PAST_DUE if facts.due_on else LightRule.PERIOD_MISSED
        case Light.SOON:
            return _soon_rule(facts, day)
        case Light.NORMAL:
            return LightRule.AWAITING if facts.state is State.SUBMITTED else LightRule.ON_PLAN
        case _:
            return LightRule.NO_DEADLINE if facts.due_on is None else LightRule.NOT_STARTED


def missed(facts: LightFacts) -> Period | None:
    """The first reporting period that ends without a report as long as nobody reports, None without a rhythm."""
    return missed_period(facts.beat, facts.reported_on, 1) if facts.beat else None


def days_overdue(facts: LightFacts, late_from: date | None, day: date) -> int:
    """Days late: after the deadline, or without one after the end of the period that was missed."""
    if facts.due_on:
        return days_late(facts.due_on, day, facts.submitted_on, facts.held_days)
    return max(0, (day - late_from + DAY).days) if late_from else 0


def _soon_rule(facts: LightFacts, day: date) -> LightRule:
    """The first that applies of those that light ▲."""
    begins = (
        (LightRule.DUE_SOON, _days_before_due(facts)),
        (LightRule.DIFFICULTY, facts.difficulty_on),
        (LightRule.NODE_MISSED, _node_missed_from(facts)),
        (LightRule.MISSED_PERIODS, _missed_from(facts)),
    )
    return next((rule for rule, begin in begins if begin and begin <= day), LightRule.UNCHANGED)


def _late_from(facts: LightFacts) -> date | None:
    """The first day that counts as late: days at the office move it, so that ◆ and a count of days late agree."""
    if facts.due_on is None:
        period = None if facts.state is State.SUBMITTED else missed(facts)
        return period.ends_on + DAY if period else None
    first = facts.due_on + timedelta(days=facts.held_days + 1)
    if facts.state is State.SUBMITTED and facts.submitted_on and facts.submitted_on < first:
        return None
    return first


def _missed_from(facts: LightFacts) -> date | None:
    """The day after the period that makes two in a row without a report."""
    period = missed_period(facts.beat, facts.reported_on, MISSED_SOON) if facts.beat else None
    return period.ends_on + DAY if period else None


def _node_missed_from(facts: LightFacts) -> date | None:
    """The day after the planned day of a node that is not done."""
    return facts.node_due_on + DAY if facts.node_due_on else None


def _days_before_due(facts: LightFacts) -> date | None:
    return facts.due_on - timedelta(days=SOON_DAYS) if facts.due_on else None


def _normal_from(facts: LightFacts) -> date | None:
    """A task is ● once somebody works on it, or once the plan says that it begins; without an end it stays ○."""
    if facts.due_on is None and facts.state is not State.SUBMITTED:
        return None
    if facts.state is State.NOT_STARTED:
        return facts.starts_on
    return date.min


def _earliest(*days: date | None) -> date | None:
    return min((day for day in days if day), default=None)
