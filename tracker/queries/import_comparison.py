"""A document beside the plan that stands: added, changed, unchanged, missing; and what adopting it would do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, subqueryload

from tracker.models import (
    Assignment,
    Contribution,
    ImportName,
    ImportRow,
    Plan,
    PlanImport,
    Project,
    ProjectSchool,
    Task,
    Unit,
    db,
)
from tracker.queries.import_rows import ImportFacts, with_other_deadlines
from tracker.queries.imports import document_of, read_in, rows_kept
from tracker.rules.import_changes import Change, changes_between, merged_words
from tracker.rules.import_matching import Matched, matches
from tracker.rules.lifecycle import State

FIXED = {State.CLOSED, State.SUSPENDED}  # whose deadline nobody moves


@dataclass(frozen=True)
class RowChange:
    """A row that changes its task: what stands, what the task gets, and the fields that differ."""

    row: ImportRow
    task: Task
    standing: Mapping[str, Any]
    wanted: Mapping[str, Any]
    changes: Sequence[Change]
    project: Project | None = None


@dataclass(frozen=True)
class Comparison:
    """A document beside a plan; ``missing`` are the plan's tasks that it does not have, which stay as they are.

    ``withdrawn`` are tasks that it has and that the plan has given up; they stay so.
    """

    added: Sequence[ImportRow] = ()
    changed: Sequence[RowChange] = ()
    unchanged: Sequence[ImportRow] = ()
    missing: Sequence[Task] = ()
    withdrawn: Sequence[Task] = ()


@dataclass(frozen=True)
class Consequences:
    """What adopting an import does, as counts; it mails nobody."""

    adds: int
    changes: int
    unchanged: int
    missing: int
    units: int
    new_units: int
    to_redate: int
    without_date: int
    several_dates: int = 0


@dataclass(frozen=True)
class Standing:
    """The tasks of a plan with their projects, in the order of the document."""

    tasks: Sequence[Task] = ()
    projects: Mapping[int, Project] = field(default_factory=dict)


def standing_in(plan: Plan) -> Standing:
    """The tasks of a plan with all that a document may say of them, in a fixed number of questions."""
    query = sa.select(Task).where(Task.plan_id == plan.id).order_by(Task.position)
    wanted = query.options(
        subqueryload(Task.assignments).joinedload(Assignment.unit),
        subqueryload(Task.officials),
        subqueryload(Task.contributions).joinedload(Contribution.indicator),
        joinedload(Task.phase),
        joinedload(Task.duty_of),
    )
    built = sa.select(Project).join(Task).where(Task.plan_id == plan.id)
    built = built.options(subqueryload(Project.schools).joinedload(ProjectSchool.school))
    projects = db.session.scalars(built.options(subqueryload(Project.buildings)))
    return Standing(list(db.session.scalars(wanted)), {project.task_id: project for project in projects})


def matched_tasks(plan: Plan, rows: Sequence[ImportRow], keyed: bool = False) -> dict[int, int]:
    """The id of the task that each row (by its place in the list) stands for in a plan."""
    tasks = standing_in(plan).tasks
    return {place: task.id for place, task in _matched(plan, rows, tasks, keyed).items()}


def _matched(plan: Plan, rows: Sequence[ImportRow], tasks: Sequence[Task], keyed: bool = False) -> dict[int, Task]:
    start = len(plan.code) + 1
    new = [_known_by(row.key, row.words) for row in rows]
    standing = [Matched(t.key[start:], t.number, tuple(t.section), t.title, t.requirement) for t in tasks]
    return {place: tasks[other] for place, other in matches(new, standing, keyed).items()}


def tasks_of_rows(batch: PlanImport, plan: Plan, rows: Sequence[ImportRow], tasks: Sequence[Task]) -> dict[int, Task]:
    """The task that each row (by its id) stands for among those of a plan.

    Rows were matched when the document was opened; one without a task is matched anew with the tasks that came to the
    plan since, by another import or by hand, so that nothing is added twice.
    """
    by_id = {task.id: task for task in tasks}
    found = {row.id: by_id[row.task_id] for row in rows if row.task_id in by_id}
    loose = [row for row in rows if row.id not in found]
    held = {task.id for task in found.values()}
    standing = batch.parts.get("standing")
    fresh = [task for task in tasks if task.id not in held and standing is not None and task.key not in standing]
    if loose and fresh:
        found |= {loose[place].id: task for place, task in _matched(plan, loose, fresh).items()}
    return found


def _known_by(key: str, words: Mapping[str, Any]) -> Matched:
    return Matched(key, words["number"], tuple(words["section"]), words["title"], words["requirement"])


def keys_in(plan: Plan) -> list[str]:
    """The keys of a plan's tasks: others came after a document was opened. No key is given twice, an id may be."""
    return list(db.session.scalars(sa.select(Task.key).where(Task.plan_id == plan.id).order_by(Task.key)))


