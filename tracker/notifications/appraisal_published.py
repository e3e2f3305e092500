"""年度考核公布: told at once to the units of a sheet, with the day until which they may object."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tracker import clock
from tracker.models import Appraisal, AppraisalLine, OutboxMail, db
from tracker.notifications.letters import Letter, full_day, letter, one_line, settings
from tracker.notifications.outbox import Draft, queue, whose
from tracker.queries.appraisals import lines_of
from tracker.queries.routing import Recipient, people_of_units

APPRAISAL_PUBLISHED = "appraisal_published"


def queue_appraisal_published(appraisal: Appraisal, now: datetime) -> None:
    """Queue a mail to everybody of its units in the caller's transaction; one each, however many units are theirs."""
    told = _told(appraisal)
    queue(
        [
            Draft(
                APPRAISAL_PUBLISHED,
                f"{APPRAISAL_PUBLISHED}:{appraisal.id}:{recipient.who}",
                recipient,
                compose(recipient, lines, appraisal, now),
            )
            for recipient, lines in told.values()
        ],
        now,
    )


def recompose(mail: OutboxMail, now: datetime) -> Letter | None:
    """The mail with the units that are still theirs; None where none is."""
    appraisal = db.session.get(Appraisal, int(mail.reason.split(":")[1]))
    told = _told(appraisal).get(whose(mail)) if appraisal else None
    return compose(*told, appraisal, mail.queued_at) if told and appraisal else None


def compose(recipient: Recipient, lines: Sequence[AppraisalLine], appraisal: Appraisal, now: datetime) -> Letter:
    """The mail: which units, until when, and where to read and object. No figures stand in it."""
    facts, day = f"{appraisal.year}年度考核表已公布", clock.office_day(now)
    until = full_day(appraisal.objections_until) if appraisal.objections_until else ""
    units = [{"unit": one_line(line.name), "address": line_address(line.id)} for line in lines]
    values: dict[str, Any] = {"name": one_line(recipient.name), "year": appraisal.year, "until": until, "lines": units}
    return letter(APPRAISAL_PUBLISHED, facts, recipient.unit_name, day, **values)


def line_address(line_id: int) -> str:
    """The page of a unit's row."""
    return f"{settings().base_url}/appraisals/units/{line_id}"


def _told(appraisal: Appraisal) -> dict[str, tuple[Recipient, list[AppraisalLine]]]:
    """Whom the units of a sheet are told through, each with the rows that concern them."""
    lines = [line for line in lines_of(appraisal) if line.unit_id is not None]
    people = people_of_units({line.unit_id for line in lines if line.unit_id is not None})
    found: dict[str, tuple[Recipient, list[AppraisalLine]]] = {}
    for line in lines:
        for recipient in people.get(line.unit_id or 0, ()):
            found.setdefault(recipient.who, (recipient, []))[1].append(line)
    return found
