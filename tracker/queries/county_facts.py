"""What is known of counties on a day, as the arithmetic takes it: their schools' numbers, and their own values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from tracker.models import CountyValue, School, SchoolYear, StageYear, db
from tracker.queries.planned_schools import planned_schools
from tracker.queries.visibility import within_region
from tracker.rules.school_facts import Figures, SchoolFacts
from tracker.rules.school_figures import STAGE_FIGURES, WHOLE_FIGURES
from tracker.rules.school_years import school_year_of
from tracker.rules.stages import Stage
from tracker.rules.verdicts import CountyFacts

OF_STAGE = [getattr(StageYear, code) for code in STAGE_FIGURES]
OF_SCHOOL = [getattr(SchoolYear, code) for code in WHOLE_FIGURES]
Numbers = tuple[date, Figures, dict[Stage, Figures]]


def facts_of(region: str, on: date, year: int | None = None) -> CountyFacts:
    """What is known of one county on a day; ``year`` asks for the numbers of that school year instead of the latest."""
    found = facts_within(region, on, year)
    return found[0] if found else CountyFacts(region, on, None, (), *_values(region, on).get(region, ({}, {})))


def facts_within(region: str, on: date, year: int | None = None) -> list[CountyFacts]:
    """What is known of every county with schools at or below a region, in the order of their codes; four questions.

    A county is judged by the latest school year up to the day of which it has any numbers.
    """
    latest = _latest_years(region, on)
    years = latest if year is None else dict.fromkeys(latest, year)
    numbers = _numbers(region, {*years.values()})
    before = _numbers_before(region, {each - 1 for each in years.values()})
    values = _values(region, on)
    schools: dict[str, list[SchoolFacts]] = defaultdict(list)
    for row in db.session.execute(_open_schools(region, on)):
        base = years.get(row.region_code)
        schools[row.region_code].append(_school(row, base, numbers, before))
    return [
        CountyFacts(code, on, years.get(code), tuple(each), *values.get(code, ({}, {})))
        for code, each in schools.items()
    ]


def county_figures(region: str, on: date) -> dict[str, dict[str, Decimal | bool | None]]:
    """The values in force on a day of every county at or below a region, by its code."""
    return {code: figures for code, (figures, _since) in _values(region, on).items()}


def _values(region: str, on: date) -> dict[str, tuple[dict[str, Decimal | bool | None], dict[str, date]]]:
    """The values in force on a day and the days of which they tell, by county."""
    latest = (
        sa.func.row_number()
        .over(
            partition_by=(CountyValue.region_code, CountyValue.figure),
            order_by=(CountyValue.on.desc(), CountyValue.id.desc()),
        )
        .label("place")
    )
    columns = (CountyValue.region_code, CountyValue.figure, CountyValue.number, CountyValue.yes, CountyValue.on)
    known = sa.select(*columns, latest).where(
        within_region(CountyValue.region_code, region), CountyValue.on <= on, CountyValue.withdrawn_at.is_(None)
    )
    rows = known.subquery()
    found: dict[str, tuple[dict[str, Decimal | bool | None], dict[str, date]]] = defaultdict(lambda: ({}, {}))
    query = sa.select(rows.c.region_code, rows.c.figure, rows.c.number, rows.c.yes, rows.c.on)
    for code, figure, number, yes, day in db.session.execute(query.where(rows.c.place == 1)):
        figures, since = found[code]
        figures[figure], since[figure] = number if yes is None else yes, day
    return found


def _latest_years(region: str, on: date) -> dict[str, int]:
    query = (
        sa.select(School.region_code, sa.func.max(SchoolYear.year))
        .join(SchoolYear, SchoolYear.school_id == School.id)
        .where(within_region(School.region_code, region), SchoolYear.year <= school_year_of(on))
        .group_by(School.region_code)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _open_schools(region: str, on: date) -> Any:
    return (
        sa.select(School.id, School.region_code, School.name, School.kind, School.town, School.opened_on)
        .where(
            within_region(School.region_code, region),
            sa.or_(School.opened_on.is_(None), School.opened_on <= on),
            sa.or_(School.closed_on.is_(None), School.closed_on > on),
            School.id.not_in(planned_schools()),
        )
        .order_by(School.region_code, School.id)
    )


def _numbers(region: str, years: Iterable[int]) -> dict[tuple[int, int], Numbers]:
    """The numbers of schools by school and year."""
    query = (
        sa.select(SchoolYear.school_id, SchoolYear.year, SchoolYear.counted_on, StageYear.stage, *OF_SCHOOL, *OF_STAGE)
        .join(School, School.id == SchoolYear.school_id)
        .outerjoin(StageYear, StageYear.school_year_id == SchoolYear.id)
        .where(within_region(School.region_code, region), SchoolYear.year.in_(list(years)))
        .order_by(SchoolYear.school_id, StageYear.stage)
    )
    found: dict[tuple[int, int], Numbers] = {}
    wide = 4 + len(OF_SCHOOL)
    for row in db.session.execute(query):
        key = (row[0], row[1])
        if key not in found:
            found[key] = (row[2], dict(zip(WHOLE_FIGURES, row[4:wide], strict=True)), {})
        if row[3] is not None:
            found[key][2][row[3]] = dict(zip(STAGE_FIGURES, row[wide:], strict=True))
    return found


def _numbers_before(region: str, years: Iterable[int]) -> dict[tuple[int, int], dict[Stage, int | None]]:
    """The students of a year earlier by school and year: which stages a silent school had, and whether one shrinks."""
    query = (
        sa.select(SchoolYear.school_id, SchoolYear.year, StageYear.stage, StageYear.students)
        .join(School, School.id == SchoolYear.school_id)
        .join(StageYear, StageYear.school_year_id == SchoolYear.id)
        .where(within_region(School.region_code, region), SchoolYear.year.in_(list(years)))
    )
    found: dict[tuple[int, int], dict[Stage, int | None]] = defaultdict(dict)
    for school_id, year, stage, students in db.session.execute(query):
        found[school_id, year][stage] = students
    return found


def _school(
    row: sa.Row[Any],
    year: int | None,
    numbers: Mapping[tuple[int, int], Numbers],
    before: Mapping[tuple[int, int], dict[Stage, int | None]],
) -> SchoolFacts:
    """One school; without numbers of the year it keeps the stages of the year before, with nothing known of them."""
    known = numbers.get((row.id, year)) if year is not None else None
    earlier = before.get((row.id, year - 1), {}) if year is not None else {}
    facts = SchoolFacts(row.id, row.region_code, row.name, row.kind, row.town, row.opened_on)
    if known is None:
        return _with(facts, stages={stage: {} for stage in earlier}, before=_students(earlier))
    counted_on, whole, stages = known
    return _with(facts, year=year, counted_on=counted_on, whole=whole, stages=stages, before=_students(earlier))


def _with(facts: SchoolFacts, **more: Any) -> SchoolFacts:
    return SchoolFacts(facts.id, facts.region, facts.name, facts.kind, facts.town, facts.opened_on, **more)


def _students(stages: Mapping[Stage, int | None]) -> int | None:
    """The students of the compulsory stages a year earlier; None where one is not known."""
    counts = [count for stage, count in stages.items() if stage in (Stage.PRIMARY, Stage.JUNIOR)]
    known = [count for count in counts if count is not None]
    return sum(known) if counts and len(known) == len(counts) else None
