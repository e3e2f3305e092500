"""督办单: keep that the office drew one up. The sheet itself is not kept: the office signs what it prints."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from tracker.actions.moves import RuleRefused, facts_of, note
from tracker.actions.record import Actor
from tracker.models import Event, PlanState, Task, db
from tracker.rules.reminders import REMINDED_STATES
from tracker.rules.slips import Colour

SLIP = "slip"


def note_slip(actor: Actor, task: Task, colour: Colour, demand: str, answer_by: date, once: str, now: datetime) -> None:
    """Keep the event of a slip; a form that was sent twice with the same words keeps one.

    The page stays where it is when the sheet is taken, so its key may come again with other words: another slip.

    Raises RuleRefused('plan_closed') and RuleRefused('not_open').
    """
    if task.plan.state is PlanState.CLOSED:
        raise RuleRefused("plan_closed")
    if task.state not in REMINDED_STATES:
        raise RuleRefused("not_open")
    said = {"colour": colour.value, "demand": demand, "answer_by": answer_by, "once": once}
    # Two clicks follow one another here.
    db.session.execute(sa.select(Task.id).where(Task.id == task.id).with_for_update())
    earlier = sa.select(Event.after).where(
        Event.object_type == "task", Event.object_id == task.key, Event.act == SLIP, Event.allowed
    )
    kept = [{name: (after or {}).get(name) for name in said} for after in db.session.scalars(earlier)]
    if {**said, "answer_by": answer_by.isoformat()} not in kept:
        note(actor, SLIP, task, now, facts_of(task), **said)
