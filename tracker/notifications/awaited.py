"""等待配合: a task waits for a unit, told to that unit at once, since something is asked of it now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from tracker import clock
from tracker.models import OutboxItem, OutboxMail, Task, Wait
from tracker.notifications.letters import Letter, full_day, letter, one_line, report_address, said_of
from tracker.notifications.outbox import item_of, still_asked_units, tell
from tracker.queries.routing import Recipient, people_of
from tracker.queries.waits import units_awaited

AWAITED = "awaited"


def queue_awaited(task: Task, wait: Wait, now: datetime) -> int:
    """Queue the mail about a wait in the caller's transaction; how many people it reaches."""
    people = people_of(task.id, wait.unit_id)
    for recipient in people:
        words = f"{wait.by_unit.name}自{full_day(wait.since)}起等待配合：{wait.reason}"
        tell(AWAITED, recipient, item_of(task, words=words), now, partial(compose, recipient, now=now))
    return len(people)


def recompose(mail: OutboxMail, now: datetime) -> Letter | None:
    """The mail with the tasks that still wait for the recipient's units; None where none does."""
    units = units_awaited([item.task_id for item in mail.items])
    recipient, left = still_asked_units(mail, units)
    return compose(recipient, left, now) if recipient else None


def compose(recipient: Recipient, items: Sequence[OutboxItem], now: datetime) -> Letter:
    """The mail about tasks that wait for a unit."""
    lines = [said_of(item.task.number, item.task.title, item.words, report_address(item.task.key)) for item in items]
    facts, day = f"{len(lines)}项任务等待配合", clock.office_day(now)
    return letter(AWAITED, facts, recipient.unit_name, day, name=one_line(recipient.name), lines=lines)
