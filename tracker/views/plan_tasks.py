"""The tasks of a plan: added one after another or many at once, changed, withdrawn, restored, removed."""

from __future__ import annotations

from datetime import date, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.actions import task_words, withdrawal
from tracker.actions.moves import RuleRefused, StaleTask
from tracker.forms.base import VersionedForm
from tracker.forms.many_tasks import ManyTasksForm
from tracker.forms.plan_tasks import NewTaskForm, TaskForm
from tracker.forms.tasks import ReasonForm
from tracker.models import Plan, PlanState, Task, db
from tracker.notifications.redated import queue_redated
from tracker.queries.plan_names import names_in_use, names_of
from tracker.queries.task import project_of
from tracker.rules.permissions import Can
from tracker.translations import ngettext
from tracker.views.access import actor, load_plan, load_task, needs
from tracker.views.changes import words_in_force
from tracker.views.errors import refusal_text
from tracker.views.plan_page import PlanForms, plan_page, reading_of_task, unseen
from tracker.views.task_page import act_on_task
from tracker.views.words import word

place = Blueprint("plan_tasks", __name__)


@place.post("/plans/<code>/tasks")
@needs(Can.EDIT_PLAN)
def add(code: str) -> ResponseReturnValue:
    """Add one task; the form comes back empty for the next."""
    plan = load_plan(code, Can.EDIT_PLAN)
    form = NewTaskForm(plan, names_of(plan), word)
    return added(plan, form, PlanForms(add=form))


@place.post("/plans/<code>/tasks/many")
@needs(Can.EDIT_PLAN)
def add_many(code: str) -> ResponseReturnValue:
    """Add many tasks from one text, all or none."""
    plan = load_plan(code, Can.EDIT_PLAN)
    form = ManyTasksForm(plan, names_of(plan), word)
    return added(plan, form, PlanForms(many=form))


def added(plan: Plan, form: NewTaskForm | ManyTasksForm, back: PlanForms) -> ResponseReturnValue:
    """Store what a sound form says; in an active plan only after its deadlines were shown as they are read."""
    if not form.is_sent():
        return plan_page(plan, 400, back)
    seeds = [form.seed] if isinstance(form, NewTaskForm) else form.seeds
    fresh = unseen(plan, seeds, form.read_as.data)
    if fresh:
        form.read_as.data, back.readings = fresh
        return plan_page(plan, 200, back)
    reason, once = form.reason.data if "reason" in form else None, form.once.data or ""
    tasks = task_words.add_tasks(actor(), plan, seeds, form.new_names, once, reason, clock.now())
    db.session.commit()
    flash(thanks(tasks))
    return redirect(url_for("plans.plan", code=plan.code, added=tasks[-1].key, _anchor="add"))


def thanks(tasks: list[Task]) -> str:
    """The line of confirmation: how the deadline of the new task was read, or how many there are."""
    if len(tasks) == 1:
        return _("已添加“%(title)s”，时限%(reading)s。", title=tasks[0].title, reading=reading_of_task(tasks[0]))
    said = ngettext("已添加 %(num)d 项任务。", "已添加 %(num)d 项任务。", len(tasks))
    return said + _("请核对下面时限的读法。")


@place.route("/tasks/<key>/edit", methods=["GET", "POST"])
@needs(Can.EDIT_PLAN)
def edit(key: str) -> ResponseReturnValue:
    """Change what a task says; in force with a reason."""
    task = load_task(key, Can.EDIT_PLAN)
    form = task_form(task, sent=request.method == "POST")
    if not form.is_sent():
        return edit_page(task, form, status=400 if form.errors else 200)
    seed = form.seed
    fresh = unseen(task.plan, [seed], form.read_as.data) if seed.deadline != task.deadline_text else None
    if fresh:
        form.read_as.data, readings = fresh
        return edit_page(task, form, readings=readings)
    reason, old, now = form.reason.data if "reason" in form else None, task.due_on, clock.now()
    try:
        changed = task_words.change_task(actor(), task, form.version.data or 0, seed, form.new_names, reason, now)
    except (StaleTask, RuleRefused) as refused:
        return refused_edit(key, form, refused)
    tell_moved(task, old, reason or "", now)
    db.session.commit()
    flash(_("任务已保存。") if changed else _("没有改动。"))
    return redirect(url_for("plan_tasks.edit", key=key))


