"""补录: what was entered after the cut-off of an issue and belongs to its week; it changes none of its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.clock import at_office, office_day
from tracker.models import Event, Issue, IssueLine, MoneyEntry, ProjectNode, ProjectPhoto, Report, db
from tracker.models.base import Instant
from tracker.queries.issue_lines import WHOLE, Line, Part
from tracker.queries.paging import PAGE_SIZE, Page
from tracker.queries.visibility import within_region
from tracker.rules.late_entries import Closing, LateKind, is_late
from tracker.rules.overview import WEEK

# What each arm of the question answers besides its kind and the task.
COLUMNS: dict[str, Any] = {"at": Instant(), "on": sa.Date(), "words": sa.String(), "yuan": sa.BigInteger()}


@dataclass(frozen=True)
class LateEntry:
    """What was entered late on a task: when, of which day, and in which words; ``yuan`` for money."""

    kind: LateKind
    task_key: str
    title: str
    at: datetime
    on: date | None
    words: str | None
    yuan: int | None


def closing_of(issue: Issue) -> Closing:
    """How an issue closed its week."""
    return Closing(issue.cut_off_at, office_day(issue.cut_off_at), at_office(issue.week_on + WEEK, 0))


def late_entries(
    issue: Issue, until: datetime | None, part: Part = WHOLE, number: int = 1, size: int = PAGE_SIZE
) -> Page[LateEntry]:
    """A page of what was entered late on the tasks of an issue, newest first, and how many there are; one question.

    ``until`` is the cut-off of the issue after it: what is entered later is no news of that week any more.
    """
    arms = [arm.where(*_within(issue, part)) for arm in _arms(closing_of(issue), until)]
    found = sa.union_all(*arms).subquery()
    query = sa.select(found, sa.func.count().over().label("total")).order_by(found.c.at.desc(), found.c.task_key)
    rows = db.session.execute(query.offset((number - 1) * size).limit(size)).all()
    entries = [LateEntry(LateKind(row.kind), *row[1:-1]) for row in rows]
    if not entries and number > 1:
        return late_entries(issue, until, part, 1, size)
    return Page(entries, rows[0].total if rows else 0, number, size)


def told_late(lines: Sequence[Line], last: Issue | None) -> set[str]:
    """The keys of the lines whose last report had come too late for the issue before."""
    if last is None:
        return set()
    closings = [closing_of(last)]
    return {each.task_key for each in lines if each.last_reported_at and is_late(each.last_reported_at, None, closings)}


def _within(issue: Issue, part: Part) -> list[sa.ColumnElement[bool]]:
    """The lines of a part of an issue."""
    wanted = [IssueLine.issue_id == issue.id]
    if part.plan:
        wanted.append(IssueLine.plan_code == part.plan)
    if part.region:
        wanted.append(within_region(IssueLine.region_code, part.region))
    return wanted


def _arms(closing: Closing, until: datetime | None) -> list[sa.Select[Any]]:
    """Reports, nodes, money and photographs that belong to a week and were entered after it was closed."""

    def entered(at: Any) -> sa.ColumnElement[bool]:
        return sa.and_(at > closing.at, at <= until) if until else at > closing.at

    reports = _arm(LateKind.REPORT, Report, at=Report.at, words=Report.text).where(
        Report.at > closing.at, Report.at < closing.ends_at, Report.withdrawn_at.is_(None)
    )
    kind = sa.cast(MoneyEntry.kind, sa.String)
    moved = {"at": MoneyEntry.at, "on": MoneyEntry.on, "words": kind, "yuan": MoneyEntry.amount_yuan}
    money = _arm(LateKind.MONEY, MoneyEntry, **moved).where(
        MoneyEntry.on <= closing.on, entered(MoneyEntry.at), MoneyEntry.withdrawn_at.is_(None)
    )
    photos = _arm(
        LateKind.PHOTO, ProjectPhoto, at=ProjectPhoto.at, on=ProjectPhoto.taken_on, words=ProjectPhoto.caption
    ).where(ProjectPhoto.taken_on <= closing.on, entered(ProjectPhoto.at), ProjectPhoto.withdrawn_at.is_(None))
    return [reports, _nodes(closing).where(entered(Event.at)), money, photos]


def _nodes(closing: Closing) -> sa.Select[Any]:
    """Nodes that stand as done by the cut-off; when they were entered tells the event alone."""
    said = Event.after
    told = sa.and_(
        Event.object_type == "task",
        Event.object_id == IssueLine.task_key,
        Event.act == "finish_node",
        Event.allowed,
        said["node"].as_string() == ProjectNode.name,
        said["done_on"].as_string() == sa.cast(ProjectNode.done_on, sa.String),
    )
    nodes = _arm(LateKind.NODE, ProjectNode, at=Event.at, on=ProjectNode.done_on, words=ProjectNode.name)
    return nodes.join(Event, told).where(ProjectNode.done_on <= closing.on)


def _arm(kind: LateKind, of: Any, **values: Any) -> sa.Select[Any]:
    """One arm of the union: its values by name, the others empty, beside the line of the task."""
    kept = [values.get(name, sa.cast(sa.null(), column)).label(name) for name, column in COLUMNS.items()]
    chosen = sa.select(sa.literal(kind.value).label("kind"), IssueLine.task_key, IssueLine.title, *kept)
    return chosen.select_from(IssueLine).join(of, of.task_id == IssueLine.task_id)
