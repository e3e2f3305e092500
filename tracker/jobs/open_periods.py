"""Open the reporting periods that have begun: one of each task at a run, so that a wrong rhythm opens no more."""

from __future__ import annotations

from datetime import datetime

from tracker.actions import periods
from tracker.actions.record import Actor, record


def run(now: datetime) -> str:
    """Open the next period of every task with a rhythm; after days off it catches up by one at each run."""
    opened, skipped = periods.open_periods(now)
    if opened:
        record(Actor(), "open_periods", now, after={"count": opened})
    return f"opened={opened} skipped={skipped}"
