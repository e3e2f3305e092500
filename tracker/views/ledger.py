"""What is done from the ledger: acts on many tasks, export, saved views. The list itself is ``ledger_page``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from tracker import clock
from tracker.actions.batch import (
    NOT_DOUBTFUL,
    STALE,
    BatchRefused,
    Refused,
    may_be_redated,
    redate_many,
    set_rhythm_of_many,
)
from tracker.actions.periods import Chosen
from tracker.actions.saved_views import drop_view, save_view
from tracker.forms.ledger import (
    CONFIRM,
    ChosenForm,
    DropViewForm,
    ManyForm,
    RedateManyForm,
    RhythmManyForm,
    SaveViewForm,
)
from tracker.models import Task, db
from tracker.notifications.redated import Move, queue_many_redated
from tracker.queries.choices import choices_for
from tracker.queries.periods import ASKED_STATES
from tracker.queries.rows import task_rows
from tracker.queries.saved_views import view_of
from tracker.queries.selection import chosen_tasks, ids_listed, ids_of
from tracker.rules.permissions import Can
from tracker.views.access import actor, needs, person
from tracker.views.check_sheet import plan_checked
from tracker.views.errors import refusal_words
from tracker.views.ledger_export import workbook
from tracker.views.ledger_page import MOST_CHOSEN, filters_in_words
from tracker.views.query import as_text, filters_from, from_text, look_from, query_of, query_of_look, with_filter

place = Blueprint("ledger", __name__)


@place.get("/tasks/export.xlsx")
@needs(Can.EXPORT)
def export() -> ResponseReturnValue:
    """The whole list of the filters, every page of it, as an Excel file."""
    filters, look = filters_from(request.args), look_from(request.args)
    said = filters_in_words(filters, choices_for(person()), look)
    words = _("；").join(_("：").join(filter(None, (each.label, each.text))) for each in said) or _("全部任务")
    return workbook(ids_listed(person(), filters, clock.today()), look, words, plan_checked(filters.plan))


@place.post("/tasks/export.xlsx")
@needs(Can.EXPORT)
def export_chosen() -> ResponseReturnValue:
    """The ticked tasks as an Excel file, or all of the list; it writes nothing."""
    form = chosen_form()
    if form.all.data:
        return redirect(export_address())
    if not form.keys:
        return back_to_list(_("请先勾选任务，或选择筛选结果全部。"))
    return workbook(ids_chosen(form.keys), look_from(request.args), _("勾选的任务"))


@place.post("/tasks/batch")
@needs(Can.REDATE)
def batch() -> ResponseReturnValue:
    """The chosen tasks on one page, with what may be done to all of them at once; it writes nothing."""
    form, today = chosen_form(), clock.today()
    if form.all.data:
        ids = ids_listed(person(), filters_from(request.args), today, MOST_CHOSEN + 1)
    else:
        ids = ids_chosen(form.keys)
    if not ids:
        return back_to_list(_("请先勾选任务，或选择筛选结果全部。"))
    if len(ids) > MOST_CHOSEN:
        return back_to_list(too_many())
    return batch_page(ids)


@place.post("/tasks/batch/redate")
@needs(Can.REDATE)
def redate() -> ResponseReturnValue:
    """Move or confirm the deadlines of many tasks: all of them, or none, and the page says which stood against it."""
    form = RedateManyForm()
    tasks = tasks_of(form)
    if not form.is_sent():
        return batch_page([task.id for task, _version in tasks], form, status=400)
    reason, now = form.reason.data or "", clock.now()
    try:
        moved = redate_many(actor(), tasks, form.due_on.data, form.act.data == CONFIRM, reason, now)
    except BatchRefused as error:
        return refused_page(form, error.refused)
    queue_many_redated([Move(task, old, task.due_on) for task, old in moved], reason, now)
    db.session.commit()
    flash(_("已调整 %(count)d 项任务的时限。", count=len(moved)))
    return back_to_list()


@place.post("/tasks/batch/rhythm")
@needs(Can.REDATE)
def set_rhythm() -> ResponseReturnValue:
    """Set or clear how often many tasks are reported: all of them, or none."""
    form = RhythmManyForm()
    tasks = tasks_of(form)
    if not form.is_sent():
        return batch_page([task.id for task, _version in tasks], form, status=400)
    chosen = Chosen(form.chosen, form.parts.data or 1, form.begins_on.data)
    try:
        set_rhythm_of_many(actor(), tasks, chosen, form.reason.data or "", clock.now())
    except BatchRefused as error:
        return refused_page(form, error.refused)
    db.session.commit()
    flash(_("已更新 %(count)d 项任务的填报周期。", count=len(tasks)))
    return back_to_list()


@place.post("/views")
@needs(Can.SEE_TASK)
def keep_view() -> ResponseReturnValue:
    """Save the present filters and columns under a name."""
    form = SaveViewForm()
    if not form.is_sent():
        raise BadRequest(_("请填写名称，最多40字。"))
    filters, look = from_text(form.query.data or "")
    view = save_view(person(), form.name.data or "", as_text(filters, look))
    db.session.commit()
    flash(_("已保存常用清单“%(name)s”。", name=view.name))
    return redirect(with_filter(filters, look))


@place.post("/views/<int(max=2147483647):view_id>/delete")
@needs(Can.SEE_TASK)
def forget_view(view_id: int) -> ResponseReturnValue:
    """Drop a saved view of one's own."""
    view = view_of(person(), view_id) or abort(404)
    if not DropViewForm().is_sent():
        raise BadRequest
    drop_view(view)
    db.session.commit()
    flash(_("已删除常用清单“%(name)s”。", name=view.name))
    return back_to_list()


