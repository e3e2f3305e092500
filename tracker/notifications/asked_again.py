"""再次交办: the office gives a returned part to its unit once more, told to the unit at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from tracker import clock
from tracker.models import OutboxItem, OutboxMail, Task
from tracker.notifications.letters import Letter, letter, one_line, said_of, task_address
from tracker.notifications.outbox import item_of, still_asked_units, tell
from tracker.queries.receipts import units_asked_again
from tracker.queries.routing import Recipient, people_of

ASKED_AGAIN = "asked_again"


def queue_asked_again(task: Task, unit_id: int, reason: str, now: datetime) -> None:
    """Queue the mail about a part that is given once more, in the caller's transaction."""
    for recipient in people_of(task.id, unit_id):
        tell(ASKED_AGAIN, recipient, item_of(task, words=reason), now, partial(compose, recipient, now=now))


def recompose(mail: OutboxMail, now: datetime) -> Letter | None:
    """The mail with the parts that the recipient's units have still to accept; None where none is left."""
    units = units_asked_again([item.task_id for item in mail.items])
    recipient, left = still_asked_units(mail, units)
    return compose(recipient, left, now) if recipient else None


def compose(recipient: Recipient, items: Sequence[OutboxItem], now: datetime) -> Letter:
    """The mail about parts that are given once more."""
    lines = [said_of(item.task.number, item.task.title, item.words, task_address(item.task.key)) for item in items]
    facts, day = f"{len(lines)}项任务再次交办", clock.office_day(now)
    return letter(ASKED_AGAIN, facts, recipient.unit_name, day, name=one_line(recipient.name), lines=lines)
