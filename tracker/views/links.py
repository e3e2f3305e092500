"""带来什么: which indicators a task serves and what it adds; the desk of what waits for the office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache, partial
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from tracker import clock
from tracker.actions import links as acts
from tracker.actions.batch import STALE, BatchRefused, Refused, confirm_links_of_many
from tracker.actions.links import Adding, Serving
from tracker.forms.ledger import ManyForm
from tracker.forms.links import (
    ADDITION,
    LINK,
    AdditionFields,
    AdditionForm,
    ChangeAdditionForm,
    ChangeLinkForm,
    ConfirmForm,
    DismissForm,
    LinkForm,
    RemoveLinkForm,
)
from tracker.forms.tasks import new_key
from tracker.models import Task, db
from tracker.queries.links import STAGES, Shown, choices_in, counts_of_desk, desk_page
from tracker.queries.reach import Reach
from tracker.queries.selection import chosen_tasks
from tracker.rules.permissions import Can
from tracker.views.access import actor, needs, person
from tracker.views.errors import refusal_words
from tracker.views.query import page_number
from tracker.views.reach import asked_reach
from tracker.views.task_page import act_on_task

place = Blueprint("links", __name__)
MOST_AT_ONCE = 200


@place.get("/links")
@needs(Can.EDIT_PLAN)
def links() -> ResponseReturnValue:
    """What waits for confirmation, by task."""
    return desk()


@place.post("/links/confirm")
@needs(Can.EDIT_PLAN)
def confirm_many() -> ResponseReturnValue:
    """Confirm the complete proposals of several tasks: all of them, or none."""
    form = ManyForm()
    tasks = tasks_of(form)
    if not form.is_sent():
        raise BadRequest
    try:
        count = confirm_links_of_many(actor(), tasks, clock.now())
    except BatchRefused as error:
        db.session.rollback()
        return desk(error.refused, 409)
    db.session.commit()
    flash(_("已确认 %(tasks)d 项任务的 %(count)d 条。", tasks=len(tasks), count=count))
    return redirect(url_for("links.links", **narrowed(asked_reach(), shown_asked())))


@place.post("/tasks/<key>/links/confirm")
@needs(Can.EDIT_PLAN)
def confirm(key: str) -> ResponseReturnValue:
    """Confirm one proposal of a task, or all that are complete."""

    def do(task: Task, form: ConfirmForm, now: datetime) -> str:
        named = form.ids_of(LINK), form.ids_of(ADDITION)
        count = acts.confirm(actor(), task, form.version.data or 0, now, *named)
        return _("已确认 %(count)d 条 · %(title)s", count=count, title=task.title)

    return act_on_task(key, Can.EDIT_PLAN, ConfirmForm, do)


@place.post("/tasks/<key>/links/add")
@needs(Can.EDIT_PLAN)
def add_link(key: str) -> ResponseReturnValue:
    """Say that a task serves an indicator."""

    def do(task: Task, form: LinkForm, now: datetime) -> str:
        said = Serving(form.indicator.data or "", form.reason.data or "", form.condition.data)
        row = acts.add_link(actor(), task, form.version.data or 0, said, now)
        return _("已对应指标 %(code)s · %(title)s", code=row.indicator.code, title=task.title)

    return act_on_task(key, Can.EDIT_PLAN, LinkForm, do)


@place.post("/tasks/<key>/links/change")
@needs(Can.EDIT_PLAN)
def change_link(key: str) -> ResponseReturnValue:
    """Give a link another reason or condition."""

    def do(task: Task, form: ChangeLinkForm, now: datetime) -> str:
        said = Serving("", form.reason.data or "", form.condition.data)
        acts.change_link(actor(), task, form.version.data or 0, form.about.data or 0, said, now)
        return _("已修改并确认对应指标 · %(title)s", title=task.title)

    return act_on_task(key, Can.EDIT_PLAN, ChangeLinkForm, do)


@place.post("/tasks/<key>/links/remove")
@needs(Can.EDIT_PLAN)
def remove_link(key: str) -> ResponseReturnValue:
    """Take a link of a task away."""

    def do(task: Task, form: RemoveLinkForm, now: datetime) -> str:
        acts.remove_link(actor(), task, form.version.data or 0, form.about.data or 0, form.reason.data or "", now)
        return _("已删除对应指标 · %(title)s", title=task.title)

    return act_on_task(key, Can.EDIT_PLAN, RemoveLinkForm, do)


@place.post("/tasks/<key>/additions/add")
@needs(Can.EDIT_PLAN)
def add_addition(key: str) -> ResponseReturnValue:
    """Say what a task adds."""

    def do(task: Task, form: AdditionForm, now: datetime) -> str:
        acts.add_addition(actor(), task, form.version.data or 0, adding(form), form.once.data or "", now)
        return _("已登记增加的数据 · %(title)s", title=task.title)

    return act_on_task(key, Can.EDIT_PLAN, AdditionForm, do)


@place.post("/tasks/<key>/additions/change")
@needs(Can.EDIT_PLAN)
def change_addition(key: str) -> ResponseReturnValue:
    """Give an addition other values and confirm it."""

    def do(task: Task, form: ChangeAdditionForm, now: datetime) -> str:
        acts.change_addition(actor(), task, form.version.data or 0, form.about.data or 0, adding(form), now)
        return _("已修改并确认增加的数据 · %(title)s", title=task.title)

    return act_on_task(key, Can.EDIT_PLAN, ChangeAdditionForm, do)


@place.post("/tasks/<key>/additions/dismiss")
@needs(Can.EDIT_PLAN)
def dismiss_addition(key: str) -> ResponseReturnValue:
    """Say that a task does not add this."""

    def do(task: Task, form: DismissForm, now: datetime) -> str:
        acts.dismiss_addition(actor(), task, form.version.data or 0, form.about.data or 0, form.reason.data or "", now)
        return _("已不采用 · %(title)s", title=task.title)

    return act_on_task(key, Can.EDIT_PLAN, DismissForm, do)


def adding(form: AdditionFields) -> Adding:
    """What a form says that a task adds."""
    return Adding(
        figure=form.figure.data or "",
        amount=form.amount.amount,
        school=form.school.data,
        stage=form.stage.data,
        from_on=form.from_on.data,
        reason=form.reason.data or "",
    )


def desk(refused: Sequence[Refused] = (), status: int = 200) -> ResponseReturnValue:
    """The desk: one list of tasks with what each brings, the counts of all lists."""
    reach, shown, choices_once = asked_reach(), shown_asked(), cache(choices_in)
    plans = [reach.plan] if reach.plan else reach.plans
    counts = counts_of_desk(person(), plans)
    return render_template(
        "links/links.html",
        reach=reach,
        shown=shown,
        counts=counts,
        page=desk_page(person(), plans, shown, page_number(request.args), counts[shown]),
        choices_of=lambda task: partial(choices_once, task.region_code, task.plan.framework_id),
        edit_at=lambda number: partial(edit_address, reach, shown, number),
        stages=STAGES,
        new_key=new_key,
        refused=[(each, refusal_text_of(each.reason)) for each in refused],
        address=lambda **changes: url_for("links.links", **narrowed(reach, shown, **changes)),
        address_of_page=lambda number: url_for("links.links", **narrowed(reach, shown, page=number)),
    ), status


def edit_address(reach: Reach, shown: Shown, number: int, what: str) -> str:
    """The address that opens the forms of a link or an addition on a page of the desk."""
    return url_for("links.links", **narrowed(reach, shown, page=number, edit=what), _anchor=what)


def shown_asked() -> Shown:
    """Which list the address asks for. Raises BadRequest for one that there is not."""
    asked = request.args.get("show") or Shown.WAITING
    if asked not in set(Shown):
        raise BadRequest
    return Shown(asked)


def narrowed(reach: Reach, shown: Shown, **changes: Any) -> dict[str, Any]:
    """The reach and the list as parts of an address, with changes."""
    region = reach.region if reach.region != person().region else None
    plan = reach.plan.code if reach.plan else None
    return {"plan": plan, "region": region, "show": None if shown is Shown.WAITING else shown.value} | changes


def tasks_of(form: ManyForm) -> list[tuple[Task, int]]:
    """The tasks of a form with the versions read; 404 for the whole where one is missing or foreign.

    Raises BadRequest where there is none or too many.
    """
    try:
        versions = form.versions
    except ValueError:
        raise BadRequest from None
    if not versions:
        raise BadRequest(_("请先勾选任务。"))
    if len(versions) > MOST_AT_ONCE:
        raise BadRequest
    tasks = chosen_tasks(person(), list(versions)) or abort(404)
    return [(tasks[key], version) for key, version in versions.items()]


def refusal_text_of(reason: str) -> str:
    """Why one task of several stood against the act."""
    if reason == STALE:
        return _("该任务刚被他人更新，请核对后重新提交。")
    return refusal_words().get(reason, (409, _("规则不允许此操作。")))[1]