def chosen_form() -> ChosenForm:
    """The form of the chosen tasks. Raises BadRequest for a field that it does not have."""
    form = ChosenForm()
    if not form.is_sent():
        raise BadRequest
    return form


def too_many() -> str:
    """How many tasks one act may take."""
    return _("一次最多办理 %(most)d 项，请先缩小筛选范围。", most=MOST_CHOSEN)


def ids_chosen(keys: Sequence[str]) -> Sequence[int]:
    """The tasks with these keys; 404 for the whole where one of them is missing or foreign, 400 for too many."""
    if len(keys) > MOST_CHOSEN:
        raise BadRequest(too_many())
    ids = ids_of(person(), keys, clock.today())
    return abort(404) if ids is None else ids


def tasks_of(form: ManyForm) -> list[tuple[Task, int]]:
    """The tasks of a form with the versions read; 404 for the whole where one is missing or foreign.

    Raises BadRequest where there is none or too many.
    """
    try:
        versions = form.versions
    except ValueError:
        raise BadRequest from None
    if not 0 < len(versions) <= MOST_CHOSEN:
        raise BadRequest
    tasks = chosen_tasks(person(), list(versions)) or abort(404)
    return [(tasks[key], version) for key, version in versions.items()]


def refused_page(form: ManyForm, refused: Sequence[Refused]) -> ResponseReturnValue:
    """409: nothing was changed; which tasks stood against it and why, above the form as it was filled in."""
    db.session.rollback()
    words = {reason: text for reason, (_status, text) in refusal_words().items()} | {
        STALE: _("该任务刚被他人更新，请核对后重新提交。"),
        NOT_DOUBTFUL: _("该任务不是待重定时限，无须确认。"),
    }
    said = [(each, words.get(each.reason, _("规则不允许此操作。"))) for each in refused]
    return batch_page([task.id for task, _version in tasks_of(form)], form, said, 409)


def batch_page(
    ids: Sequence[int], sent: ManyForm | None = None, refused: Sequence[tuple[Refused, str]] = (), status: int = 200
) -> ResponseReturnValue:
    """The page of the chosen tasks with its forms, each task on its present version; the form sent comes back."""
    forms: list[ManyForm] = [RedateManyForm(formdata=None), RhythmManyForm(formdata=None, begins_on=clock.today())]
    redating, rhythm = (sent if isinstance(sent, type(form)) else form for form in forms)
    redating.name_ids("redate")
    rhythm.name_ids("rhythm")
    rows = task_rows(ids)
    filters, look = filters_from(request.args), look_from(request.args)
    return render_template(
        "tasks/batch.html",
        rows=rows,
        movable=[row for row in rows if may_be_redated(row.state)],
        late_once_confirmed=[row for row in rows if row.needs_redate and row.due_on and row.due_on < clock.today()],
        with_rhythm=[row for row in rows if row.state in ASKED_STATES],
        redating=redating,
        rhythm=rhythm,
        sent=sent,
        refused=refused,
        back=with_filter(filters, look),
        asked=query_of(filters) | query_of_look(look),
    ), status


def export_address() -> str:
    """The file of the whole list of this address."""
    filters, look = filters_from(request.args), look_from(request.args)
    query: dict[str, Any] = query_of(filters) | query_of_look(look)
    return url_for("ledger.export", **query)


def back_to_list(said: str = "") -> ResponseReturnValue:
    """Back to the list that this was sent from, with a word about what is missing."""
    if said:
        flash(said, "bad")
    return redirect(with_filter(filters_from(request.args), look_from(request.args)))
