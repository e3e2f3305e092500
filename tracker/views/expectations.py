"""预计完成: the units of a task, or the office, say when it is expected to be done."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.actions import expectations as acts
from tracker.forms.expectations import ExpectForm
from tracker.models import Task
from tracker.rules.permissions import Can
from tracker.views.access import actor, needs
from tracker.views.task_page import act_on_task
from tracker.views.words import day

place = Blueprint("expectations", __name__)


@place.post("/tasks/<key>/expected")
@needs(Can.EXPECT)
def expect(key: str) -> ResponseReturnValue:
    """Keep the day on which the task is expected to be done, or take it back."""

    def do(task: Task, form: ExpectForm, now: datetime) -> str:
        expected_on = form.expected_on.data
        acts.expect(actor(), task, form.version.data or 0, expected_on, form.reason.data or "", now)
        if expected_on is None:
            return _("已清除预计完成日期 · %(title)s", title=task.title)
        return _("已记录预计 %(day)s 完成 · %(title)s", day=day(expected_on), title=task.title)

    return act_on_task(key, Can.EXPECT, ExpectForm, do)
