"""The life of a plan: draft, active, closed; and the end of a draft that nobody has reported on."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tracker.actions.moves import RuleRefused, hold_projects, hold_tasks
from tracker.actions.plans import activate
from tracker.actions.record import Actor, record
from tracker.models import (
    DeadlineChange,
    Framework,
    ImportState,
    Indicator,
    Plan,
    PlanImport,
    PlanState,
    Report,
    ReportedValue,
    Task,
    Veto,
    db,
)
from tracker.queries.imports import open_imports_of
from tracker.queries.task import has_records


class StalePlan(Exception):
    """Somebody else saved the plan after this form was opened."""


def claim_plan(plan: Plan, version: int) -> None:
    """Take the next version of a plan: of all who read one version exactly one gets it. Raises StalePlan."""
    claimed = db.session.execute(
        sa.update(Plan)
        .where(Plan.id == plan.id, Plan.version == version)
        .values(version=version + 1)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise StalePlan
    db.session.refresh(plan)


def hold_plan(plan: Plan) -> None:
    """Let others who add to the plan wait for this transaction. Raises RuleRefused('plan_closed')."""
    db.session.refresh(plan, with_for_update=True)
    if plan.state is PlanState.CLOSED:
        raise RuleRefused("plan_closed")


def start(actor: Actor, plan: Plan, version: int, now: datetime) -> None:
    """Make a draft with tasks active. Raises StalePlan, RuleRefused('plan_state') and RuleRefused('plan_empty')."""
    claim_plan(plan, version)
    _must_be(plan, PlanState.DRAFT)
    if not db.session.scalar(sa.select(Task.id).where(Task.plan_id == plan.id).limit(1)):
        raise RuleRefused("plan_empty")
    activate(plan, now, actor)


def close(actor: Actor, plan: Plan, version: int, reason: str, now: datetime) -> None:
    """End an active plan: from now on it is read only. Raises StalePlan and RuleRefused('plan_state')."""
    claim_plan(plan, version)
    _must_be(plan, PlanState.ACTIVE)
    _turn(actor, "close_plan", plan, PlanState.CLOSED, reason, now)


def reopen(actor: Actor, plan: Plan, version: int, reason: str, now: datetime) -> None:
    """Make a closed plan active again. Raises StalePlan and RuleRefused('plan_state')."""
    claim_plan(plan, version)
    _must_be(plan, PlanState.CLOSED)
    _turn(actor, "reopen_plan", plan, PlanState.ACTIVE, reason, now)


def delete_plan(actor: Actor, plan: Plan, version: int, now: datetime) -> None:
    """Remove a draft with all that belongs to it.

    Raises StalePlan, RuleRefused('plan_state') and RuleRefused('task_in_use').
    """
    claim_plan(plan, version)
    _must_be(plan, PlanState.DRAFT)
    tasks = list(db.session.scalars(sa.select(Task).where(Task.plan_id == plan.id)))
    said = {"title": plan.title, "document_number": plan.document_number, "tasks": len(tasks)}
    remove_tasks(tasks)
    _end_imports(actor, plan, now)
    db.session.execute(sa.delete(ReportedValue).where(ReportedValue.plan_id == plan.id))
    framework = plan.framework
    db.session.delete(plan)
    db.session.flush()
    _remove_own(framework)
    record(actor, "delete_plan", now, obj=("plan", plan.code), region=plan.region_code, before=said, after={})


def _end_imports(actor: Actor, plan: Plan, now: datetime) -> None:
    """What a plan came from may be taken again once it is gone; what was to be compared with it is dropped."""
    adopted = sa.and_(PlanImport.plan_id == plan.id, PlanImport.state == ImportState.ADOPTED)
    query = sa.select(PlanImport).where(sa.or_(adopted, PlanImport.id.in_([each.id for each in open_imports_of(plan)])))
    for batch in db.session.scalars(query.order_by(PlanImport.id)):
        before, is_open = batch.state, batch.state is ImportState.OPEN
        batch.state, batch.ended_at = ImportState.DROPPED if is_open else ImportState.WITHDRAWN, now
        batch.version += 1
        act = "drop_import" if is_open else "withdraw_import"
        said, then = {"state": before.value, "plan": plan.code}, {"state": batch.state.value}
        obj, region = ("import", str(batch.id)), batch.region_code
        record(actor, act, now, obj=obj, region=region, before=said, after=then)
    db.session.flush()


def remove_tasks(tasks: list[Task]) -> None:
    """Remove tasks of a draft on which nobody has said anything. Raises RuleRefused('task_in_use')."""
    ids = [task.id for task in tasks]
    hold_tasks(ids)  # in the order of those who add to them: the task, then its project
    hold_projects(ids)
    if has_records(ids) or db.session.scalar(sa.select(Report.id).where(Report.task_id.in_(ids)).limit(1)):
        raise RuleRefused("task_in_use")
    db.session.execute(sa.delete(DeadlineChange).where(DeadlineChange.task_id.in_(ids)))
    try:
        for task in tasks:
            db.session.delete(task)
        db.session.flush()
    except IntegrityError as error:
        # An instruction, an urge or an extension stands on it: those are never removed.
        raise RuleRefused("task_in_use") from error


def _remove_own(framework: Framework | None) -> None:
    """Remove the plan's own list of indicators, which no other plan judges by and no office copied."""
    if framework is None or db.session.scalar(sa.select(Plan.id).where(Plan.framework_id == framework.id).limit(1)):
        return
    if db.session.scalar(sa.select(Framework.id).where(Framework.copied_from_id == framework.id).limit(1)):
        return
    own = sa.select(Indicator.id).where(Indicator.framework_id == framework.id)
    if db.session.scalar(sa.select(Indicator.id).where(Indicator.national_id.in_(own)).limit(1)):
        return  # the national standard, to which lists point
    db.session.execute(sa.delete(Veto).where(Veto.framework_id == framework.id))
    for item in list(framework.indicators):
        db.session.delete(item)
    db.session.flush()
    db.session.delete(framework)
    db.session.flush()


def _must_be(plan: Plan, state: PlanState) -> None:
    if plan.state is not state:
        raise RuleRefused("plan_state")


def _turn(actor: Actor, act: str, plan: Plan, state: PlanState, reason: str, now: datetime) -> None:
    before = {"state": plan.state.value}
    plan.state = state
    db.session.flush()
    after = {"state": state.value, "reason": reason}
    record(actor, act, now, obj=("plan", plan.code), region=plan.region_code, before=before, after=after)
