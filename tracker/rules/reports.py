"""Reports: what an unchanged week says, what a report without evidence owes, and how long it can be taken back."""

from __future__ import annotations

from datetime import datetime, timedelta

from tracker.rules.lifecycle import State

NO_CHANGE_WORDS = "本周无变化"  # kept as the text of a report that says no more than this
UNDO_TIME = timedelta(minutes=10)
UNDO_STATES = (State.IN_PROGRESS, State.SUBMITTED)


def is_in_undo_time(at: datetime, now: datetime) -> bool:
    """Whether a report of an instant may still be taken back by its author."""
    return timedelta(0) <= now - at <= UNDO_TIME
