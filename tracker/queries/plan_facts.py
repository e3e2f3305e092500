"""A stored plan as the plain facts of its check-up: a constant number of questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload, undefer

from tracker.models import (
    NATIONAL,
    Assignment,
    Contribution,
    Indicator,
    Plan,
    ReportedValue,
    Task,
    TaskKind,
    Unit,
    UnitKind,
    UnitMember,
    db,
)
from tracker.queries.standards import items_with_national
from tracker.queries.visibility import visible_to
from tracker.rules.checkup import About
from tracker.rules.deadlines import document_named
from tracker.rules.permissions import Person
from tracker.rules.plan_facts import (
    GoalFacts,
    HeadingFacts,
    ItemFacts,
    PlanFacts,
    ReportedFacts,
    TaskFacts,
    UnitPart,
)

SPREAD = "cv"  # the measure of a reported coefficient between schools


def facts_of_plan(plan: Plan, person: Person | None = None) -> PlanFacts:
    """What the check-up asks of a stored plan, of the tasks that a person may see; withdrawn ones are left out."""
    known = items_with_national(plan.framework_id)
    national = {item.code: item for item in known if item.framework.code == NATIONAL}
    by_id = {item.id: code for code, item in national.items()}
    own = [item for item in known if item.framework_id == plan.framework_id and item.framework.code != NATIONAL]
    _load_words(plan)
    return PlanFacts(
        document_number=plan.document_number,
        issued_on=plan.issued_on,
        year=document_named(plan.issued_on, plan.document_number, plan.title).year,
        tasks=tuple(_task(task) for task in _tasks(plan, person)),
        items=tuple(map(_item, own)),
        headings=tuple(HeadingFacts(rank, number, title) for rank, number, title in plan.headings or ()),
        goals=tuple(GoalFacts(each.text, each.deadline_text, each.due_on) for each in plan.goals),
        reported=tuple(_reported(each, national, by_id.get(each.indicator_id or 0)) for each in plan.reported_values),
        national={code: item.title for code, item in national.items()},
        members=_members(plan),
    )


def _tasks(plan: Plan, person: Person | None) -> Sequence[Task]:
    query = (
        sa.select(Task)
        .where(Task.plan_id == plan.id, Task.withdrawn_on.is_(None), visible_to(person) if person else sa.true())
        .options(
            selectinload(Task.assignments).joinedload(Assignment.unit),
            joinedload(Task.contributions).joinedload(Contribution.indicator),
            joinedload(Task.duty_of),
        )
    )
    return db.session.scalars(query.order_by(Task.position)).unique().all()


def _task(task: Task) -> TaskFacts:
    served = tuple(each.indicator.code for each in task.contributions)
    # What the plan says to serve none, and what repeats an item of its own list, is not forgotten.
    answered = bool(task.no_indicator_reason) or task.kind is TaskKind.POLICY_DOCUMENT or task.duty_of is not None
    return TaskFacts(
        about=About(task.key, task.title),
        kind=task.kind,
        number=task.number,
        section=tuple(task.section),
        requirement=task.requirement,
        units=tuple(UnitPart(each.name_in_plan, each.role, str(each.unit_id)) for each in task.assignments),
        deadline=task.deadline_text,
        precision=task.deadline_precision,
        doubt=task.deadline_doubt,
        due_on=task.first_due_on,
        alternative_on=task.alternative_due_on,
        inherited=task.deadline_inherited,
        serves=served or (("",) if answered else ()),
        duty_of=task.duty_of.code if task.duty_of else None,
    )


def _load_words(plan: Plan) -> None:
    """The goals and the outline of a plan, which its pages seldom need, in one question."""
    words = [undefer(Plan.headings), joinedload(Plan.goals)]
    db.session.scalars(
        sa.select(Plan).where(Plan.id == plan.id).options(*words).execution_options(populate_existing=True)
    ).unique().one()


def _item(item: Indicator) -> ItemFacts:
    parts = [part.points for part in item.parts if part.points is not None]
    return ItemFacts(
        code=item.code,
        number=item.number,
        title=item.title,
        words="，".join(filter(None, [item.requirement, *(part.text for part in item.parts)])),
        national=item.national.code if item.national else None,
        grade=item.grade,
        points=item.points,
        part_points=tuple(parts) if len(parts) == len(item.parts) else (),
        other_terms=_asks_otherwise(item),
    )


def _asks_otherwise(item: Indicator) -> bool:
    """Whether an item has a share of its own that is computed from other figures than those of the national one."""
    return bool(item.national and item.conditions and _figures(item.conditions) != _figures(item.national.conditions))


def _figures(conditions: list[dict[str, Any]] | None) -> set[tuple[str, ...]]:
    return {tuple(each.get("per", ())) for each in conditions or () if each.get("per")}


def _reported(said: ReportedValue, national: Mapping[str, Indicator], code: str | None) -> ReportedFacts:
    """What a plan reports, with the decimals that it writes, and the limit of a coefficient of its stage."""
    value = said.value if said.value is None or said.decimals is None else round(said.value, said.decimals)
    limit = _limit(national[code], said.stage) if code and said.measure == SPREAD else None
    return ReportedFacts(code, said.subject, value, said.met, said.stage, said.note or "", limit)


def _limit(item: Indicator, stage: str | None) -> Decimal | None:
    limits = [each["spread"].get(stage) for each in item.conditions or () if each.get("spread")]
    return Decimal(limits[0]) if limits and limits[0] else None


def _members(plan: Plan) -> dict[str, int]:
    """How many members each collective unit of the region has, by every name that the plan uses for it."""
    count = sa.select(sa.func.count()).where(UnitMember.collective_id == Unit.id).scalar_subquery()
    query = (
        sa.select(Assignment.name_in_plan, count)
        .join(Unit, Unit.id == Assignment.unit_id)
        .join(Task, Task.id == Assignment.task_id)
        .where(Task.plan_id == plan.id, Unit.kind == UnitKind.COLLECTIVE)
        .distinct()
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
