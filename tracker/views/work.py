"""我的任务 for staff; 待我核验 for the office."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.forms.tasks import ReportForm, new_key
from tracker.queries.appraisals import open_for
from tracker.queries.asked import asked_of
from tracker.queries.desk import partly_done, submissions, to_redate
from tracker.queries.drafts import drafts_of
from tracker.queries.extensions import extensions_waiting
from tracker.queries.instructions import open_instructions
from tracker.queries.own_parts import own_parts_asked
from tracker.queries.receipts import part_counts
from tracker.queries.reports import undoable
from tracker.queries.speakers import own_speakers_by_task
from tracker.queries.units import count_without_contact
from tracker.queries.work import next_nodes, returns_of, work_of
from tracker.rules.permissions import Can, Role, may
from tracker.views.access import needs, own_units, person, refuse, signed_in
from tracker.views.query import page_number
from tracker.views.week import save_week, week_page

place = Blueprint("work", __name__)


@place.get("/work")
@signed_in
def work() -> ResponseReturnValue:
    """What needs this person, worst first."""
    if person().role is Role.UNIT_STAFF and not person().units:
        return render_template("work/no_unit.html")
    if not may(person(), Can.REPORT):
        refuse(Can.REPORT)
    return desk() if person().role is Role.PLAN_OFFICE else own_work()


@place.get("/week")
@needs(Can.ACCEPT)
def week() -> ResponseReturnValue:
    """The week of many tasks in one table."""
    return week_page(page_number(request.args))


@place.post("/week")
@needs(Can.ACCEPT)
def report_week() -> ResponseReturnValue:
    """Save the rows that were filled in; those that cannot be saved come back with their words."""
    return save_week()


def own_work() -> ResponseReturnValue:
    """The blocks of a unit, each task with its form in place; ``open`` names the task to go on with."""
    work = work_of(person(), clock.today())
    ids = [task.id for task in work.asked]
    return render_template(
        "work/work.html",
        work=work,
        following=next((task for task in work.asked if task.key == request.args.get("open")), None),
        returns=returns_of(work.returned),
        nodes=next_nodes([*work.asked, *work.submitted]),
        instructions=open_instructions(person()),
        units=own_units(),
        speakers=own_speakers_by_task(ids, own_units()),
        asked=asked_of(ids, own_units()),
        undoable=undoable(person(), clock.now()),
        drafts=drafts_of(person().id, ids, "tasks.report"),
        own_parts=own_parts_asked(person()),
        appraisals=open_for(person(), clock.today()),
        form=ReportForm(),
        new_key=new_key,
    )


def desk() -> ResponseReturnValue:
    """What waits for the office, oldest first, with what the units said beside it."""
    return render_template(
        "work/desk.html",
        page=submissions(person(), page_number(request.args)),
        address_of_page=lambda number: url_for("work.work", page=number),
        instructions=open_instructions(person()),
        in_part=partly_done(person()),
        extensions_waiting=extensions_waiting(person()),
        part_counts=part_counts(person()),
        to_redate=to_redate(person(), clock.today()),
        without_contact=count_without_contact(person().region),
    )
