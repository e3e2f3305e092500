"""Which ladder of reminders holds where."""

from __future__ import annotations

import sqlalchemy as sa

from tracker.models import ReminderLadder, db
from tracker.rules.ladders import Ladder, Ladders


def ladders() -> Ladders:
    """The ladders of all regions, in one question."""
    return Ladders({row.region_code: ladder_of(row) for row in db.session.scalars(sa.select(ReminderLadder))})


def ladder_of(row: ReminderLadder) -> Ladder:
    """A stored ladder as the rules have it."""
    return Ladder(
        days_before=tuple(sorted(row.days_before, reverse=True)),
        day_after=row.day_after,
        repeat_every=row.repeat_every,
        head_after=row.head_after,
        decide_after=row.decide_after,
        sends_at=row.sends_at,
        leaders_at=row.leaders_at,
    )
