"""退回: what the office returned, told at once to every unit that it asks; one mail per person and act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from tracker import clock
from tracker.models import OutboxItem, OutboxMail, Task
from tracker.notifications.letters import Letter, letter, month_day, one_line, report_address, said_of
from tracker.notifications.outbox import item_of, still_asked, tell
from tracker.queries.parts import submitters_of
from tracker.queries.routing import Recipient, recipients_of
from tracker.rules.reminders import REMINDED_STATES

RETURNED = "returned"


def queue_returned(task: Task, reason: str, now: datetime) -> None:
    """Queue the mail about a return in the caller's transaction; several returns of one instant become one mail."""
    day = clock.office_day(now)
    for recipient in recipients_of(task.id):
        tell(RETURNED, recipient, item_of(task, words=reason), now, partial(compose, recipient, day=day))


def recompose(mail: OutboxMail, now: datetime) -> Letter | None:
    """The mail with what still waits for the recipient; None where nothing does."""
    recipient, left = still_asked(mail, lambda item: item.task.state in REMINDED_STATES)
    return compose(recipient, left, clock.office_day(now)) if recipient else None


def compose(recipient: Recipient, items: Sequence[OutboxItem], day: date) -> Letter:
    """The mail about returned tasks."""
    lines = [
        {
            **said_of(item.task.number, item.task.title, item.words, report_address(item.task.key)),
            "due": month_day(item.due_on, day) if item.due_on else "",
            "submitters": "、".join(one_line(name) for name in submitters_of(item.task)),
        }
        for item in items
    ]
    return letter(
        RETURNED, f"{len(lines)}项被退回", recipient.unit_name, day, name=one_line(recipient.name), lines=lines
    )
