"""Store the tasks of a plan with their units, the indicators they serve and what they build."""

from __future__ import annotations

import sqlalchemy as sa

from tracker.actions.plan_indicators import named
from tracker.actions.plan_units import store_schools, store_units
from tracker.documents.plan_shape import PlanSeed, ProjectSeed, TaskSeed
from tracker.documents.yaml_rows import SeedError
from tracker.models import (
    Assignment,
    Contribution,
    Indicator,
    Plan,
    Project,
    ProjectBuilding,
    ProjectSchool,
    School,
    Task,
    TaskOfficial,
    Unit,
    db,
)
from tracker.rules.deadline_words import inherited_deadline, read_deadline
from tracker.rules.deadlines import Document
from tracker.rules.lifecycle import State


def store_tasks(plan: Plan, document: Document, seed: PlanSeed, national: dict[str, Indicator]) -> None:
    """Store every task of a plan in the order of the document. Raises SeedError for unknown indicators, taken keys."""
    _refuse_taken_keys(plan, seed)
    units, schools = store_units(seed), store_schools(seed)
    items = {item.code: item for item in plan.framework.indicators} if plan.framework else {}
    phases = {phase.number: phase for phase in plan.phases}
    for position, each in enumerate(seed.tasks, start=1):
        task = _task(plan, document, position, each)
        task.phase = phases[each.phase] if each.phase else None
        task.duty_of = items[each.duty_of] if each.duty_of else None
        place = f"{seed.file}, tasks {position} ({each.key}), indicators"
        task.contributions = [
            Contribution(indicator=named(national, code, place), reason=reason)
            for code, reason in each.indicators.items()
        ]
        _assign(task, each, units)
        db.session.add(task)
        if each.project:
            db.session.add(_project(task, each.project, schools))
    db.session.flush()


def _refuse_taken_keys(plan: Plan, seed: PlanSeed) -> None:
    """Two plans can come to one key: a-b with c, and a with b-c."""
    kept = set(db.session.scalars(sa.select(Task.key).where(Task.key.startswith(f"{plan.code}-", autoescape=True))))
    for position, each in enumerate(seed.tasks, start=1):
        if (key := f"{plan.code}-{each.key}") in kept:
            place = f"{seed.file}, tasks {position} ({each.key}), key"
            raise SeedError(f"{place}: {key!r} stands in another plan: rename it")


def _task(plan: Plan, document: Document, position: int, seed: TaskSeed) -> Task:
    task = Task(
        key=f"{plan.code}-{seed.key}",
        state=State.NOT_STARTED,  # the light below is read before a flush would fill in the default
        plan_id=plan.id,
        region_code=plan.region_code,
        position=position,
        number=seed.number,
        kind=seed.kind,
        section=seed.section,
        title=seed.title,
        requirement=seed.requirement,
        source_place=seed.source,
        no_indicator_reason=seed.no_indicator,
        officials=[TaskOfficial(position=place, name=name) for place, name in enumerate(seed.officials, start=1)],
    )
    _set_deadline(task, plan, seed.deadline, document)
    return task


def _set_deadline(task: Task, plan: Plan, words: str | None, document: Document) -> None:
    """Read the words of the document into a new task; without words of its own it falls due with the plan's target."""
    task.deadline_inherited = words is None and plan.target_on is not None
    if words is None and plan.target_on:
        read = inherited_deadline(plan.target_text or "", plan.target_on, document)
    else:
        read = read_deadline(words or "", document)
    task.deadline_text = words
    task.deadline_precision = read.precision
    task.deadline_doubt = read.doubt
    task.alternative_due_on = read.alternative_on
    task.starts_on = read.starts_on
    task.due_on = task.first_due_on = read.due_on
    task.needs_redate = read.doubt is not None
    task.keep_light_dates()


def _assign(task: Task, seed: TaskSeed, units: dict[str, Unit]) -> None:
    position = 0
    for role, names in seed.units.items():
        for name in names:
            position += 1
            task.assignments.append(Assignment(unit=units[name], role=role, position=position, name_in_plan=name))


def _project(task: Task, seed: ProjectSeed, schools: dict[str, School]) -> Project:
    return Project(
        task=task,
        category=seed.category,
        site=seed.site,
        town=seed.town,
        land_mu=seed.land_mu,
        floor_area_m2=seed.floor_area_m2,
        sports_area_m2=seed.sports_area_m2,
        budget_yuan=seed.budget_yuan,
        schools=[
            ProjectSchool(
                position=place,
                school=schools[school.name],
                stage=school.stage,
                seats=school.seats,
                classes=school.classes,
            )
            for place, school in enumerate(seed.schools, start=1)
        ],
        buildings=[
            ProjectBuilding(position=place, use=use, floor_area_m2=area)
            for place, (use, area) in enumerate(seed.buildings, start=1)
        ],
    )
