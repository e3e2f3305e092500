"""Plans by Excel: the template, a plan that stands as a file, and the marked copy of a file that has faults."""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO

from flask import Blueprint, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.documents.plan_book_sheets import BookSheets, marked_copy, write_plan_book
from tracker.models import Task
from tracker.queries.plan_book import book_plan, unit_names
from tracker.rules.lights import Light
from tracker.rules.permissions import Can
from tracker.rules.plan_rows import CellFault, Fault
from tracker.views.access import load_plan, needs, person
from tracker.views.carried import kept
from tracker.views.plan_book_said import KIND
from tracker.views.plan_book_words import fault_text
from tracker.views.reach import asked_reach
from tracker.views.words import moment, time_left, word

place = Blueprint("plan_books", __name__)

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@place.get("/imports/template.xlsx")
@needs(Can.EDIT_PLAN)
def template() -> ResponseReturnValue:
    """The file to fill in, with the units of the region to choose from."""
    units = unit_names(asked_reach().region)
    content = write_plan_book(BookSheets(_("计划模板"), units=units), clock.now())
    return sent(content, _("计划模板.xlsx"))


@place.get("/plans/<code>/plan.xlsx")
@needs(Can.EDIT_PLAN)
def export(code: str) -> ResponseReturnValue:
    """A plan with all its tasks, to be kept, or changed and taken in again."""
    plan, now, today = load_plan(code, Can.EDIT_PLAN), clock.now(), clock.today()
    said = book_plan(plan)
    head = _("%(title)s，截至 %(moment)s，导出人：%(name)s", title=plan.title, moment=moment(now), name=person().name)
    sheets = BookSheets(
        _("计划台账"),
        said.facts,
        [[*cells, *shown(task)] for task, cells in said.tasks],
        said.phases,
        said.items,
        unit_names(plan.region_code),
        [head, _("共 %(count)d 项任务；改动后可以再导入，核对后才改变计划", count=len(said.tasks))],
        shows=True,
    )
    return sent(write_plan_book(sheets, now), f"{_('计划台账')}{plan.code} {today:%Y%m%d}.xlsx")


def shown(task: Task) -> list[str | None]:
    """How a task stands: state, light, deadline in force, last words and their day; nothing of it is taken in."""
    today = clock.today()
    light = task.light(today)
    return [
        _("已撤销") if task.withdrawn_on else word(task.state),
        time_left(task, today) if light is Light.OVERDUE else word(light),
        task.due_on.isoformat() if task.due_on else None,
        task.last_words,
        clock.office_day(task.last_reported_at).isoformat() if task.last_reported_at else None,
    ]


@place.get("/imports/marked.xlsx")
@needs(Can.EDIT_PLAN)
def marked() -> ResponseReturnValue:
    """The file that was not taken, with each fault marked in its cell; kept for a day, for whoever sent it."""
    name, packed, said = kept(KIND, request.args.get("file", ""))
    faults = [Fault(sheet, row, column, head, CellFault(kind), text) for sheet, row, column, head, kind, text in said]
    content = marked_copy(b64decode(packed), [(each, fault_text(each)) for each in faults])
    return sent(content, _("标出错误 %(name)s", name=name))


def sent(content: bytes, name: str) -> ResponseReturnValue:
    """A file to be kept."""
    return send_file(BytesIO(content), EXCEL, as_attachment=True, download_name=name, max_age=0)
