"""Put back what the adoption of an import did: words, dates, units and schools."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from tracker.actions.moves import hold_projects, hold_tasks
from tracker.actions.plan_states import remove_tasks
from tracker.actions.record import Act, Actor, record_all
from tracker.actions.task_words import Rewriting, change_tasks, units_of
from tracker.documents.draft_words import task_from
from tracker.documents.import_seed import task_seed
from tracker.documents.paper import Place
from tracker.models import (
    Addition,
    DeadlineChange,
    ImportRow,
    Plan,
    PlanImport,
    PlannedEnrolment,
    Project,
    ProjectSchool,
    School,
    SchoolYear,
    Task,
    Unit,
    UnitAlias,
    db,
)
from tracker.queries.handlers import can_handle
from tracker.queries.import_comparison import standing_in
from tracker.queries.plan_names import names_of
from tracker.queries.unit_references import is_referred_to
from tracker.rules.deadlines import Doubt, Precision

BACK = "撤回导入"
DAYS = ("alternative_due_on", "starts_on", "first_due_on", "due_on")
PLAIN = ("deadline_text", "deadline_inherited", "needs_redate", "held_days")


def state_of(task: Task, project: Project | None, words: Mapping[str, Any]) -> dict[str, Any]:
    """What a task says, when it is due and who answers for it before a re-issue changes it, in plain values."""
    deadline = {name: getattr(task, name) for name in (*DAYS, *PLAIN, "deadline_precision", "deadline_doubt")}
    return {
        "words": dict(words),
        "deadline": {name: _plain(value) for name, value in deadline.items()},
        "source": [task.source_place, task.source_text],
        "parts": [[each.unit_id, each.role.value, each.name_in_plan, each.handler_id] for each in task.assignments],
        "links": [each.indicator.code for each in task.contributions],
        "site": [project.first_site, project.site_reason] if project else None,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


def beside(task: Task) -> dict[str, Any]:
    """What people said of a task beside the document, as a seed has it."""
    return {
        "evidence": task.evidence_wanted,
        "quantity_total": task.quantity_total,
        "quantity_unit": task.quantity_unit,
        "indicators": {each.indicator.code: each.reason for each in task.contributions},
        "no_indicator": task.no_indicator_reason,
    }


def put_back(actor: Actor, batch: PlanImport, plan: Plan, now: datetime) -> list[tuple[Task, date | None]]:
    """Give the tasks of a plan the words back that they had before a re-issue, and remove those that it added.

    Returns the tasks whose deadline is another one again, with the deadline that the re-issue gave them.
    """
    query = sa.select(ImportRow).where(ImportRow.import_id == batch.id, ImportRow.task_version.is_not(None))
    rows = [row for row in db.session.scalars(query.order_by(ImportRow.position)) if row.task]
    added = [row.task for row in rows if row.before is None and row.task]
    acts = [
        Act("delete_task", ("task", task.key), task.region_code, {"title": task.title, **units_of(task)}, {})
        for task in added
    ]
    plan.version += 1
    ids = [row.task.id for row in rows if row.task]
    hold_tasks(ids)
    hold_projects(ids)  # before the first event, for which those who add to a project wait
    remove_tasks(added)
    if acts:
        record_all(actor, acts, now)
    changed = [(row.task, row.before) for row in rows if row.task and row.before]
    projects = standing_in(plan).projects
    wanted = [_rewriting(task, projects.get(task.id), before) for task, before in changed]
    due = [(task, task.due_on) for task, _before in changed]
    change_tasks(actor, plan, wanted, names_of(plan), BACK, now)
    for task, before in changed:
        _put_back_dates(task, before)
        _put_back_beside(task, projects.get(task.id), before)
    db.session.flush()
    _forget_moves(batch, [task.id for task, _before in changed])
    _remove_phases(plan, batch.parts.get("new_phases") or [])
    if batch.parts.get("new_headings"):
        plan.headings = None
    return [(task, old) for task, old in due if task.due_on != old]


def _forget_moves(batch: PlanImport, task_ids: Collection[int]) -> None:
    """Count no deadline as moved that is again what it was: the moves of the adoption and those back; events stay."""
    since = sa.and_(DeadlineChange.task_id.in_(task_ids), DeadlineChange.at >= batch.adopted_at)
    db.session.execute(sa.delete(DeadlineChange).where(since).execution_options(synchronize_session="fetch"))


def _remove_phases(plan: Plan, numbers: Collection[str]) -> None:
    """Remove the stages that a re-issue brought, where no task is in them any more."""
    used = set(db.session.scalars(sa.select(Task.phase_id).where(Task.plan_id == plan.id)))
    plan.phases = [each for each in plan.phases if each.number not in numbers or each.id in used]
    db.session.flush()


def _rewriting(task: Task, project: Project | None, before: Mapping[str, Any]) -> Rewriting:
    """The words that a task had."""
    said = task_from(before["words"], "", Place(0), "", "")
    return Rewriting(task, project, replace(task_seed(said, {}), **beside(task)))


def _put_back_dates(task: Task, before: Mapping[str, Any]) -> None:
    """The dates as they stood, with what the office had settled about them."""
    task.source_place, task.source_text = before["source"]
    said = before["deadline"]
    for name in PLAIN:
        setattr(task, name, said[name])
    for name in DAYS:
        setattr(task, name, date.fromisoformat(said[name]) if said[name] else None)
    task.deadline_precision = Precision(said["deadline_precision"])
    task.deadline_doubt = Doubt(said["deadline_doubt"]) if said["deadline_doubt"] else None
    task.keep_light_dates()


def _put_back_beside(task: Task, project: Project | None, before: Mapping[str, Any]) -> None:
    """What the document does not say: the units' names in the plan and who handles it, links, where a project moved."""
    parts = {(unit_id, role): said for unit_id, role, *said in before.get("parts", ())}
    for part in task.assignments:
        part.name_in_plan, handler = parts.get((part.unit.id, part.role.value), (part.name_in_plan, None))
        if handler and not part.handler_id and can_handle(handler, part.unit.id):
            part.handler_id = handler
    if "links" in before:
        task.contributions = [each for each in task.contributions if each.indicator.code in before["links"]]
    if project and before.get("site"):
        project.first_site, project.site_reason = before["site"]


def remove_made(batch: PlanImport) -> None:
    """Remove the names, units and schools that an adoption made and that nothing refers to any more."""
    made = batch.parts.get("made") or {}
    for number, alias in made.get("aliases", ()):
        db.session.execute(sa.delete(UnitAlias).where(UnitAlias.id == number, UnitAlias.alias == alias))
    for number, name in made.get("schools", ()):
        _remove_school(number, name)
    db.session.flush()
    for number, name in made.get("units", ()):
        unit = db.session.get(Unit, number, populate_existing=True)
        if unit and unit.name == name and not is_referred_to(unit.id):
            db.session.delete(unit)
    db.session.flush()


def _remove_school(number: int, name: str) -> None:
    """Remove a school of which nobody has said anything."""
    used = [
        sa.select(kind.school_id).where(kind.school_id == number).exists()
        for kind in (ProjectSchool, Addition, SchoolYear, PlannedEnrolment)
    ]
    unused = sa.delete(School).where(School.id == number, School.name == name, School.unit_id.is_(None))
    db.session.execute(unused.where(*(~each for each in used)).execution_options(synchronize_session="fetch"))
