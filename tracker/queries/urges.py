"""催办: who would get what, and who is left out and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa

from tracker.clock import office_day
from tracker.models import PlanState, Urge, db
from tracker.queries.routing import AskedUnit, Recipient, units_asked
from tracker.queries.rows import TaskRow, task_rows
from tracker.rules.urges import Skip, is_too_soon, skip_of


@dataclass
class UrgedUnit:
    """A unit that would be urged: about which tasks, and whom in it the mail goes to, each once."""

    unit_id: int
    name: str
    tasks: list[TaskRow] = field(default_factory=list)
    recipients: dict[str, Recipient] = field(default_factory=dict)


@dataclass(frozen=True)
class LeftOut:
    """A task, or one unit of it, that is not urged, and why; ``urged_on`` is the day of the urge that came before."""

    task: TaskRow
    reason: Skip
    unit_name: str = ""
    urged_on: date | None = None


@dataclass
class UrgePreview:
    """What one act of urging would do."""

    units: list[UrgedUnit] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def tasks(self) -> dict[int, TaskRow]:
        """The tasks about which somebody is urged."""
        return {task.id: task for unit in self.units for task in unit.tasks}


def preview(task_ids: Sequence[int], now: datetime) -> UrgePreview:
    """Who gets what when these tasks are urged now, unit by unit, and what is left out. Four questions in all."""
    asked: dict[int, list[AskedUnit]] = {}
    for each in units_asked(task_ids):
        asked.setdefault(each.task_id, []).append(each)
    urged, today = last_urges(task_ids), office_day(now)
    found, units = UrgePreview(), dict[int, UrgedUnit]()
    for task in task_rows(task_ids):
        reason = _skip(task, asked.get(task.id, []))
        if reason:
            found.left_out.append(LeftOut(task, reason))
            continue
        for unit in asked[task.id]:
            urged_on = urged.get((task.id, unit.unit_id))
            if is_too_soon(urged_on, today):
                found.left_out.append(LeftOut(task, Skip.URGED, unit.unit_name, urged_on))
            elif not unit.recipients:
                found.left_out.append(LeftOut(task, Skip.NO_CONTACT, unit.unit_name))
            else:
                line = units.setdefault(unit.unit_id, UrgedUnit(unit.unit_id, unit.unit_name))
                line.tasks.append(task)
                line.recipients.update({each.who: each for each in unit.recipients})
    found.units = list(units.values())
    return found


def last_urges(task_ids: Sequence[int]) -> dict[tuple[int, int], date]:
    """The office day on which each unit was last urged about each task."""
    query = sa.select(Urge.task_id, Urge.unit_id, sa.func.max(Urge.at)).where(Urge.task_id.in_(task_ids))
    rows = db.session.execute(query.group_by(Urge.task_id, Urge.unit_id))
    return {(task_id, unit_id): office_day(at) for task_id, unit_id, at in rows}


def was_sent(once: str) -> bool:
    """Whether the form with this key has already urged."""
    return bool(db.session.scalar(sa.select(sa.exists().where(Urge.once == once))))


def _skip(task: TaskRow, asked: list[AskedUnit]) -> Skip | None:
    states = {"plan_is_draft": PlanState.DRAFT, "plan_is_closed": PlanState.CLOSED}
    facts = {name: task.plan_state is state for name, state in states.items()}
    return skip_of(task.state, task.needs_redate, **facts) or (None if asked else Skip.NOBODY_ASKED)
