"""Put the words of a plan into tasks: their units, the indicators they serve and what they build.

A plan that is read from a file and a task that is typed into a form come here as the same ``TaskSeed``.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from tracker.actions.moves import RuleRefused
from tracker.actions.plan_indicators import named
from tracker.actions.plan_units import store_schools, store_units
from tracker.actions.proposals import propose_for
from tracker.documents.plan_shape import PlanSeed, ProjectSeed, TaskSeed
from tracker.documents.yaml_rows import SeedError
from tracker.models import (
    Assignment,
    AssignmentRole,
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
from tracker.queries.plan_names import PlanNames
from tracker.rules.deadline_words import inherited_deadline, read_deadline
from tracker.rules.deadlines import Deadline, Document, document_named
from tracker.rules.lifecycle import State
from tracker.rules.stages import Stage


def store_tasks(
    plan: Plan,
    document: Document,
    seed: PlanSeed,
    national: dict[str, Indicator],
    units: Mapping[str, Unit] | None = None,
) -> None:
    """Store every task of a plan in the order of the document. Raises SeedError for unknown indicators, taken keys."""
    _refuse_taken_keys(plan, seed)
    phases = {phase.number: phase for phase in plan.phases}
    names = PlanNames(store_units(seed) | dict(units or {}), store_schools(seed), phases, national)
    items = {item.code: item for item in plan.framework.indicators} if plan.framework else {}
    tasks = []
    for position, each in enumerate(seed.tasks, start=1):
        place = f"{seed.file}, tasks {position} ({each.key}), indicators"
        task = store_task(plan, document, position, each, names, place)
        task.duty_of = _duty(items, each.duty_of, f"{seed.file}, tasks {position} ({each.key}), duty_of")
        if each.project:
            db.session.add(project_from(task, each.project, names.schools))
        tasks.append(task)
    db.session.flush()
    propose_for([task.id for task in tasks])


def _duty(items: Mapping[str, Indicator], code: str | None, place: str) -> Indicator | None:
    """The item of the plan's list that a task repeats."""
    if code and code not in items:
        raise SeedError(f"{place}: {code!r} is unknown: use a code of the plan's framework")
    return items[code] if code else None


def store_task(
    plan: Plan, document: Document, position: int, seed: TaskSeed, names: PlanNames, place: str = ""
) -> Task:
    """Add one task to a plan, not yet flushed. Raises SeedError for unknown indicators."""
    task = Task(
        key=f"{plan.code}-{seed.key}",
        state=State.NOT_STARTED,  # the light below is read before a flush would fill in the default
        plan_id=plan.id,
        region_code=plan.region_code,
        position=position,
        source_place=seed.source,
        source_text=seed.sentence,
    )
    write_words(task, seed, names, place)
    assign(task, seed.units, names.units)
    set_deadline(task, plan, seed.deadline, document)
    db.session.add(task)
    return task


def _refuse_taken_keys(plan: Plan, seed: PlanSeed) -> None:
    """Two plans can come to one key: a-b with c, and a with b-c."""
    kept = set(db.session.scalars(sa.select(Task.key).where(Task.key.startswith(f"{plan.code}-", autoescape=True))))
    for position, each in enumerate(seed.tasks, start=1):
        if (key := f"{plan.code}-{each.key}") in kept:
            place = f"{seed.file}, tasks {position} ({each.key}), key"
            raise SeedError(f"{place}: {key!r} stands in another plan: rename it")


def write_words(task: Task, seed: TaskSeed, names: PlanNames, place: str = "") -> None:
    """Give a task these words; officials and indicators that stay keep their rows. Raises SeedError."""
    task.number, task.kind, task.section, task.title = seed.number, seed.kind, seed.section, seed.title
    task.requirement, task.no_indicator_reason = seed.requirement, seed.no_indicator
    task.evidence_wanted, task.quantity_total, task.quantity_unit = (
        seed.evidence,
        seed.quantity_total,
        seed.quantity_unit,
    )
    task.phase = names.phases[seed.phase] if seed.phase else None
    officials = {each.name: each for each in task.officials}
    task.officials = [officials.get(name) or TaskOfficial(name=name) for name in seed.officials]
    for position, official in enumerate(task.officials, start=1):
        official.position = position
    _serve(task, {named(names.national, code, place): reason for code, reason in seed.indicators.items()})


