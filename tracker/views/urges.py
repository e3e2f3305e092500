"""催办: a preview of who gets what, then one act for all."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.actions import urges as acts
from tracker.forms.urges import ChosenTasksForm, UrgeForm
from tracker.models import Task, db
from tracker.notifications.urged import queue_urged
from tracker.queries import urges
from tracker.rules.permissions import Can
from tracker.rules.urges import Skip
from tracker.translations import lazy as _l
from tracker.translations import ngettext
from tracker.views.access import actor, load_tasks, needs
from tracker.views.addresses import safe_target
from tracker.views.words import day

place = Blueprint("urges", __name__)

REASONS = {
    Skip.DRAFT: _l("计划为草稿，不发邮件"),
    Skip.PLAN_CLOSED: _l("计划已结束"),
    Skip.SUBMITTED: _l("待核验，等推进办核验"),
    Skip.CLOSED: _l("已销号"),
    Skip.SUSPENDED: _l("已中止"),
    Skip.REDATE: _l("待重定时限，请先重定"),
    Skip.NOBODY_ASKED: _l("没有待办单位：方案未列单位，或责任单位都已报告完成"),
    Skip.NO_CONTACT: _l("没有可用的联系人，邮件无法送达"),
}


@place.post("/urges/preview")
@needs(Can.URGE)
def preview() -> ResponseReturnValue:
    """Who would get what, who is left out and why; nothing is sent."""
    form = ChosenTasksForm()
    if not form.is_sent():
        abort(400, description=next((str(error) for error in form.key.errors), None))
    return shown(load_tasks(form.key.data or [], Can.URGE))


@place.post("/urges")
@needs(Can.URGE)
def urge() -> ResponseReturnValue:
    """Urge the units of the chosen tasks; a repeated form urges nobody again."""
    form = UrgeForm()
    sound, tasks = form.is_sent(), load_tasks(form.key.data or [], Can.URGE)
    if not sound:
        if "key" in form.errors or not tasks:
            abort(400)
        return shown(tasks, form, 400)
    now, text, once = clock.now(), form.text.data or "", form.once.data or ""
    urged = acts.urge(actor(), [task.id for task in tasks], text, once, now)
    if urged:
        queue_urged(urged, text, once, now)
        flash(ngettext("已向 %(num)d 个单位发送催办邮件", "已向 %(num)d 个单位发送催办邮件", len(urged.units)))
    db.session.commit()
    return redirect(back_from(tasks))


def shown(tasks: list[Task], form: UrgeForm | None = None, status: int = 200) -> ResponseReturnValue:
    """The page of the preview."""
    page = render_template(
        "urges/preview.html",
        preview=urges.preview([task.id for task in tasks], clock.now()),
        form=form or UrgeForm([task.key for task in tasks]),
        keys=[task.key for task in tasks],
        back=back_from(tasks),
        reason_of=reason_of,
    )
    return page, status


def back_from(tasks: list[Task]) -> str:
    """Where the act leads: where it was begun, else to the task that it was about, or to the ledger."""
    if "next" in request.args:
        return safe_target(request.args.get("next"))
    return url_for("tasks.task", key=tasks[0].key) if len(tasks) == 1 else url_for("tasks.ledger")


def reason_of(left_out: urges.LeftOut) -> str:
    """Why something is left out, in words."""
    if left_out.reason is Skip.URGED:
        return _("已于 %(day)s 催办，三天内不重复", day=day(left_out.urged_on))
    return str(REASONS[left_out.reason])
