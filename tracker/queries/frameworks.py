"""Frameworks that a region can use: the national one, the lists of its plans, and its offices' adjusted copies."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.models import NATIONAL, CountyValue, Event, Framework, Plan, Veto, db
from tracker.queries.standards import origins
from tracker.queries.visibility import COUNTY_DIGITS, within_region

REGION_STEPS = (0, 2, 4, COUNTY_DIGITS)


def usable_in(region: str) -> sa.ColumnElement[bool]:
    """The frameworks that a region, with all below it, can use.

    A shared one is usable unless it is the list of plans elsewhere alone; a copy in its own region and below it, and it
    is seen from above.
    """
    planned = sa.select(Plan.framework_id).where(Plan.framework_id.is_not(None))
    here = planned.where(within_region(Plan.region_code, region))
    shared = sa.and_(
        Framework.region_code.is_(None),
        sa.or_(Framework.code == NATIONAL, Framework.id.in_(here), Framework.id.not_in(planned)),
    )
    above = [region[:digits] for digits in REGION_STEPS if digits <= len(region)]
    copies = sa.or_(Framework.region_code.in_(above), within_region(Framework.region_code, region))
    return sa.or_(shared, sa.and_(Framework.region_code.is_not(None), copies))


def usable_frameworks(region: str) -> list[Framework]:
    """The frameworks of a region: the national one, the shared ones, then the copies in the order of their making."""
    query = sa.select(Framework).where(usable_in(region))
    order = (Framework.code != NATIONAL, Framework.region_code.is_not(None), Framework.id)
    return list(db.session.scalars(query.order_by(*order)))


def vetoes_of(framework: Framework) -> list[Veto]:
    """The vetoes of a framework in their order."""
    return list(db.session.scalars(sa.select(Veto).where(Veto.framework_id == framework.id).order_by(Veto.id)))


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
    answered = sa.select(CountyValue.figure.distinct()).where(CountyValue.figure.startswith(answers, autoescape=True))
    numbers |= {figure.removeprefix(answers) for figure in db.session.scalars(answered)}
    return max((int(each) for each in numbers if each.isascii() and each.isdecimal()), default=0)


def codes_of_copies(region: str) -> set[str]:
    """The codes of a region's frameworks, and of those that were deleted."""
    stored = sa.select(Framework.code).where(Framework.code.startswith(f"{region}-"))
    noted = sa.select(Event.object_id).where(Event.object_type == "framework", Event.object_id.startswith(f"{region}-"))
    return {code for code in db.session.scalars(stored.union(noted)) if code}
