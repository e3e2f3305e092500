"""我的任务 for staff; 待我核验 for the office."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.forms.tasks import ReportForm, new_key
from tracker.queries.asked import asked_of
from tracker.queries.drafts import drafts_of
from tracker.queries.extensions import extensions_waiting
from tracker.queries.instructions import open_instructions
from tracker.queries.own_parts import own_parts_asked
from tracker.queries.receipts import part_counts
from tracker.queries.reports import undoable
from tracker.queries.speakers import own_speakers_by_task
from tracker.queries.units import count_without_contact
from tracker.queries.work import latest_submissions, partly_done, to_redate, waiting, work_of
from tracker.rules.permissions import Can, Role
from tracker.views.access import needs, own_units, person

place = Blueprint("work", __name__)


@place.get("/work")
@needs(Can.REPORT)
def work() -> ResponseReturnValue:
    """What needs this person, worst first."""
    return desk() if person().role is Role.PLAN_OFFICE else own_work()


def own_work() -> ResponseReturnValue:
    """The four blocks of a unit, each task with its form in place."""
    work = work_of(person(), clock.today())
    with_a_form = [task.id for task in (*work.returned, *work.overdue, *work.week, *work.to_update)]
    return render_template(
        "work/work.html",
        work=work,
        instructions=open_instructions(person()),
        units=own_units(),
        speakers=own_speakers_by_task(with_a_form, own_units()),
        asked=asked_of(with_a_form, own_units()),
        undoable=undoable(person(), clock.now()),
        drafts=drafts_of(person().id, with_a_form, "tasks.report"),
        own_parts=own_parts_asked(person()),
        form=ReportForm(),
        new_key=new_key,
    )


def desk() -> ResponseReturnValue:
    """What waits for the office, oldest first, with what the unit said beside it."""
    tasks = waiting(person())
    return render_template(
        "work/desk.html",
        tasks=tasks,
        instructions=open_instructions(person()),
        submissions=latest_submissions([task.id for task in tasks]),
        in_part=partly_done(person()),
        extensions_waiting=extensions_waiting(person()),
        part_counts=part_counts(person()),
        to_redate=to_redate(person(), clock.today()),
        without_contact=count_without_contact(person().region),
    )
