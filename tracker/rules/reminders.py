"""Reminders: whom a task asks, and on which days of its ladder.

The ladder counts calendar days: 15, 7 and 1 before the deadline, the first day late, then every seventh while late. A
mail goes out on the first working day on which the step that has been reached was not yet announced to the person. So
steps that fall on holidays wait, steps that passed unseen are announced once, and nothing depends on the last run.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from tracker.rules.lifecycle import State
from tracker.rules.lights import LightFacts
from tracker.rules.parts import Parts

DAYS_BEFORE = (15, 7, 1)
DAYS_BETWEEN = 7
REACH = timedelta(days=max(DAYS_BEFORE))
# A step stays the present one until the next: never longer than from the first to the second.
LONGEST_STEP = timedelta(days=max(DAYS_BEFORE[0] - DAYS_BEFORE[1], DAYS_BETWEEN))
SOON = 7
# After so long a mail that could not be sent says nothing any more.
MAIL_KEPT = timedelta(days=7)
REMINDED_STATES = (State.NOT_STARTED, State.IN_PROGRESS)


class Urgency(StrEnum):
    """How a digest counts its tasks, worst first."""

    LATE = "late"
    WEEK = "week"
    FORTNIGHT = "fortnight"


def is_reminded(facts: LightFacts, plan_is_active: bool) -> bool:
    """Whether a task may remind anybody: an open task of an active plan with a deadline that nobody doubts."""
    return plan_is_active and facts.state in REMINDED_STATES and not facts.needs_redate and facts.due_on is not None


def asked_units(parts: Parts) -> frozenset[int]:
    """The units that a task asks: its leads, or every responsible unit that has not yet said done."""
    return parts.leads or parts.missing


def step_on(due_on: date, late_from: date, day: date) -> date | None:
    """The day of the ladder's latest step on or before a day, None before the first.

    ``late_from`` is the first day that counts as late: after a return it lies later than the day after the deadline,
    and the ladder is silent until then.
    """
    if day >= late_from:
        return late_from + (day - late_from) // timedelta(days=DAYS_BETWEEN) * timedelta(days=DAYS_BETWEEN)
    if day > due_on:
        return None
    steps = (due_on - timedelta(days=days) for days in DAYS_BEFORE)
    return max((step for step in steps if step <= day), default=None)


def urgency(due_on: date, late_from: date, day: date) -> Urgency:
    """Where a digest counts a task that has reached its ladder."""
    if day >= late_from:
        return Urgency.LATE
    return Urgency.WEEK if (due_on - day).days <= SOON else Urgency.FORTNIGHT
