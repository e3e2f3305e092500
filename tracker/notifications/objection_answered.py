"""异议答复: told at once to the unit that objected to its figures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tracker import clock
from tracker.models import Objection, OutboxMail, db
from tracker.notifications.appraisal_published import line_address
from tracker.notifications.letters import Letter, letter, one_line
from tracker.notifications.outbox import Draft, queue, whose
from tracker.queries.routing import Recipient, people_of_units

OBJECTION_ANSWERED = "objection_answered"


def queue_objection_answered(objection: Objection, now: datetime) -> None:
    """Queue the mails in the caller's transaction."""
    drafts = [
        Draft(
            OBJECTION_ANSWERED,
            f"{OBJECTION_ANSWERED}:{objection.id}:{recipient.who}",
            recipient,
            compose(recipient, objection, now),
        )
        for recipient in _told(objection)
    ]
    queue(drafts, now)


def recompose(mail: OutboxMail, now: datetime) -> Letter | None:
    """The mail as it was queued, where its reader still belongs to the unit."""
    objection = db.session.get(Objection, int(mail.reason.split(":")[1]))
    recipients = _told(objection) if objection else []
    found = next((each for each in recipients if each.who == whose(mail)), None)
    return compose(found, objection, mail.queued_at) if found and objection else None


def compose(recipient: Recipient, objection: Objection, now: datetime) -> Letter:
    """The mail about an answer, with both texts."""
    line, day = objection.line, clock.office_day(now)
    values: dict[str, Any] = {
        "name": one_line(recipient.name),
        "year": line.appraisal.year,
        "line": one_line(line.name),
        "objection": one_line(objection.text),
        "verdict": "成立，有关数字已经更正" if objection.upheld else "不成立，有关数字不变",
        "answer": one_line(objection.answer or ""),
        "address": line_address(line.id),
    }
    return letter(OBJECTION_ANSWERED, "考核异议已答复", recipient.unit_name, day, **values)


def _told(objection: Objection) -> list[Recipient]:
    unit_id = objection.line.unit_id
    return people_of_units({unit_id}).get(unit_id, []) if unit_id is not None else []
