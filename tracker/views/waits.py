"""等待配合: a unit marks that its task waits for another one, and ends it."""

from __future__ import annotations

from datetime import date, datetime

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.actions import waits as acts
from tracker.actions.waits import Awaiting
from tracker.forms.waits import EndWaitForm, WaitForm
from tracker.models import PlanState, Task
from tracker.notifications.awaited import queue_awaited
from tracker.queries.parts import parts_of
from tracker.rules.permissions import Can
from tracker.views.access import actor, needs, own_units
from tracker.views.task_page import act_on_task, unit_spoken_for

place = Blueprint("waits", __name__)


@place.post("/tasks/<key>/wait")
@needs(Can.REPORT)
def wait(key: str) -> ResponseReturnValue:
    """Mark that the task waits for a unit; that unit gets it by mail at once."""

    def do(task: Task, form: WaitForm, now: datetime) -> str:
        said = Awaiting(
            unit_id=form.unit.data or 0,
            by_unit_id=unit_spoken_for(task, form.by_unit.data, parts_of(task, []).answering),
            since=form.since.data or date.max,
            reason=form.reason.data or "",
            version=form.version.data or 0,
        )
        row = acts.wait(actor(), task, said, now)
        said_done = _("已标明等待 %(unit)s 配合 · %(title)s", unit=row.unit.name, title=task.title)
        if queue_awaited(task, row, now) or task.plan.state is not PlanState.ACTIVE:
            return said_done
        return said_done + " · " + _("该单位没有可用联系人，没有发出邮件，请直接联系或告知推进办")

    return act_on_task(key, Can.REPORT, WaitForm, do)


@place.post("/tasks/<key>/wait/end")
@needs(Can.REPORT)
def end(key: str) -> ResponseReturnValue:
    """The wait for a unit is over."""

    def do(task: Task, form: EndWaitForm, now: datetime) -> str:
        own = frozenset(unit.id for unit in own_units())
        acts.end_wait(actor(), task, form.version.data or 0, form.unit.data or 0, own, now)
        return _("已结束等待 · %(title)s", title=task.title)

    return act_on_task(key, Can.REPORT, EndWaitForm, do)
