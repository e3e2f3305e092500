"""What a mock evaluation asks beside the verdict: who says the values of the county."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.models import CountyValue, db


def values_in_force(region: str, on: date, figures: Collection[str] | None = None) -> dict[str, CountyValue]:
    """The county's values in force on a day by figure, with who says and who checked each."""
    place = (
        sa.func.row_number()
        .over(partition_by=CountyValue.figure, order_by=(CountyValue.on.desc(), CountyValue.id.desc()))
        .label("place")
    )
    known = sa.select(CountyValue.id, place).where(
        CountyValue.region_code == region, CountyValue.on <= on, CountyValue.withdrawn_at.is_(None)
    )
    if figures is not None:
        known = known.where(CountyValue.figure.in_(list(figures)))
    rows = known.subquery()
    query = sa.select(CountyValue).join(rows, rows.c.id == CountyValue.id).where(rows.c.place == 1)
    query = query.options(
        joinedload(CountyValue.unit), joinedload(CountyValue.said_by), joinedload(CountyValue.checked_by)
    )
    return {value.figure: value for value in db.session.scalars(query)}
