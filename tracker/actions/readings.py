"""已阅: a leader says that they have read an issue, once."""

from __future__ import annotations

from datetime import datetime

from tracker.actions.instructions import author
from tracker.actions.moves import RuleRefused
from tracker.actions.record import Actor, record
from tracker.models import Issue, IssueReading, IssueState, db
from tracker.models.once import insert_once


def mark_read(actor: Actor, issue: Issue, now: datetime) -> bool:
    """Note that a person has read a signed issue; False where they have said so before, and its instant stays.

    Raises RuleRefused('not_signed'): the words of a draft may still change.
    """
    if issue.state is not IssueState.SIGNED:
        raise RuleRefused("not_signed")
    row = {"issue_id": issue.id, "account_id": author(actor), "at": now}
    added = db.session.execute(insert_once(IssueReading).values(**row))
    if not added.rowcount:  # type: ignore[attr-defined]
        return False
    said = {"number": issue.number, "week_on": issue.week_on}
    record(actor, "mark_read", now, obj=("issue", str(issue.number)), region=issue.region_code, after=said)
    return True
