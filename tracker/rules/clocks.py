"""Whether a clock can be right: it does not run back, and it does not leave the years of the plans."""

from __future__ import annotations

from datetime import datetime, timedelta

YEARS = range(2000, 2101)
LEEWAY = timedelta(days=1)


def is_plausible(now: datetime, newest: datetime | None) -> bool:
    """Whether a clock may show ``now`` when the newest instant on record is ``newest``: at most a day behind it."""
    return now.year in YEARS and (newest is None or newest - now <= LEEWAY)


def is_ahead(moment: datetime, now: datetime) -> bool:
    """Whether a moment lies in the future by more than a day."""
    return moment - now > LEEWAY
