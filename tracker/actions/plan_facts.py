"""Make a plan by hand and change what it says of itself: title, document, period, target, phases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.actions.moves import RuleRefused
from tracker.actions.plan_states import claim_plan
from tracker.actions.plan_tasks import document_of, set_deadline
from tracker.actions.record import Actor, record
from tracker.documents.plan_shape import PhaseSeed
from tracker.models import Phase, Plan, PlanState, Task, db


@dataclass(frozen=True)
class PlanFacts:
    """What a plan says of itself."""

    title: str
    document_number: str | None
    issuer: str | None
    issued_on: date | None
    starts_on: date | None
    ends_on: date | None
    target_text: str | None
    target_on: date | None


def create_plan(actor: Actor, code: str, region: str, facts: PlanFacts, now: datetime) -> Plan:
    """Make an empty draft. Raises IntegrityError where the code stands already."""
    plan = Plan(code=code, region_code=region, state=PlanState.DRAFT, **vars(facts))
    db.session.add(plan)
    db.session.flush()
    after = {name: value for name, value in vars(facts).items() if value is not None}
    record(actor, "create_plan", now, obj=("plan", code), region=region, after=after)
    return plan


def change_plan(
    actor: Actor,
    plan: Plan,
    version: int,
    facts: PlanFacts,
    phases: Sequence[tuple[str | None, PhaseSeed | None]],
    reason: str | None,
    now: datetime,
) -> None:
    """Set the facts and phases, each with the number that it had; None in place of a stored phase removes it.

    In a draft the deadlines are read again with the new document; in force they stay. Raises StalePlan, and
    RuleRefused with 'plan_closed', 'reason_needed', 'phase_in_use' or 'phase_twice'.
    """
    claim_plan(plan, version)
    if plan.state is PlanState.CLOSED:
        raise RuleRefused("plan_closed")
    if plan.state is PlanState.ACTIVE and not reason:
        raise RuleRefused("reason_needed")
    before = plan_words(plan)
    for name, value in vars(facts).items():
        setattr(plan, name, value)
    _keep_phases(plan, phases)
    db.session.flush()
    if plan.state is PlanState.DRAFT:
        _read_deadlines_again(plan)
    after = plan_words(plan)
    changed = [name for name in after if after[name] != before[name]]
    record(
        actor,
        "edit_plan",
        now,
        obj=("plan", plan.code),
        region=plan.region_code,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed} | ({"reason": reason} if reason else {}),
    )


def plan_words(plan: Plan) -> dict[str, Any]:
    """What an event compares of a plan."""
    words = {name: getattr(plan, name) for name in PlanFacts.__dataclass_fields__}
    return words | {"phases": [_phase_words(phase) for phase in plan.phases]}


def _phase_words(phase: Phase) -> str:
    ends = "—".join(str(day or "") for day in (phase.starts_on, phase.ends_on))
    return f"{phase.number} {phase.title} {ends}"


def _keep_phases(plan: Plan, wanted: Sequence[tuple[str | None, PhaseSeed | None]]) -> None:
    """Bring the phases in line; a stored one that is not named stays as it is, behind those that are."""
    stored = {phase.number: phase for phase in plan.phases}
    gone = [stored[was] for was, seed in wanted if was in stored and seed is None]
    _refuse_used(gone)
    pairs = [(stored.get(was or ""), seed) for was, seed in wanted if seed]
    named = [phase for phase, _seed in pairs if phase]
    numbers = [seed.number for _phase, seed in pairs]
    numbers += [phase.number for phase in plan.phases if phase not in named and phase not in gone]
    if len(set(numbers)) < len(numbers) or len(set(named)) < len(named):
        raise RuleRefused("phase_twice")
    for phase, _seed in pairs:
        if phase:
            phase.number = f"~{phase.id}"  # two that change numbers would meet in the UNIQUE key
    plan.phases = [phase for phase in plan.phases if phase not in gone]
    db.session.flush()
    for position, (kept, seed) in enumerate(pairs, start=1):
        phase = kept or Phase(summary=seed.summary)
        phase.position, phase.number, phase.title = position, seed.number, seed.title
        phase.starts_on, phase.ends_on = seed.starts_on, seed.ends_on
        if kept is None:
            plan.phases.append(phase)


def _refuse_used(phases: list[Phase]) -> None:
    used = sa.select(Task.id).where(Task.phase_id.in_([phase.id for phase in phases])).limit(1)
    if phases and db.session.scalar(used):
        raise RuleRefused("phase_in_use")


def _read_deadlines_again(plan: Plan) -> None:
    """Read the deadlines of a draft with its document as it is now; those that the office has settled stay."""
    document = document_of(plan)
    for task in db.session.scalars(sa.select(Task).where(Task.plan_id == plan.id)):
        settled = task.due_on != task.first_due_on or (task.deadline_doubt is not None and not task.needs_redate)
        if not settled:
            set_deadline(task, plan, task.deadline_text, document)
            # Whoever has the task open holds an older reading of its deadline.
            task.version = Task.version + 1
