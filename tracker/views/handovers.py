"""分批交付: seats of a school that are handed over apart from the rest, on the page of their project."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.actions import handovers as acts
from tracker.forms.handovers import AddHandoverForm, ChangeHandoverForm, HandOverForm, RemoveHandoverForm
from tracker.models import Project
from tracker.rules.permissions import Can
from tracker.views.access import actor, needs
from tracker.views.handover_acts import choices_of
from tracker.views.project_page import act_on_project
from tracker.views.words import day, number

place = Blueprint("handovers", __name__)
PART = "handovers"


@place.post("/projects/<key>/handovers")
@needs(Can.KEEP_PROJECT)
def add(key: str) -> ResponseReturnValue:
    """Plan a batch."""

    def do(project: Project, form: AddHandoverForm, now: datetime) -> str:
        row = acts.add_handover(actor(), project, form.version.data or 0, form.part.data or 0, form.said, now)
        return _("已增加一批：%(seats)s 个学位", seats=number(row.seats))

    return act_on_project(
        key, Can.KEEP_PROJECT, lambda project: AddHandoverForm(parts=choices_of(project.schools)), do, PART
    )


@place.post("/projects/<key>/handovers/change")
@needs(Can.KEEP_PROJECT)
def change(key: str) -> ResponseReturnValue:
    """Plan a batch otherwise."""

    def do(project: Project, form: ChangeHandoverForm, now: datetime) -> str:
        row = acts.change_handover(actor(), project, form.version.data or 0, form.about.data or 0, form.said, now)
        return _("已修改这一批：%(seats)s 个学位", seats=number(row.seats))

    return act_on_project(key, Can.KEEP_PROJECT, lambda project: ChangeHandoverForm(), do, PART)


@place.post("/projects/<key>/handovers/hand-over")
@needs(Can.KEEP_PROJECT)
def hand_over(key: str) -> ResponseReturnValue:
    """Say that a batch was handed over, or take that back."""

    def do(project: Project, form: HandOverForm, now: datetime) -> str:
        version, about, reason = form.version.data or 0, form.about.data or 0, form.reason.data
        row = acts.hand_over(actor(), project, version, about, form.handed_on.data, reason, now)
        if row.handed_on is None:
            return _("已撤销交付登记")
        return _("已登记：%(seats)s 个学位于%(day)s交付", seats=number(row.seats), day=day(row.handed_on))

    return act_on_project(key, Can.KEEP_PROJECT, lambda project: HandOverForm(), do, PART)


@place.post("/projects/<key>/handovers/remove")
@needs(Can.KEEP_PROJECT)
def remove(key: str) -> ResponseReturnValue:
    """Take a batch out."""

    def do(project: Project, form: RemoveHandoverForm, now: datetime) -> str:
        version, reason = form.version.data or 0, form.reason.data or ""
        seats = acts.remove_handover(actor(), project, version, form.about.data or 0, reason, now)
        return _("已删除这一批，%(seats)s 个学位随项目一起交付", seats=number(seats))

    return act_on_project(key, Can.KEEP_PROJECT, lambda project: RemoveHandoverForm(), do, PART)
