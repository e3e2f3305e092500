"""等待配合: since when a task may be said to wait for another unit."""

from __future__ import annotations

from datetime import date

from tracker.rules.lifecycle import State

# What is submitted or closed waits for no other unit any more.
WAITS_IN = (State.NOT_STARTED, State.IN_PROGRESS)


def why_not_since(since: date, issued_on: date | None, today: date) -> str | None:
    """Why a wait cannot have begun on a day, None where it can: not ahead of today, not before the plan."""
    if since > today:
        return "wait_ahead"
    return "wait_before_plan" if issued_on and since < issued_on else None
