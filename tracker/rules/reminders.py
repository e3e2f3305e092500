"""Reminders: which tasks remind, whom they ask, and how a digest counts them."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from tracker.rules.lifecycle import State
from tracker.rules.lights import LightFacts
from tracker.rules.parts import Parts

SOON = 7
FORTNIGHT = 15
# After so long a mail that could not be sent says nothing any more.
MAIL_KEPT = timedelta(days=7)
REMINDED_STATES = (State.NOT_STARTED, State.IN_PROGRESS)


class Urgency(StrEnum):
    """How a digest counts its tasks, worst first."""

    LATE = "late"
    WEEK = "week"
    FORTNIGHT = "fortnight"
    LATER = "later"


def is_reminded(facts: LightFacts, plan_is_active: bool) -> bool:
    """Whether a task may remind anybody: an open task of an active plan with a deadline that nobody doubts."""
    return plan_is_active and facts.state in REMINDED_STATES and not facts.needs_redate and facts.due_on is not None


def asked_units(parts: Parts) -> frozenset[int]:
    """The units that a task asks: its leads, or every responsible unit that has not yet said done."""
    return parts.leads or parts.missing


def urgency(due_on: date, late_from: date, day: date) -> Urgency:
    """Where a digest counts a task that has reached its ladder."""
    if day >= late_from:
        return Urgency.LATE
    left = (due_on - day).days
    return Urgency.WEEK if left <= SOON else Urgency.FORTNIGHT if left <= FORTNIGHT else Urgency.LATER
