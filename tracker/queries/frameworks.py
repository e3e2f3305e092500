"""Frameworks that a region can use: the national one, the lists of its plans, and its offices' adjusted copies."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload

from tracker.models import NATIONAL, CountyValue, Event, Framework, Plan, PlanState, Veto, db
from tracker.queries.standards import FIRST_STATES, origins
from tracker.queries.visibility import COUNTY_DIGITS, within_region

REGION_STEPS = (0, 2, 4, COUNTY_DIGITS)


def usable_in(region: str | sa.ColumnElement[str] | InstrumentedAttribute[str]) -> sa.ColumnElement[bool]:
    """The frameworks that a region can be judged by: the national one, those of its plans, and copies made for it.

    A copy is made for a region with all below it. A shared list of plans elsewhere alone is theirs.
    """
    any_plan = aliased(Plan)
    planned = sa.select(any_plan.framework_id).where(any_plan.framework_id.is_not(None))
    return sa.or_(
        Framework.code == NATIONAL,
        Framework.id.in_(planned.where(any_plan.region_code == region)),
        *(Framework.region_code == sa.func.substr(region, 1, digits) for digits in REGION_STEPS),
        sa.and_(Framework.region_code.is_(None), Framework.id.not_in(planned)),
    )


def seen_in(region: str) -> sa.ColumnElement[bool]:
    """The frameworks that a region reads: those that it can be judged by, and those of all regions below it."""
    below = sa.select(Plan.framework_id).where(Plan.framework_id.is_not(None), within_region(Plan.region_code, region))
    return sa.or_(usable_in(region), Framework.id.in_(below), within_region(Framework.region_code, region))


def usable_frameworks(region: str) -> list[Framework]:
    """What a region may be held against: first its own as ``framework_for`` finds it, then the others."""
    places = sa.case({state: place for place, state in enumerate(FIRST_STATES)}, value=Plan.state, else_=2)
    query = (
        sa.select(Framework)
        .outerjoin(Plan, sa.and_(Plan.framework_id == Framework.id, Plan.region_code == region))
        .where(usable_in(region))
        .order_by(
            Plan.id.is_(None),
            *(places, Plan.issued_on.is_(None), Plan.issued_on.desc(), Plan.id.desc()),
            *(Framework.code != NATIONAL, Framework.region_code.is_not(None), Framework.id),
        )
    )
    return list(dict.fromkeys(db.session.scalars(query)))


def seen_frameworks(region: str) -> list[Framework]:
    """The frameworks that a region reads: the national one, the shared ones, then the copies as they were made."""
    order = (Framework.code != NATIONAL, Framework.region_code.is_not(None), Framework.id)
    return list(db.session.scalars(sa.select(Framework).where(seen_in(region)).order_by(*order)))


def can_use(region: str, framework: Framework) -> bool:
    """Whether a region can be judged by a framework."""
    query = sa.select(Framework.id).where(usable_in(region), Framework.id == framework.id)
    return db.session.scalar(query) is not None


def plans_for(framework: Framework, region: str) -> list[Plan]:
    """The plans of a region that a framework may be chosen for: open ones, whose own region can use it."""
    query = sa.select(Plan).join(Framework, Framework.id == framework.id)
    query = query.where(within_region(Plan.region_code, region), usable_in(Plan.region_code))
    query = query.where(Plan.state != PlanState.CLOSED).options(joinedload(Plan.region))
    return list(db.session.scalars(query.order_by(Plan.region_code, Plan.code)))


def plans_with(frameworks: list[Framework], region: str) -> Mapping[int, list[Plan]]:
    """The plans of a region that each of these frameworks is the list of."""
    query = sa.select(Plan).where(
        Plan.framework_id.in_([each.id for each in frameworks]), within_region(Plan.region_code, region)
    )
    found: dict[int, list[Plan]] = {}
    for plan in db.session.scalars(query.order_by(Plan.region_code, Plan.code).options(joinedload(Plan.region))):
        found.setdefault(plan.framework_id or 0, []).append(plan)
    return found


def last_veto_number(framework: Framework) -> int:
    """The highest number of a veto that a framework, its origin or any of their copies has, or was answered under."""
    known = origins()
    family = [key for key, origin in known.items() if origin == known[framework.id]]
    numbers = set(db.session.scalars(sa.select(Veto.number).where(Veto.framework_id.in_(family))))
    answers = f"{known[framework.id]}/veto."
    answered = sa.select(CountyValue.figure).where(CountyValue.figure.startswith(answers, autoescape=True))
    numbers |= {figure.removeprefix(answers) for figure in db.session.scalars(answered)}
    return max((int(each) for each in numbers if each.isascii() and each.isdecimal()), default=0)


def codes_of_copies(region: str) -> set[str]:
    """The codes of a region's frameworks, and of those that were deleted."""
    stored = sa.select(Framework.code).where(Framework.code.startswith(f"{region}-"))
    noted = sa.select(Event.object_id).where(Event.object_type == "framework", Event.object_id.startswith(f"{region}-"))
    return {code for code in db.session.scalars(stored.union(noted)) if code}
