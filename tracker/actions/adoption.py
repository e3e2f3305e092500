"""Adopt an import: a new plan, or what a re-issued document adds and changes in the plan that stands; all or nothing.

An adoption can be undone until somebody acts on what came of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tracker.actions.import_undoing import BACK, beside, put_back, remove_made, state_of
from tracker.actions.imports import StaleImport, claim_import, note
from tracker.actions.moves import RuleRefused, hold_tasks
from tracker.actions.plan_states import delete_plan, hold_plan
from tracker.actions.plan_units import add_schools
from tracker.actions.plans import store_plan
from tracker.actions.record import Act, Actor, record_all
from tracker.actions.task_words import NO_NEW_NAMES, Rewriting, add_tasks, change_tasks
from tracker.documents.draft_parts import headings_of, task_of
from tracker.documents.draft_words import task_from
from tracker.documents.import_seed import LONGEST_NUMBER, phases_in, seed_of, task_seed
from tracker.documents.paper import Place
from tracker.documents.plan_shape import PlanSeed
from tracker.models import (
    ImportName,
    ImportRow,
    ImportState,
    Phase,
    Plan,
    PlanImport,
    PlanState,
    Task,
    Unit,
    UnitAlias,
    UnitKind,
    db,
)
from tracker.queries.import_comparison import RowChange, comparison_of, standing_in, tasks_in, tasks_of_rows
from tracker.queries.import_problems import Problem, ProblemKind, problems_of
from tracker.queries.import_rows import ImportFacts, whole_version
from tracker.queries.import_traces import acts_since, touched_rows
from tracker.queries.imports import rows_kept
from tracker.queries.plan_names import names_of, schools_by_name, units_by_name

__all__ = [
    "BACK",
    "Adopted",
    "Problem",
    "ProblemKind",
    "ProblemsLeft",
    "adopt",
    "may_be_withdrawn",
    "problems_of",
    "withdraw",
]
REASON = "按修订文件"


class ProblemsLeft(Exception):
    """The import cannot be adopted yet."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems left")
        self.problems = problems


@dataclass(frozen=True)
class Adopted:
    """What came of an import; ``moved`` are tasks with the deadline in force before, where that has changed."""

    plan: Plan
    added: int
    changed: int
    unchanged: int
    moved: tuple[tuple[Task, date | None], ...] = ()


def adopt(actor: Actor, batch: PlanImport, version: int, now: datetime) -> Adopted:
    """Make a plan of an import, as a draft that mails nobody, or bring the plan that it re-issues up to it.

    ``version`` is that of the whole import (``queries.import_rows.whole_version``): nothing is adopted that was changed
    after the office had seen its consequences. Raises BatchTaken, StaleImport, ProblemsLeft, and RuleRefused where the
    plan that stands refuses a change.
    """
    if batch.against:
        _hold(batch.against)
    claim_import(batch, batch.version)
    if whole_version(batch) - 1 != version:  # the claim itself was one change
        raise StaleImport
    if problems := problems_of(batch):
        raise ProblemsLeft(problems)
    batch.state = ImportState.ADOPTED
    batch.adopted_at, batch.adopted_by_id = now, actor.person.id if actor.person else None
    units, made = _units(actor, batch, now)
    schools = set(schools_by_name(batch.region_code))
    done = _into(actor, batch, batch.against, units, now) if batch.against else _as_new(actor, batch, units, now)
    batch.plan_id = done.plan.id
    found = schools_by_name(batch.region_code).items()
    made["schools"] = [[school.id, name] for name, school in found if name not in schools]
    batch.parts = batch.parts | {"made": made}
    counts = {"plan": done.plan.code, "added": done.added, "changed": done.changed, "unchanged": done.unchanged}
    note(actor, "adopt_import", batch, now, {"state": "open"}, {"state": "adopted", **counts})
    return done


def _hold(plan: Plan) -> None:
    """Take a plan before its import is taken, as whoever deletes the plan does; it may be gone already."""
    if db.session.scalar(sa.select(Plan.id).where(Plan.id == plan.id).with_for_update()) is None:
        raise StaleImport
    hold_plan(plan)


