"""签收: units accept their parts of tasks or return them, the office answers what was returned."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from tracker import clock
from tracker.actions import receipts as acts
from tracker.actions.moves import RuleRefused
from tracker.forms.receipts import AcceptAllForm, AcceptForm, AskAgainForm, ReturnPartForm
from tracker.models import Task, db
from tracker.notifications.asked_again import queue_asked_again
from tracker.notifications.part_returned import queue_part_returned
from tracker.queries.parts import speakers_of
from tracker.queries.receipts import open_parts, part_counts, returned_parts
from tracker.rules.permissions import Can
from tracker.views.access import actor, load_task, needs, own_units, person
from tracker.views.query import page_number
from tracker.views.task_page import act_on_task, unit_spoken_for, where_to

place = Blueprint("receipts", __name__)


@place.get("/receipts")
@needs(Can.URGE)
def receipts() -> ResponseReturnValue:
    """What came back to the office and what no unit has accepted yet, oldest first."""
    counts = part_counts(person())
    return render_template(
        "receipts/receipts.html",
        counts=counts,
        returned=returned_parts(person()) if counts.returned else [],
        page=open_parts(person(), counts.open, page_number(request.args)),
        address_of_page=lambda number: url_for("receipts.receipts", page=number),
    )


@place.post("/receipts/accept")
@needs(Can.ACCEPT)
def accept_all() -> ResponseReturnValue:
    """Accept every open part of the person's units at once."""
    if not AcceptAllForm().is_sent():
        raise BadRequest
    count = acts.accept_all(actor(), clock.now())
    db.session.commit()
    flash(_("已签收 %(count)d 项任务。", count=count) if count else _("没有待签收的任务。"))
    return redirect(url_for("work.work"))


@place.post("/tasks/<key>/accept")
@needs(Can.ACCEPT)
def accept(key: str) -> ResponseReturnValue:
    """Accept the parts of the person's units in one task; it changes no task, so no version can be stale."""
    task = load_task(key, Can.ACCEPT)
    if not AcceptForm().is_sent():
        raise BadRequest
    acts.accept(actor(), task, {unit.id for unit in own_units()}, clock.now())
    db.session.commit()
    flash(_("已签收 · %(title)s", title=task.title))
    return redirect(where_to(key))


@place.post("/tasks/<key>/return-part")
@needs(Can.ACCEPT)
def return_part(key: str) -> ResponseReturnValue:
    """Return a unit's part to the office with a reason; the office gets it by mail at once."""

    def do(task: Task, form: ReturnPartForm, now: datetime) -> str:
        unit_id = unit_spoken_for(task, form.unit.data, {unit.id for unit in speakers_of(task)})
        if unit_id is None:
            raise RuleRefused("not_your_part")
        reason = form.reason.data or ""
        part = acts.return_part(actor(), task, form.version.data or 0, unit_id, reason, now)
        queue_part_returned(task, part.unit_name, reason, now)
        return _("已退回推进办 · %(title)s", title=task.title)

    return act_on_task(key, Can.ACCEPT, ReturnPartForm, do)


@place.post("/tasks/<key>/ask-again")
@needs(Can.URGE)
def ask_again(key: str) -> ResponseReturnValue:
    """Give a returned part to its unit once more; the unit gets it by mail at once."""

    def do(task: Task, form: AskAgainForm, now: datetime) -> str:
        unit_id, reason = form.unit.data or 0, form.reason.data or ""
        acts.ask_again(actor(), task, form.version.data or 0, unit_id, reason, now)
        queue_asked_again(task, unit_id, reason, now)
        return _("已再次交办 · %(title)s", title=task.title)

    return act_on_task(key, Can.URGE, AskAgainForm, do)
