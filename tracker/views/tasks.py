"""任务台账 and the page of a task with its acts."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from tracker import clock
from tracker.actions import suspensions
from tracker.actions import tasks as acts
from tracker.actions.drafts import drop_draft
from tracker.actions.moves import StaleTask
from tracker.actions.tasks import Said
from tracker.forms.tasks import ReasonForm, RedateForm, ReportForm, VerifyForm
from tracker.models import AssignmentRole, Situation, Task, Unit, db
from tracker.notifications.redated import queue_redated
from tracker.notifications.reopened import queue_reopened
from tracker.notifications.returned import queue_returned
from tracker.queries.asked import asked_of
from tracker.rules.permissions import Can, Role
from tracker.views.access import actor, load_task, needs, person
from tracker.views.conflict import stale_report
from tracker.views.ledger_page import ledger_view
from tracker.views.task_page import act_on_task, refused, speakers_for, task_page, where_to
from tracker.views.uploads import files_of

place = Blueprint("tasks", __name__)


@place.get("/tasks")
@needs(Can.SEE_TASK)
def ledger() -> ResponseReturnValue:
    """The ledger: worst first, filtered by the address."""
    return ledger_view()


@place.get("/tasks/<key>")
@needs(Can.SEE_TASK)
def task(key: str) -> ResponseReturnValue:
    """A task: what is asked, by whom, until when, what it serves, what happened."""
    return task_page(load_task(key, Can.READ_TASK))


@place.post("/tasks/<key>/report")
@needs(Can.REPORT)
def report(key: str) -> ResponseReturnValue:
    """Append a report; a stale or unusable form comes back with everything that was typed."""
    task = load_task(key, Can.REPORT)
    speakers = speakers_for(task)
    form = ReportForm(speakers=speakers, asked=asked_of([task.id], speakers)[task.id])
    is_sound, files = form.is_sent(), files_of(form)
    if not is_sound or form.files.errors or form.misses_evidence(bool(files)):
        return task_page(task, 400, refused(form, files=files))
    try:
        acts.report(actor(), task, said(form, speakers, files), clock.now())
    except StaleTask:
        return stale_report(key, form, files)
    drop_draft(person().id, task.id, "tasks.report")
    db.session.commit()
    flash(thanks(task, form) + questioned(form))
    return redirect(where_to(key))


def said(form: ReportForm, speakers: list[Unit], files: list[acts.KeptFile]) -> Said:
    """What the form says; the office speaks on behalf of a unit."""
    chosen = form.unit.data if "unit" in form else (speakers[0].id if speakers else None)
    return Said(
        situation=Situation(form.situation.data),
        text=form.text.data or "",
        quantity=form.number,
        progress=form.percent,
        no_evidence_reason=form.no_evidence_reason.data or "",
        once=form.once.data or "",
        version=form.version.data or 0,
        unit_id=chosen,
        on_behalf=person().role is Role.PLAN_OFFICE,
        files=files,
    )


def thanks(task: Task, form: ReportForm) -> str:
    """The line of confirmation after a report."""
    time = f"{clock.office_time(clock.now()):%H:%M}"
    if form.situation.data != Situation.DONE:
        return _("已记录 %(time)s · %(title)s", time=time, title=task.title)
    if task.state == "submitted":
        return _("已提交核验 %(time)s · %(title)s · 推进办将在2个工作日内核验", time=time, title=task.title)
    if any(each.role is AssignmentRole.LEAD for each in task.assignments):
        return _("已记录本单位完成 %(time)s · %(title)s · 尚待牵头单位提交", time=time, title=task.title)
    return _("已记录本单位完成 %(time)s · %(title)s · 尚待其他责任单位", time=time, title=task.title)


def questioned(form: ReportForm) -> str:
    """A question behind the confirmation: a building seldom goes back."""
    last, now = form.asked.last_progress, form.percent
    if last is None or now is None or now >= last:
        return ""
    return _("。形象进度 %(now)d%%，低于上次填报的 %(last)d%%，如有误请撤回重报", now=now, last=last)


@place.post("/tasks/<key>/verify")
@needs(Can.VERIFY)
def verify(key: str) -> ResponseReturnValue:
    """销号."""
    task = load_task(key, Can.VERIFY)
    form = VerifyForm()
    if not form.is_sent():
        raise BadRequest
    acts.verify(actor(), task, form.version.data or 0, clock.now())
    db.session.commit()
    flash(_("已销号 · %(title)s", title=task.title))
    return redirect(where_to(key))


@place.post("/tasks/<key>/close")
@needs(Can.VERIFY)
def close_in_part(key: str) -> ResponseReturnValue:
    """Close a task without a lead though not every responsible unit has said done."""

    def do(task: Task, form: ReasonForm, now: datetime) -> str:
        acts.close_in_part(actor(), task, form.version.data or 0, form.reason.data or "", now)
        return _("已销号 · %(title)s", title=task.title)

    return act_on_task(key, Can.VERIFY, ReasonForm, do)


@place.post("/tasks/<key>/return")
@needs(Can.VERIFY)
def send_back(key: str) -> ResponseReturnValue:
    """退回 with a reason; the units get it by mail at once."""

    def do(task: Task, form: ReasonForm, now: datetime) -> str:
        acts.send_back(actor(), task, form.version.data or 0, form.reason.data or "", now)
        queue_returned(task, form.reason.data or "", now)
        return _("已退回 · %(title)s", title=task.title)

    return act_on_task(key, Can.VERIFY, ReasonForm, do)


@place.post("/tasks/<key>/redate")
@needs(Can.REDATE)
def redate(key: str) -> ResponseReturnValue:
    """Move or confirm the deadline in force; the words of the plan stay."""

    def do(task: Task, form: RedateForm, now: datetime) -> str:
        old, reason = task.due_on, form.reason.data or ""
        acts.redate(actor(), task, form.version.data or 0, form.due_on.data, reason, now)
        queue_redated(task, old, task.due_on, reason, now)
        return _("时限已更新 · %(title)s", title=task.title)

    return act_on_task(key, Can.REDATE, RedateForm, do)


@place.post("/tasks/<key>/reopen")
@needs(Can.VERIFY)
def reopen(key: str) -> ResponseReturnValue:
    """Open a closed task again; the units get the reason by mail at once."""

    def do(task: Task, form: ReasonForm, now: datetime) -> str:
        suspensions.reopen(actor(), task, form.version.data or 0, form.reason.data or "", now)
        queue_reopened(task, form.reason.data or "", now)
        return _("已重新打开 · %(title)s", title=task.title)

    return act_on_task(key, Can.VERIFY, ReasonForm, do)


@place.post("/tasks/<key>/suspend")
@needs(Can.VERIFY)
def suspend(key: str) -> ResponseReturnValue:
    """中止: out of the count until it is resumed."""

    def do(task: Task, form: ReasonForm, now: datetime) -> str:
        suspensions.suspend(actor(), task, form.version.data or 0, form.reason.data or "", now)
        return _("已中止 · %(title)s", title=task.title)

    return act_on_task(key, Can.VERIFY, ReasonForm, do)


@place.post("/tasks/<key>/resume")
@needs(Can.VERIFY)
def resume(key: str) -> ResponseReturnValue:
    """Take up a suspended task again."""

    def do(task: Task, form: ReasonForm, now: datetime) -> str:
        suspensions.resume(actor(), task, form.version.data or 0, form.reason.data or "", now)
        return _("已恢复推进 · %(title)s", title=task.title)

    return act_on_task(key, Can.VERIFY, ReasonForm, do)
