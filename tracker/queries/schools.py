"""Schools as their pages show them: the list of a region, one school, what is expected of it and what builds it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from tracker.models import (
    Addition,
    Event,
    PlannedEnrolment,
    ProjectSchool,
    School,
    SchoolYear,
    StageYear,
    Task,
    Unit,
    db,
)
from tracker.queries.paging import Page, page_of
from tracker.queries.planned_schools import planned_schools
from tracker.queries.visibility import visible_to, within_region
from tracker.rules.links import LinkState
from tracker.rules.permissions import Person
from tracker.rules.search import words_of
from tracker.rules.stages import SchoolKind, Stage, Standing

MOST_TOWNS = 200
MOST_EVENTS = 30
MOST_UNITS = 1000
MOST_TASKS = 50


@dataclass(frozen=True)
class SchoolFilters:
    """What is asked of the list; ``silent``: open and without numbers of the year; ``estimated``: a number is."""

    q: str = ""
    kind: SchoolKind | None = None
    stage: Stage | None = None
    town: str | None = None
    silent: bool = False
    estimated: bool = False


@dataclass(frozen=True)
class BuildingTask:
    """A task that builds or improves a school, with the stage and the seats planned."""

    task: Task
    stage: Stage | None
    seats: int | None
    classes: int | None


def schools_page(region: str, filters: SchoolFilters, year: int, today: date, number: int) -> Page[School]:
    """A page of the schools at or below a region by name; ``year`` is the school year that runs."""
    conditions = [within_region(School.region_code, region), *_conditions(filters, year, today)]
    query = sa.select(School).where(*conditions).order_by(School.region_code, School.name, School.id)
    return page_of(query.options(joinedload(School.unit)), number)


def latest_years(school_ids: Collection[int], year: int) -> dict[int, SchoolYear]:
    """The last numbers up to a school year of each of some schools, with their stages; two questions."""
    query = sa.select(SchoolYear).join(School, School.id == SchoolYear.school_id)
    query = query.where(School.id.in_(school_ids), SchoolYear.year == _last_year(year))
    rows = db.session.scalars(query.options(selectinload(SchoolYear.stages)))
    return {row.school_id: row for row in rows}


def silent_count(region: str, year: int, today: date) -> int:
    """How many open schools at or below a region have no numbers of a school year."""
    query = sa.select(sa.func.count()).select_from(School).where(within_region(School.region_code, region))
    return db.session.scalar(query.where(*_is_silent(year, today))) or 0


def planned_among(school_ids: Collection[int]) -> set[int]:
    """Which of some schools are still to be built by a project."""
    return set(db.session.scalars(planned_schools().where(ProjectSchool.school_id.in_(school_ids))))


def towns_of(region: str) -> list[str]:
    """The towns of the schools at or below a region."""
    query = sa.select(School.town).where(within_region(School.region_code, region), School.town.is_not(None))
    return [town for town in db.session.scalars(query.distinct().order_by(School.town).limit(MOST_TOWNS)) if town]


def school_by_id(school_id: int) -> School | None:
    """A school with the unit that enters its numbers."""
    query = sa.select(School).where(School.id == school_id).options(joinedload(School.unit))
    return db.session.scalar(query)


def school_named(region: str, name: str) -> School | None:
    """The school of a region with exactly this name."""
    return db.session.scalar(sa.select(School).where(School.region_code == region, School.name == name))


def units_for_schools(region: str) -> list[Unit]:
    """The units of a region that may be named to enter a school's numbers."""
    query = sa.select(Unit).where(Unit.region_code == region, Unit.disabled_at.is_(None), Unit.merged_into_id.is_(None))
    return list(db.session.scalars(query.order_by(Unit.name).limit(MOST_UNITS)))


def enrolments_of(school: School) -> list[PlannedEnrolment]:
    """The students whom a school expects, by year and stage."""
    query = sa.select(PlannedEnrolment).where(PlannedEnrolment.school_id == school.id)
    return sorted(db.session.scalars(query), key=lambda each: (each.year, list(Stage).index(each.stage)))


