"""What is known of counties on a day, as the arithmetic takes it: their schools' numbers, and their own values."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from tracker.models import School, SchoolYear, StageYear, db
from tracker.queries.county_values import ranked
from tracker.queries.planned_schools import planned_schools
from tracker.queries.visibility import within_region
from tracker.rules.school_facts import SchoolFacts
from tracker.rules.school_figures import STAGE_FIGURES, WHOLE_FIGURES
from tracker.rules.school_years import school_year_of
from tracker.rules.stages import COMPULSORY, SchoolKind, Stage
from tracker.rules.verdicts import CountyFacts

OF_STAGE = [getattr(StageYear, code) for code in STAGE_FIGURES]
OF_SCHOOL = [getattr(SchoolYear, code) for code in WHOLE_FIGURES]
# Texts become members here: the types of the columns would look each one up row by row, by the thousand.
STAGES = {stage.value: stage for stage in Stage}
KINDS = {kind.value: kind for kind in SchoolKind}
Figures = dict[str, Any]
Values = tuple[dict[str, Decimal | bool | None], dict[str, date]]
Before = dict[tuple[int, int], dict[Stage, int | None]]


def facts_of(region: str, on: date, year: int | None = None) -> CountyFacts:
    """What is known of one county on a day; ``year`` asks for the numbers of that school year instead of the latest."""
    values = _values(region, on)
    found = _facts(region, on, year, values)
    return found[0] if found else CountyFacts(region, on, None, (), *values.get(region, ({}, {})))


def facts_within(region: str, on: date, year: int | None = None) -> list[CountyFacts]:
    """What is known of every county with schools at or below a region, in the order of their codes; four questions.

    Each county is judged by its base year (``base_years``).
    """
    return _facts(region, on, year, _values(region, on))


def _facts(region: str, on: date, year: int | None, values: Mapping[str, Values]) -> list[CountyFacts]:
    latest = base_years(region, on)
    years = latest if year is None else dict.fromkeys(latest, year)
    before = _numbers_before(region, {each - 1 for each in years.values()})
    schools = _schools(region, on, years, before)
    return [
        CountyFacts(code, on, years.get(code), tuple(each), *values.get(code, ({}, {})))
        for code, each in schools.items()
    ]


def county_figures(region: str, on: date) -> dict[str, dict[str, Decimal | bool | None]]:
    """The values in force on a day of every county at or below a region, by its code."""
    return {code: figures for code, (figures, _since) in _values(region, on).items()}


def _values(region: str, on: date) -> dict[str, Values]:
    """The values in force on a day and the days of which they tell, by county."""
    rows = ranked(region, on)
    found: dict[str, Values] = defaultdict(lambda: ({}, {}))
    query = sa.select(rows.c.region_code, rows.c.figure, rows.c.number, rows.c.yes, rows.c.on)
    for code, figure, number, yes, day in db.session.execute(query.where(rows.c.place == 1)):
        figures, since = found[code]
        figures[figure], since[figure] = number if yes is None else yes, day
    return found


def base_years(region: str, on: date) -> dict[str, int]:
    """The school year by which every county at or below a region is judged on a day, by its code; one question.

    It is the latest one up to the day of which more than half of the open schools that are evaluated have numbers:
    the first number of a new year must not blank the county. Where there is none, it is the latest with any numbers.
    """
    here = within_region(School.region_code, region)
    asked = sa.and_(_is_open(on), School.kind != SchoolKind.VOCATIONAL)
    schools = sa.select(School.region_code, sa.func.count().label("asked")).where(here, asked)
    totals = schools.group_by(School.region_code).subquery()
    told = sa.func.sum(sa.case((asked, 1), else_=0))
    query = (
        sa.select(School.region_code, SchoolYear.year, told * 2 > sa.func.coalesce(totals.c.asked, 0))
        .join(SchoolYear, SchoolYear.school_id == School.id)
        .outerjoin(totals, totals.c.region_code == School.region_code)
        .where(here, SchoolYear.year <= school_year_of(on))
        .group_by(School.region_code, SchoolYear.year, totals.c.asked)
    )
    # The latest of those with enough schools comes last and stays.
    rows = sorted(db.session.execute(query), key=lambda row: (bool(row[2]), row[1]))
    return {code: year for code, year, _is_enough in rows}


def _is_open(on: date) -> sa.ColumnElement[bool]:
    """Whether a school is open on a day; one that is only planned is not."""
    has_opened = sa.or_(School.opened_on.is_(None), School.opened_on <= on)
    return sa.and_(
        has_opened, sa.or_(School.closed_on.is_(None), School.closed_on > on), School.id.not_in(planned_schools())
    )


def _schools(region: str, on: date, years: Mapping[str, int], before: Before) -> dict[str, list[SchoolFacts]]:
    """The schools that are open on a day, by county, each with its numbers of its county's year."""
    of_school = (School.id, School.region_code, School.name, plain(School.kind), School.town, School.opened_on)
    # Rows without exceptions, nearly all, come as nothing: there is no text to read then.
    exceptions = sa.func.nullif(sa.cast(SchoolYear.exceptions, sa.Text), "{}")
    of_year = (SchoolYear.year, SchoolYear.counted_on, exceptions, plain(StageYear.stage))
    is_asked = sa.and_(SchoolYear.school_id == School.id, SchoolYear.year.in_(sorted({*years.values()})))
    query = (
        sa.select(*of_school, *of_year, *OF_SCHOOL, *OF_STAGE)
        .outerjoin(SchoolYear, is_asked)
        .outerjoin(StageYear, StageYear.school_year_id == SchoolYear.id)
        .where(within_region(School.region_code, region), _is_open(on))
        .order_by(School.region_code, School.id, StageYear.stage)
    )
    wide = len(of_school) + len(of_year)
    whole_to = wide + len(OF_SCHOOL)
    found: dict[str, dict[int, SchoolFacts]] = defaultdict(dict)
    for row in rows_of(query):
        key, code, name, kind, town, opened_on, year, counted_on, single, stage = row[:wide]
        base, schools = years.get(code), found[code]
        if base is None or year != base:
            # Another county's year is no number of this one; the school keeps its place until its own row comes.
            schools.setdefault(key, _silent(key, code, name, KINDS[kind], town, opened_on, base, before))
            continue
        known = schools.get(key)
        if known is None or known.year is None:
            whole = dict(zip(WHOLE_FIGURES, row[wide:whole_to], strict=True))
            stages: dict[Stage, Figures] = {}
            earlier = _students(before.get((key, base - 1), {}))
            facts = (key, code, name, KINDS[kind], town, opened_on, year, counted_on, whole, stages, earlier)
            schools[key] = SchoolFacts(*facts, _days(single) if single else None)
        else:
            stages = known.stages  # type: ignore[assignment]
        if stage is not None:
            stages[STAGES[stage]] = dict(zip(STAGE_FIGURES, row[whole_to:], strict=True))
    return {code: list(schools.values()) for code, schools in found.items()}


