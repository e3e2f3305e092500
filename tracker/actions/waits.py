"""等待配合: a unit that answers for a task says that it waits for another one, and when that is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tracker.actions.moves import RuleRefused, claim, facts_of, note
from tracker.actions.record import Actor
from tracker.clock import office_day
from tracker.models import Report, Task, Wait, db
from tracker.queries.parts import parts_of, speakers_of
from tracker.queries.waits import waits_open
from tracker.rules.waits import WAITS_IN, why_not_since


@dataclass(frozen=True)
class Awaiting:
    """What a unit says: for which unit its task waits, since when and for what."""

    unit_id: int
    by_unit_id: int | None
    since: date
    reason: str
    version: int


def wait(actor: Actor, task: Task, said: Awaiting, now: datetime) -> Wait:
    """Say that a task waits for another of its units.

    Raises StaleTask and RuleRefused: not_answering, not_worked_on, not_assigned, wait_ahead, wait_before_plan, waiting.
    """
    before = facts_of(task)
    claim(task, said.version)
    _refuse_waiting(task, said, office_day(now))
    row = _stored(actor, task, said, now)
    note(actor, "wait", task, now, before, unit=row.unit.name, since=said.since, reason=said.reason)
    return row


def end_wait(actor: Actor, task: Task, version: int, unit_id: int, own: frozenset[int], now: datetime) -> None:
    """End the wait for a unit, in the name of a unit that answers for the task.

    Raises StaleTask and RuleRefused: not_answering, wait_ended.
    """
    before = facts_of(task)
    claim(task, version)
    if own.isdisjoint(parts_of(task, []).answering):
        raise RuleRefused("not_answering")
    ended = _end(actor, task, unit_id, now)
    if ended is None:
        raise RuleRefused("wait_ended")
    note(actor, "wait_end", task, now, before, unit=ended.unit.name)


def end_waits_of(actor: Actor, task: Task, unit_id: int | None, now: datetime) -> str | None:
    """End the wait for a unit that has just reported on the task; its name where there was one."""
    ended = _end(actor, task, unit_id, now) if unit_id is not None else None
    return ended.unit.name if ended else None


def take_up_waits(report: Report) -> None:
    """Let the wait that a report has ended go on, now that the report counts no more."""
    if report.unit_id is not None and not waits_open(report.task, report.unit_id):
        ended = [Wait.task_id == report.task_id, Wait.unit_id == report.unit_id, Wait.ended_at == report.at]
        for row in db.session.scalars(sa.select(Wait).where(*ended)):
            row.ended_at, row.ended_by_id = None, None


def _end(actor: Actor, task: Task, unit_id: int, now: datetime) -> Wait | None:
    """The open wait of a task for a unit, ended; None where there is none."""
    found = waits_open(task, unit_id)
    for row in found:
        row.ended_at, row.ended_by_id = now, actor.person.id if actor.person else None
    return found[0] if found else None


def _refuse_waiting(task: Task, said: Awaiting, today: date) -> None:
    if said.by_unit_id not in parts_of(task, []).answering:
        raise RuleRefused("not_answering")
    if task.state not in WAITS_IN:
        raise RuleRefused("not_worked_on")
    if said.unit_id == said.by_unit_id or said.unit_id not in {unit.id for unit in speakers_of(task)}:
        raise RuleRefused("not_assigned")
    refusal = why_not_since(said.since, task.plan.issued_on, today)
    if refusal:
        raise RuleRefused(refusal)


def _stored(actor: Actor, task: Task, said: Awaiting, now: datetime) -> Wait:
    """The row of a wait; of two for one unit that arrive at once the index lets one in."""
    row = Wait(
        task_id=task.id,
        unit_id=said.unit_id,
        by_unit_id=said.by_unit_id,
        account_id=actor.person.id if actor.person else None,
        since=said.since,
        reason=said.reason,
        at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError:
        raise RuleRefused("waiting") from None
    return row
