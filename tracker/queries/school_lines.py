"""What is stored of schools in a year, as the lines of a file: one for each school and stage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.models import PlannedEnrolment, Region, School, SchoolYear, Stage, StageYear, db
from tracker.queries.school_sheet import may_enter, numbers_in
from tracker.queries.visibility import within_region
from tracker.rules.permissions import Person
from tracker.rules.school_rows import SchoolLine
from tracker.rules.school_years import first_day


@dataclass(frozen=True)
class StoredLine:
    """A line with the school, its region and its row of the year, for what a file says beside the numbers."""

    line: SchoolLine
    region_name: str
    row: SchoolYear | None


def lines_to_fill(person: Person, region: str, year: int) -> list[SchoolLine]:
    """The lines of the schools of a county that a person may enter, with what is stored of the year."""
    schools = [school for school in _schools(region, year) if may_enter(person, school)]
    return [each.line for each in _lines(region, year, schools)]


def stored_lines(region: str, year: int) -> Iterator[StoredLine]:
    """The lines of every school at or below a region that was open in the year."""
    return _lines(region, year, _schools(region, year))


def _schools(region: str, year: int) -> list[School]:
    open_then = sa.or_(School.closed_on.is_(None), School.closed_on > first_day(year))
    query = sa.select(School).where(within_region(School.region_code, region), open_then)
    return list(db.session.scalars(query.order_by(School.region_code, School.name)))


def _lines(region: str, year: int, schools: list[School]) -> Iterator[StoredLine]:
    rows, stages = _rows(region, year), _last_stages(region, year)
    names = {row.code: row.name for row in db.session.execute(sa.select(Region.code, Region.name))}
    for school in schools:
        row = rows.get(school.id)
        numbers = numbers_in(row)
        own = [stage for stage in Stage if stage in numbers.stages or stage in stages[school.id]]
        for place, stage in enumerate(own or [None]):
            line = SchoolLine(
                school.name,
                school.kind,
                stage,
                row.counted_on if row else None,
                row.source if row else "",
                {**numbers.whole, **(numbers.stages.get(stage, {}) if stage else {})},
                is_first=place == 0,
            )
            yield StoredLine(line, names.get(school.region_code, school.region_code), row)


def _rows(region: str, year: int) -> dict[int, SchoolYear]:
    query = (
        sa.select(SchoolYear)
        .join(School, School.id == SchoolYear.school_id)
        .where(within_region(School.region_code, region), SchoolYear.year == year)
        .options(joinedload(SchoolYear.stages))
    )
    return {row.school_id: row for row in db.session.scalars(query).unique()}


def _last_stages(region: str, year: int) -> dict[int, set[Stage]]:
    """The stages of each school by its last numbers up to a year; where it has none those that expect students."""
    query = (
        sa.select(SchoolYear.school_id, SchoolYear.year, StageYear.stage)
        .join(School, School.id == SchoolYear.school_id)
        .join(StageYear, StageYear.school_year_id == SchoolYear.id)
        .where(within_region(School.region_code, region), SchoolYear.year <= year)
    )
    by_year: dict[int, dict[int, set[Stage]]] = defaultdict(lambda: defaultdict(set))
    for school_id, told, stage in db.session.execute(query):
        by_year[school_id][told].add(stage)
    found: dict[int, set[Stage]] = defaultdict(set)
    found |= {school_id: years[max(years)] for school_id, years in by_year.items()}
    expected = (
        sa.select(PlannedEnrolment.school_id, PlannedEnrolment.stage)
        .join(School, School.id == PlannedEnrolment.school_id)
        .where(within_region(School.region_code, region))
    )
    for school_id, stage in db.session.execute(expected):
        if school_id not in by_year:
            found[school_id].add(stage)
    return found
