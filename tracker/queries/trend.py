"""The sums that the issues of a region keep, by week, and those of its units or of the regions below.

Issues alone are read, never the tasks: a trend of years takes the same four questions as one of a week.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa

from tracker.models import Issue, IssueStanding, IssueState, Region, Unit, db
from tracker.rules.trend_weeks import Counts, followed, together


@dataclass(frozen=True)
class Frozen:
    """An issue as a trend reads it."""

    id: int
    number: int
    week_on: date
    cut_off_at: datetime
    state: IssueState
    counts: Counts


@dataclass(frozen=True)
class Follow:
    """A unit, or above counties a region, through the weeks under its name of today.

    ``key`` is its id or its code; ``formerly`` are the other names under which issues know it, ``named`` the one of
    each week, several where units have become one since.
    """

    key: str
    name: str
    formerly: list[str]
    counts: Mapping[date, Counts]
    named: dict[date, list[str]] = field(default_factory=dict)
    is_region: bool = False


def frozen_issues(region: str) -> list[Frozen]:
    """All issues of a region, oldest first."""
    columns = (Issue.id, Issue.number, Issue.week_on, Issue.cut_off_at, Issue.state, Issue.counts)
    rows = db.session.execute(sa.select(*columns).where(Issue.region_code == region).order_by(Issue.week_on))
    return [Frozen(*row) for row in rows]


def followed_through(issues: Sequence[Frozen]) -> list[Follow]:
    """Those who stand in the issues, each followed through its mergers and new names."""
    weeks = {issue.id: issue.week_on for issue in issues}
    columns = (IssueStanding.issue_id, IssueStanding.name, IssueStanding.unit_id, IssueStanding.region_code)
    query = sa.select(*columns, IssueStanding.counts).where(IssueStanding.issue_id.in_(weeks))
    # Who only helps others has no sums, and no id by which to follow it.
    rows = [row for row in db.session.execute(query.order_by(IssueStanding.id)) if row.unit_id or row.region_code]
    ids = {row.unit_id for row in rows if row.unit_id is not None}
    merged, names = _units(ids)
    names |= _regions({row.region_code for row in rows if row.region_code})
    found: dict[str, dict[date, list[tuple[str, Counts]]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        key = row.region_code or str(followed(row.unit_id, merged))
        found[key][weeks[row.issue_id]].append((row.name, row.counts))
    regions = {row.region_code for row in rows}
    return [_follow(key, by_week, names.get(key), key in regions) for key, by_week in found.items()]


def _follow(key: str, by_week: Mapping[date, list[tuple[str, Counts]]], name: str | None, is_region: bool) -> Follow:
    named = {week: [each for each, _ in found] for week, found in by_week.items()}
    # What is no longer stored keeps the name under which an issue knew it last.
    name = name or named[max(named)][-1]
    known = dict.fromkeys(each for week in sorted(named) for each in named[week])
    counts = {week: together(each for _, each in found) for week, found in by_week.items()}
    return Follow(key, name, [each for each in known if each != name], counts, named, is_region)


def _units(ids: Collection[int]) -> tuple[dict[int, int | None], dict[str, str]]:
    """What units have become, and the names of today by id; those that took others in are asked for with them."""
    if not ids:
        return {}, {}
    known = sa.select(Unit.id, Unit.merged_into_id).where(Unit.id.in_(ids)).cte("known", recursive=True)
    later = sa.select(Unit.id, Unit.merged_into_id).join(known, Unit.id == known.c.merged_into_id)
    chain = known.union(later)
    query = sa.select(Unit.id, Unit.name, Unit.merged_into_id).where(Unit.id.in_(sa.select(chain.c.id)))
    rows = db.session.execute(query).all()
    return {row.id: row.merged_into_id for row in rows}, {str(row.id): row.name for row in rows}


def _regions(codes: Collection[str]) -> dict[str, str]:
    if not codes:
        return {}
    query = sa.select(Region.code, Region.name).where(Region.code.in_(codes))
    return {row.code: row.name for row in db.session.execute(query)}
