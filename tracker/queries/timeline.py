"""The history of a task in one line: reports, acts, mails and what the machine noted, in one question and the reports.

What the machine noted stands between the words of people and can be folded away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from tracker.clock import at_office, office_day
from tracker.models import (
    Account,
    Event,
    Issue,
    OutboxItem,
    OutboxMail,
    OverdueNotice,
    Report,
    ReportingPeriod,
    Task,
    db,
)
from tracker.models.base import Instant
from tracker.queries.task import MOST_ENTRIES
from tracker.rules.late_entries import Closing, is_late
from tracker.rules.overview import WEEK

# The acts on a task that its page tells; reports are told by the reports themselves.
REPORTED = ("report", "submit")
TOLD_ACTS = (
    *("verify", "close_in_part", "return", "reopen", "suspend", "resume", "withdraw", "restore", "undo", "redate"),
    *("accept_part", "return_part", "ask_part_again", "ask_extension", "decide_extension", "wait", "wait_end"),
    *("instruct", "answer_instruction", "urge", "slip", "edit_task", "assign", "rhythm", "expect"),
    *("confirm_links", "add_link", "change_link", "remove_link"),
    *("add_addition", "change_addition", "dismiss_addition"),
    *("plan_nodes", "add_node", "rename_node", "remove_node"),
    *("move_node", "expect_node", "finish_node", "undo_node", "import_project_rows"),
    *("add_handover", "change_handover", "hand_over", "remove_handover"),
    *("add_money", "withdraw_money", "keep_facts", "move_site", "add_photos", "withdraw_photo"),
)
OVERDUE, PERIOD, MAIL = "overdue", "period", "mail"
MACHINE = (OVERDUE, PERIOD, MAIL)
CLOSED = "issue"
MOST_CLOSINGS = 60
# What tells of a day says it under one of these names.
DAYS_TOLD = ("done_on", "money_on", "taken_on")
# What each arm of the question answers besides its source.
COLUMNS: dict[str, Any] = {
    **{"at": Instant(), "act": sa.String(), "person": sa.String(), "unit": sa.String()},
    **{"said": sa.JSON(), "before": sa.JSON(), "begins_on": sa.Date(), "ends_on": sa.Date()},
    **{"state": sa.String(), "address": sa.String()},
}
DEADLINE_ACTS = ("redate", "decide_extension", "edit_task")
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Entry:
    """One entry of the timeline: a report, an act, a mail or a note of the machine; ``said`` and ``before`` as kept.

    ``late``: it belongs to a week whose overview was frozen before it was entered (补录).
    """

    act: str
    at: datetime
    person: str
    unit: str
    report: Report | None = None
    said: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    late: bool = False

    @property
    def is_machine(self) -> bool:
        """Whether nobody said or did this: it is shown small and can be folded away."""
        return self.act in MACHINE

    @property
    def version(self) -> int:
        """The version of the task after this; 0 for what takes none."""
        version = self.said.get("version")
        return version if isinstance(version, int) else 0


@dataclass(frozen=True)
class Stretch:
    """Entries that follow one another, all of people or all of the machine."""

    is_machine: bool
    entries: list[Entry]


@dataclass(frozen=True)
class Timeline:
    """The entries, newest first; ``is_cut`` says that older ones are left out."""

    entries: list[Entry]
    is_cut: bool

    @property
    def stretches(self) -> list[Stretch]:
        """The same with neighbours of the machine taken together."""
        return [Stretch(kind, list(group)) for kind, group in groupby(self.entries, key=lambda each: each.is_machine)]


def timeline(task: Task, reports: Sequence[Report], with_mails: bool = False) -> Timeline:
    """Reports and everything that happened to a task, newest first; mails only for those who may see them."""
    rows = db.session.execute(_happened(task, with_mails)).all()
    versions = {row.at: row.said.get("version") for row in rows if row.act in REPORTED and row.said}
    ends = [(row.at, row.begins_on + WEEK) for row in rows if row.source == CLOSED]
    closings = [Closing(at, office_day(at), at_office(next_on, 0)) for at, next_on in ends]
    said = [_report_entry(each, versions.get(each.at)) for each in reports]
    said += [_act_entry(row) for row in rows if row.source == "act" and row.act not in REPORTED]
    entries = [replace(each, late=_is_late(each, closings)) for each in said] if closings else said
    entries += [_note_entry(row) for row in rows if row.source in (OVERDUE, PERIOD)]
    entries += _mail_entries([row for row in rows if row.source == MAIL])
    entries.sort(key=lambda entry: entry.at, reverse=True)
    return Timeline(entries[:MOST_ENTRIES], len(entries) > MOST_ENTRIES)


def deadline_moves(history: Timeline) -> list[Entry]:
    """The acts that moved the deadline in force, newest first; an edit of a draft has no reason and moved none."""
    return [
        entry
        for entry in history.entries
        if entry.act in DEADLINE_ACTS
        and entry.before.get("due_on") != entry.said.get("due_on")
        and entry.said.get("reason")
    ]


def _happened(task: Task, with_mails: bool) -> sa.Select[Any]:
    """Acts, mails, deadlines that passed and periods that opened, in one question; of each kind the newest."""
    acts = (
        _arm(
            "act",
            *(Event.at, Event.act, Event.person_name, Event.unit_name, Event.after, Event.before),
        )
        .where(
            Event.object_type == "task",
            Event.object_id == task.key,
            Event.allowed,
            Event.act.in_((*TOLD_ACTS, *REPORTED)),
        )
        .order_by(Event.id.desc())
        .limit(MOST_ENTRIES * 2)
    )
    days = {"begins_on": OverdueNotice.noticed_on, "ends_on": OverdueNotice.due_on}
    noticed = _arm(OVERDUE, **days).where(OverdueNotice.task_id == task.id)
    days = {"begins_on": ReportingPeriod.starts_on, "ends_on": ReportingPeriod.ends_on}
    periods = _arm(PERIOD, ReportingPeriod.opened_at, **days).where(ReportingPeriod.task_id == task.id)
    opened = periods.order_by(ReportingPeriod.id.desc()).limit(MOST_ENTRIES)
    at, state = sa.func.coalesce(OutboxMail.sent_at, OutboxMail.queued_at), sa.cast(OutboxMail.state, sa.String)
    mails = (
        _arm(MAIL, at, OutboxMail.kind, Account.name, state=state, address=OutboxMail.address)
        .select_from(OutboxItem)
        .join(OutboxMail, OutboxMail.id == OutboxItem.mail_id)
        .outerjoin(Account, Account.id == OutboxMail.account_id)
        .where(OutboxItem.task_id == task.id)
        .order_by(OutboxMail.id.desc())
        .limit(MOST_ENTRIES)
    )
    weeks = _arm(CLOSED, _known_until(task), begins_on=Issue.week_on).where(Issue.region_code == task.region_code)
    closed = weeks.order_by(Issue.week_on.desc()).limit(MOST_CLOSINGS)
    arms = [acts, noticed, opened, closed, *([mails] if with_mails else [])]
    # SQLite takes no LIMIT inside a UNION, so each arm is a question of its own within it.
    return sa.select(sa.union_all(*(sa.select(arm.subquery()) for arm in arms)).subquery())


def _known_until(task: Task) -> sa.ColumnElement[datetime]:
    """The cut-off of an issue, or the last act on a task that it knew: a freezing that waits reads later ones too."""
    known = Event.id <= Issue.last_event_id
    last = (
        sa.select(sa.func.max(Event.at))
        .where(Event.object_type == "task", Event.object_id == task.key, Event.allowed, known)
        .correlate(Issue)
        .scalar_subquery()
    )
    return sa.case((last > Issue.cut_off_at, last), else_=Issue.cut_off_at)


def _arm(source: str, *first: Any, **others: Any) -> sa.Select[Any]:
    """One arm of the union: its values in the order of the columns or by their names, the others empty."""
    values = dict(zip(COLUMNS, first, strict=False)) | others
    empty = {name: sa.cast(sa.null(), kind) for name, kind in COLUMNS.items()}
    return sa.select(
        sa.literal(source).label("source"), *(values.get(name, empty[name]).label(name) for name in COLUMNS)
    )


def _report_entry(report: Report, version: int | None) -> Entry:
    unit = report.unit.name if report.unit else ""
    return Entry("report", report.at, report.account.name, unit, report, {"version": version})


def _act_entry(row: sa.Row[Any]) -> Entry:
    return Entry(row.act, row.at, row.person or "", row.unit or "", None, _dated(row.said), _dated(row.before))


def _is_late(entry: Entry, closings: Sequence[Closing]) -> bool:
    """Whether a report, or what was done on a day, came too late for the issue of its week."""
    days = [day for name in DAYS_TOLD if isinstance(day := entry.said.get(name), date)]
    if not entry.report and not days:
        return False
    return is_late(entry.at, min(days, default=None), closings)


def _note_entry(row: sa.Row[Any]) -> Entry:
    """A deadline that was noticed to have passed, at the beginning of that day, or a period that opened."""
    at = at_office(row.begins_on, 0) if row.source == OVERDUE else row.at
    return Entry(row.source, at, "", "", None, {"begins_on": row.begins_on, "ends_on": row.ends_on})


def _mail_entries(rows: Sequence[sa.Row[Any]]) -> Iterator[Entry]:
    """One entry for the mails of one kind, day and end, with the names of all who got one."""
    together: dict[tuple[str, date, str], list[sa.Row[Any]]] = {}
    for row in rows:
        together.setdefault((row.act, office_day(row.at), row.state), []).append(row)
    for (kind, _day, state), group in together.items():
        people = [(row.person or "", row.address or "") for row in reversed(group)]
        yield Entry(MAIL, max(row.at for row in group), "", "", None, {"kind": kind, "state": state, "people": people})


def _dated(said: dict[str, Any] | None) -> dict[str, Any]:
    """What an event keeps, with its days as dates again."""
    return {name: _as_day(value) for name, value in (said or {}).items()}


def _as_day(value: Any) -> Any:
    """The day that a text of an event writes as 2026-03-06, anything else as it is."""
    if not isinstance(value, str) or not ISO_DAY.fullmatch(value):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        return value