def _silent(
    key: int,
    code: str,
    name: str,
    kind: SchoolKind,
    town: str | None,
    opened_on: date | None,
    base: int | None,
    before: Before,
) -> SchoolFacts:
    """A school without numbers of the year: it keeps the stages of the year before, with nothing known of them."""
    earlier = before.get((key, base - 1), {}) if base is not None else {}
    stages: dict[Stage, Figures] = {stage: {} for stage in earlier}
    return SchoolFacts(key, code, name, kind, town, opened_on, stages=stages, before=_students(earlier))


def _numbers_before(region: str, years: Iterable[int]) -> Before:
    """The students of a year earlier by school and year: which stages a silent school had, and whether one shrinks."""
    query = (
        sa.select(SchoolYear.school_id, SchoolYear.year, plain(StageYear.stage), StageYear.students)
        .join(School, School.id == SchoolYear.school_id)
        .join(StageYear, StageYear.school_year_id == SchoolYear.id)
        .where(within_region(School.region_code, region), SchoolYear.year.in_(sorted(years)))
    )
    found: Before = defaultdict(dict)
    for school_id, year, stage, students in rows_of(query):
        found[school_id, year][STAGES[stage]] = students
    return found


def _days(exceptions: str) -> dict[str, date] | None:
    """The days of single numbers, by their names, where they are other days than that of the row."""
    said = {name: each.get("on") for name, each in json.loads(exceptions).items()}
    return {name: date.fromisoformat(on) for name, on in said.items() if on} or None


def rows_of(query: sa.Executable) -> Sequence[Any]:
    """The rows of columns fetched at once, past the loading of objects, which looks at each row by itself."""
    return db.session.connection().execute(query).all()


def plain(column: Any) -> Any:
    """A column as the text that is stored."""
    return sa.type_coerce(column, sa.String)


def _students(stages: Mapping[Stage, int | None]) -> int | None:
    """The students of the compulsory stages a year earlier; None where one is not known."""
    counts = [stages[stage] for stage in COMPULSORY if stage in stages]
    known = [count for count in counts if count is not None]
    return sum(known) if counts and len(known) == len(counts) else None