def tasks_in(plan: Plan) -> list[int]:
    """The ids of all tasks of a plan."""
    return list(db.session.scalars(sa.select(Task.id).where(Task.plan_id == plan.id)))


def comparison_of(batch: PlanImport) -> Comparison:
    """An import beside the plan that it re-issues; without one everything is added."""
    rows = rows_kept(batch)
    if batch.against is None:
        return Comparison(added=rows)
    standing = standing_in(batch.against)
    by_id = {task.id: task for task in standing.tasks}
    names, phases = meant_names(batch), [phase.number for phase in batch.against.phases]
    phases += [each["number"] for each in batch.parts.get("phases", ())]
    meant = tasks_of_rows(batch, batch.against, rows, standing.tasks)
    added, changed, unchanged = [], [], []
    for row in rows:
        task = by_id.pop(meant[row.id].id, None) if row.id in meant else None
        if task is None:
            added.append(row)
            continue
        now = words_of_task(task, standing.projects.get(task.id))
        wanted = merged_words(now, named_words(row.words, names), phases, task.state not in FIXED)
        changes = changes_between(now, wanted)
        if changes:
            changed.append(RowChange(row, task, now, wanted, changes, standing.projects.get(task.id)))
        else:
            unchanged.append(row)
    missing = [task for task in standing.tasks if task.id in by_id and task.withdrawn_on is None]
    withdrawn = [task for task in standing.tasks if task.id not in by_id and task.withdrawn_on]
    return Comparison(added, changed, unchanged, missing, withdrawn)


def meant_names(batch: PlanImport) -> dict[str, str]:
    """The name of the unit that each name in the document means; an open one means itself."""
    query = sa.select(ImportName.name, Unit.name, ImportName.new_name).outerjoin(Unit, Unit.id == ImportName.unit_id)
    found = db.session.execute(query.where(ImportName.import_id == batch.id))
    return {name: unit or new or name for name, unit, new in found}


def named_words(words: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The words of a row with the units by the names that they have in the tracker."""
    units = dict.fromkeys((names.get(name, name), role) for name, role in words["units"])
    return {**words, "units": [list(unit) for unit in units]}


def words_of_task(task: Task, project: Project | None) -> dict[str, Any]:
    """What a stored task says, in the shape of a row's words."""
    return {
        "number": task.number,
        "kind": task.kind.value,
        "section": task.section,
        "title": task.title,
        "requirement": task.requirement,
        "units": [[each.unit.name, each.role.value] for each in task.assignments],
        "officials": [each.name for each in task.officials],
        "deadline": task.deadline_text,
        "other_deadlines": [],
        "phase": task.phase.number if task.phase else None,
        "duty_of": task.duty_of.number if task.duty_of else None,
        "project": _project(project) if project else None,
    }


def _project(project: Project) -> dict[str, Any]:
    return {
        "category": project.category.value,
        "site": project.site,
        "town": project.town,
        "land_mu": _text(project.land_mu),
        "floor_area_m2": _text(project.floor_area_m2),
        "sports_area_m2": _text(project.sports_area_m2),
        "budget_yuan": project.budget_yuan,
        "schools": [
            [each.school.name, each.stage.value if each.stage else None, each.seats, each.classes]
            for each in project.schools
        ],
        "buildings": [[each.use, _text(each.floor_area_m2)] for each in project.buildings],
    }


@dataclass(frozen=True)
class SaidPhase:
    """A stage as a plan or a document words and dates it."""

    number: str
    title: str
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True)
class HeadChange:
    """What a re-issued document says otherwise of itself than the plan: the name of a fact, the old and the new."""

    name: str
    old: str | date | SaidPhase | None
    new: str | date | SaidPhase


