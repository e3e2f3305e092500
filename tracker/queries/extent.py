"""How much a page covers: a region with the plans at or below it, or one of these plans."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.models import Plan, Region, db
from tracker.queries.plans import plans_in
from tracker.queries.visibility import within_region
from tracker.rules.permissions import Person, is_within


@dataclass(frozen=True)
class Extent:
    """A region, the plans at or below it, the one plan chosen, and the regions below that have plans."""

    region: str
    plan: Plan | None
    plans: list[Plan]
    regions: list[Region]

    @property
    def only_plan(self) -> Plan | None:
        """The plan chosen, or the only one that there is."""
        return self.plan or (self.plans[0] if len(self.plans) == 1 else None)


def extent_of(person: Person, region: str | None, plan_code: str | None) -> Extent | None:
    """The extent of a region and a plan, the person's own region without one; None where they may not see it."""
    seen = person.region if region is None else region
    if not is_within(seen, person.region):
        return None
    plan = plan_within(person, plan_code) if plan_code else None
    if plan_code and (plan is None or not is_within(plan.region_code, seen)):
        return None
    plans = plans_in(seen)
    below = {each.region_code: each.region for each in plans if each.region_code != seen}
    return Extent(seen, plan, plans, list(below.values()))


def plan_within(person: Person, code: str) -> Plan | None:
    """A plan by its code, None where it lies outside the person's region."""
    query = sa.select(Plan).where(Plan.code == code, within_region(Plan.region_code, person.region))
    return db.session.scalar(query.options(joinedload(Plan.region)))
