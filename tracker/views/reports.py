"""Taking back a report within its few minutes."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.actions import reports
from tracker.forms.tasks import OfficeForm
from tracker.models import Task
from tracker.queries.reports import report_of
from tracker.rules.permissions import Can
from tracker.views.access import actor, needs
from tracker.views.task_page import act_on_task

place = Blueprint("reports", __name__)


@place.post("/tasks/<key>/reports/<int(max=2147483647):report_id>/withdraw")
@needs(Can.REPORT)
def withdraw(key: str, report_id: int) -> ResponseReturnValue:
    """撤回 an own report; it stays on the timeline, struck."""

    def do(task: Task, form: OfficeForm, now: datetime) -> str:
        report = report_of(task, report_id) or abort(404)
        reports.withdraw(actor(), report, form.version.data or 0, now)
        return _("已撤回 · %(title)s", title=task.title)

    return act_on_task(key, Can.REPORT, OfficeForm, do)
