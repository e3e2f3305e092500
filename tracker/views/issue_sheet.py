"""台账附表: the frozen lines of an issue as an Excel file, in the order and with the words of the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO

from flask import send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.documents.ledger_sheet import SheetColumn, Value, sheet_of
from tracker.models import Issue, IssueState
from tracker.queries.issue_lines import Line
from tracker.views.ledger_export import EXCEL
from tracker.views.words import moment, word

NARROW, USUAL, WIDE, WIDEST = 9, 14, 26, 44


def issue_workbook(issue: Issue, lines: Sequence[Line], place_name: str) -> ResponseReturnValue:
    """Some lines of an issue as an Excel file; its properties name nobody."""
    title = _("%(place)s周览第 %(number)d 期的任务", place=place_name, number=issue.number)
    head = [
        _("数据截至 %(moment)s", moment=moment(issue.cut_off_at)),
        _("共 %(count)d 项", count=len(lines)),
        *([_("草稿，尚未签发")] if issue.state is IssueState.DRAFT else []),
    ]
    content = sheet_of(title, head, columns(), rows_of(issue, lines), issue.cut_off_at)
    name = f"{title}{clock.office_day(issue.cut_off_at):%Y%m%d}.xlsx".replace(" ", "")
    return send_file(BytesIO(content), mimetype=EXCEL, as_attachment=True, download_name=name, max_age=0)


def columns() -> list[SheetColumn]:
    """The columns of the sheet, in the order of ``row_of``."""
    return [
        SheetColumn(_("序号"), NARROW),
        SheetColumn(_("编号"), NARROW),
        SheetColumn(_("任务"), WIDEST, True),
        SheetColumn(_("计划"), WIDE, True),
        SheetColumn(_("地区"), USUAL),
        SheetColumn(_("牵头／责任"), WIDE, True),
        SheetColumn(_("配合单位"), WIDE, True),
        SheetColumn(_("方案时限"), USUAL),
        SheetColumn(_("现行时限"), USUAL),
        SheetColumn(_("灯"), USUAL),
        SheetColumn(_("上期的灯"), USUAL),
        SheetColumn(_("状态"), NARROW),
        SheetColumn(_("逾期天数"), NARROW),
        SheetColumn(_("延期次数"), NARROW),
        SheetColumn(_("重定时限次数"), NARROW),
        SheetColumn(_("退回次数"), NARROW),
        SheetColumn(_("缺报期数"), NARROW),
        SheetColumn(_("对应指标"), USUAL),
        SheetColumn(_("等待的单位"), USUAL, True),
        SheetColumn(_("最近进展"), WIDEST, True),
        SheetColumn(_("更新"), USUAL),
    ]


def rows_of(issue: Issue, lines: Sequence[Line]) -> Iterator[list[Value]]:
    """The rows one by one, so that only their cells are held."""
    plans = {each["code"]: each["title"] for each in issue.plans}
    for number, line in enumerate(lines, start=1):
        yield row_of(number, line, plans.get(line.plan_code, line.plan_code), issue.places)


def row_of(number: int, line: Line, plan: str, places: dict[str, str]) -> list[Value]:
    """A line in the words of its page."""
    comma = _("、")
    return [
        number,
        line.number,
        line.title,
        plan,
        places.get(line.region_code, line.region_code),
        comma.join(line.units),
        comma.join(line.cooperating),
        line.first_due_on or line.deadline_text,
        line.due_on or line.deadline_text,
        word(line.light),
        word(line.light_before),
        _("已撤销") if line.withdrawn_on else word(line.state),
        line.days_late or None,
        line.extensions,
        line.redates,
        line.returns,
        line.periods_missed,
        comma.join(line.indicators),
        comma.join(line.waits_for),
        line.last_words,
        clock.office_day(line.last_reported_at) if line.last_reported_at else None,
    ]
