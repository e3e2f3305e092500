"""Store a plan that was read, and make it active."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from tracker.actions.record import NOBODY, Actor, record
from tracker.documents.plan_shape import IndicatorSeed, PlanSeed, ProjectSeed, TaskSeed
from tracker.models import (
    NATIONAL,
    Assignment,
    Contribution,
    Framework,
    Indicator,
    IndicatorPart,
    Phase,
    Plan,
    PlanGoal,
    PlanState,
    Project,
    ProjectBuilding,
    ProjectSchool,
    Region,
    ReportedValue,
    School,
    Task,
    TaskOfficial,
    Unit,
    UnitAlias,
    Veto,
    db,
)
from tracker.rules.deadline_words import inherited_deadline, read_deadline
from tracker.rules.deadlines import Document, year_of_number
from tracker.rules.lifecycle import State


class PlanRefused(ValueError):
    """A plan contradicts what is already stored; the message names the place and the mend. Nothing was stored."""


def store_framework(code: str, name: str, name_en: str | None, items: list[dict[str, str]]) -> bool:
    """Store the items of a framework by its code; False where it stands already."""
    if db.session.scalar(sa.select(Framework.id).where(Framework.code == code)):
        return False
    framework = Framework(code=code, name=name, name_en=name_en)
    framework.indicators = [
        Indicator(
            code=item["code"],
            number=item["code"],
            position=position,
            title=item["title"],
            title_en=item.get("title_en"),
            group=item["group"],
            group_en=item.get("group_en"),
            requirement=item.get("requirement"),
            requirement_en=item.get("requirement_en"),
        )
        for position, item in enumerate(items, start=1)
    ]
    db.session.add(framework)
    db.session.flush()
    return True


def store_plan(seed: PlanSeed, now: datetime, actor: Actor = NOBODY) -> Plan | None:
    """Store a plan as a draft with all that belongs to it; None where its code stands already. Raises PlanRefused."""
    if db.session.scalar(sa.select(Plan.id).where(Plan.code == seed.code)):
        return None
    if db.session.get(Region, seed.region) is None:
        raise PlanRefused(f"{seed.file}, plan, region: {seed.region!r} is unknown: add it to seeds/regions.yaml")
    national = national_indicators()
    plan = Plan(
        code=seed.code,
        region_code=seed.region,
        title=seed.title,
        document_number=seed.document_number,
        issuer=seed.issuer,
        issued_on=seed.issued_on,
        starts_on=seed.starts_on,
        ends_on=seed.ends_on,
        target_text=seed.target_text,
        target_on=seed.target_on,
        state=PlanState.DRAFT,
        framework=_own_framework(seed, national),
    )
    document = document_of(seed.issued_on, seed.document_number)
    plan.goals = [
        PlanGoal(
            position=position,
            text=goal.text,
            deadline_text=goal.deadline,
            due_on=read_deadline(goal.deadline, document).due_on if goal.deadline else None,
        )
        for position, goal in enumerate(seed.goals, start=1)
    ]
    plan.phases = [
        Phase(
            position=position,
            number=phase.number,
            title=phase.title,
            summary=phase.summary,
            starts_on=phase.starts_on,
            ends_on=phase.ends_on,
        )
        for position, phase in enumerate(seed.phases, start=1)
    ]
    plan.reported_values = [
        ReportedValue(
            indicator=_named(national, each.indicator, f"{seed.file}, reported, indicator"),
            subject=each.subject,
            stage=each.stage,
            measure=each.measure,
            value=each.value,
            decimals=decimals_of(each.value),
            met=each.met,
            note=each.note,
        )
        for each in seed.reported
    ]
    db.session.add(plan)
    db.session.flush()
    units = _store_units(seed)
    schools = _store_schools(seed)
    items = {item.code: item for item in plan.framework.indicators} if plan.framework else {}
    phases = {phase.number: phase for phase in plan.phases}
    for position, task_seed in enumerate(seed.tasks, start=1):
        task = _task(plan, document, position, task_seed)
        task.phase = phases[task_seed.phase] if task_seed.phase else None
        task.duty_of = items[task_seed.duty_of] if task_seed.duty_of else None
        _assign(task, task_seed, units)
        task.contributions = [
            Contribution(
                indicator=_named(national, code, f"{seed.file}, tasks {position} ({task_seed.key}), indicators"),
                reason=reason,
            )
            for code, reason in task_seed.indicators.items()
        ]
        db.session.add(task)
        if task_seed.project:
            db.session.add(_project(task, task_seed.project, schools))
    db.session.flush()
    record(
        actor,
        "store_plan",
        now,
        obj=("plan", plan.code),
        region=plan.region_code,
        after={"tasks": len(seed.tasks), "state": plan.state.value},
    )
    return plan


def activate(plan: Plan, now: datetime, actor: Actor = NOBODY) -> None:
    """Make a draft active: from now on its tasks remind people."""
    if plan.state is PlanState.DRAFT:
        plan.state = PlanState.ACTIVE
        record(
            actor,
            "activate_plan",
            now,
            obj=("plan", plan.code),
            region=plan.region_code,
            before={"state": "draft"},
            after={"state": "active"},
        )


def document_of(issued_on: date | None, document_number: str | None) -> Document:
    """What the reading of deadlines needs of a plan's document."""
    return Document(issued_on=issued_on, number_year=year_of_number(document_number))


