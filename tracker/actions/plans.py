"""Store a plan that was read, and make it active."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa

from tracker.actions.plan_indicators import framework_of, named
from tracker.actions.plan_tasks import store_tasks
from tracker.actions.record import NOBODY, Actor, record
from tracker.documents.plan_shape import GoalSeed, PhaseSeed, PlanSeed, ReportedSeed
from tracker.documents.yaml_rows import SeedError
from tracker.models import Indicator, Phase, Plan, PlanGoal, PlanState, Region, ReportedValue, Unit, db
from tracker.queries.plan_names import national_by_code
from tracker.rules.deadline_words import read_deadline
from tracker.rules.deadlines import Document, document_named


def store_plan(
    seed: PlanSeed, now: datetime, actor: Actor = NOBODY, units: Mapping[str, Unit] | None = None
) -> Plan | None:
    """Store a plan as a draft with all that belongs to it; None where its code stands already. Raises SeedError.

    ``units`` are those that somebody has said the names in the document mean.
    One that stands without a list of indicators, or without its outline, gets what its seed has now; nothing else of
    it changes.
    """
    standing = db.session.scalar(sa.select(Plan).where(Plan.code == seed.code))
    if standing is not None:
        if standing.framework_id is None and seed.framework:
            standing.framework = framework_of(seed)
        if standing.headings is None and seed.headings:
            standing.headings = headings_of(seed)
        return None
    if db.session.get(Region, seed.region) is None:
        raise SeedError(f"{seed.file}, plan, region: {seed.region!r} is unknown: add it to seeds/regions.yaml")
    national = national_by_code()
    document = document_named(seed.issued_on, seed.document_number, seed.title)
    plan = _plan(seed, national, document)
    db.session.add(plan)
    db.session.flush()
    store_tasks(plan, document, seed, national, units)
    after = {"tasks": len(seed.tasks), "state": plan.state.value}
    record(actor, "store_plan", now, obj=("plan", plan.code), region=plan.region_code, after=after)
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


def _plan(seed: PlanSeed, national: dict[str, Indicator], document: Document) -> Plan:
    return Plan(
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
        framework=framework_of(seed),
        goals=[_goal(position, each, document) for position, each in enumerate(seed.goals, start=1)],
        phases=[_phase(position, each) for position, each in enumerate(seed.phases, start=1)],
        headings=headings_of(seed),
        reported_values=[_reported(each, national, seed.file) for each in seed.reported],
    )


def headings_of(seed: PlanSeed) -> list[list[object]] | None:
    """The outline of a document as it is kept; None where the seed has none."""
    return [list(each) for each in seed.headings] or None


def _goal(position: int, seed: GoalSeed, document: Document) -> PlanGoal:
    due_on = read_deadline(seed.deadline, document).due_on if seed.deadline else None
    return PlanGoal(position=position, text=seed.text, deadline_text=seed.deadline, due_on=due_on)


def _phase(position: int, seed: PhaseSeed) -> Phase:
    return Phase(
        position=position,
        number=seed.number,
        title=seed.title,
        summary=seed.summary,
        starts_on=seed.starts_on,
        ends_on=seed.ends_on,
    )


def _reported(seed: ReportedSeed, national: dict[str, Indicator], file: str) -> ReportedValue:
    return ReportedValue(
        indicator=named(national, seed.indicator, f"{file}, reported, indicator"),
        subject=seed.subject,
        stage=seed.stage,
        measure=seed.measure,
        value=seed.value,
        decimals=_decimals(seed.value),
        met=seed.met,
        note=seed.note,
    )


def _decimals(value: Decimal | None) -> int | None:
    """How many digits a number was written with after the point."""
    exponent = value.as_tuple().exponent if value is not None else None
    return max(0, -exponent) if isinstance(exponent, int) else None
