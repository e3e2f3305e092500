"""What the frame of every page asks."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from tracker.models import DEMONSTRATION, Mark, Region, db


@dataclass(frozen=True)
class FrameFacts:
    """Whether the progress in this database is invented, and the name of the reader's region, empty for the country."""

    demonstration: bool
    region_name: str


def frame_facts(region: str) -> FrameFacts:
    """What the frame shows, in one question."""
    marked = sa.select(Mark.name).where(Mark.name == DEMONSTRATION).scalar_subquery()
    name = sa.select(Region.name).where(Region.code == region).scalar_subquery()
    found = db.session.execute(sa.select(marked, name)).one()
    return FrameFacts(found[0] is not None, found[1] or "")


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
