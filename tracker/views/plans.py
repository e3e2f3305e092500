"""计划: the plans of the region, their facts and phases, and their way from draft to active to closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from tracker import clock
from tracker.actions import plan_facts, plan_states
from tracker.actions.moves import RuleRefused
from tracker.actions.plan_states import StalePlan
from tracker.forms.plans import NewPlanForm, PlanActForm, PlanForm, PlanReasonForm
from tracker.models import Plan, db
from tracker.queries.frame import regions_below
from tracker.queries.plan_lists import codes_like, extent_of, plan_lines
from tracker.rules.permissions import Can
from tracker.views.access import actor, load_plan, needs, person
from tracker.views.errors import refusal_text
from tracker.views.plan_page import PlanForms, plan_page

place = Blueprint("plans", __name__)
Act = Callable[[Plan, PlanActForm, datetime], None]


@place.get("/plans")
@needs(Can.EDIT_PLAN)
def plans() -> ResponseReturnValue:
    """The plans of the region with what they still need."""
    return render_template("plans/plans.html", lines=plan_lines(person().region))


@place.route("/plans/new", methods=["GET", "POST"])
@needs(Can.EDIT_PLAN)
def create() -> ResponseReturnValue:
    """Make an empty draft."""
    regions = regions_below(person().region)
    form = NewPlanForm(regions, proposed_code())
    if form.is_sent():
        plan = created(form)
        if plan:
            flash(_("已建草稿。接着逐项录入任务，或一次粘贴多行。"))
            return redirect(url_for("plans.plan", code=plan.code))
        form.code.errors = [_("该编号已被使用，请换一个。")]
    return render_template("plans/create.html", form=form), 400 if form.errors else 200


def created(form: NewPlanForm) -> Plan | None:
    """The stored plan, or None where its code is taken."""
    try:
        plan = plan_facts.create_plan(actor(), form.code.data or "", form.region.data, form.facts, clock.now())
    except IntegrityError:
        db.session.rollback()
        return None
    db.session.commit()
    return plan


def proposed_code() -> str:
    """A code that nobody has: the region, the year, and the next number."""
    start = f"{person().region or 'cn'}-{clock.today().year}-"
    taken = codes_like(start)
    return next(code for number in range(1, len(taken) + 2) if (code := f"{start}{number}") not in taken)


@place.get("/plans/<code>")
@needs(Can.EDIT_PLAN)
def plan(code: str) -> ResponseReturnValue:
    """One plan: its facts, its phases, its tasks, and the form for the next one."""
    return plan_page(load_plan(code, Can.EDIT_PLAN), back=PlanForms(added=request.args.get("added", "")[:40]))


@place.route("/plans/<code>/edit", methods=["GET", "POST"])
@needs(Can.EDIT_PLAN)
def edit(code: str) -> ResponseReturnValue:
    """Change the facts and phases of a plan; a stale form comes back with its words."""
    plan = load_plan(code, Can.EDIT_PLAN)
    form = PlanForm(plan, sent=request.method == "POST")
    if not form.is_sent():
        return render_template("plans/edit.html", plan=plan, form=form), 400 if form.errors else 200
    reason = form.reason.data if "reason" in form else None
    try:
        plan_facts.change_plan(actor(), plan, form.version.data or 0, form.facts, form.phase_seeds, reason, clock.now())
    except (StalePlan, RuleRefused) as refused:
        return refused_edit(code, form, refused)
    db.session.commit()
    flash(_("计划已保存。"))
    return redirect(url_for("plans.plan", code=code))


def refused_edit(code: str, form: PlanForm, refused: StalePlan | RuleRefused) -> ResponseReturnValue:
    """409: what another has saved meanwhile, or why a rule refuses, above the form with all its words."""
    db.session.rollback()
    plan = load_plan(code, Can.EDIT_PLAN)
    form.show_again(plan.version)
    problem = _("在您填写期间，该计划已被他人更新；现在的内容列在下面，您填写的仍在表单里。")
    if isinstance(refused, RuleRefused):
        problem = refusal_text(refused.reason)
    stale = isinstance(refused, StalePlan)
    return render_template("plans/edit.html", plan=plan, form=form, problem=problem, stale=stale), 409


@place.post("/plans/<code>/start")
@needs(Can.EDIT_PLAN)
def start(code: str) -> ResponseReturnValue:
    """Make a draft active."""
    return act_on_plan(
        code,
        PlanActForm(),
        lambda plan, form, now: plan_states.start(actor(), plan, form.version.data or 0, now),
        _("计划已启用，今天起按日提醒。"),
    )


@place.post("/plans/<code>/close")
@needs(Can.EDIT_PLAN)
def close(code: str) -> ResponseReturnValue:
    """End an active plan with a reason."""
    form = PlanReasonForm()
    return act_on_plan(
        code,
        form,
        lambda plan, _form, now: plan_states.close(actor(), plan, form.version.data or 0, form.reason.data or "", now),
        _("计划已结束，只能查看。"),
        PlanForms(close=form),
    )


@place.post("/plans/<code>/reopen")
@needs(Can.EDIT_PLAN)
def reopen(code: str) -> ResponseReturnValue:
    """Make a closed plan active again with a reason."""
    form = PlanReasonForm()
    return act_on_plan(
        code,
        form,
        lambda plan, _form, now: plan_states.reopen(actor(), plan, form.version.data or 0, form.reason.data or "", now),
        _("计划已重新启用。"),
        PlanForms(reopen=form),
    )


@place.route("/plans/<code>/delete", methods=["GET", "POST"])
@needs(Can.EDIT_PLAN)
def delete(code: str) -> ResponseReturnValue:
    """Say what goes with a draft, and remove it."""
    plan = load_plan(code, Can.EDIT_PLAN)
    form = PlanActForm()
    if form.is_sent():
        return act_on_plan(
            code,
            form,
            lambda plan, form, now: plan_states.delete_plan(actor(), plan, form.version.data or 0, now),
            _("草稿“%(title)s”已删除。", title=plan.title),
            target=url_for("plans.plans"),
        )
    fresh = PlanActForm(formdata=None, data={"version": plan.version})
    page = render_template("plans/delete.html", plan=plan, form=fresh, extent=extent_of(plan))
    return page, 400 if form.errors else 200


def act_on_plan(
    code: str, form: PlanActForm, do: Act, said: str, back: PlanForms | None = None, target: str = ""
) -> ResponseReturnValue:
    """Load and allow, read the form, act, commit, go back; what is refused comes back with its words."""
    plan, forms = load_plan(code, Can.EDIT_PLAN), back or PlanForms()
    if not form.is_sent():
        return plan_page(plan, 400, forms)
    try:
        do(plan, form, clock.now())
    except (StalePlan, RuleRefused) as refused:
        db.session.rollback()
        plan = load_plan(code, Can.EDIT_PLAN)
        form.show_again(plan.version)
        stale = _("该计划已被他人更新，下面是最新内容，请核对后重新提交。")
        forms.problem = refusal_text(refused.reason) if isinstance(refused, RuleRefused) else stale
        return plan_page(plan, 409, forms)
    db.session.commit()
    flash(said)
    return redirect(target or url_for("plans.plan", code=code))
