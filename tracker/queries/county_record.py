"""A county as its pages show it: what is known on a day, the years before, and how far each number may be relied on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker.models import CountyValue, School, SchoolYear, StageYear, db
from tracker.queries.county_facts import OF_SCHOOL, OF_STAGE, Figures, base_years
from tracker.queries.county_values import values_in_force
from tracker.queries.indicator_sources import RowStanding
from tracker.queries.planned_schools import planned_schools
from tracker.rules.school_facts import SchoolFacts
from tracker.rules.school_figures import STAGE_FIGURES, WHOLE_FIGURES
from tracker.rules.stages import COMPULSORY, Stage
from tracker.rules.verdicts import CountyFacts

YEARS = 3
OF_ROW = (School.id, School.name, School.kind, School.town, School.opened_on, School.closed_on)
Numbers = tuple[date, Figures, dict[Stage, Figures]]
OF_YEAR = (SchoolYear.year, SchoolYear.counted_on, SchoolYear.standing, SchoolYear.exceptions, StageYear.stage)
IS_PLANNED = len(OF_ROW)
WIDE = len(OF_ROW) + 1 + len(OF_YEAR)


@dataclass(frozen=True)
class CountyRecord:
    """The facts of a county, the same of the years before (latest first), and the sources of its numbers.

    ``standings`` are those of the year that is judged, by school; ``values`` the county's own by figure.
    """

    facts: CountyFacts
    earlier: list[CountyFacts]
    standings: dict[int, RowStanding]
    values: dict[str, CountyValue]


@dataclass
class _Known:
    """The rows of a school as they come: its numbers by year, and their standings."""

    row: Any
    years: dict[int, Numbers] = field(default_factory=dict)
    standings: dict[int, RowStanding] = field(default_factory=dict)


def record_of(region: str, on: date) -> CountyRecord:
    """The record of one county, judged by its base year, in three questions."""
    year = base_years(region, on).get(region)
    known = _known(region, year)
    values = values_in_force(region, on)
    figures = {code: each.number if each.yes is None else each.yes for code, each in values.items()}
    since = {code: each.on for code, each in values.items()}
    facts = CountyFacts(
        region, on, year, tuple(_facts(each, region, year) for each in known if _is_open(each, on)), figures, since
    )
    earlier = [
        CountyFacts(
            region, on, back, tuple(_facts(each, region, back) for each in known if back in each.years), figures
        )
        for back in (range(year - 1, year - YEARS, -1) if year is not None else ())
    ]
    standings = {each.row[0]: each.standings[year] for each in known if year is not None and year in each.standings}
    return CountyRecord(facts, earlier, standings, values)


def _known(region: str, year: int | None) -> list[_Known]:
    """The schools of a county with their numbers of the last years up to one."""
    years = () if year is None else range(year - YEARS + 1, year + 1)
    wanted = sa.and_(SchoolYear.school_id == School.id, SchoolYear.year.in_(years))
    query = (
        sa.select(*OF_ROW, School.id.in_(planned_schools()), *OF_YEAR, *OF_SCHOOL, *OF_STAGE)
        .select_from(School)
        .outerjoin(SchoolYear, wanted)
        .outerjoin(StageYear, StageYear.school_year_id == SchoolYear.id)
        .where(School.region_code == region)
        .order_by(School.id, SchoolYear.year, StageYear.stage)
    )
    found: dict[int, _Known] = {}
    for row in db.session.execute(query):
        _add(found.setdefault(row[0], _Known(row)), row)
    return list(found.values())


def _add(school: _Known, row: sa.Row[Any]) -> None:
    year, counted_on, standing, exceptions, stage = row[IS_PLANNED + 1 : WIDE]
    if year is None:
        return
    whole = WIDE + len(OF_SCHOOL)
    if year not in school.years:
        school.years[year] = (counted_on, dict(zip(WHOLE_FIGURES, row[WIDE:whole], strict=True)), {})
        school.standings[year] = RowStanding(standing, exceptions or {})
    if stage is not None:
        school.years[year][2][stage] = dict(zip(STAGE_FIGURES, row[whole:], strict=True))


def _is_open(school: _Known, on: date) -> bool:
    """Whether a school is open on a day; one that is only planned is not."""
    opened, closed = school.row[4], school.row[5]
    return not school.row[IS_PLANNED] and (opened is None or opened <= on) and (closed is None or closed > on)


def _facts(school: _Known, region: str, year: int | None) -> SchoolFacts:
    """A school in a year; a silent one keeps the stages of the year before, with nothing known of them."""
    key, name, kind, town, opened_on, _closed_on = school.row[: len(OF_ROW)]
    before = school.years[year - 1][2] if year is not None and year - 1 in school.years else {}
    students = _students(before)
    if year is None or year not in school.years:
        silent: dict[Stage, Any] = {stage: {} for stage in before}
        return SchoolFacts(key, region, name, kind, town, opened_on, stages=silent, before=students)
    counted_on, whole, stages = school.years[year]
    return SchoolFacts(key, region, name, kind, town, opened_on, year, counted_on, whole, stages, students)


def _students(stages: Mapping[Stage, Mapping[str, Any]]) -> int | None:
    """The students of the compulsory stages; None where a number is missing."""
    counts: Iterable[int | None] = [stages[stage].get("students") for stage in COMPULSORY if stage in stages]
    known = [count for count in counts if count is not None]
    return sum(known) if known and len(known) == len(list(counts)) else None
