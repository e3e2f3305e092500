"""重新打开: a closed task is open again, told at once to the units that answer for it; one mail per person and act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from tracker import clock
from tracker.models import OutboxItem, OutboxMail, Task
from tracker.notifications.letters import Letter, letter, month_day, one_line, report_address, said_of
from tracker.notifications.outbox import item_of, still_asked, tell
from tracker.queries.routing import Recipient, recipients_of
from tracker.rules.reminders import REMINDED_STATES

REOPENED = "reopened"


def queue_reopened(task: Task, reason: str, now: datetime) -> None:
    """Queue the mail about a task that is open again in the caller's transaction."""
    day = clock.office_day(now)
    for recipient in recipients_of(task.id):
        tell(REOPENED, recipient, item_of(task, words=reason), now, partial(compose, recipient, day=day))


def recompose(mail: OutboxMail, now: datetime) -> Letter | None:
    """The mail with what is still open; None where nothing is."""
    recipient, left = still_asked(mail, lambda item: item.task.state in REMINDED_STATES)
    return compose(recipient, left, clock.office_day(now)) if recipient else None


def compose(recipient: Recipient, items: Sequence[OutboxItem], day: date) -> Letter:
    """The mail about reopened tasks."""
    lines = [
        {
            **said_of(item.task.number, item.task.title, item.words, report_address(item.task.key)),
            "due": month_day(item.due_on, day) if item.due_on else "",
        }
        for item in items
    ]
    facts = f"{len(lines)}项重新打开"
    return letter(REOPENED, facts, recipient.unit_name, day, name=one_line(recipient.name), lines=lines)
