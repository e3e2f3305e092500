"""Keep the day on which a deadline in force was noticed to have passed; the light itself needs no job."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from tracker import clock
from tracker.actions.record import Actor, record
from tracker.models import OverdueNotice, Plan, PlanState, Task, db
from tracker.models.once import insert_once


def run(now: datetime) -> str:
    """Notice every open task of an active plan that is late, once per task and deadline."""
    day = clock.office_day(now)
    late = (
        sa.select(Task.id, Task.due_on, sa.literal(day))
        .join(Plan, Plan.id == Task.plan_id)
        .where(
            Plan.state == PlanState.ACTIVE,
            Task.light_fixed.is_(None),
            Task.late_from <= day,
            Task.due_on.is_not(None),
        )
    )
    notices = insert_once(OverdueNotice).from_select(["task_id", "due_on", "noticed_on"], late)
    count: int = db.session.execute(notices).rowcount  # type: ignore[attr-defined]
    if count:
        record(Actor(), "notice_overdue", now, after={"count": count})
    return f"noticed={count}"
