"""催办: the office urges many units in one act. It changes nothing of a task, so it takes no version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from tracker.actions.instructions import author
from tracker.actions.moves import RuleRefused, hold_tasks
from tracker.actions.record import Actor, record
from tracker.models import Urge, db
from tracker.queries.urges import UrgePreview, preview, was_sent


def urge(actor: Actor, task_ids: Sequence[int], text: str, once: str, now: datetime) -> UrgePreview | None:
    """Urge every unit that these tasks ask and that was not urged lately; None where this form has done so already.

    Raises RuleRefused('nobody_to_urge').
    """
    # Two offices at once follow one another here, so that the second sees whom the first has urged.
    hold_tasks(task_ids)
    if was_sent(once):
        return None
    found = preview(task_ids, now)
    if not found.units:
        raise RuleRefused("nobody_to_urge")
    said = {"account_id": author(actor), "text": text, "at": now, "once": once}
    rows = [{"task_id": task.id, "unit_id": unit.unit_id, **said} for unit in found.units for task in unit.tasks]
    db.session.execute(sa.insert(Urge), rows)
    for task in found.tasks.values():
        names = [unit.name for unit in found.units if any(each.id == task.id for each in unit.tasks)]
        after = {"units": names, "text": text, "version": task.version}
        record(actor, "urge", now, obj=("task", task.key), region=task.region_code, after=after)
    return found
