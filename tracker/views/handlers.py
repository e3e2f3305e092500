"""经办人: a unit, or the office for it, names who handles its part of a task."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.actions.handlers import name_handler
from tracker.forms.handlers import HandlerForm
from tracker.models import Account, Task, db
from tracker.queries.handlers import part_of
from tracker.rules.permissions import Can
from tracker.views.access import actor, needs, refuse
from tracker.views.task_page import act_on_task, speakers_for

place = Blueprint("handlers", __name__)


@place.post("/tasks/<key>/handler")
@needs(Can.NAME_HANDLER)
def name(key: str) -> ResponseReturnValue:
    """Name who handles a part of the task, or nobody; staff do it for their own unit alone."""

    def do(task: Task, form: HandlerForm, now: datetime) -> str:
        part = part_of(task, form.part_id) or abort(404)
        if part.unit_id not in {unit.id for unit in speakers_for(task)}:
            refuse(Can.NAME_HANDLER, task.key, task.region_code)
        account = db.session.get(Account, form.account_id) if form.account_id else None
        if form.account_id and account is None:
            abort(404)
        name_handler(actor(), task, form.version.data or 0, part, account, now)
        if account is None:
            return _("已取消“%(unit)s”的经办人。", unit=part.unit.name)
        return _("“%(unit)s”的经办人：%(name)s。", unit=part.unit.name, name=account.name)

    return act_on_task(key, Can.NAME_HANDLER, HandlerForm, do)
