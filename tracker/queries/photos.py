"""The photographs of a project, month by month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.models import ProjectPhoto, db

MOST_PHOTOS = 500


@dataclass(frozen=True)
class Month:
    """The photographs of a month, the newest first; ``first`` is its first day."""

    first: date
    photos: list[ProjectPhoto]

    @property
    def code(self) -> str:
        """The month as addresses write it: 2026-03."""
        return f"{self.first:%Y-%m}"


def months_of(task_id: int) -> list[Month]:
    """The months of which a project has photographs, the newest first; one question."""
    query = (
        sa.select(ProjectPhoto)
        .where(ProjectPhoto.task_id == task_id, ProjectPhoto.withdrawn_at.is_(None))
        .options(joinedload(ProjectPhoto.account))
        .order_by(ProjectPhoto.taken_on.desc(), ProjectPhoto.id.desc())
        .limit(MOST_PHOTOS)
    )
    found: dict[date, list[ProjectPhoto]] = defaultdict(list)
    for photo in db.session.scalars(query):
        found[photo.taken_on.replace(day=1)].append(photo)
    return [Month(first, photos) for first, photos in found.items()]


def chosen_months(months: list[Month], codes: Collection[str]) -> list[Month]:
    """Some of the months, the oldest first, so that they are seen as time went; those that have none are left out."""
    return [month for month in reversed(months) if month.code in codes]


def photo_by_id(photo_id: int) -> ProjectPhoto | None:
    """A photograph that is shown; None for one that is not there or was withdrawn."""
    query = sa.select(ProjectPhoto).where(ProjectPhoto.id == photo_id, ProjectPhoto.withdrawn_at.is_(None))
    return db.session.scalar(query)
