"""Who has read an issue, and which leaders of its region have not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tracker.models import Account, Issue, IssueReading, db
from tracker.rules.permissions import Role


@dataclass(frozen=True)
class Reader:
    """A leader and when they have read an issue; ``at`` is None for one who has not yet."""

    account_id: int
    name: str
    at: datetime | None


def readers_of(issue: Issue) -> list[Reader]:
    """Everybody who has read an issue, the first one first, then the leaders of its region who have not."""
    own = sa.and_(IssueReading.account_id == Account.id, IssueReading.issue_id == issue.id)
    expected = sa.and_(
        Account.role == Role.LEADER, Account.disabled_at.is_(None), Account.region_code == issue.region_code
    )
    query = sa.select(Account.id, Account.name, IssueReading.at).outerjoin(IssueReading, own)
    query = query.where(expected | IssueReading.at.is_not(None)).order_by(
        IssueReading.at.is_(None), IssueReading.at, Account.name, Account.id
    )
    return [Reader(*row) for row in db.session.execute(query)]
