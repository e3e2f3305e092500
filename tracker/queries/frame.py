"""What the frame of every page asks."""

from __future__ import annotations

import sqlalchemy as sa

from tracker.models import DEMONSTRATION, Mark, Region, db


def is_demonstration() -> bool:
    """Whether the progress in this database is invented."""
    return db.session.get(Mark, DEMONSTRATION) is not None


def region_name(code: str) -> str:
    """The name of a region; the empty code is the whole country."""
    region = db.session.get(Region, code) if code else None
    return region.name if region else "全国"


def regions_below(code: str) -> list[Region]:
    """The regions that have a code with this prefix, the region itself included."""
    return list(
        db.session.scalars(sa.select(Region).where(Region.code.startswith(code, autoescape=True)).order_by(Region.code))
    )
