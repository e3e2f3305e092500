"""Say that the machine's clock is right, after a wrong one left marks in the future that would stop the jobs."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from tracker.actions.record import Actor, record
from tracker.models import CLOCK_ACCEPTED, JobRun, Mark, db
from tracker.queries.issues import newest_issue
from tracker.queries.jobs import newest_instant


def accept_clock(actor: Actor, now: datetime) -> int:
    """Measure the clock from now on; how many runs that the wrong clock marked in the future are free again.

    What these runs did stays, and its own keys let nothing of it happen twice: no person gets a second digest.
    """
    before = newest_instant()
    freed = db.session.execute(sa.delete(JobRun).where(JobRun.started_at > now))
    count = int(freed.rowcount)  # type: ignore[attr-defined]
    # Weeks that were frozen ahead of their time stay too, and no longer keep the present one from being frozen.
    after = {"runs_freed": count, "newest_issue": newest_issue()}
    event = record(actor, "accept_clock", now, before={"newest": before}, after=after)
    db.session.merge(Mark(name=CLOCK_ACCEPTED, value=str(event.id)))
    return count
