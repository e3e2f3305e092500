"""单位退回: a unit gave its part of a task back, told at once to the plan office of the county."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from tracker import clock
from tracker.models import OutboxItem, OutboxMail, Task
from tracker.notifications.letters import Letter, letter, numbered, one_line, settings, task_address
from tracker.notifications.outbox import item_of, still_asked, tell
from tracker.queries.instructions import office_recipients
from tracker.queries.receipts import tasks_returned
from tracker.queries.routing import Recipient

PART_RETURNED = "part_returned"


def queue_part_returned(task: Task, unit_name: str, reason: str, now: datetime) -> None:
    """Queue the mail about a returned part in the caller's transaction."""
    for recipient in office_recipients(task):
        item = item_of(task, words=f"{unit_name}：{reason}")
        tell(PART_RETURNED, recipient, item, now, partial(compose, recipient, now=now))


def recompose(mail: OutboxMail, now: datetime) -> Letter | None:
    """The mail with the parts that still lie at the office; None where none does."""
    tasks = {item.task_id: item.task for item in mail.items}
    returned = tasks_returned(list(tasks))
    recipient, left = still_asked(
        mail, lambda item: item.task_id in returned, lambda task_id: office_recipients(tasks[task_id])
    )
    return compose(recipient, left, now) if recipient else None


def compose(recipient: Recipient, items: Sequence[OutboxItem], now: datetime) -> Letter:
    """The mail about returned parts."""
    lines = [
        {
            "name": numbered(item.task.number, item.task.title),
            "words": one_line(item.words or ""),
            "address": task_address(item.task.key),
        }
        for item in items
    ]
    return letter(
        PART_RETURNED,
        f"{len(lines)}项任务被单位退回",
        recipient.unit_name,
        clock.office_day(now),
        name=one_line(recipient.name),
        lines=lines,
        list_address=f"{settings().base_url}/receipts",
    )
