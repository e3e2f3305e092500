"""Add tasks to a plan and change what they say; what is in force changes with a reason and keeps its past."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.actions.moves import RuleRefused, claim, hold_projects
from tracker.actions.plan_states import hold_plan
from tracker.actions.plan_tasks import (
    assign,
    document_of,
    project_from,
    read_again,
    set_deadline,
    store_task,
    write_figures,
    write_words,
)
from tracker.actions.plan_units import add_schools, add_units
from tracker.actions.project_facts import keep_first_site
from tracker.actions.proposals import propose_for
from tracker.actions.record import Act, Actor, record, record_all
from tracker.documents.plan_shape import TaskSeed
from tracker.models import DeadlineChange, Event, Plan, PlanState, Project, Region, Task, Unit, UnitKind, db
from tracker.queries.plan_names import PlanNames, names_of
from tracker.queries.task import has_records, project_of
from tracker.rules.lifecycle import State
from tracker.rules.task_days import written

FIXED = {State.CLOSED, State.SUSPENDED}  # whose deadline nobody moves


@dataclass(frozen=True)
class NewNames:
    """The units and schools that the office has confirmed to be new."""

    units: Sequence[str] = ()
    kind: UnitKind = UnitKind.DEPARTMENT
    schools: Sequence[str] = ()


NO_NEW_NAMES = NewNames()


def add_tasks(
    actor: Actor,
    plan: Plan,
    seeds: Sequence[TaskSeed],
    new: NewNames,
    once: str,
    reason: str | None,
    now: datetime,
    meant: Mapping[str, Unit] | None = None,
) -> list[Task]:
    """Add tasks at the end of a plan, all or none; the same form sent again adds nothing.

    ``meant`` are the units that names mean here, before all that the region knows by them. Their keys are the next free
    numbers. Raises RuleRefused('plan_closed') and RuleRefused('reason_needed').
    """
    hold_plan(plan)
    made = db.session.scalar(sa.select(Task).where(Task.once == once))
    if made:
        return [made]
    _need_reason(plan, reason)
    names = _meaning(_with_new(actor, plan, new, now), meant)
    position = db.session.scalar(sa.select(sa.func.max(Task.position)).where(Task.plan_id == plan.id)) or 0
    keys, document, tasks = _free_keys(plan, position), document_of(plan), []
    for count, seed in enumerate(seeds, start=1):
        tasks.append(store_task(plan, document, position + count, replace(seed, key=next(keys)), names))
        if seed.project:
            db.session.add(project_from(tasks[-1], seed.project, names.schools))
    if tasks:
        tasks[0].once = once
    db.session.flush()
    propose_for([task.id for task in tasks])
    record_all(actor, [_added(task, reason) for task in tasks], now)
    return tasks


def _added(task: Task, reason: str | None) -> Act:
    after = {"title": task.title, "deadline": task.deadline_text, "due_on": task.due_on, **units_of(task)}
    return _act("add_task", task, None, after, reason)


def _meaning(names: PlanNames, meant: Mapping[str, Unit] | None) -> PlanNames:
    return replace(names, units=names.units | dict(meant)) if meant else names


def _free_keys(plan: Plan, position: int) -> Iterator[str]:
    """Numbers that no task bears and none has borne: an event must never speak of two tasks."""
    start = f"{plan.code}-"
    taken = set(db.session.scalars(sa.select(Task.key).where(Task.key.startswith(start, autoescape=True))))
    past = sa.select(Event.object_id).where(
        Event.object_type == "task", Event.object_id.startswith(start, autoescape=True)
    )
    taken |= {key for key in db.session.scalars(past.distinct()) if key}
    number = position
    while True:
        number += 1
        if f"{start}{number:03d}" not in taken:
            yield f"{number:03d}"


def change_task(
    actor: Actor,
    task: Task,
    version: int,
    seed: TaskSeed,
    new: NewNames,
    reason: str | None,
    now: datetime,
) -> bool:
    """Give a task other words, units, figures; whether anything changed.

    In force it needs a reason, and the event keeps before and after of what changed. Raises StaleTask,
    RuleRefused('plan_closed'), RuleRefused('reason_needed'), RuleRefused('closed'), RuleRefused('project_in_use') and
    RuleRefused('part_in_use').
    """
    claim(task, version)
    _need_reason(task.plan, reason)
    if seed.deadline != task.deadline_text and task.state in FIXED:
        raise RuleRefused("closed")
    if seed.project is None and seed.kind != "project":
        hold_projects([task.id])  # before the first event, for which those who add wait
    names, project = _with_new(actor, task.plan, new, now), project_of(task)
    change = Rewriting(task, project, seed)
    return bool(_rewrite(actor, [change], names, reason, now))


@dataclass(frozen=True)
class Rewriting:
    """A task with its figures, if it builds, and the words that it gets."""

    task: Task
    project: Project | None
    seed: TaskSeed


def change_tasks(
    actor: Actor, plan: Plan, changes: Sequence[Rewriting], names: PlanNames, reason: str | None, now: datetime
) -> None:
    """Give many tasks of a plan other words at once; the caller has held them before it read them.

    Raises RuleRefused like ``change_task``.
    """
    _need_reason(plan, reason)
    for each in changes:
        each.task.version += 1
    _rewrite(actor, changes, names, reason, now)


def _rewrite(
    actor: Actor, changes: Sequence[Rewriting], names: PlanNames, reason: str | None, now: datetime
) -> list[Act]:
    """Write the words and keep an event of what changed by them; returns the events."""
    before = [(words_of(e.task, e.project), units_of(e.task), written(e.task.timetable)) for e in changes]
    with db.session.no_autoflush:
        projects = [_write(actor, each, names, reason, now) for each in changes]
    db.session.flush()
    propose_for([each.task.id for each in changes])
    acts: list[Act] = []
    for each, project, (words, units, lit) in zip(changes, projects, before, strict=True):
        changed = _differences(words, words_of(each.task, project))
        moved = _differences(units, units_of(each.task))
        if changed[1]:
            light = {"light": lit}, {"light": written(each.task.timetable)}
            acts.append(_act("edit_task", each.task, changed[0] | light[0], changed[1] | light[1], reason))
        if moved[1]:
            acts.append(_act("assign", each.task, *moved, reason))
    if acts:
        record_all(actor, acts, now)
    return acts


def _write(actor: Actor, each: Rewriting, names: PlanNames, reason: str | None, now: datetime) -> Project | None:
    task, seed = each.task, each.seed
    write_words(task, seed, names)
    assign(task, seed.units, names.units)
    if seed.deadline != task.deadline_text:
        _change_deadline(actor, task, seed.deadline, reason, now)
    project = _with_figures(task, each.project, seed, names, reason)
    task.keep_light_dates()
    return project


def words_of(task: Task, project: Project | None) -> dict[str, Any]:
    """What a task says, in plain values: what an event compares."""
    return {
        "number": task.number,
        "title": task.title,
        "section": " / ".join(task.section),
        "requirement": task.requirement,
        "kind": task.kind.value,
        "phase": task.phase.number if task.phase else None,
        "deadline": task.deadline_text,
        "due_on": task.due_on.isoformat() if task.due_on else None,
        "officials": "、".join(each.name for each in task.officials),
        "indicators": "；".join(f"{each.indicator.code} {each.reason}" for each in task.contributions),
        "no_indicator": task.no_indicator_reason,
        "evidence": task.evidence_wanted,
        "quantity": _plain(task.quantity_total),
        "quantity_unit": task.quantity_unit,
        **figures_of(project),
    }


def figures_of(project: Project | None) -> dict[str, Any]:
    """The figures of a project in plain values; all None where there is none."""
    schools = [
        " ".join(_plain(part) or "" for part in (each.school.name, each.stage, each.seats, each.classes)).strip()
        for each in (project.schools if project else [])
    ]
    figures = ("category", "site", "town", "land_mu", "floor_area_m2", "sports_area_m2", "budget_yuan")
    return {name: _plain(getattr(project, name, None)) for name in figures} | {"schools": "、".join(schools)}


def units_of(task: Task) -> dict[str, Any]:
    """The names of the units by role; a role that nobody has is an empty text."""
    named: dict[str, list[str]] = {"lead": [], "responsible": [], "cooperating": []}
    for each in task.assignments:
        named[each.role.value].append(each.unit.name)
    return {role: "、".join(names) for role, names in named.items()}


def _plain(value: object) -> str | None:
    return None if value is None else str(value)


def _differences(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    changed = [name for name in after if (before[name] or None) != (after[name] or None)]
    return {name: before[name] for name in changed}, {name: after[name] for name in changed}


def _need_reason(plan: Plan, reason: str | None) -> None:
    if plan.state is PlanState.ACTIVE and not reason:
        raise RuleRefused("reason_needed")


def _with_new(actor: Actor, plan: Plan, new: NewNames, now: datetime) -> PlanNames:
    """What the words may name, after what is new has been added; each new unit with an event."""
    if new.units or new.schools:
        # Two plans of one region may learn the same name at once: the second waits, and finds it known.
        region = sa.select(Region.code).where(Region.code == plan.region_code)
        db.session.execute(region.with_for_update(key_share=True))
    names = names_of(plan)
    for unit in add_units(plan.region_code, names.units, new.units, new.kind):
        after = {"name": unit.name, "kind": unit.kind.value}
        record(actor, "create_unit", now, obj=("unit", str(unit.id)), region=plan.region_code, after=after)
    add_schools(plan.region_code, names.schools, new.schools)
    return names


def _change_deadline(actor: Actor, task: Task, words: str | None, reason: str | None, now: datetime) -> None:
    """In a draft the words are simply read; in force the date moves as any other does, and the first one stays."""
    document = document_of(task.plan)
    if task.plan.state is PlanState.DRAFT:
        set_deadline(task, task.plan, words, document)
        return
    old = task.due_on
    read_again(task, task.plan, words, document)
    if task.due_on != old:
        task.held_days = 0
    db.session.add(
        DeadlineChange(
            task_id=task.id,
            account_id=actor.person.id if actor.person else None,
            old_due_on=old,
            new_due_on=task.due_on,
            reason=reason or "",
            at=now,
        )
    )


def _with_figures(
    task: Task, project: Project | None, seed: TaskSeed, names: PlanNames, reason: str | None
) -> Project | None:
    """The figures that the task has now: a task that builds nothing has none; once in force its first site is kept.

    Raises RuleRefused('project_in_use') where people have recorded what would go with the figures.
    """
    if seed.project is None:
        if project and seed.kind != "project":
            if has_records([task.id]):
                raise RuleRefused("project_in_use")
            db.session.delete(project)
            return None
        return project
    if project is None:
        project = project_from(task, seed.project, names.schools)
        db.session.add(project)
    else:
        if task.plan.state is not PlanState.DRAFT:
            keep_first_site(project, seed.project.site, seed.project.town, reason)
        write_figures(project, seed.project, names.schools)
    return project


def _act(act: str, task: Task, before: dict[str, Any] | None, after: dict[str, Any], reason: str | None) -> Act:
    said = {"version": task.version} | ({"reason": reason} if reason else {})
    return Act(act, ("task", task.key), task.region_code, before, after | said)
