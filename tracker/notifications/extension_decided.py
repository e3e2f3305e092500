"""延期批复: what the office decided on a request, told at once to the units that it concerns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial

from tracker import clock
from tracker.models import Extension, OutboxItem, OutboxMail, Task
from tracker.notifications.letters import Letter, full_day, letter, numbered, one_line, report_address
from tracker.notifications.outbox import item_of, still_asked, tell
from tracker.queries.extensions import latest_decisions
from tracker.queries.routing import Recipient, people_of, recipients_of
from tracker.rules.extensions import Decision
from tracker.rules.lifecycle import State

EXTENSION_DECIDED = "extension_decided"


def queue_extension_decided(task: Task, decided: Extension, old: date | None, now: datetime) -> None:
    """Queue the mail about a decision in the caller's transaction; ``old`` is the deadline before it."""
    for recipient in _asked(decided):
        item = item_of(task, old_due_on=old, words=decided.answer)
        tell(EXTENSION_DECIDED, recipient, item, now, partial(_composed, recipient, now=now))


def recompose(mail: OutboxMail, now: datetime) -> Letter | None:
    """The mail with the decisions that still hold; None where none does."""
    decided = latest_decisions([item.task_id for item in mail.items])
    recipient, left = still_asked(mail, lambda item: _holds(item, decided), lambda task: _asked(decided[task]))
    return compose(recipient, left, decided, now) if recipient else None


def _composed(recipient: Recipient, items: Sequence[OutboxItem], now: datetime) -> Letter:
    """Of one instant there may be several decisions, made by others than the caller."""
    return compose(recipient, items, latest_decisions([item.task_id for item in items]), now)


def compose(
    recipient: Recipient, items: Sequence[OutboxItem], decided: Mapping[int, Extension], now: datetime
) -> Letter:
    """The mail about decisions on requests for a later deadline."""
    lines = [
        {
            "name": numbered(item.task.number, item.task.title),
            "change": _change(item, decided[item.task_id]),
            "words": one_line(item.words or ""),
            "address": report_address(item.task.key),
        }
        for item in items
    ]
    facts, day = f"{len(lines)}项延期申请已批复", clock.office_day(now)
    return letter(EXTENSION_DECIDED, facts, recipient.unit_name, day, name=one_line(recipient.name), lines=lines)


def _asked(decided: Extension) -> list[Recipient]:
    """A new deadline concerns everybody who answers for the task, a refusal those who asked."""
    if decided.decision is Decision.REFUSED:
        return people_of(decided.task_id, decided.unit_id)
    return recipients_of(decided.task_id)


def _holds(item: OutboxItem, decided: Mapping[int, Extension]) -> bool:
    is_open = item.task.state not in {State.CLOSED, State.SUSPENDED}
    return item.task_id in decided and is_open and item.task.due_on == item.due_on


def _change(item: OutboxItem, decided: Extension) -> str:
    """The day asked for, then both days with their years."""
    old = full_day(item.old_due_on) if item.old_due_on else "无固定时限"
    wanted = f"申请延至{full_day(decided.wanted_on)}"
    if item.due_on is None or decided.decision is Decision.REFUSED:
        return f"{wanted}，未予同意，时限仍为{old}"
    words = "同意" if decided.decision is Decision.GRANTED else "缩短后同意"
    return f"{wanted}，{words}，时限由{old}调整为{full_day(item.due_on)}"
