"""The issues of a region as a list."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from tracker.models import Issue, db


def issues_of(region: str) -> Sequence[Issue]:
    """The issues of a region, newest first."""
    return db.session.scalars(sa.select(Issue).where(Issue.region_code == region).order_by(Issue.number.desc())).all()
