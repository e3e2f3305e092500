"""How far a page reaches: a region or one plan within what a person may see, and what narrows it."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.models import Plan, Region, db
from tracker.queries.visibility import COUNTY_DIGITS, within_region
from tracker.rules.permissions import Person, is_within

MOST_PLANS = 200


@dataclass(frozen=True)
class Reach:
    """The chosen region and plan, the plans of the region and the regions one step below it."""

    region: str
    plan: Plan | None
    plans: list[Plan]
    regions: list[Region]

    @property
    def only_plan(self) -> Plan | None:
        """The one plan that the page is about, chosen or because there is no other."""
        if self.plan is None and len(self.plans) == 1:
            return self.plans[0]
        return self.plan


def reach_of(person: Person, region: str | None, plan_code: str | None) -> Reach | None:
    """How far a person asks to reach; None where the region or the plan is not theirs to see."""
    chosen = region or person.region
    if not is_within(chosen, person.region):
        return None
    plans = _plans(chosen)
    plan = next((each for each in plans if each.code == plan_code), None) or _plan(chosen, plan_code)
    if plan_code and plan is None:
        return None
    return Reach(chosen, plan, plans, _regions_below(chosen))


def plan_within(person: Person, code: str) -> Plan | None:
    """A plan by its code, None where a person may not see it."""
    return _plan(person.region, code)


def _plans(region: str) -> list[Plan]:
    query = sa.select(Plan).where(within_region(Plan.region_code, region)).options(joinedload(Plan.region))
    return list(db.session.scalars(query.order_by(Plan.region_code, Plan.code).limit(MOST_PLANS)))


def _plan(region: str, code: str | None) -> Plan | None:
    if not code:
        return None
    query = sa.select(Plan).where(Plan.code == code, within_region(Plan.region_code, region))
    return db.session.scalar(query.options(joinedload(Plan.region)))


def _regions_below(region: str) -> list[Region]:
    """The regions one step below that have a plan; a county has none."""
    if len(region) >= COUNTY_DIGITS:
        return []
    digits = len(region) + 2
    planned = sa.select(sa.func.substr(Plan.region_code, 1, digits)).where(within_region(Plan.region_code, region))
    return list(db.session.scalars(sa.select(Region).where(Region.code.in_(planned)).order_by(Region.code)))
