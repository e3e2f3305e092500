"""The rhythm of a task: how often it is reported."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.actions import periods
from tracker.forms.periods import RhythmForm
from tracker.models import Task
from tracker.rules.permissions import Can
from tracker.views.access import actor, needs
from tracker.views.task_page import act_on_task

place = Blueprint("periods", __name__)


@place.post("/tasks/<key>/rhythm")
@needs(Can.REDATE)
def set_rhythm(key: str) -> ResponseReturnValue:
    """Set or clear the rhythm of a task, with a reason."""

    def do(task: Task, form: RhythmForm, now: datetime) -> str:
        chosen = periods.Chosen(form.chosen, form.parts.data or 1, form.begins_on.data)
        periods.set_rhythm(actor(), task, form.version.data or 0, chosen, form.reason.data or "", now)
        return _("填报周期已更新 · %(title)s", title=task.title)

    return act_on_task(key, Can.REDATE, RhythmForm, do)
