"""The latest weeks that regions have frozen."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa

from tracker.models import CLOCK_ACCEPTED, Event, Issue, Mark, db


def newest_weeks(regions: Collection[str] | None = None) -> dict[str, date]:
    """The Monday of the latest week of each region that has frozen one, of some regions or of all.

    Not one that a wrong clock froze ahead of its time.
    """
    accepted = sa.select(sa.cast(Mark.value, sa.Integer)).where(Mark.name == CLOCK_ACCEPTED).scalar_subquery()
    event = db.session.scalar(sa.select(Event).where(Event.id == accepted))
    query = sa.select(Issue.region_code, sa.func.max(Issue.week_on).label("newest")).group_by(Issue.region_code)
    if regions is not None:
        query = query.where(Issue.region_code.in_(regions))
    if event and event.after:
        query = query.where(~sa.and_(Issue.id <= event.after["newest_issue"], Issue.cut_off_at > event.at))
    return {row.region_code: row.newest for row in db.session.execute(query)}
