"""The rows of the ledger as a file: the chosen columns in words, numbers and dates as such."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from io import BytesIO

from flask import send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.documents.ledger_sheet import Sheet, SheetColumn, Value, book_of
from tracker.models import Plan
from tracker.queries.checkup import checkup_of
from tracker.queries.columns import Column, Details, details_of
from tracker.queries.rows import TaskRow, task_rows
from tracker.views.access import person
from tracker.views.check_sheet import check_sheet
from tracker.views.query import Look
from tracker.views.words import moment, time_left, word

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_AT_ONCE = 1000
WIDTHS = {
    Column.PLAN: 30,
    Column.SECTION: 24,
    Column.REQUIREMENT: 60,
    Column.UNITS: 24,
    Column.COOPERATING: 30,
    Column.WORDS: 50,
    Column.INDICATORS: 18,
    Column.LIGHT: 14,
}
USUAL_WIDTH, TITLE_WIDTH = 12, 44
WRAPPING = {Column.PLAN, Column.SECTION, Column.REQUIREMENT, Column.UNITS, Column.COOPERATING, Column.WORDS}


def workbook(task_ids: Sequence[int], look: Look, said: str, plan: Plan | None = None) -> ResponseReturnValue:
    """The tasks with the columns of a look as an Excel file; ``said`` tells which they are.

    With the one plan that is chosen its check-up stands on a second sheet.
    """
    today, now = clock.today(), clock.now()
    head = [
        _("范围：%(said)s", said=said),
        _("共 %(count)d 项 · 截至 %(moment)s", count=len(task_ids), moment=moment(now)),
        _("导出人：%(name)s", name=person().name),
    ]
    sheets = [Sheet(_("任务台账"), head, sheet_columns(look), rows_of(task_ids, look, today))]
    if plan:
        sheets.append(check_sheet(plan, checkup_of(plan, person())))
    content = book_of(_("任务台账"), sheets, now)
    name = f"{_('任务台账')}{today:%Y%m%d}.xlsx"
    return send_file(BytesIO(content), mimetype=EXCEL, as_attachment=True, download_name=name, max_age=0)


def sheet_columns(look: Look) -> list[SheetColumn]:
    """The chosen columns, the title after the number."""
    columns = [SheetColumn(word(each), WIDTHS.get(each, USUAL_WIDTH), each in WRAPPING) for each in look.columns]
    columns.insert(title_place(look), SheetColumn(_("任务"), TITLE_WIDTH, True))
    if Column.QUANTITY in look.columns:
        columns.append(SheetColumn(_("计量单位"), USUAL_WIDTH))
    return columns


def title_place(look: Look) -> int:
    """The title stands first, or after the number."""
    return 1 if Column.NUMBER in look.columns else 0


def rows_of(task_ids: Sequence[int], look: Look, today: date) -> Iterator[list[Value]]:
    """The rows, asked for a thousand at a time."""
    for begin in range(0, len(task_ids), ROWS_AT_ONCE):
        some = task_ids[begin : begin + ROWS_AT_ONCE]
        details = details_of(some, look.columns)
        for task in task_rows(some):
            row = [value_of(each, task, details[task.id], today) for each in look.columns]
            row.insert(title_place(look), task.title)
            if Column.QUANTITY in look.columns:
                row.append(details[task.id].quantity_unit)
            yield row


def value_of(column: Column, task: TaskRow, details: Details, today: date) -> Value:
    """What stands in a column of a task."""
    match column:
        case Column.NUMBER:
            return task.number
        case Column.PLAN:
            return task.plan_title
        case Column.SECTION:
            return " / ".join(details.section)
        case Column.KIND:
            return word(task.kind)
        case Column.REQUIREMENT:
            return details.requirement
        case Column.UNITS:
            return _("、").join(task.unit_names)
        case Column.COOPERATING:
            return _("、").join(details.cooperating)
        case Column.FIRST_DUE:
            return details.first_due_on
        case Column.DUE:
            return task.due_on or task.deadline_text
        case Column.LIGHT:
            return time_left(task, today) if task.light(today) == "overdue" else word(task.light(today))
        case Column.STATE:
            return _("已撤销") if task.withdrawn_on else word(task.state)
        case Column.UPDATED:
            return clock.office_day(task.last_reported_at) if task.last_reported_at else None
        case Column.WORDS:
            return task.last_words
        case Column.QUANTITY:
            return details.quantity_total
        case Column.INDICATORS:
            return _("、").join(details.indicators)