def _serve(task: Task, wanted: Mapping[Indicator | None, str]) -> None:
    served: dict[Indicator | None, Contribution] = {each.indicator: each for each in task.contributions}
    task.contributions = [served.get(item) or Contribution(indicator=item) for item in wanted]
    for each in task.contributions:
        each.reason = wanted[each.indicator]


def document_of(plan: Plan) -> Document:
    """What the reading of a deadline needs of the plan's document."""
    return document_named(plan.issued_on, plan.document_number, plan.title)


def deadline_from(plan: Plan, words: str | None, document: Document) -> Deadline:
    """The deadline that words mean in a plan; without words of its own a task falls due with the plan's target."""
    if words is None and plan.target_on:
        return inherited_deadline(plan.target_text or "", plan.target_on, document)
    return read_deadline(words or "", document)


def set_deadline(task: Task, plan: Plan, words: str | None, document: Document) -> None:
    """Read the words of the document into a task as its first deadline."""
    read = read_again(task, plan, words, document)
    task.first_due_on = read.due_on
    task.keep_light_dates()


def read_again(task: Task, plan: Plan, words: str | None, document: Document) -> Deadline:
    """Put other words and the day they mean in force; the first deadline stays what it was."""
    read = deadline_from(plan, words, document)
    task.deadline_inherited = words is None and plan.target_on is not None
    task.deadline_text = words
    task.deadline_precision = read.precision
    task.deadline_doubt = read.doubt
    task.alternative_due_on = read.alternative_on
    task.starts_on = read.starts_on
    task.due_on = read.due_on
    task.needs_redate = read.doubt is not None
    return read


def assign(task: Task, wanted: Mapping[AssignmentRole, list[str]], units: Mapping[str, Unit]) -> None:
    """Give a task these units by role; a part that stays keeps the name in the plan and who handles it."""
    kept = {(each.role, each.unit): each for each in task.assignments}
    parts: dict[tuple[AssignmentRole, Unit], Assignment] = {}
    for role, names in wanted.items():
        for name in names:
            part = (role, units[name])
            parts.setdefault(part, kept.get(part) or Assignment(unit=units[name], role=role, name_in_plan=name))
    for position, each in enumerate(parts.values(), start=1):
        each.position = position
    task.assignments = list(parts.values())


def project_from(task: Task, seed: ProjectSeed, schools: Mapping[str, School]) -> Project:
    """The figures of a new project."""
    project = Project(
        task=task,
        buildings=[
            ProjectBuilding(position=place, use=use, floor_area_m2=area)
            for place, (use, area) in enumerate(seed.buildings, start=1)
        ],
    )
    write_figures(project, seed, schools)
    return project


def write_figures(project: Project, seed: ProjectSeed, schools: Mapping[str, School]) -> None:
    """Give a project these figures and schools; its buildings stay.

    Raises RuleRefused('part_in_use') where a school would go of whose seats people have planned batches.
    """
    project.category, project.site, project.town = seed.category, seed.site, seed.town
    project.land_mu, project.floor_area_m2 = seed.land_mu, seed.floor_area_m2
    project.sports_area_m2, project.budget_yuan = seed.sports_area_m2, seed.budget_yuan
    kept = _kept_parts(project, seed, schools)
    gone = [each for each in project.schools if each not in kept.values()]
    for each in gone:
        if each.handovers:
            raise RuleRefused("part_in_use", each.school.name)
    rows = []
    for position, said in enumerate(seed.schools, start=1):
        row = kept.get((said.name, said.stage)) or ProjectSchool(school=schools[said.name])
        row.position, row.stage, row.seats, row.classes = position, said.stage, said.seats, said.classes
        rows.append(row)
    project.schools = rows


def _kept_parts(
    project: Project, seed: ProjectSeed, schools: Mapping[str, School]
) -> dict[tuple[str, Stage | None], ProjectSchool]:
    """The rows that stay, by what is said: of the same stage, else of the same school, first one with batches."""
    left = sorted(project.schools, key=lambda each: not each.handovers)
    kept: dict[tuple[str, Stage | None], ProjectSchool] = {}
    for is_same_stage in (True, False):
        for said in seed.schools:
            of_school = [each for each in left if each.school is schools[said.name]]
            found = next((each for each in of_school if not is_same_stage or each.stage == said.stage), None)
            if found and (said.name, said.stage) not in kept:
                kept[said.name, said.stage] = found
                left.remove(found)
    return kept