def _units(actor: Actor, batch: PlanImport, now: datetime) -> tuple[dict[str, Unit], dict[str, Any]]:
    """The units by the names in the document, with new ones added and names learnt; and what was made."""
    facts = ImportFacts(batch)
    used = facts.accepted_names
    known = units_by_name(batch.region_code)
    meant: dict[str, Unit] = {}
    fresh: dict[str, Unit] = {}
    learnt: list[tuple[str, Unit]] = []
    for name in facts.names:
        if name.name not in used:
            continue
        unit = name.unit or _fresh(batch, fresh, name)
        meant[name.name] = unit
        if name.name not in known and name.name != unit.name:
            learnt.append((name.name, unit))
    try:
        with db.session.begin_nested():
            # Made here: to begin is to flush, which leaves out what hangs on a known unit and is not added yet.
            aliases = [UnitAlias(region_code=batch.region_code, alias=name, unit=unit) for name, unit in learnt]
            db.session.add_all([*fresh.values(), *aliases])
    except IntegrityError as error:
        # Somebody else has named the same unit in the same moment.
        raise ProblemsLeft([Problem(ProblemKind.NAME_TAKEN, words="、".join(fresh))]) from error
    acts = [
        Act(
            "create_unit", ("unit", str(unit.id)), batch.region_code, None, {"name": unit.name, "kind": unit.kind.value}
        )
        for unit in fresh.values()
    ]
    if acts:
        record_all(actor, acts, now)
    made = {
        "units": [[unit.id, unit.name] for unit in fresh.values()],
        "aliases": [[alias.id, alias.alias] for alias in aliases],
    }
    return meant, made


def _fresh(batch: PlanImport, fresh: dict[str, Unit], name: ImportName) -> Unit:
    """The new unit of a name; two names may mean the same new one."""
    called = name.new_name or name.name
    if called not in fresh:
        kind = name.new_kind or UnitKind.DEPARTMENT
        fresh[called] = Unit(region_code=batch.region_code, name=called, kind=kind, version=1)
    return fresh[called]


def _as_new(actor: Actor, batch: PlanImport, units: Mapping[str, Unit], now: datetime) -> Adopted:
    rows = [row for row in rows_kept(batch) if row.accepted]
    seed = seed_of(batch, [task_of(row) for row in rows])
    plan = _stored(seed, actor, units, now)
    plan.headings = _headings(batch)
    tasks = db.session.execute(sa.select(Task.key, Task.id, Task.version).where(Task.plan_id == plan.id)).all()
    by_key = {key: (number, version) for key, number, version in tasks}
    for row in rows:
        row.task_id, row.task_version = by_key[f"{plan.code}-{row.key}"]
    return Adopted(plan, len(rows), 0, 0)


def _stored(seed: PlanSeed, actor: Actor, units: Mapping[str, Unit], now: datetime) -> Plan:
    """The plan, unless somebody else has given its code to another one meanwhile."""
    try:
        with db.session.begin_nested():
            plan = store_plan(seed, now, actor, units)
    except IntegrityError:
        plan = None
    if plan is None:
        raise ProblemsLeft([Problem(ProblemKind.CODE_TAKEN, words=seed.code)])
    return plan


