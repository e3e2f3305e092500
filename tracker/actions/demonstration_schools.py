"""The demonstration's schools: what they are, two years of invented numbers and whom they expect.

Last year's numbers stand there when the story begins; this year's are entered and checked in it by the acts of people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from tracker.actions.record import Actor, record
from tracker.actions.school_years import Unexplained, YearSaid, check_year, enter_year
from tracker.models import PlannedEnrolment, School, SchoolKind, SchoolYear, Stage, StageYear, Standing, Unit, db
from tracker.queries.school_years import year_of
from tracker.rules.jumps import Numbers
from tracker.rules.school_figures import STAGE_FIGURES, WHOLE_FIGURES, Number
from tracker.rules.school_years import first_day

Row = Mapping[str, Any]
Act = Callable[[datetime], object]


@dataclass(frozen=True)
class Hands:
    """Who enters and checks numbers: the plan office's clerk, the office, and the staff of units by the unit's id."""

    clerk: Actor
    office: Actor
    staff: Mapping[int, Actor]


def store_schools(seed: Row, began: int, at: datetime) -> None:
    """Store the schools, last year's numbers and expected students; schools that no plan names are added."""
    region = seed["region"]
    schools = {each.name: each for each in db.session.scalars(sa.select(School).where(School.region_code == region))}
    units = {each.name: each for each in db.session.scalars(sa.select(Unit).where(Unit.region_code == region))}
    for row in (*seed["opening"], *seed["years"]):
        school = schools.setdefault(row["school"], School(region_code=region, name=row["school"]))
        _describe(school, row, units, began)
        if "before" in row:
            school.years.append(_last_year(row, began - 1, seed["source"]))
    for row in seed["expected"]:
        schools[row["school"]].enrolments += _expected(row, began, seed["source"])
    db.session.add_all(schools.values())
    db.session.flush()
    record(Actor(), "store_school_years", at, region=region, after={"rows": len(seed["years"]), "year": began - 1})


def entries(seed: Row, hands: Hands, began: int, earliest: int) -> Iterator[list[tuple[int, Act]]]:
    """What people enter and check of this year, school by school: (day, act), no day before the earliest."""
    for row in seed["years"]:
        if row.get("silent"):
            continue
        steps: list[tuple[int, Act]] = [(max(seed["entered"], earliest), partial(_enter, seed, row, hands, began))]
        if row.get("checked"):
            steps.append((max(seed["checked"], earliest), partial(_check, seed, row, hands, began)))
        yield steps


def _describe(school: School, row: Row, units: Mapping[str, Unit], began: int) -> None:
    school.town = row["town"]
    school.kind = SchoolKind(row.get("kind", SchoolKind.SCHOOL))
    school.unit = units[row["unit"]] if "unit" in row else None
    school.opened_on = first_day(began + row["opens"]) if "opens" in row else None
    # A school closes with the summer before a school year.
    school.closed_on = date(began + row["closes"], 8, 31) if "closes" in row else None


def _last_year(row: Row, year: int, source: str) -> SchoolYear:
    before = row["before"]
    whole = {**row["whole"], **before["whole"]}
    stages = {name: {**figures, **before.get(name, {})} for name, figures in row["stages"].items()}
    return SchoolYear(
        year=year,
        counted_on=first_day(year),
        standing=Standing(row.get("standing", Standing.REPORTED)),
        source=source,
        stages=[StageYear(stage=Stage(name), **figures) for name, figures in stages.items()],
        **whole,
    )


def _expected(row: Row, began: int, source: str) -> list[PlannedEnrolment]:
    classes = row.get("classes", [None] * len(row["students"]))
    return [
        PlannedEnrolment(
            stage=Stage(row["stage"]), year=began + row["first"] + turn, students=count, classes=rooms, source=source
        )
        for turn, (count, rooms) in enumerate(zip(row["students"], classes, strict=True))
    ]


def _enter(seed: Row, row: Row, hands: Hands, began: int, at: datetime) -> None:
    """Enter a row as its unit's staff or the clerk does: what is questioned gets the row's reason."""
    school = _school(seed, row)
    actor = hands.staff.get(school.unit_id or 0, hands.clerk)
    try:
        enter_year(actor, school, began, 0, _said(seed, row, began), at)
    except Unexplained as odd:
        enter_year(actor, school, began, 0, _said(seed, row, began, frozenset(each.key for each in odd.doubts)), at)


def _check(seed: Row, row: Row, hands: Hands, began: int, at: datetime) -> None:
    school = _school(seed, row)
    entered = year_of(school, began)
    check_year(hands.office, school, began, entered.version if entered else 0, at)


def _school(seed: Row, row: Row) -> School:
    return db.session.scalars(
        sa.select(School).where(School.region_code == seed["region"], School.name == row["school"])
    ).one()


def _said(seed: Row, row: Row, began: int, asked: frozenset[str] = frozenset()) -> YearSaid:
    source = seed["single_source"]
    whole: dict[str, Number | None] = {code: row["whole"].get(code) for code in WHOLE_FIGURES}
    stages = {
        Stage(name): {code: figures.get(code) for code in STAGE_FIGURES} for name, figures in row["stages"].items()
    }
    return YearSaid(
        counted_on=first_day(began),
        standing=Standing(row.get("standing", Standing.REPORTED)),
        source=seed["source"],
        numbers=Numbers(stages, whole),
        exceptions={name: {"standing": said, "source": source} for name, said in row.get("single", {}).items()},
        explained=row.get("explained"),
        asked=asked,
    )
