"""Write a plan book: the template with its lists to choose from, and a plan that stands; and mark the faults of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from tracker.documents.filled_sheet import Value, fill_sheet
from tracker.documents.ledger_sheet import legal
from tracker.documents.plan_book import ADVICE
from tracker.rules.plan_rows import (
    BUDGET,
    BUILDINGS,
    CATEGORY,
    CATEGORY_WORDS,
    COOPERATING,
    DEADLINE,
    DUTY,
    FACT,
    FACT_HEADS,
    FACT_NAMES,
    FACTS,
    FLOOR,
    GUIDE,
    ITEM,
    ITEM_HEADS,
    ITEMS,
    KEY,
    KIND,
    KIND_WORDS,
    LAND,
    LEAD,
    LONGEST_CELL,
    NUMBER,
    PHASE,
    PHASE_HEADS,
    PHASES,
    REQUIREMENT,
    RESPONSIBLE,
    SAID,
    SCHOOLS,
    SECTION,
    SENTENCE,
    SHOWN_HEADS,
    SITE,
    SPORTS,
    TASK_HEADS,
    TASKS,
    TITLE,
    UNITS,
    Fault,
)

SHADE = PatternFill("solid", fgColor="FFEEF0F3")
MARK = PatternFill("solid", fgColor="FFFDE3DF")
ROSTER = "导入问题"
LAST_OFFERED = 5000
MOST_MARKED = 2000
LONGEST_COMMENT = 500
TASK_ADVICE = (
    f"{ADVICE}每行一项任务，须填类别和任务；单位一行一个或用顿号隔开；时限照文件原文填写，如 2026年9月底前、长期；"
    "“编号”由系统给出，新增的任务留空，改动已有任务时不要改编号；带底色的列只供查看。"
)
FACT_ADVICE = f"{ADVICE}计划的基本情况，日期如 2026-03-31。"
PHASE_ADVICE = f"{ADVICE}计划分阶段的在此列出，没有阶段的不填。"
ITEM_ADVICE = f"{ADVICE}方案自带指标体系的在此列出，任务用“对应指标”引用其序号；没有的不填。"
GUIDE_LINES = (
    "一、在“计划任务”填写任务，每行一项；“计划”“阶段”“指标”按需要填写。不要改动工作表名称和第一行的列名。",
    "二、类别：措施、指标责任、工程项目、政策文件。单位、阶段、对应指标有下拉选项；多个单位每行一个，或用顿号隔开。",
    "三、文件没有写明牵头单位的，填在“责任单位”，不要自行指定牵头单位。名单以外的单位在导入核对时逐个确认。",
    "四、时限照原文填写：2026年9月底前、2026-09-30、2026年、年内、长期、每学年。空格表示按计划的目标期限。",
    "五、项目各列只填工程项目。投资以万元计，可写 1.2亿元。",
    "学校每行一所，写作 名称:学段:学位:班数，如 第三中学:初中:900:18，未知的可不写。",
    "六、校舍用途每行一项，写作 用途:面积，如 教学楼:3200。",
    "七、文件有一处错误，整个文件都不导入；网页列出每处错误的位置，并可下载标出错误的文件。",
    "八、导入后先核对再确认，确认前不改变任何内容，不发送任何邮件。不执行宏，不访问外部链接。",
)
WIDTHS = {
    **{KEY: 10, NUMBER: 8, KIND: 11, SECTION: 22, TITLE: 36, REQUIREMENT: 60, LEAD: 18, RESPONSIBLE: 18},
    **{COOPERATING: 20, DEADLINE: 18, SITE: 22, SCHOOLS: 30, BUILDINGS: 20, SENTENCE: 40, ITEM: 50, FACT: 14, SAID: 60},
}
NUMBERS = {LAND, FLOOR, SPORTS, BUDGET}


@dataclass(frozen=True)
class BookSheets:
    """What stands in the sheets of a plan book, each row in the order of the heads."""

    title: str
    facts: Mapping[str, Value] = field(default_factory=dict)
    tasks: Iterable[Sequence[Value]] = ()
    phases: Iterable[Sequence[Value]] = ()
    items: Iterable[Sequence[Value]] = ()
    units: Sequence[str] = ()
    said: Sequence[str] = ()
    shows: bool = False


def write_plan_book(sheets: BookSheets, now: datetime) -> bytes:
    """The file; its properties name neither a person nor a machine."""
    book = Workbook()
    for each in list(book.worksheets):
        book.remove(each)
    book.properties.creator = book.properties.title = legal(sheets.title)
    book.properties.created = book.properties.modified = now.replace(tzinfo=None)
    _tasks(book.create_sheet(TASKS), sheets)
    facts = [[name, sheets.facts.get(name)] for name in FACT_NAMES]
    _plain(book.create_sheet(FACTS), FACT_HEADS, FACT_ADVICE, facts)
    _plain(book.create_sheet(PHASES), PHASE_HEADS, PHASE_ADVICE, sheets.phases)
    _plain(book.create_sheet(ITEMS), ITEM_HEADS, ITEM_ADVICE, sheets.items)
    _plain(book.create_sheet(UNITS), (UNITS,), "", [[name] for name in sheets.units])
    _plain(book.create_sheet(GUIDE), (GUIDE,), "", [[line] for line in GUIDE_LINES], {GUIDE: 100})
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _tasks(page: Any, sheets: BookSheets) -> None:
    heads = (*TASK_HEADS, *(SHOWN_HEADS if sheets.shows else ()))
    lines = [TASK_ADVICE, *(f"{ADVICE}{line}" for line in sheets.said)]
    first = len(lines) + 2
    fill_sheet(page, heads, lines, (_cut(row) for row in sheets.tasks), WIDTHS, still=5)
    _as_texts(page, heads, first)
    for place, head in enumerate(heads, start=1):
        if head == KEY or head in SHOWN_HEADS:
            page.cell(1, place).fill = SHADE
            told = "由系统给出，新增的任务留空" if head == KEY else "只供查看，导入时不读取"
            page.cell(1, place).comment = Comment(told, "")
    _offer(page, KIND, f'"{",".join(KIND_WORDS.values())}"', first)
    _offer(page, CATEGORY, f'"{",".join(CATEGORY_WORDS.values())}"', first)
    for head in (LEAD, RESPONSIBLE, COOPERATING):
        _offer(page, head, f"{UNITS}!$A$2:$A${max(2, len(sheets.units) + 1)}", first)
    _offer(page, PHASE, f"{PHASES}!$A$3:$A$200", first)
    _offer(page, DUTY, f"{ITEMS}!$A$3:$A$500", first)


def _cut(row: Sequence[Value]) -> list[Value]:
    """A row whose texts fit into cells."""
    return [value[:LONGEST_CELL] if isinstance(value, str) else value for value in row]


def _as_texts(page: Any, heads: Sequence[str], first: int) -> None:
    """Columns of texts stay texts whatever is typed: 001, 2024.10 and 3-1 are neither numbers nor days."""
    for place, head in enumerate(heads, start=1):
        form = "#,##0.####" if head in NUMBERS else "@"
        page.column_dimensions[get_column_letter(place)].number_format = form
        for [cell] in page.iter_rows(min_row=first, min_col=place, max_col=place):
            cell.number_format = form
            if head not in NUMBERS:
                cell.alignment = Alignment(wrap_text=True, vertical="top")


def _plain(
    page: Any, heads: Sequence[str], advice: str, rows: Iterable[Sequence[Value]], widths: Mapping[str, int] = WIDTHS
) -> None:
    lines = [advice] if advice else []
    fill_sheet(page, heads, lines, (_cut(row) for row in rows), widths, still=1)
    _as_texts(page, heads, len(lines) + 2)


def _offer(page: Any, head: str, formula: str, first: int) -> None:
    """A list to choose from; a cell may hold more than one, so that other words are taken as well."""
    letter = get_column_letter(TASK_HEADS.index(head) + 1)
    choice = DataValidation("list", formula1=formula, allow_blank=True, showErrorMessage=False)
    page.add_data_validation(choice)
    choice.add(f"{letter}{first}:{letter}{LAST_OFFERED}")


def marked_copy(content: bytes, faults: Sequence[tuple[Fault, str]]) -> bytes:
    """The file as it was sent, with each fault in its cell as colour and comment, and a sheet that lists them all.

    The file was read before, so that nothing of it is hostile; its links to elsewhere are left out.
    """
    book = load_workbook(BytesIO(content), keep_links=False)
    by_cell: dict[tuple[str, str], list[str]] = defaultdict(list)
    for fault, text in faults[:MOST_MARKED]:
        by_cell[fault.sheet, f"{fault.column or 'A'}{fault.row}"].append(text)
    for (sheet, address), texts in by_cell.items():
        cell = book[sheet][address]
        cell.fill = MARK
        cell.comment = Comment(legal("\n".join(texts))[:LONGEST_COMMENT], "")
    if ROSTER in book.sheetnames:
        book.remove(book[ROSTER])
    page = book.create_sheet(ROSTER, 0)
    page.append([ROSTER])
    page.cell(1, 1).font = Font(bold=True)
    for _fault, text in faults[:MOST_MARKED]:
        page.append([None])
        cell = page.cell(page.max_row + (page.max_row == 1), 1)
        cell.value, cell.data_type = legal(text)[:LONGEST_CELL], "s"
    page.column_dimensions["A"].width = 110
    book.active = 0
    file = BytesIO()
    book.save(file)
    return file.getvalue()
