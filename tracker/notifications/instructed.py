"""批示: a leader's word, told at once to the units that are to answer and to the plan office; one mail per act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from tracker import clock
from tracker.models import Instruction, OutboxItem, OutboxMail, Task
from tracker.notifications.letters import Letter, letter, month_day, numbered, one_line, task_address
from tracker.notifications.outbox import item_of, still_asked, tell
from tracker.queries.instructions import has_open_instruction, office_recipients
from tracker.queries.routing import Recipient, recipients_of
from tracker.rules.permissions import Role

INSTRUCTED = "instructed"


def queue_instructed(task: Task, instruction: Instruction, now: datetime) -> None:
    """Queue the mails about an instruction in the caller's transaction; who wrote it needs none."""
    day, words = clock.office_day(now), f"{instruction.leader_name}同志批示：{instruction.text}"
    for to_office, recipients in ((False, recipients_of(task.id)), (True, office_recipients(task))):
        for recipient in recipients:
            if recipient.account_id != instruction.account_id:
                written = partial(compose, recipient, day=day, to_office=to_office)
                tell(INSTRUCTED, recipient, item_of(task, words=words), now, written)


def recompose(mail: OutboxMail, now: datetime) -> Letter | None:
    """The mail with what still waits for an answer; the office is told in any case."""
    day = clock.office_day(now)
    if mail.account and mail.account.role is Role.PLAN_OFFICE:
        known = (each for item in mail.items for each in office_recipients(item.task))
        office = next((each for each in known if each.account_id == mail.account_id), None)
        return compose(office, mail.items, day, to_office=True) if office else None
    recipient, left = still_asked(mail, lambda item: has_open_instruction(item.task_id))
    return compose(recipient, left, day, to_office=False) if recipient else None


def compose(recipient: Recipient, items: Sequence[OutboxItem], day: date, to_office: bool) -> Letter:
    """The mail about instructions: for a unit with the address of the form of answer."""
    lines = [
        {
            "name": numbered(item.task.number, item.task.title),
            "due": month_day(item.due_on, day) if item.due_on else "",
            "words": one_line(item.words or ""),
            "address": task_address(item.task.key, None if to_office else "answer", "instructions"),
        }
        for item in items
    ]
    facts = f"{len(lines)}项任务有批示" if to_office else f"{len(lines)}项批示待答复"
    name = one_line(recipient.name)
    return letter(INSTRUCTED, facts, recipient.unit_name, day, name=name, lines=lines, to_office=to_office)
