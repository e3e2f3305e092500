"""补录: what was entered after the cut-off of an issue and belongs to its week; it changes none of its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

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
    arms = [arm.where(*_within(issue, part)) for arm in _arms(issue, until)]
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
    late = {
        each.task_key: each.last_reported_at
        for each in lines
        if each.last_reported_at and is_late(each.last_reported_at, None, closings)
    }
    known = _reports_known(last) if late else {}
    return {key for key, at in late.items() if key not in known or known[key] < at}


def _reports_known(issue: Issue) -> dict[str, datetime]:
    """What reached the lines of an issue after the instant of its cut-off, while it waited to be written."""
    query = sa.select(IssueLine.task_key, IssueLine.last_reported_at).where(
        IssueLine.issue_id == issue.id, IssueLine.last_reported_at > issue.cut_off_at
    )
    return {key: at for key, at in db.session.execute(query) if at}


def _within(issue: Issue, part: Part) -> list[sa.ColumnElement[bool]]:
    """The lines of a part of an issue."""
    wanted = [IssueLine.issue_id == issue.id]
    if part.plan:
        wanted.append(IssueLine.plan_code == part.plan)
    if part.region:
        wanted.append(within_region(IssueLine.region_code, part.region))
    return wanted


def _arms(issue: Issue, until: datetime | None) -> list[sa.Select[Any]]:
    """Reports, nodes, money and photographs that belong to a week and were entered after it was closed.

    A freezing that waits its turn reads what was entered after its instant: what a line knows is never late.
    """
    closing = closing_of(issue)

    def entered(at: Any) -> sa.ColumnElement[bool]:
        return sa.and_(at > closing.at, at <= until) if until else at > closing.at

    reports = _arm(LateKind.REPORT, Report, at=Report.at, words=Report.text).where(
        Report.at > closing.at,
        sa.or_(IssueLine.last_reported_at.is_(None), Report.at > IssueLine.last_reported_at),
        Report.at < closing.ends_at,
        Report.withdrawn_at.is_(None),
    )
    kind = sa.cast(MoneyEntry.kind, sa.String)
    moved = {"at": MoneyEntry.at, "on": MoneyEntry.on, "words": kind, "yuan": MoneyEntry.amount_yuan}
    money = _arm(LateKind.MONEY, MoneyEntry, **moved).where(
        MoneyEntry.on <= closing.on,
        entered(MoneyEntry.at),
        ~_known(issue, MoneyEntry.at),
        MoneyEntry.withdrawn_at.is_(None),
    )
    photos = _arm(
        LateKind.PHOTO, ProjectPhoto, at=ProjectPhoto.at, on=ProjectPhoto.taken_on, words=ProjectPhoto.caption
    ).where(
        ProjectPhoto.taken_on <= closing.on,
        entered(ProjectPhoto.at),
        ~_known(issue, ProjectPhoto.at),
        ProjectPhoto.withdrawn_at.is_(None),
    )
    nodes = _nodes(closing).where(entered(Event.at), Event.id > issue.last_event_id)
    return [reports, nodes, money, photos]


def _known(issue: Issue, at: Any) -> sa.ColumnElement[bool]:
    """Whether what was entered on a task at an instant happened before the issue was written."""
    told = aliased(Event)
    return (
        sa.exists()
        .where(
            told.object_type == "task",
            told.object_id == IssueLine.task_key,
            told.at == at,
            told.allowed,
            told.id <= issue.last_event_id,
        )
        .correlate_except(told)
    )


def _nodes(closing: Closing) -> sa.Select[Any]:
    """Nodes that stand as done by the cut-off; when each was first entered with this day tells the event alone."""
    first = aliased(Event)
    earliest = sa.select(sa.func.min(first.id)).where(_finishes(first)).correlate_except(first).scalar_subquery()
    told = sa.and_(_finishes(Event), Event.id == earliest)
    nodes = _arm(LateKind.NODE, ProjectNode, at=Event.at, on=ProjectNode.done_on, words=ProjectNode.name)
    return nodes.join(Event, told).where(ProjectNode.done_on <= closing.on)


def _finishes(event: Any) -> sa.ColumnElement[bool]:
    """Whether an event says that the node of the line's project was done on the day that it has now."""
    return sa.and_(
        event.object_type == "task",
        event.object_id == IssueLine.task_key,
        event.act == "finish_node",
        event.allowed,
        event.after["node"].as_string() == ProjectNode.name,
        event.after["done_on"].as_string() == sa.cast(ProjectNode.done_on, sa.String),
    )


def _arm(kind: LateKind, of: Any, **values: Any) -> sa.Select[Any]:
    """One arm of the union: its values by name, the others empty, beside the line of the task."""
    kept = [values.get(name, sa.cast(sa.null(), column)).label(name) for name, column in COLUMNS.items()]
    chosen = sa.select(sa.literal(kind.value).label("kind"), IssueLine.task_key, IssueLine.title, *kept)
    return chosen.select_from(IssueLine).join(of, of.task_id == IssueLine.task_id)
