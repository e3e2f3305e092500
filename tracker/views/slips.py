"""督办单: the office fills in a form on the page of a task and gets one sheet of Word."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.actions.slips import note_slip
from tracker.documents.supervision_slip import Slip, file_name, supervision_slip
from tracker.forms.slips import SlipForm
from tracker.models import AssignmentRole, Task, db
from tracker.queries.frame import region_name
from tracker.rules.deadlines import days_late
from tracker.rules.permissions import Can
from tracker.rules.slips import Colour
from tracker.views.access import actor, load_task, needs
from tracker.views.task_page import refused, task_page

place = Blueprint("slips", __name__)

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@place.post("/tasks/<key>/slip")
@needs(Can.URGE)
def draw_up(key: str) -> ResponseReturnValue:
    """Draw up a slip: the timeline keeps it, the answer is the sheet."""
    task, form = load_task(key, Can.URGE), SlipForm()
    if not form.is_sent() or form.answer_by.data is None:
        return task_page(task, 400, refused(form))
    colour, demand, answer_by = Colour(form.colour.data), form.demand.data or "", form.answer_by.data
    note_slip(actor(), task, colour, demand, answer_by, form.once.data or "", clock.now())
    slip = slip_of(task, colour, demand, answer_by)
    sheet = supervision_slip(slip)
    db.session.commit()
    return send_file(BytesIO(sheet), mimetype=WORD, as_attachment=True, download_name=file_name(slip))


def slip_of(task: Task, colour: Colour, demand: str, answer_by: date) -> Slip:
    """What the sheet says of a task."""
    today = clock.today()
    moved = task.first_due_on if task.first_due_on != task.due_on else None
    return Slip(
        colour=colour,
        units=answering_names(task),
        number=task.number,
        title=task.title,
        requirement=task.requirement,
        due_on=task.due_on,
        deadline_text=task.deadline_text,
        first_due_on=moved,
        days_late=0 if task.needs_redate else days_late(task.due_on, today, task.submitted_on, task.held_days),
        last_words=task.last_words,
        last_on=clock.office_day(task.last_reported_at) if task.last_reported_at else None,
        demand=demand,
        answer_by=answer_by,
        region=region_name(task.region_code),
        issued_on=today,
    )


def answering_names(task: Task) -> list[str]:
    """The full names of the units that answer for a task: its leads, or the responsible ones where none leads."""
    by_role = {
        role: [each.unit.full_name or each.unit.name for each in task.assignments if each.role is role]
        for role in (AssignmentRole.LEAD, AssignmentRole.RESPONSIBLE)
    }
    return by_role[AssignmentRole.LEAD] or by_role[AssignmentRole.RESPONSIBLE]
