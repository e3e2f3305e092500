"""When a unit may say that it expects to have done a task (预计完成): its own forecast beside the deadline."""

from __future__ import annotations

from datetime import date

from tracker.rules.lifecycle import State

EXPECTED_IN = frozenset({State.NOT_STARTED, State.IN_PROGRESS, State.SUBMITTED})


def why_not_expected(expected_on: date | None, today: date) -> str | None:
    """Why a day cannot be expected, as a stable word; None where it can. No day takes the forecast back."""
    return "expected_past" if expected_on is not None and expected_on < today else None


def days_behind(expected_on: date | None, due_on: date | None) -> int:
    """By how many days the forecast lies after the deadline; 0 where it keeps it or one of the two is not known."""
    return max(0, (expected_on - due_on).days) if expected_on and due_on else 0
