"""What the page of an issue says about who has read it: to a leader of themselves, to the office of all."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tracker.forms.readings import MarkReadForm
from tracker.models import Issue, IssueState
from tracker.queries.readings import Reader, readers_of
from tracker.rules.permissions import Can, Scope, may
from tracker.views.access import person


@dataclass(frozen=True)
class Readings:
    """``form`` marks the issue as read, None where that is done or not this person's; ``read_at`` says when it was."""

    form: MarkReadForm | None = None
    read_at: datetime | None = None
    read: list[Reader] = field(default_factory=list)
    unread: list[Reader] = field(default_factory=list)


def readings_shown(issue: Issue) -> Readings:
    """What this person may know of the readings of a signed issue; nothing of a draft, whose words may change."""
    scope = Scope(issue.region_code)
    leads = may(person(), Can.MARK_READ, scope)
    if issue.state is not IssueState.SIGNED or not (leads or may(person(), Can.SIGN_WEEK, scope)):
        return Readings()
    readers = readers_of(issue)
    if not leads:
        return Readings(read=[each for each in readers if each.at], unread=[each for each in readers if not each.at])
    read_at = next((each.at for each in readers if each.account_id == person().id), None)
    return Readings(None if read_at else MarkReadForm(), read_at)
