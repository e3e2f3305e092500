"""Keep what tasks probably bring as proposals: only what is missing, never again what was decided."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from tracker.actions.record import NOBODY, Actor, record
from tracker.models import Addition, Contribution, Origin, Plan, Project, Task, db
from tracker.queries.indicators import national_indicators
from tracker.rules.links import LinkState
from tracker.rules.proposals import (
    PlannedBuilding,
    PlannedPart,
    PlannedProject,
    ProposedAddition,
    proposed_additions,
    proposed_links,
)


def propose_for(task_ids: Collection[int]) -> int:
    """Propose links and additions for tasks; returns how many rows were added. Set-based: any number of tasks."""
    return _propose_links(task_ids) + _propose_additions(task_ids)


def propose_for_plan(plan: Plan, now: datetime, actor: Actor = NOBODY) -> int:
    """Propose what is missing in a plan that stands already, with an event where there was something."""
    added = propose_for(db.session.scalars(sa.select(Task.id).where(Task.plan_id == plan.id)).all())
    if added:
        record(actor, "propose_links", now, obj=("plan", plan.code), region=plan.region_code, after={"count": added})
    return added


def _propose_links(task_ids: Collection[int]) -> int:
    """Link by its words each task that has no link and no reason for having none."""
    query = sa.select(Task).where(Task.id.in_(task_ids), Task.no_indicator_reason.is_(None), ~Task.contributions.any())
    tasks = list(db.session.scalars(query))
    national = {each.code: each for each in national_indicators()} if tasks else {}
    words = {code: each.words for code, each in national.items() if each.words}
    added = 0
    for task in tasks:
        for link in proposed_links(f"{task.title}\n{task.requirement}", words):
            task.contributions.append(Contribution(indicator=national[link.code], reason=link.reason))
            added += 1
    db.session.flush()
    return added


def _propose_additions(task_ids: Collection[int]) -> int:
    """Bring the open proposals of projects in line with their figures; a person's word or decision stays."""
    kept: dict[int, dict[str, Addition]] = {}
    query = sa.select(Addition).where(Addition.task_id.in_(task_ids), Addition.once.is_not(None))
    for row in db.session.scalars(query):
        kept.setdefault(row.task_id, {})[row.once or ""] = row
    added = 0
    for project in _projects(task_ids):
        wanted = {each.once: each for each in proposed_additions(planned(project))}
        rows = kept.pop(project.task_id, {})
        added += _keep(project.task_id, wanted, rows)
        _drop([row for once, row in rows.items() if once not in wanted])
    for rows in kept.values():
        _drop(rows.values())
    db.session.flush()
    return added


def _keep(task_id: int, wanted: dict[str, ProposedAddition], rows: dict[str, Addition]) -> int:
    added = 0
    for once, each in wanted.items():
        row = rows.get(once)
        if row is None:
            row = Addition(
                task_id=task_id,
                school_id=each.school_id,
                stage=each.stage,
                figure=each.figure,
                origin=Origin.PROJECT,
                state=LinkState.PROPOSED,
                once=once,
            )
            db.session.add(row)
            added += 1
        if _is_open(row):
            row.amount, row.reason = each.amount, each.reason
    return added


def _drop(rows: Collection[Addition]) -> None:
    for row in rows:
        if _is_open(row):
            db.session.delete(row)


def _is_open(row: Addition) -> bool:
    """Whether nobody has said anything about a proposal yet: the office's change makes it a person's word."""
    return row.state is LinkState.PROPOSED and row.origin is Origin.PROJECT


def _projects(task_ids: Collection[int]) -> list[Project]:
    query = sa.select(Project).where(Project.task_id.in_(task_ids))
    wanted = query.options(joinedload(Project.task), selectinload(Project.schools), selectinload(Project.buildings))
    return list(db.session.scalars(wanted))


def planned(project: Project) -> PlannedProject:
    """The figures of a project as plain values."""
    return PlannedProject(
        words=f"{project.task.title}\n{project.task.requirement}",
        parts=tuple(PlannedPart(each.school_id, each.stage, each.seats, each.classes) for each in project.schools),
        buildings=tuple(PlannedBuilding(each.use, each.floor_area_m2) for each in project.buildings),
        floor_area_m2=project.floor_area_m2,
        sports_area_m2=project.sports_area_m2,
    )
