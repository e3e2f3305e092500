"""导入的结局: what adopting a document does is said in words, and it is adopted, given up or withdrawn."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.actions import adoption, imports
from tracker.actions.adoption import ProblemsLeft
from tracker.actions.imports import StaleImport
from tracker.actions.moves import RuleRefused
from tracker.forms.imports import ImportActForm
from tracker.models import ImportState, PlanState, db
from tracker.notifications.redated import REDATED, Move, queue_many_redated
from tracker.queries.import_comparison import consequences_of
from tracker.queries.outbox import told_of
from tracker.rules.permissions import Can
from tracker.views.access import actor, needs
from tracker.views.errors import refusal_text
from tracker.views.import_issues import cautions, hindering
from tracker.views.import_pages import BATCH, Batch, load_import, part_page, stale_text
from tracker.views.import_review_words import brought_words

place = Blueprint("adoption", __name__)


@place.route(f"{BATCH}/adopt", methods=["GET", "POST"])
@needs(Can.EDIT_PLAN)
def adopt(number: int) -> ResponseReturnValue:
    """Say in words what will happen, and let it happen: all of it or nothing."""
    batch, form = load_import(number, "parts"), ImportActForm()
    if request.method != "POST":
        return adopt_page(batch)
    if not form.is_sent():
        return adopt_page(batch, 400, _("请刷新页面后重试"))
    now = clock.now()
    try:
        done = adoption.adopt(actor(), batch.row, form.version.data or 0, now)
    except (StaleImport, ProblemsLeft, RuleRefused) as refused:
        db.session.rollback()
        said = {StaleImport: stale_text(), ProblemsLeft: _("还不能导入，请先处理下面列出的问题。")}
        problem = refusal_text(refused.reason) if isinstance(refused, RuleRefused) else said[type(refused)]
        return adopt_page(load_import(number), 409, problem)
    code = done.plan.code
    if done.plan.state is PlanState.ACTIVE:
        queue_many_redated([Move(task, old, task.due_on) for task, old in done.moved], adoption.REASON, now)
    db.session.commit()
    flash(adopted_text(done))
    return redirect(url_for("plans.plan", code=code))


def adopted_text(done: adoption.Adopted) -> str:
    """What came of an import, in a sentence."""
    counts = {"added": done.added, "changed": done.changed, "unchanged": done.unchanged}
    if done.changed or done.unchanged:
        return _("已导入：新增 %(added)d 项，更改 %(changed)d 项，不变 %(unchanged)d 项。", **counts)
    return _("已导入：新增 %(added)d 项任务，计划为草稿，没有发送任何邮件。核对无误后启用。", **counts)


def adopt_page(batch: Batch, status: int = 200, problem: str = "") -> ResponseReturnValue:
    """The consequences in words, or what came of the import and whether it may be undone."""
    is_adopted = batch.row.state is ImportState.ADOPTED
    return part_page(
        "adoption/adopt.html",
        batch,
        status,
        consequences=consequences_of(batch.row, batch.facts) if batch.is_open else None,
        brought=brought_words(batch.row.parts) if batch.is_open and batch.row.against is None else [],
        hindering=hindering(batch) if batch.is_open else [],
        cautions=cautions(batch) if batch.is_open else [],
        withdrawable=is_adopted and adoption.may_be_withdrawn(batch.row),
        is_adopted=is_adopted,
        problem=problem,
        version=batch.facts.version if batch.is_open else batch.row.version,
    )


@place.post(f"{BATCH}/drop")
@needs(Can.EDIT_PLAN)
def drop(number: int) -> ResponseReturnValue:
    """Give up an import; its document may be taken again."""
    batch, form = load_import(number), ImportActForm()
    if not form.is_sent():
        return adopt_page(batch, 400, _("请刷新页面后重试"))
    try:
        imports.drop_import(actor(), batch.row, form.version.data or 0, clock.now())
    except StaleImport:
        db.session.rollback()
        return adopt_page(load_import(number), 409, stale_text())
    db.session.commit()
    flash(_("已放弃，没有导入任何内容；同一文件可以再次导入。"))
    return redirect(url_for("imports.taken_in"))


@place.post(f"{BATCH}/withdraw")
@needs(Can.EDIT_PLAN)
def withdraw(number: int) -> ResponseReturnValue:
    """Undo the adoption of an import while nothing of it was changed."""
    batch, form, now = load_import(number), ImportActForm(), clock.now()
    if not form.is_sent():
        return adopt_page(batch, 400, _("请刷新页面后重试"))
    try:
        back = adoption.withdraw(actor(), batch.row, form.version.data or 0, now)
    except (StaleImport, RuleRefused) as refused:
        db.session.rollback()
        problem = refusal_text(refused.reason) if isinstance(refused, RuleRefused) else stale_text()
        return adopt_page(load_import(number), 409, problem)
    # Who has not read yet that a deadline moved need not read that it is back.
    told = told_of(REDATED, [task.id for task, _old in back], batch.row.adopted_at or now)
    queue_many_redated([Move(task, old, task.due_on) for task, old in back if task.id in told], adoption.BACK, now)
    db.session.commit()
    flash(_("已撤回这次导入。"))
    return redirect(url_for("imports.taken_in"))
