"""Reports: what an unchanged week says, what a report without evidence owes, and how long it can be taken back."""

from __future__ import annotations

from datetime import datetime, timedelta

from tracker.rules.lifecycle import Act, State

NO_CHANGE_WORDS = "本周无变化"  # kept as the text of a report that says no more than this
UNDO_TIME = timedelta(minutes=10)
UNDO_STATES = (State.IN_PROGRESS, State.SUBMITTED)


def is_in_undo_time(at: datetime, now: datetime) -> bool:
    """Whether a report of an instant may still be taken back by its author."""
    return timedelta(0) <= now - at <= UNDO_TIME


def act_of_undo(state: State, *, was_last: bool, is_complete: bool, is_untouched: bool) -> Act | None:
    """What taking back a report does to the state of its task; None where it stays submitted by others' words.

    ``was_last``: nobody has reported since; ``is_complete``: the words that remain complete the task;
    ``is_untouched``: no word remains of a task that words alone have started.
    """
    if state is State.SUBMITTED and is_complete and not was_last:
        return None
    return Act.UNDO_FIRST if is_untouched else Act.UNDO
