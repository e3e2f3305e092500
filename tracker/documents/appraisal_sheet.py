"""年度考核 as Excel: the figures, what was put right, objections with their answers, the tasks, and the rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from tracker.clock import office_day, office_time
from tracker.documents.ledger_sheet import Sheet, SheetColumn, Value, book_of
from tracker.models import Appraisal, AppraisalLine, AppraisalState
from tracker.queries.appraisals import meant_by
from tracker.rules.appraisals import (
    Counted,
    Figure,
    IssueRow,
    in_force,
    on_time,
    own_on_time,
    places_of,
    value_of,
)

# The file is a document of a Chinese office, whoever takes it.
NAMES = {
    Figure.DUE: "应办",
    Figure.IN_TIME: "按时",
    Figure.LATE: "逾期",
    Figure.DAYS_LATE: "逾期天数",
    Figure.EXTENSIONS: "延期",
    Figure.RETURNS: "退回",
    Figure.PERIODS_MISSED: "缺报",
    Figure.OWN_DUE: "独办应办",
    Figure.OWN_IN_TIME: "独办按时",
}
MINUTE = "%Y-%m-%d %H:%M"


def appraisal_file(
    appraisal: Appraisal,
    region: str,
    last: IssueRow,
    lines: Sequence[AppraisalLine],
    tasks: Sequence[Counted],
    rules: Sequence[str],
    now: datetime,
) -> bytes:
    """The file of a sheet; its properties name neither a person nor a machine."""
    title = f"{region}{appraisal.year}年度考核表"
    head = [f"数据截至{_day(last.closed_on)}（周览第{last.number}期）", _state(appraisal)]
    sheets = [
        Sheet(title, head, FIGURE_COLUMNS, _figure_rows(lines)),
        Sheet("异议与答复", head, OBJECTION_COLUMNS, _objection_rows(lines)),
        Sheet("任务明细", head, TASK_COLUMNS, _task_rows(lines, tasks)),
        Sheet("计分规则", head, [SheetColumn("规则", 110, True)], [[rule] for rule in rules]),
    ]
    return book_of(title, sheets, now)


FIGURE_COLUMNS = [
    SheetColumn("位次", 8),
    SheetColumn("单位", 30, True),
    SheetColumn(NAMES[Figure.DUE], 8),
    SheetColumn(NAMES[Figure.IN_TIME], 8),
    SheetColumn("按时率（%）", 12),
    *(SheetColumn(NAMES[each], 10) for each in list(Figure)[2:]),
    SheetColumn("独办按时率（%）", 16),
    SheetColumn("更正", 40, True),
]
OBJECTION_COLUMNS = [
    SheetColumn("单位", 30, True),
    SheetColumn("提出时间", 18),
    SheetColumn("异议", 60, True),
    SheetColumn("是否成立", 12),
    SheetColumn("答复", 60, True),
    SheetColumn("答复时间", 18),
]
TASK_COLUMNS = [
    SheetColumn("单位", 30, True),
    SheetColumn("编号", 10),
    SheetColumn("任务", 60, True),
    SheetColumn("时限", 12),
    *(SheetColumn(NAMES[each], 10) for each in list(Figure)[:7]),
    SheetColumn("共同负责单位", 30, True),
    SheetColumn("依据（周览期号）", 16),
]


def _figure_rows(lines: Sequence[AppraisalLine]) -> Iterator[Sequence[Value]]:
    now = {line.id: in_force(line.figures, line.corrected) for line in lines}
    places = places_of(now)
    for line in lines:
        figures = now[line.id]
        counted = [value_of(figures, figure) for figure in list(Figure)[2:]]
        yield (
            places.get(line.id),
            line.name,
            value_of(figures, Figure.DUE),
            value_of(figures, Figure.IN_TIME),
            on_time(figures).percent,
            *counted,
            own_on_time(figures).percent,
            _corrections(line),
        )


def _corrections(line: AppraisalLine) -> str:
    """Each figure that was put right, with the frozen one before it."""
    now = in_force(line.figures, line.corrected)
    pairs = ((figure, value_of(line.figures, figure), value_of(now, figure)) for figure in Figure)
    return "；".join(f"{NAMES[figure]}由{old}更正为{new}" for figure, old, new in pairs if old != new)


def _objection_rows(lines: Sequence[AppraisalLine]) -> Iterator[Sequence[Value]]:
    for line in lines:
        for each in line.objections:
            verdict = "" if each.upheld is None else "成立" if each.upheld else "不成立"
            yield (line.name, _minute(each.at), each.text, verdict, each.answer or "", _minute(each.answered_at))


def _task_rows(lines: Sequence[AppraisalLine], tasks: Sequence[Counted]) -> Iterator[Sequence[Value]]:
    """Every task that adds to a figure of a unit, below its unit."""
    by_unit: dict[str, list[Counted]] = {}
    for task in tasks:
        for name in meant_by(task.unit_ids, task.units):
            by_unit.setdefault(name, []).append(task)
    for line in lines:
        own = {task.key: task for name in line.meant for task in by_unit.get(name, ())}
        for task in own.values():
            amounts = [task.amount(figure) for figure in list(Figure)[:7]]
            if any(amounts):
                shared = "、".join(task.units) if len(task.units) > 1 else ""
                yield (line.name, task.number or "", task.title, task.due_on, *amounts, shared, task.issue_number)


def _state(appraisal: Appraisal) -> str:
    if appraisal.state is AppraisalState.DRAFT:
        return "草稿，尚未公布"
    published, until = appraisal.published_at, appraisal.objections_until
    return f"{_day(office_day(published))}公布，异议期至{_day(until)}" if published and until else ""


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _minute(instant: datetime | None) -> str:
    return office_time(instant).strftime(MINUTE) if instant else ""
