"""资金台账 of a building project: entries are added and withdrawn, never overwritten."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.actions import money as acts
from tracker.actions.money import MoneySaid
from tracker.forms.money import EntryForm, WithdrawEntryForm
from tracker.models import Project
from tracker.queries.money import entry_of
from tracker.rules.permissions import Can
from tracker.views.access import actor, needs
from tracker.views.money_words import amount_text
from tracker.views.project_page import act_on_project
from tracker.views.uploads import carried_files
from tracker.views.words import word

place = Blueprint("money", __name__)


@place.post("/projects/<key>/money")
@needs(Can.KEEP_PROJECT)
def add(key: str) -> ResponseReturnValue:
    """Add an entry to the ledger; two people at once are both kept."""

    def do(project: Project, form: EntryForm, now: datetime) -> str:
        entry = acts.add_entry(actor(), project, said_in(form), now)
        amount = amount_text(entry.amount_yuan)
        return _(
            "已记录%(kind)s %(amount)s · %(title)s", kind=word(entry.kind), amount=amount, title=project.task.title
        )

    return act_on_project(key, Can.KEEP_PROJECT, lambda project: EntryForm(word, clock.today()), do, "money")


@place.post("/projects/<key>/money/<int(max=2147483647):entry_id>/withdraw")
@needs(Can.KEEP_PROJECT)
def withdraw(key: str, entry_id: int) -> ResponseReturnValue:
    """Withdraw a wrong entry; it stays to be seen and counts no more."""

    def do(project: Project, form: WithdrawEntryForm, now: datetime) -> str:
        entry = entry_of(project.task_id, entry_id)
        if entry is None:
            abort(404)
        acts.withdraw_entry(actor(), entry, form.reason.data or "", now)
        return _("已撤回这笔资金，它留在台账里，不再计算 · %(title)s", title=project.task.title)

    return act_on_project(key, Can.KEEP_PROJECT, lambda project: WithdrawEntryForm(), do, "money")


def said_in(form: EntryForm) -> MoneySaid:
    """What a valid form says."""
    return MoneySaid(
        kind=form.money_kind,
        amount_yuan=form.amount.yuan or 0,
        on=form.on.data,
        for_year=form.for_year.year,
        source=form.source.data,
        payee=form.payee.data,
        note=form.note.data,
        once=form.once.data or "",
        files=carried_files(form),
    )
