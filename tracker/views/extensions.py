"""延期: a unit asks for a later deadline, the office decides."""

from __future__ import annotations

from datetime import date, datetime

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.actions import extensions as acts
from tracker.actions.extensions import Ruling, Wish
from tracker.forms.extensions import DecideForm, ExtensionForm
from tracker.models import Task
from tracker.notifications.extension_decided import queue_extension_decided
from tracker.queries.extensions import pending_extensions
from tracker.queries.parts import parts_of
from tracker.rules.extensions import Decision
from tracker.rules.permissions import Can
from tracker.views.access import actor, needs, person
from tracker.views.query import page_number
from tracker.views.task_page import act_on_task, unit_spoken_for

place = Blueprint("extensions", __name__)


@place.get("/extensions")
@needs(Can.REDATE)
def extensions() -> ResponseReturnValue:
    """The requests that wait for the office, oldest first, each with its decision in place."""
    page = pending_extensions(person(), page_number(request.args))
    return render_template(
        "extensions/extensions.html",
        page=page,
        form_of=decide_form,
        address_of_page=lambda number: url_for("extensions.extensions", page=number),
    )


def decide_form(task: Task) -> DecideForm:
    """The form of a decision with ids of its own: a page holds many of them."""
    form = DecideForm(task)
    form.name_ids(f"decide-{task.id}")
    return form


@place.post("/tasks/<key>/extension")
@needs(Can.ASK_EXTENSION)
def ask(key: str) -> ResponseReturnValue:
    """Ask for a later deadline; asking does not stop the clock."""

    def do(task: Task, form: ExtensionForm, now: datetime) -> str:
        wish = Wish(
            unit_id=unit_spoken_for(task, form.unit.data, parts_of(task, []).answering),
            wanted_on=form.wanted_on.data or date.min,
            reason=form.reason.data or "",
            work_state=form.work_state.data or "",
            once=form.once.data or "",
            version=form.version.data or 0,
        )
        acts.ask(actor(), task, wish, now)
        return _("已提交延期申请 · %(title)s · 批复前时限和亮灯不变", title=task.title)

    return act_on_task(key, Can.ASK_EXTENSION, ExtensionForm, do)


@place.post("/tasks/<key>/extension/decide")
@needs(Can.REDATE)
def decide(key: str) -> ResponseReturnValue:
    """Grant, shorten or refuse the pending request, always with words; the units get one mail."""

    def do(task: Task, form: DecideForm, now: datetime) -> str:
        old = task.due_on
        ruling = Ruling(
            decision=Decision(form.decision.data),
            answer=form.opinion.data or "",
            version=form.version.data or 0,
            shortened_to=form.shortened_to.data,
        )
        decided = acts.decide(actor(), task, ruling, now)
        queue_extension_decided(task, decided, old, now)
        return _("已批复延期申请 · %(title)s", title=task.title)

    return act_on_task(key, Can.REDATE, DecideForm, do)
