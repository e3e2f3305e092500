"""What the office did to an issue (期): when it was frozen, how its words changed, who signed it."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from tracker.models import Event, Issue, db

ACTS = ("freeze_week", "freeze_again", "word_week", "sign_week")


def issue_history(issue: Issue) -> Sequence[Event]:
    """The acts on an issue, oldest first."""
    query = sa.select(Event).where(
        Event.object_type == "issue",
        Event.object_id == str(issue.number),
        Event.region_code == issue.region_code,
        Event.allowed,
        Event.act.in_(ACTS),
    )
    return db.session.scalars(query.order_by(Event.id)).all()
