"""Freeze the week: the overview of a region becomes an issue whose figures nothing changes afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tracker.actions.moves import RuleRefused
from tracker.actions.record import NOBODY, Actor, hold_chain, record
from tracker.actions.signing import claim
from tracker.clock import office_day
from tracker.models import Event, Issue, IssueLine, IssueStanding, Region, db
from tracker.queries.coverage import has_active_plan
from tracker.queries.freezing import frozen_indicators, frozen_lines, places_of, plans_of
from tracker.queries.issue_lines import Line
from tracker.queries.issues import issue_before, newest_week, standings_of, week_of
from tracker.queries.ladders import ladders
from tracker.rules.issues import counts_of, may_be_frozen_again
from tracker.rules.overview import WEEK, monday_of, sentence
from tracker.rules.search import folded


def freeze_week(region_code: str, now: datetime, actor: Actor = NOBODY) -> Issue | None:
    """Freeze the week of a region as its next issue, a draft until the office signs it.

    None when this week or a later one stands already, so that numbers follow the calendar, the region is not stored,
    or no plan is active at or below it: then there is nothing to tell.
    """
    week_on, newest = monday_of(office_day(now)), newest_week(region_code)
    if newest and week_on <= newest:
        return None
    return _freeze(region_code, week_on, now, actor)


def freeze_missed_week(region_code: str, now: datetime) -> Issue | None:
    """Freeze the week before this one where it was missed, under its own Monday and with the instant of now.

    Only the last week, and only in a region that has issues: of earlier weeks nobody knows what they looked like.
    """
    week_on, newest = monday_of(office_day(now)) - WEEK, newest_week(region_code)
    if newest is None or newest >= week_on:
        return None
    return _freeze(region_code, week_on, now, NOBODY)


def freeze_again(issue: Issue, version: int, now: datetime, actor: Actor) -> None:
    """Take the figures of a draft anew, under the same number, within its own week; what the office wrote stays.

    Raises IssueSigned, StaleIssue, and RuleRefused: week_over where its week has passed or a later issue counts from
    it.
    """
    hold_chain()
    claim(issue, version)
    if not may_be_frozen_again(issue.week_on, newest_week(issue.region_code), office_day(now)):
        raise RuleRefused("week_over")
    before = {"cut_off_at": issue.cut_off_at}
    for part in (IssueLine, IssueStanding):
        db.session.execute(sa.delete(part).where(part.issue_id == issue.id))
    worded = issue.sentence if issue.sentence != issue.generated else None
    issue.cut_off_at = now
    issue.decide_after = ladders().of(issue.region_code).decide_after
    said = {"number": issue.number, "tasks": _fill(issue), "cut_off_at": now}
    issue.sentence = worded or issue.generated
    db.session.flush()
    _record(issue, "freeze_again", now, actor, said, before)


def _freeze(region_code: str, week_on: date, now: datetime, actor: Actor) -> Issue | None:
    """Freeze a week that does not stand yet."""
    # Before its first row: whoever holds the chain never waits for somebody who waits for it. Whoever acts on a task
    # waits here until the week is frozen, so that its parts tell of one moment.
    hold_chain()
    newest = newest_week(region_code)
    if newest and newest >= week_on:
        return None
    if db.session.get(Region, region_code) is None or not has_active_plan(region_code):
        return None
    issue = _claim(region_code, week_on, now)
    if issue is None:
        return None
    said = {"number": issue.number, "week_on": week_on, "tasks": _fill(issue)}
    _record(issue, "freeze_week", now, actor, said)
    return issue


def _record(
    issue: Issue, act: str, now: datetime, actor: Actor, said: dict[str, Any], before: dict[str, Any] | None = None
) -> None:
    thing = ("issue", str(issue.number))
    record(actor, act, now, obj=thing, region=issue.region_code, before=before, after=said)


def _claim(region_code: str, week_on: date, now: datetime) -> Issue | None:
    """The row of the week under the next number; None when another has frozen the week in the same moment."""
    highest = db.session.scalar(sa.select(sa.func.max(Issue.number)).where(Issue.region_code == region_code)) or 0
    issue = Issue(
        region_code=region_code,
        number=highest + 1,
        week_on=week_on,
        cut_off_at=now,
        sentence="",
        decide_after=ladders().of(region_code).decide_after,
    )
    try:
        with db.session.begin_nested():
            db.session.add(issue)
            db.session.flush()
    except IntegrityError:
        return None
    return issue


def _fill(issue: Issue) -> int:
    """Write the lines, their sums and the sentence of an issue as its region stands now; how many lines there are."""
    today, last = office_day(issue.cut_off_at), issue_before(issue.region_code, issue.number)
    issue.last_event_id = db.session.scalar(sa.select(sa.func.max(Event.id))) or 0
    rows = frozen_lines(issue, last)
    lines = [Line(**row) for row in rows]
    issue.counts = counts_of(lines)
    issue.plans, issue.places = plans_of(lines), places_of(issue.region_code, lines)
    issue.indicators = frozen_indicators(issue.region_code, today)
    issue.generated = sentence(week_of(lines, issue, last), today)
    issue.sentence = issue.generated
    if rows:
        stored = [{"issue_id": issue.id, "folded": _folded(line), **row} for row, line in zip(rows, lines, strict=True)]
        db.session.execute(sa.insert(IssueLine).execution_options(render_nulls=True), stored)
    _store_standings(issue, lines)
    db.session.flush()
    return len(lines)


def _store_standings(issue: Issue, lines: Sequence[Line]) -> None:
    standings = standings_of(issue, lines)
    ids = {name: unit_id for line in lines for name, unit_id in zip(line.units, line.unit_ids, strict=True)}
    rows: list[dict[str, Any]] = [
        {
            "issue_id": issue.id,
            "position": position,
            "name": each.name,
            "unit_id": None if each.region else ids.get(each.name),
            "region_code": each.region,
            "place": each.place,
            "counts": each.counts,
        }
        for position, each in enumerate(standings, start=1)
    ]
    if rows:
        db.session.execute(sa.insert(IssueStanding), rows)


def _folded(line: Line) -> str:
    """What a line is searched by; written here because the rows are stored in one go."""
    return folded(line.task_key, line.number, line.title, " ".join(line.units), line.last_words)
