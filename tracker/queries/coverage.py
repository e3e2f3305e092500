"""What an overview covers: a region, its active plans, and the last issues frozen there."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, undefer

from tracker.models import Issue, Plan, PlanState, Region, Task, db
from tracker.queries.visibility import COUNTY_DIGITS, within_region

Conditions = list[sa.ColumnElement[bool]]


@dataclass(frozen=True)
class Coverage:
    """What an overview covers: the active plans at or below a region, or one of them."""

    region: str
    plan: str | None = None

    @property
    def is_county(self) -> bool:
        """Whether one county is seen, by its units, and not a place above counties."""
        return len(self.region) >= COUNTY_DIGITS


def covered(coverage: Coverage) -> Conditions:
    """The tasks of the active plans that a coverage covers."""
    plans = sa.select(Plan.id).where(Plan.state == PlanState.ACTIVE)
    if coverage.plan:
        plans = plans.where(Plan.code == coverage.plan)
    return [within_region(Task.region_code, coverage.region), Task.plan_id.in_(plans)]


def plans_covered(region: str) -> list[Plan]:
    """The plans at or below a region in the order of their places; drafts and closed ones too."""
    query = sa.select(Plan).where(within_region(Plan.region_code, region)).options(joinedload(Plan.region))
    return list(db.session.scalars(query.order_by(Plan.region_code, Plan.code)))


def has_active_plan(region: str) -> bool:
    """Whether a plan is active at or below a region."""
    query = sa.select(Plan.id).where(within_region(Plan.region_code, region), Plan.state == PlanState.ACTIVE)
    return db.session.scalar(query.limit(1)) is not None


def latest_issues(region: str) -> dict[str, Issue]:
    """The last issue of every region at or below this one."""
    latest = (
        sa.select(sa.func.max(Issue.id)).where(within_region(Issue.region_code, region)).group_by(Issue.region_code)
    )
    query = sa.select(Issue).where(Issue.id.in_(latest))
    if len(region) >= COUNTY_DIGITS:
        # Its page says how the indicators stood; above counties there are too many issues to bring that along.
        query = query.options(undefer(Issue.indicators))
    return {issue.region_code: issue for issue in db.session.scalars(query)}


def region_at(code: str) -> Region | None:
    """A region by its code; None for the whole country. Kept, it spares the frame of the page the same question."""
    return db.session.get(Region, code) if code else None
