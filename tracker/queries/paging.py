"""Lists cut into pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import sqlalchemy as sa

from tracker.models import db

PAGE_SIZE = 50
Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list, with the number of all."""

    rows: Sequence[Row]
    total: int
    number: int
    size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))


def page_of(query: sa.Select[Row], number: int, size: int = PAGE_SIZE, total: int | None = None) -> Page[Row]:
    """A page of the entities of an ordered query; a number past the end gives the last page.

    ``total``: how many there are, where that is known already.
    """
    if total is None:
        counted = sa.select(sa.func.count()).select_from(query.order_by(None).subquery())
        total = db.session.scalar(counted) or 0
    number = min(max(1, number), max(1, -(-total // size)))
    rows = db.session.scalars(query.offset((number - 1) * size).limit(size)).all()
    return Page(rows, total, number, size)


def page_in(rows: Sequence[Row], number: int, size: int = PAGE_SIZE) -> Page[Row]:
    """A page of rows that are at hand already; a number past the end gives the last page."""
    number = min(max(1, number), max(1, -(-len(rows) // size)))
    return Page(rows[(number - 1) * size : number * size], len(rows), number, size)
