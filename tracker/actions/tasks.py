"""What people do to tasks: report, verify, return, move a deadline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from tracker.actions.moves import RuleRefused, claim, facts_of, move, note
from tracker.actions.periods import mark_present
from tracker.actions.record import Actor
from tracker.actions.reports import WORDS_KEPT, count_words
from tracker.actions.waits import end_waits_of
from tracker.clock import office_day
from tracker.models import DeadlineChange, Evidence, Report, Situation, Task, db
from tracker.queries.asked import is_by_period
from tracker.queries.parts import parts_of, words_of_round
from tracker.rules.deadlines import days_late
from tracker.rules.lifecycle import Act, State
from tracker.rules.lights import Light
from tracker.rules.parts import act_of_done
from tracker.rules.reports import NO_CHANGE_WORDS


@dataclass(frozen=True)
class KeptFile:
    """A file already on disk under its SHA-256."""

    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Said:
    """What a person fills into the report form. ``once`` is the form's own key; sent again it adds nothing."""

    situation: Situation
    text: str
    once: str
    version: int
    unit_id: int | None = None
    on_behalf: bool = False
    files: Sequence[KeptFile] = field(default_factory=tuple)
    quantity: Decimal | None = None
    no_evidence_reason: str = ""
    progress: int | None = None
    invented: bool = False


def report(actor: Actor, task: Task, said: Said, now: datetime) -> Report:
    """Append a report; the 已完成 that completes the task (``rules/parts.py``) submits it.

    Raises StaleTask, MoveRefused, and RuleRefused('reported_by_period'): without an end nothing is done.
    """
    earlier = report_sent_as(task, said.once)
    if earlier:
        return earlier
    today = office_day(now)
    light_before, before = task.light(today), facts_of(task)
    claim(task, said.version)
    words = words_of_round(task)
    row = _row(actor, task, said, now, light_before)
    done = said.situation is Situation.DONE
    if done and is_by_period(task.rhythm, task.due_on is not None):
        raise RuleRefused("reported_by_period")
    act = act_of_done(parts_of(task, words), said.unit_id) if done else Act.REPORT
    move(task, act, now)
    count_words(task, [row, *words])
    task.last_reported_at, task.last_words = now, row.text[:WORDS_KEPT]
    task.keep_light_dates()
    row.light_after = task.light(today)
    db.session.add(row)
    ended = None if said.situation is Situation.NO_CHANGE else end_waits_of(actor, task, said.unit_id, now)
    waited = {"wait_ended": ended} if ended else {}
    note(actor, act.value, task, now, before, situation=said.situation.value, text=row.text, **waited)
    mark_present(task, row)
    return row


def _row(actor: Actor, task: Task, said: Said, now: datetime, light: Light) -> Report:
    """What was said, as a row; an unchanged week needs no words of its own."""
    return Report(
        task_id=task.id,
        unit_id=said.unit_id,
        account_id=actor.person.id if actor.person else None,
        on_behalf=said.on_behalf,
        situation=said.situation,
        text=said.text or (NO_CHANGE_WORDS if said.situation is Situation.NO_CHANGE else ""),
        quantity=said.quantity,
        progress_percent=said.progress,
        no_evidence_reason=said.no_evidence_reason or None,
        at=now,
        due_on=task.due_on,
        state_before=task.state,
        light_before=light,
        light_after=light,
        invented=said.invented,
        once=said.once,
        evidence=[
            Evidence(name=f.name, media_type=f.media_type, size=f.size, sha256=f.sha256, at=now) for f in said.files
        ],
    )


def report_sent_as(task: Task, once: str) -> Report | None:
    """The report that a form with this key has already made."""
    return db.session.scalar(sa.select(Report).where(Report.task_id == task.id, Report.once == once))


def verify(actor: Actor, task: Task, version: int, now: datetime) -> None:
    """Close a submitted task (销号). Raises StaleTask, MoveRefused, RuleRefused('own_entry')."""
    _refuse_own_entry(actor, task)
    before = facts_of(task)
    claim(task, version)
    move(task, Act.VERIFY, now)
    task.keep_light_dates()
    note(actor, "verify", task, now, before)


def close_in_part(actor: Actor, task: Task, version: int, reason: str, now: datetime) -> None:
    """Close a task without a lead of which some responsible units, not all, have said done.

    Raises StaleTask, MoveRefused, RuleRefused('nobody_done') and RuleRefused('own_entry').
    """
    words = words_of_round(task)
    parts = parts_of(task, words)
    said_done = [word for word in words if word.situation is Situation.DONE and word.unit_id in parts.said]
    if parts.has_lead or not said_done:
        raise RuleRefused("nobody_done")
    _refuse_own_entry(actor, task)
    before = facts_of(task)
    claim(task, version)
    move(task, Act.CLOSE_IN_PART, now)
    last = said_done[0]
    task.submitted_on = office_day(last.at)
    task.in_time = days_late(last.due_on, task.submitted_on, held_days=task.held_days) == 0
    task.keep_light_dates()
    note(actor, "close_in_part", task, now, before, reason=reason)


def send_back(actor: Actor, task: Task, version: int, reason: str, now: datetime) -> None:
    """Return a submitted task with a reason; days late count again from tomorrow. Raises StaleTask, MoveRefused."""
    before = facts_of(task)
    claim(task, version)
    move(task, Act.RETURN, now)
    task.keep_light_dates()
    note(actor, "return", task, now, before, reason=reason)


def redate(actor: Actor, task: Task, version: int, due_on: date | None, reason: str, now: datetime) -> None:
    """Set or confirm the deadline in force; the document's words stay. Raises StaleTask, RuleRefused('closed')."""
    if task.state in {State.CLOSED, State.SUSPENDED}:
        raise RuleRefused("closed")
    before = facts_of(task)
    claim(task, version)
    set_deadline(actor, task, due_on, reason, now)
    note(actor, "redate", task, now, before, reason=reason)


def set_deadline(
    actor: Actor, task: Task, due_on: date | None, reason: str, now: datetime, extension_id: int | None = None
) -> None:
    """Put a deadline in force and keep the move; the caller has claimed the task and keeps the event."""
    db.session.add(
        DeadlineChange(
            task_id=task.id,
            account_id=actor.person.id if actor.person else None,
            extension_id=extension_id,
            old_due_on=task.due_on,
            new_due_on=due_on,
            reason=reason,
            at=now,
        )
    )
    if due_on != task.due_on:
        task.due_on, task.held_days = due_on, 0
    task.needs_redate = False
    task.keep_light_dates()


def _refuse_own_entry(actor: Actor, task: Task) -> None:
    """Four eyes: nobody closes what they entered themselves, not even one unit's part of it since the last return."""
    own = sa.select(Report.id).where(
        Report.task_id == task.id, Report.situation == Situation.DONE, Report.withdrawn_at.is_(None)
    )
    if task.returned_at:
        own = own.where(Report.at > task.returned_at)
    if actor.person and db.session.scalar(own.where(Report.account_id == actor.person.id).limit(1)):
        raise RuleRefused("own_entry")
