"""Who says the numbers behind an indicator: how far each school's row may be relied on, and the county's values."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.models import CountyValue, db
from tracker.rules.stages import Stage, Standing


@dataclass(frozen=True)
class RowStanding:
    """How far the numbers of a school's year may be relied on, with those that differ from the rest of the row."""

    standing: Standing
    exceptions: Mapping[str, Any]

    def of(self, figures: Collection[str], stage: Stage | None = None) -> Standing:
        """The weakest standing among some figures of the row."""
        named = [self.exceptions.get(code) or self.exceptions.get(f"{stage}.{code}") for code in figures]
        return weakest([Standing(each["standing"]) if each else self.standing for each in named] or [self.standing])


# From the best to the weakest.
STRENGTH = {Standing.CHECKED: 0, Standing.REPORTED: 1, Standing.ESTIMATED: 2}


def weakest(standings: Collection[Standing]) -> Standing:
    """The weakest of some standings. Raises ValueError for none."""
    return max(standings, key=STRENGTH.__getitem__)


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