def _into(actor: Actor, batch: PlanImport, plan: Plan, units: Mapping[str, Unit], now: datetime) -> Adopted:
    """Add and change what was accepted; tasks that the document does not have stay."""
    rows = rows_kept(batch)
    meant = tasks_of_rows(batch, plan, rows, standing_in(plan).tasks)
    for row in rows:
        row.task_id = meant[row.id].id if row.id in meant else None
    hold_tasks([row.task_id for row in rows if row.task_id])
    plan.version += 1
    compared = comparison_of(batch)
    added = [row for row in compared.added if row.accepted]
    changed = [each for each in compared.changed if each.row.accepted]
    batch.parts = batch.parts | {"new_phases": _new_phases(batch, plan, [*added, *(each.row for each in changed)])}
    add_schools(plan.region_code, schools_by_name(plan.region_code), _schools([*added, *(e.row for e in changed)]))
    names = names_of(plan)
    known = replace(names, units=names.units | dict(units))
    due = [(each.task, each.task.due_on) for each in changed]
    change_tasks(actor, plan, [_rewriting(each) for each in changed], known, REASON, now)
    for each in changed:
        each.row.task_version = each.task.version
    seeds = [task_seed(task_of(row), {}) for row in added]
    tasks = add_tasks(actor, plan, seeds, NO_NEW_NAMES, f"import-{batch.id}", REASON, now, units) if seeds else []
    for row, task in zip(added, tasks, strict=True):
        row.task_id, row.task_version, row.before = task.id, task.version, None
    if plan.headings is None:
        plan.headings = _headings(batch)
        batch.parts = batch.parts | {"new_headings": True}
    moved = tuple((task, old) for task, old in due if task.due_on != old and task.withdrawn_on is None)
    return Adopted(plan, len(added), len(changed), len(compared.unchanged), moved)


def _new_phases(batch: PlanImport, plan: Plan, rows: Sequence[ImportRow]) -> list[str]:
    """Add the stages of the document that its rows name and the plan does not have; their numbers."""
    wanted = {(row.words["phase"] or "")[:LONGEST_NUMBER] for row in rows} - {phase.number for phase in plan.phases}
    fresh = [each for each in phases_in(batch) if each.number in wanted]
    first = max((phase.position for phase in plan.phases), default=0) + 1
    for position, each in enumerate(fresh, start=first):
        plan.phases.append(
            Phase(
                position=position,
                number=each.number,
                title=each.title,
                summary=each.summary,
                starts_on=each.starts_on,
                ends_on=each.ends_on,
            )
        )
    db.session.flush()
    return [each.number for each in fresh]


def _headings(batch: PlanImport) -> list[list[Any]]:
    """The outline of the document."""
    return [[each.rank, each.number, each.title] for each in headings_of(batch.parts)]


def _schools(rows: Sequence[ImportRow]) -> list[str]:
    """The schools that rows build for."""
    return [school[0] for row in rows for school in (row.words["project"] or {}).get("schools", ())]


def _rewriting(each: RowChange) -> Rewriting:
    """The words that a task gets from its row; what the document does not speak of stays."""
    task, row = each.task, each.row
    row.before = state_of(task, each.project, each.standing)
    said = task_from({**each.wanted, "units": row.words["units"]}, row.key, Place(0), row.source, row.sentence)
    seed = replace(task_seed(said, {}), **beside(task))
    task.source_place, task.source_text = seed.source, seed.sentence
    return Rewriting(task, each.project, seed)


def may_be_withdrawn(batch: PlanImport) -> bool:
    """Whether nobody has done anything since to what came of an import."""
    if batch.state is not ImportState.ADOPTED or batch.plan is None or batch.plan.state is PlanState.CLOSED:
        return False
    return not (touched_rows(batch) or acts_since(batch))


def withdraw(actor: Actor, batch: PlanImport, version: int, now: datetime) -> list[tuple[Task, date | None]]:
    """Undo an adoption: a plan that it made goes, one that stood gets its words back; unused new units go as well.

    Returns the tasks whose deadline went back, with the one that the import gave them. Raises BatchTaken, StaleImport,
    and RuleRefused('import_in_use') after the first act on what came of it.
    """
    plan = batch.plan
    if plan is not None:
        _hold(plan)
        hold_tasks(tasks_in(plan))  # what somebody changes in this moment is asked for
    claim_import(batch, version, ImportState.ADOPTED)
    if plan is None or not may_be_withdrawn(batch):
        raise RuleRefused("import_in_use")
    before = {"state": "adopted", "plan": plan.code}
    batch.state, batch.ended_at = ImportState.WITHDRAWN, now
    db.session.flush()  # so that the end of the plan finds it ended already
    moved: list[tuple[Task, date | None]] = []
    if batch.against_id:
        moved = put_back(actor, batch, plan, now)
    else:
        delete_plan(actor, plan, plan.version, now)
    remove_made(batch)
    note(actor, "withdraw_import", batch, now, before, {"state": "withdrawn"})
    return moved
