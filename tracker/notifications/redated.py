"""时限调整: a deadline was moved or confirmed, told at once to the units that answer for it; one mail per act."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from tracker import clock
from tracker.models import OutboxItem, OutboxMail, Task
from tracker.notifications.letters import Letter, full_day, letter, numbered, one_line, report_address
from tracker.notifications.outbox import item_of, still_asked, tell_many
from tracker.queries.routing import Recipient, recipients_of
from tracker.rules.lifecycle import State

REDATED = "redated"
NO_DAY = "无固定时限"


@dataclass(frozen=True)
class Move:
    """A deadline that was moved, or confirmed where both days are one."""

    task: Task
    old: date | None
    new: date | None


def queue_redated(task: Task, old: date | None, new: date | None, reason: str, now: datetime) -> None:
    """Queue the mail about a deadline in the caller's transaction; several of one instant become one mail."""
    queue_many_redated([Move(task, old, new)], reason, now)


def queue_many_redated(moves: Iterable[Move], reason: str, now: datetime) -> None:
    """Queue the mails about many deadlines of one act: one to a person, with all that they answer for."""
    told: dict[str, tuple[Recipient, list[OutboxItem]]] = {}
    for move in moves:
        for recipient in recipients_of(move.task.id):
            item = item_of(move.task, old_due_on=move.old, words=reason)
            item.due_on = move.new
            told.setdefault(recipient.who, (recipient, []))[1].append(item)
    day = clock.office_day(now)
    for recipient, items in told.values():
        tell_many(REDATED, recipient, items, now, partial(compose, recipient, day=day))


def recompose(mail: OutboxMail, now: datetime) -> Letter | None:
    """The mail with the deadlines that are still in force; None where none is."""
    recipient, left = still_asked(mail, _in_force)
    return compose(recipient, left, clock.office_day(now)) if recipient else None


def compose(recipient: Recipient, items: Sequence[OutboxItem], day: date) -> Letter:
    """The mail about moved or confirmed deadlines."""
    lines = [
        {
            "name": numbered(item.task.number, item.task.title),
            "change": _change(item),
            "words": one_line(item.words or ""),
            "address": report_address(item.task.key),
        }
        for item in items
    ]
    return letter(
        REDATED, f"{len(lines)}项时限调整", recipient.unit_name, day, name=one_line(recipient.name), lines=lines
    )


def _in_force(item: OutboxItem) -> bool:
    return item.task.due_on == item.due_on and item.task.state not in {State.CLOSED, State.SUSPENDED}


def _change(item: OutboxItem) -> str:
    """Both days with their years: beside a deadline of another year a bare day would be read in that year."""
    new = full_day(item.due_on) if item.due_on else NO_DAY
    if item.old_due_on == item.due_on:
        return f"时限确认为{new}"
    old = full_day(item.old_due_on) if item.old_due_on else NO_DAY
    return f"时限由{old}调整为{new}"