FACTS = ("title", "document_number", "issuer", "issued_on", "starts_on", "ends_on", "target_text", "target_on")
FACT_DAYS = {"issued_on", "starts_on", "ends_on", "target_on"}


def head_changes(batch: PlanImport) -> list[HeadChange]:
    """What a document says otherwise of itself than the plan that it re-issues; what it does not say is left out."""
    plan = batch.against
    if plan is None:
        return []
    said = {name: _fact(name, batch.head.get(name)) for name in FACTS}
    pairs = [(name, getattr(plan, name) or None, new) for name, new in said.items()]
    return [HeadChange(name, old, new) for name, old, new in pairs if new and new != old]


def _fact(name: str, said: str | None) -> str | date | None:
    return date.fromisoformat(said) if said and name in FACT_DAYS else said


def phase_changes(batch: PlanImport) -> list[HeadChange]:
    """The stages that a document words or dates otherwise than the plan that it re-issues, or has beside them."""
    plan = batch.against
    if plan is None:
        return []
    old = {each.number: SaidPhase(each.number, each.title, each.starts_on, each.ends_on) for each in plan.phases}
    new = [_phase(each) for each in batch.parts.get("phases", ())]
    return [HeadChange("phase", old.get(each.number), each) for each in new if each != old.get(each.number)]


def _phase(said: Mapping[str, Any]) -> SaidPhase:
    days = (date.fromisoformat(said[name]) if said[name] else None for name in ("starts_on", "ends_on"))
    return SaidPhase(said["number"], said["title"], *days)


def consequences_of(batch: PlanImport, facts: ImportFacts | None = None) -> Consequences:
    """What adopting an import as it stands would do."""
    facts = facts or ImportFacts(batch)
    return _of_reissue(facts, comparison_of(batch)) if batch.against else _of_new(facts)


def _of_new(facts: ImportFacts) -> Consequences:
    """What a new plan brings, counted where the rows are."""
    names, deadlines = facts.accepted_names, facts.accepted_deadlines
    return Consequences(
        adds=deadlines.total(),
        changes=0,
        unchanged=0,
        missing=0,
        **_units(facts, names),
        **_dated(facts.batch, deadlines),
        several_dates=with_other_deadlines(facts.batch),
    )


def _of_reissue(facts: ImportFacts, compared: Comparison) -> Consequences:
    added = [row for row in compared.added if row.accepted]
    changed = [each for each in compared.changed if each.row.accepted]
    touched: list[Mapping[str, Any]] = [*(row.words for row in added), *(each.row.words for each in changed)]
    moved = [e.row.words for e in changed if any(change.field == "deadline" for change in e.changes)]
    return Consequences(
        adds=len(added),
        changes=len(changed),
        unchanged=len(compared.unchanged),
        missing=len(compared.missing),
        **_units(facts, {name for words in touched for name, _role in words["units"]}),
        **_dated(facts.batch, Counter(words["deadline"] for words in [*(row.words for row in added), *moved])),
        several_dates=sum(bool(words["other_deadlines"]) for words in touched),
    )


def _units(facts: ImportFacts, names: Collection[str]) -> dict[str, int]:
    """How many units some names mean, and how many of them are new."""
    meant = [each for each in facts.names if each.name in names]
    unknown = [each for each in meant if each.unit_id is None]
    new_units = {each.new_name or each.name for each in unknown if each.new_kind}
    undecided = {each.name for each in unknown if not each.new_kind}
    units = len(new_units) + len(undecided) + len({each.unit_id for each in meant if each.unit_id})
    return {"units": units, "new_units": len(new_units)}


def _dated(batch: PlanImport, said: Mapping[str | None, int]) -> dict[str, int]:
    """How many deadlines wait for the office, and how many have no date at all."""
    document = document_of(batch)
    read = [(read_in(batch, words, document), count) for words, count in said.items()]
    return {
        "to_redate": sum(count for each, count in read if each.doubt),
        "without_date": sum(count for each, count in read if each.due_on is None and not each.doubt),
    }


def _text(amount: Any) -> str | None:
    return None if amount is None else f"{amount:f}"
