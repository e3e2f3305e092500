"""Freeze the week: the numbered overview of every region with an active plan."""

from __future__ import annotations

from datetime import datetime

from tracker.actions.issues import freeze_week
from tracker.queries.jobs import regions_at_work


def run(now: datetime) -> str:
    """Issue the week's overview where it does not stand yet."""
    issues = [freeze_week(region, now) for region in regions_at_work()]
    return f"issues={sum(issue is not None for issue in issues)}"
