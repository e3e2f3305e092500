"""批示: a leader writes it on a task, the office records one, a unit answers."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.actions import instructions as acts
from tracker.forms.instructions import AnswerForm, InstructForm, RecordInstructionForm
from tracker.models import Task
from tracker.notifications.instructed import queue_instructed
from tracker.queries.instructions import instruction_on
from tracker.rules.permissions import Can, Role
from tracker.views.access import actor, load_task, needs, own_units, person
from tracker.views.task_page import act_on_task

place = Blueprint("instructions", __name__)


@place.post("/tasks/<key>/instructions")
@needs(Can.INSTRUCT)
def instruct(key: str) -> ResponseReturnValue:
    """Write a leader's word on a task; the units and the office get it by mail at once."""

    def do(task: Task, form: InstructForm, now: datetime) -> str:
        leader = form.leader_name.data if isinstance(form, RecordInstructionForm) else person().name
        text, once = form.instruction.data or "", form.once.data or ""
        said = acts.instruct(actor(), task, leader or "", text, once, now)
        if said:
            queue_instructed(task, said, now)
        return _("批示已记录 · %(title)s", title=task.title)

    recorded = person().role is Role.PLAN_OFFICE
    return act_on_task(key, Can.INSTRUCT, RecordInstructionForm if recorded else InstructForm, do)


@place.post("/tasks/<key>/instructions/<int(max=2147483647):instruction_id>/answer")
@needs(Can.ANSWER)
def answer(key: str, instruction_id: int) -> ResponseReturnValue:
    """Answer an instruction in the name of a unit that it asks."""
    if instruction_on(load_task(key, Can.ANSWER), instruction_id) is None:
        abort(404)

    def do(task: Task, form: AnswerForm, now: datetime) -> str:
        found = instruction_on(task, instruction_id)
        if found is None:
            abort(404)
        acts.answer(actor(), found, own_units(), form.unit.data, form.answer.data or "", form.once.data or "", now)
        return _("已答复批示 · %(title)s", title=task.title)

    return act_on_task(key, Can.ANSWER, AnswerForm, do)
