"""Say that the machine's clock is right, after a wrong one left marks in the future that would stop the jobs."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from tracker.actions.record import Actor, record
from tracker.models import CLOCK_ACCEPTED, JobRun, Mark, db
from tracker.queries.issues import drafts_ahead, newest_issue
from tracker.queries.jobs import newest_instant


def accept_clock(actor: Actor, now: datetime) -> int:
    """Measure the clock from now on; how many runs that the wrong clock marked in the future are free again.

    What these runs did stays, and its own keys let nothing of it happen twice: no person gets a second digest. Drafts
    of weeks to come are dropped: those weeks are frozen when they come, and what comes before is not compared with
    them.
    """
    before = newest_instant()
    freed = db.session.execute(sa.delete(JobRun).where(JobRun.started_at > now))
    count = int(freed.rowcount)  # type: ignore[attr-defined]
    dropped = [{"region": each.region_code, "number": each.number} for each in drafts_ahead(now)]
    for each in drafts_ahead(now):
        db.session.delete(each)
    db.session.flush()
    # What somebody signed ahead of its time stays, and no longer keeps the present week from being frozen.
    after = {"runs_freed": count, "newest_issue": newest_issue(), "dropped": dropped}
    event = record(actor, "accept_clock", now, before={"newest": before}, after=after)
    db.session.merge(Mark(name=CLOCK_ACCEPTED, value=str(event.id)))
    return count