def national_indicators() -> dict[str, Indicator]:
    """The national items by code."""
    query = sa.select(Indicator).join(Framework).where(Framework.code == NATIONAL)
    return {item.code: item for item in db.session.scalars(query)}


def _named(items: dict[str, Indicator], code: str | None, place: str) -> Indicator | None:
    if code is None:
        return None
    if code not in items:
        raise PlanRefused(f"{place}: {code!r} is unknown: use a national code such as R1, G5, Q9 or S1")
    return items[code]


def _own_framework(seed: PlanSeed, national: dict[str, Indicator]) -> Framework | None:
    if not seed.indicators:
        return None
    framework = Framework(code=seed.code, name=seed.title)
    framework.indicators = [
        _item(position, item, national, seed.file) for position, item in enumerate(seed.indicators, start=1)
    ]
    db.session.add(framework)
    db.session.flush()
    db.session.add_all(Veto(framework_id=framework.id, number=number, title=title) for number, title in seed.vetoes)
    return framework


def _item(position: int, seed: IndicatorSeed, national: dict[str, Indicator], file: str) -> Indicator:
    return Indicator(
        code=seed.code,
        number=seed.number,
        position=position,
        title=seed.title,
        group=seed.group,
        grade=seed.grade,
        points=seed.points,
        national=_named(national, seed.national, f"{file}, indicators ({seed.code}), national"),
        parts=[
            IndicatorPart(position=place, number=part.number, text=part.text, points=part.points)
            for place, part in enumerate(seed.parts, start=1)
        ],
    )


def _store_units(seed: PlanSeed) -> dict[str, Unit]:
    """The units of a plan by every name they go by; known units of the region are used again and learn new aliases."""
    known = _known_units(seed.region)
    for each in seed.units:
        names = (each.name, *each.aliases)
        found = {known[name].id: known[name] for name in names if name in known}
        if len(found) > 1:
            meant = "、".join(unit.name for unit in found.values())
            raise PlanRefused(
                f"{seed.file}, units ({each.name}): its names mean {len(found)} known units, {meant}: merge them first"
            )
        unit = next(iter(found.values()), None)
        if unit is None:
            unit = Unit(region_code=seed.region, name=each.name, full_name=each.full_name, kind=each.kind)
            db.session.add(unit)
            db.session.flush()
        for name in names:
            if name not in known and name != unit.name:
                unit.aliases.append(UnitAlias(region_code=seed.region, alias=name))
            known[name] = unit
    for each in seed.units:
        collective = known[each.name]
        for member in each.members:
            if known[member] not in collective.members:
                collective.members.append(known[member])
    db.session.flush()
    return known


def _known_units(region: str) -> dict[str, Unit]:
    units = {unit.name: unit for unit in db.session.scalars(sa.select(Unit).where(Unit.region_code == region))}
    for alias in db.session.scalars(sa.select(UnitAlias).where(UnitAlias.region_code == region)):
        units[alias.alias] = alias.unit
    return units


def _store_schools(seed: PlanSeed) -> dict[str, School]:
    schools = {
        school.name: school for school in db.session.scalars(sa.select(School).where(School.region_code == seed.region))
    }
    for task in seed.tasks:
        for each in task.project.schools if task.project else []:
            if each.name not in schools:
                schools[each.name] = School(region_code=seed.region, name=each.name)
                db.session.add(schools[each.name])
    db.session.flush()
    return schools


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
    set_deadline(task, plan, seed.deadline, document)
    return task


def decimals_of(value: Decimal | None) -> int | None:
    """How many digits a number was written with after the point."""
    exponent = value.as_tuple().exponent if value is not None else None
    return max(0, -exponent) if isinstance(exponent, int) else None


def set_deadline(task: Task, plan: Plan, words: str | None, document: Document) -> None:
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
