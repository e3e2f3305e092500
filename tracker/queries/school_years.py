"""A school's numbers by year: one year with the one before it, and the last years side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from tracker.models import School, SchoolYear, db
from tracker.rules.jumps import Numbers, figures_by_name
from tracker.rules.school_figures import STAGE_FIGURES, WHOLE_FIGURES, Number
from tracker.rules.stages import Stage

SHOWN_YEARS = 3


@dataclass(frozen=True)
class FigureRow:
    """A number over the years, newest first; ``changes`` are those from the year before each, where both are known."""

    name: str
    code: str
    stage: Stage | None
    values: list[Number | None]

    @property
    def changes(self) -> list[Number | None]:
        """The change of each value from the one that follows it; the last shown has none."""
        pairs = zip(self.values, self.values[1:], strict=False)
        return [*(None if now is None or was is None else now - was for now, was in pairs), None]


@dataclass(frozen=True)
class Totals:
    """Students and classes of all stages and the largest class; None where one stage does not know its own."""

    students: int | None = None
    classes: int | None = None
    largest: int | None = None


def totals_of(row: SchoolYear) -> Totals:
    """A row's totals over its stages; a school without stages has none."""
    return Totals(
        _total(row, "students", sum),
        _total(row, "classes", sum),
        _total(row, "largest_class", max),
    )


def _total(row: SchoolYear, code: str, of: Callable[[list[int]], int]) -> int | None:
    values = [getattr(stage, code) for stage in row.stages]
    return None if not values or None in values else of(values)


def year_of(school: School, year: int, fresh: bool = False) -> SchoolYear | None:
    """A school's row of a year with its stages; ``fresh`` reads anew what the session has read before."""
    query = sa.select(SchoolYear).where(SchoolYear.school_id == school.id, SchoolYear.year == year)
    query = query.options(selectinload(SchoolYear.stages)).execution_options(populate_existing=fresh)
    return db.session.scalar(query)


def year_before(school: School, year: int) -> SchoolYear | None:
    """A school's row of the year before one; an older one is no comparison."""
    return year_of(school, year - 1)


def years_of(school: School, most: int = SHOWN_YEARS) -> list[SchoolYear]:
    """A school's last rows, newest first, with their stages and who entered and checked them."""
    query = sa.select(SchoolYear).where(SchoolYear.school_id == school.id).order_by(SchoolYear.year.desc())
    options = (selectinload(SchoolYear.stages), joinedload(SchoolYear.entered_by), joinedload(SchoolYear.checked_by))
    return list(db.session.scalars(query.options(*options).limit(most)))


def numbers_of(row: SchoolYear) -> Numbers:
    """The numbers of a row as the rules take them."""
    in_order = sorted(row.stages, key=lambda each: list(Stage).index(each.stage))
    stages = {each.stage: {code: getattr(each, code) for code in STAGE_FIGURES} for each in in_order}
    return Numbers(stages, {code: _number(getattr(row, code)) for code in WHOLE_FIGURES})


def values_of(row: SchoolYear | None) -> dict[str, Number | None]:
    """Every number of a row by its name; those of a stage that the school does not have are left out."""
    if row is None:
        return {}
    numbers = numbers_of(row)
    return {
        name: (numbers.stages[stage] if stage else numbers.whole).get(figure.code)
        for name, (figure, stage) in figures_by_name().items()
        if stage is None or stage in numbers.stages
    }


def side_by_side(rows: list[SchoolYear]) -> list[FigureRow]:
    """The numbers of some years beside one another; what is known of none of them is left out."""
    values = [values_of(row) for row in rows]
    found = [
        FigureRow(name, figure.code, stage, [each.get(name) for each in values])
        for name, (figure, stage) in figures_by_name().items()
    ]
    return [row for row in found if any(value is not None for value in row.values)]


def _number(value: Number | None) -> Number | None:
    """A number as it compares and prints, whichever database it comes from."""
    return value.quantize(Decimal("0.01")) if isinstance(value, Decimal) else value