def tell_moved(task: Task, old: date | None, reason: str, now: datetime) -> None:
    """Tell the units of a deadline that other words have moved; one in doubt is told once it is confirmed."""
    if task.due_on != old and not task.needs_redate:
        queue_redated(task, old, task.due_on, reason, now)


def task_form(task: Task, sent: bool) -> TaskForm:
    """The form of a task, filled with what was sent or what is stored."""
    return TaskForm(task, project_of(task), names_of(task.plan), word, sent)


def refused_edit(key: str, form: TaskForm, refused: StaleTask | RuleRefused) -> ResponseReturnValue:
    """409: what another has saved meanwhile beside the form with all its words."""
    db.session.rollback()
    task = load_task(key, Can.EDIT_PLAN)
    form.show_again(task.version)
    if isinstance(refused, RuleRefused):
        return edit_page(task, form, status=409, problem=refusal_text(refused.reason, refused.named))
    problem = _("在您填写期间，该任务已被他人更新；现在的内容列在下面，您填写的仍在表单里。")
    now = task_words.words_of(task, project_of(task)) | task_words.units_of(task)
    return edit_page(task, form, status=409, problem=problem, stored=now)


def edit_page(
    task: Task,
    form: TaskForm,
    *,
    status: int = 200,
    problem: str = "",
    readings: list[str] | None = None,
    stored: dict[str, object] | None = None,
) -> ResponseReturnValue:
    """The page on which a task is changed."""
    page = render_template(
        "plans/task.html",
        task=task,
        form=form,
        act=VersionedForm(formdata=None, data={"version": task.version}),
        problem=problem,
        readings_shown=readings or [],
        stored=words_in_force(stored) if stored else [],
        known_units=names_in_use(form.known.units.values()),
        reading=reading_of_task(task),
        deletable=task.plan.state is PlanState.DRAFT,
    )
    return page, status


@place.post("/tasks/<key>/withdraw")
@needs(Can.EDIT_PLAN)
def withdraw(key: str) -> ResponseReturnValue:
    """Take a task out of its plan with a reason."""

    def do(task: Task, form: ReasonForm, now: datetime) -> str:
        withdrawal.withdraw(actor(), task, form.version.data or 0, form.reason.data or "", now)
        return _("任务已撤销，仍可查看。")

    return act_on_task(key, Can.EDIT_PLAN, ReasonForm, do)


@place.post("/tasks/<key>/restore")
@needs(Can.EDIT_PLAN)
def restore(key: str) -> ResponseReturnValue:
    """Bring a withdrawn task back with a reason."""

    def do(task: Task, form: ReasonForm, now: datetime) -> str:
        withdrawal.restore(actor(), task, form.version.data or 0, form.reason.data or "", now)
        return _("任务已恢复。")

    return act_on_task(key, Can.EDIT_PLAN, ReasonForm, do)


@place.post("/tasks/<key>/delete")
@needs(Can.EDIT_PLAN)
def delete(key: str) -> ResponseReturnValue:
    """Remove a task of a draft."""
    task = load_task(key, Can.EDIT_PLAN)
    form, code, title = VersionedForm(), task.plan.code, task.title
    if not form.is_sent():
        return edit_page(task, task_form(task, sent=False), status=400, problem=_("请刷新页面后重试"))
    try:
        withdrawal.delete_task(actor(), task, form.version.data or 0, clock.now())
    except (StaleTask, RuleRefused) as refused:
        db.session.rollback()
        task = load_task(key, Can.EDIT_PLAN)
        stale = _("该任务已被他人更新，下面是最新内容，请核对后重新提交。")
        problem = refusal_text(refused.reason) if isinstance(refused, RuleRefused) else stale
        return edit_page(task, task_form(task, sent=False), status=409, problem=problem)
    db.session.commit()
    flash(_("已从草稿删除“%(title)s”。", title=title))
    return redirect(url_for("plans.plan", code=code))