def building_tasks(person: Person, school: School) -> list[BuildingTask]:
    """The tasks that build or improve a school, of those that a person may see."""
    query = (
        sa.select(ProjectSchool, Task)
        .join(Task, Task.id == ProjectSchool.task_id)
        .where(ProjectSchool.school_id == school.id, visible_to(person))
        .options(joinedload(Task.plan))
        .order_by(Task.due_on, Task.id)
        .limit(MOST_TASKS)
    )
    return [BuildingTask(task, row.stage, row.seats, row.classes) for row, task in db.session.execute(query)]


def additions_to(person: Person, school: School) -> list[Addition]:
    """What the tasks that a person may see add to a school; dismissed additions are left out."""
    query = (
        sa.select(Addition)
        .join(Task, Task.id == Addition.task_id)
        .where(Addition.school_id == school.id, Addition.state != LinkState.DISMISSED, visible_to(person))
        .options(joinedload(Addition.task).joinedload(Task.plan))
        .order_by(Task.due_on, Addition.id)
        .limit(MOST_TASKS)
    )
    return list(db.session.scalars(query))


def events_of(school: School) -> list[Event]:
    """What was done to a school and its numbers, newest first; refusals stay in the audit log."""
    query = sa.select(Event).where(Event.object_type == "school", Event.object_id == str(school.id), Event.allowed)
    return list(db.session.scalars(query.order_by(Event.id.desc()).limit(MOST_EVENTS)))


def is_open(school: School, on: date) -> bool:
    """Whether a school is open on a day."""
    has_opened = school.opened_on is None or school.opened_on <= on
    return has_opened and (school.closed_on is None or school.closed_on > on)


def _conditions(filters: SchoolFilters, year: int, today: date) -> list[sa.ColumnElement[bool]]:
    conditions = [School.folded.contains(words, autoescape=True) for words in words_of(filters.q)]
    if filters.kind:
        conditions.append(School.kind == filters.kind)
    if filters.town:
        conditions.append(School.town == filters.town)
    if filters.stage is Stage.NINE_YEAR:
        conditions += [_has_stage(Stage.PRIMARY, year), _has_stage(Stage.JUNIOR, year)]
    elif filters.stage:
        conditions.append(_has_stage(filters.stage, year))
    if filters.silent:
        conditions += _is_silent(year, today)
    if filters.estimated:
        conditions.append(_has_estimates(year))
    return conditions


def _is_silent(year: int, today: date) -> list[sa.ColumnElement[bool]]:
    told = sa.select(SchoolYear.school_id).where(SchoolYear.year == year)
    return [
        School.id.not_in(told),
        School.id.not_in(planned_schools()),
        sa.or_(School.opened_on.is_(None), School.opened_on <= today),
        sa.or_(School.closed_on.is_(None), School.closed_on > today),
    ]


def _last_year(year: int) -> sa.ScalarSelect[int]:
    """The last school year up to one of which the school of the query around it has numbers."""
    others = sa.orm.aliased(SchoolYear)
    query = sa.select(sa.func.max(others.year)).where(others.school_id == School.id, others.year <= year)
    return query.correlate(School).scalar_subquery()


def _has_stage(stage: Stage, year: int) -> sa.ColumnElement[bool]:
    """Whether a school has a stage by its last numbers, or expects students in it."""
    known = sa.exists(
        sa.select(StageYear.id)
        .join(SchoolYear, SchoolYear.id == StageYear.school_year_id)
        .where(SchoolYear.school_id == School.id, SchoolYear.year == _last_year(year), StageYear.stage == stage)
    )
    expected = sa.exists(
        sa.select(PlannedEnrolment.id).where(
            PlannedEnrolment.school_id == School.id, PlannedEnrolment.stage == stage, PlannedEnrolment.year >= year
        )
    )
    return sa.or_(known, expected)


def _has_estimates(year: int) -> sa.ColumnElement[bool]:
    """Whether the last numbers of a school are estimated, all or single ones."""
    single = sa.cast(SchoolYear.exceptions, sa.Text).contains(f'"{Standing.ESTIMATED.value}"')
    return sa.exists(
        sa.select(SchoolYear.id).where(
            SchoolYear.school_id == School.id,
            SchoolYear.year == _last_year(year),
            sa.or_(SchoolYear.standing == Standing.ESTIMATED, single),
        )
    )
