"""The issues of a region and of those below it, year by year, and the papers drawn from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from tracker.models import Account, Appraisal, AppraisalState, Bulletin, Issue, IssueReading, Region, db
from tracker.queries.paging import Page, page_of
from tracker.queries.visibility import within_region
from tracker.rules.trend_weeks import weeks_in, year_of


@dataclass(frozen=True)
class Years:
    """The years with issues at or below a region, newest first, and the regions that have frozen any, by code."""

    years: list[int]
    regions: dict[str, str]


def years_of(region: str) -> Years:
    """Which years and regions hold issues; a week belongs to the year of most of its days, as in the trend."""
    within = within_region(Issue.region_code, region)
    years = {year_of(week_on) for week_on in db.session.scalars(sa.select(Issue.week_on).where(within).distinct())}
    having = sa.select(Issue.region_code).where(within)
    regions = sa.select(Region.code, Region.name).where(Region.code.in_(having)).order_by(Region.code)
    return Years(sorted(years, reverse=True), dict(db.session.execute(regions).all()))


def issues_of(region: str, year: int, page: int = 1) -> Page[Issue]:
    """The issues of a year at or below a region, newest week first, and within a week by region."""
    query = sa.select(Issue).where(within_region(Issue.region_code, region), in_year(year))
    return page_of(query.order_by(Issue.week_on.desc(), Issue.region_code, Issue.number.desc()), page)


def issues_chosen(region: str, ids: Collection[int]) -> list[Issue]:
    """Some issues at or below a region, newest first; what lies elsewhere is none."""
    query = sa.select(Issue).where(Issue.id.in_(ids), within_region(Issue.region_code, region))
    return list(db.session.scalars(query.order_by(Issue.number.desc(), Issue.id)))


def in_year(year: int) -> sa.ColumnElement[bool]:
    """Issues of the weeks of a year."""
    first = date.fromisocalendar(year, 1, 1)
    return sa.and_(Issue.week_on >= first, Issue.week_on < first + timedelta(weeks=weeks_in(year)))


def readers_by_issue(issue_ids: Collection[int], account_id: int | None = None) -> dict[int, list[str]]:
    """The names of those who have read each of some issues, the first one first; of one account alone where asked."""
    query = (
        sa.select(IssueReading.issue_id, Account.name)
        .join(Account, Account.id == IssueReading.account_id)
        .where(IssueReading.issue_id.in_(issue_ids))
        .order_by(IssueReading.at, Account.id)
    )
    if account_id is not None:
        query = query.where(IssueReading.account_id == account_id)
    found: dict[int, list[str]] = defaultdict(list)
    for issue_id, name in db.session.execute(query):
        found[issue_id].append(name)
    return found


def bulletins_of(region: str, year: int) -> list[Bulletin]:
    """The bulletins that a region drew from the issues of a year, newest first."""
    query = sa.select(Bulletin).join(Issue).where(Bulletin.region_code == region, in_year(year))
    return list(db.session.scalars(query.order_by(Bulletin.dated_on.desc(), Bulletin.id.desc())))


def appraisals_of(region: str, year: int) -> list[Appraisal]:
    """The published appraisal sheets of a region for a year: one or none."""
    query = sa.select(Appraisal).where(Appraisal.region_code == region, Appraisal.year == year)
    return list(db.session.scalars(query.where(Appraisal.state == AppraisalState.PUBLISHED)))
