"""Nodes and payments of building projects as an Excel file: the template and the export, and what was filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any, BinaryIO, TypeVar

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from tracker.documents.filled_sheet import fill_sheet
from tracker.documents.sheet_cells import SheetPage, SheetRow, read_pages
from tracker.rules.money import MoneyKind
from tracker.rules.project_rows import (
    AMOUNT,
    DAYS,
    DONE,
    EMPTIES,
    ERROR_VALUE,
    EXPECTED,
    FIRST,
    HEADS,
    KEY,
    KIND,
    KIND_WORDS,
    LONGEST,
    MARK,
    MONEY,
    MONEY_HEADS,
    NODE,
    NODE_HEADS,
    NODES,
    NOTE,
    NUMBER,
    ON,
    PAYEE,
    PLANNED,
    REASON,
    REQUIRED,
    SOURCE,
    SOURCE_WORDS,
    TITLE,
    YEAR,
    CellFault,
    CellValue,
    MoneyRow,
    NodeRow,
    ProjectSheet,
    read_day,
    read_kind,
    read_number,
    read_source,
    read_year,
    read_yuan,
    same_name,
)

ADVICE = "说明："
NODE_ADVICE = (
    f"{ADVICE}每行一个节点。空格不改变已存的内容，填“无”清除；删去行不会删除节点；改动已定的计划日期须填调整原因；"
    "“原计划日期”只供查看。日期如 2026-03-31，计划和预计可填 2026年3月（按当月最后一天）。"
)
MONEY_ADVICE = (
    f"{ADVICE}每行一笔，只增加，不更改已登记的。金额单位为万元，可写 1.2亿元、56000元，退回填负数；"
    "到位和支付须填日期；“计划年度”只填在计划行；“记录编号”由系统给出，新登记的留空。"
)
WIDTHS = {KEY: 16, TITLE: 32, NODE: 18, REASON: 28, PAYEE: 24, NOTE: 28}
READ_ONLY = PatternFill("solid", fgColor="FFEEF0F3")
GIVEN = {
    TITLE: "只供核对，可以不填",
    FIRST: "只供查看，导入时不读取",
    NUMBER: "由系统给出，新登记的留空",
    MARK: "由系统填写，导入时不读取",
}
LAST_OFFERED = 5000
LONGEST_SHOWN = 60
Read = TypeVar("Read")
Complain = Callable[[str, CellFault], None]


def read_project_sheet(file: BinaryIO, name: str, today: date) -> ProjectSheet:
    """What a file says of nodes and money. Raises SheetRefused before anything of a hostile one is parsed."""
    pages = read_pages(file, name, lambda titles: {title: HEADS[title] for title in HEADS if title in titles}, ADVICE)
    sheet = ProjectSheet(
        {page.title: {head: get_column_letter(place + 1) for head, place in page.places.items()} for page in pages}
    )
    for page in pages:
        _read_page(page, sheet, today)
    _find_doubles(sheet)
    sheet.faults.sort(key=lambda each: (list(HEADS).index(each.sheet), each.row))
    return sheet


def _read_page(page: SheetPage, sheet: ProjectSheet, today: date) -> None:
    missing = [head for head in page.missing if head in REQUIRED[page.title]]
    sheet.faults += [sheet.fault(page.title, 1, head, CellFault.NO_HEAD) for head in missing]
    for head, place in page.doubled.items():
        sheet.columns[page.title][head] = get_column_letter(place + 1)
        sheet.faults.append(sheet.fault(page.title, 1, head, CellFault.HEAD_TWICE))
    if missing:
        return
    for row in page.rows:
        _read_row(page, row, sheet, today)


def _read_row(page: SheetPage, row: SheetRow, sheet: ProjectSheet, today: date) -> None:
    """Read a row; one that names only a project, as the template does, says nothing."""
    cells = row.cells
    if not row.unread and not any(text for head, text in cells.items() if head not in {KEY, TITLE, MARK}):
        return
    before = len(sheet.faults)

    def fault(head: str, kind: CellFault) -> None:
        text = cells[head][:LONGEST_SHOWN]
        sheet.faults.append(sheet.fault(page.title, row.number, head, kind, text))

    for head, text in cells.items():
        if head in row.unread:
            fault(head, CellFault.FORMULA)
        elif ERROR_VALUE.fullmatch(text):
            fault(head, CellFault.ERROR_VALUE)
        elif len(text) > LONGEST.get(head, len(text)):
            fault(head, CellFault.TOO_LONG)
    if len(sheet.faults) > before:
        return
    if not cells[KEY]:
        fault(KEY, CellFault.MISSING)
    if page.title == NODES:
        _read_node(row, sheet, fault, today)
    else:
        _read_money(row, sheet, fault, today)


def _read_node(row: SheetRow, sheet: ProjectSheet, fault: Complain, today: date) -> None:
    cells = row.cells
    if not cells[NODE]:
        fault(NODE, CellFault.MISSING)
    days: dict[str, date | None] = {}
    for head in DAYS:
        if cells[head] in EMPTIES:
            days[head] = None
        elif cells[head]:
            day = read_day(cells[head], head, today)
            if isinstance(day, CellFault):
                fault(head, day)
            else:
                days[head] = day
    sheet.nodes.append(NodeRow(row.number, cells[KEY], cells[TITLE], cells[NODE], days, cells[REASON]))


def _read_money(row: SheetRow, sheet: ProjectSheet, fault: Complain, today: date) -> None:
    cells = row.cells

    def value(head: str, read: Callable[[str], Read | CellFault], is_wanted: bool = False) -> Read | None:
        found = read(cells[head]) if cells[head] and cells[head] not in EMPTIES else None
        if isinstance(found, CellFault):
            fault(head, found)
        elif found is None and is_wanted:
            fault(head, CellFault.MISSING)
        return None if isinstance(found, CellFault) else found

    kind = value(KIND, read_kind, is_wanted=True)
    amount = value(AMOUNT, read_yuan, is_wanted=True)
    moves = kind in {MoneyKind.ALLOCATED, MoneyKind.PAID}
    on = value(ON, lambda text: read_day(text, ON, today), is_wanted=moves)
    year = value(YEAR, read_year)
    if moves and year is not None:
        fault(YEAR, CellFault.ONLY_PLANS)
    source, number = value(SOURCE, read_source), value(NUMBER, read_number)
    if kind is not None and amount is not None:
        said = (kind, amount, on, year, source, cells[PAYEE], cells[NOTE], number)
        sheet.money.append(MoneyRow(row.number, cells[KEY], cells[TITLE], *said))


def _find_doubles(sheet: ProjectSheet) -> None:
    """A node, or an entry, that stands in the file twice."""
    nodes: set[tuple[str, str]] = set()
    for node in sheet.nodes:
        which = (node.key, same_name(node.node))
        if node.key and node.node and which in nodes:
            sheet.faults.append(sheet.fault(NODES, node.row, NODE, CellFault.NODE_TWICE, node.node))
        nodes.add(which)
    numbers: set[int] = set()
    entries: set[tuple[object, ...]] = set()
    for row in sheet.money:
        if row.number in numbers:
            sheet.faults.append(sheet.fault(MONEY, row.row, NUMBER, CellFault.TWICE, str(row.number)))
        elif row.number is None and row.said in entries:
            sheet.faults.append(sheet.fault(MONEY, row.row, AMOUNT, CellFault.TWICE))
        if row.number is None:
            entries.add(row.said)
        else:
            numbers.add(row.number)


def project_book(
    said: Sequence[str], nodes: Iterable[list[CellValue]], money: Iterable[list[CellValue]], now: datetime
) -> bytes:
    """The file with some lines of nodes and of money, to be filled in or kept; ``said`` stands under the heads."""
    book = Workbook()
    for each in list(book.worksheets):
        book.remove(each)
    book.properties.creator = book.properties.title = "工程项目节点和资金"
    book.properties.created = book.properties.modified = now.replace(tzinfo=None)
    lines = [f"{ADVICE}{line}" for line in said]
    page = book.create_sheet(NODES)
    fill_sheet(page, NODE_HEADS, [NODE_ADVICE, *lines], nodes, WIDTHS, still=3)
    _finish(page, NODE_HEADS, {PLANNED, FIRST, EXPECTED, DONE}, len(lines) + 3)
    page = book.create_sheet(MONEY)
    fill_sheet(page, MONEY_HEADS, [MONEY_ADVICE, *lines], money, WIDTHS, still=3)
    _finish(page, MONEY_HEADS, {ON}, len(lines) + 3)
    _offer(page, KIND, KIND_WORDS.values(), len(lines) + 3)
    _offer(page, SOURCE, SOURCE_WORDS.values(), len(lines) + 3)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _finish(page: Any, heads: Sequence[str], days: set[str], first: int) -> None:
    """Days as days, money with its separators, and what is not to be filled in on a shade."""
    for place, head in enumerate(heads, start=1):
        if head in GIVEN:
            page.cell(1, place).fill = READ_ONLY
            page.cell(1, place).comment = Comment(GIVEN[head], "")
        form = "yyyy-mm-dd" if head in days else "#,##0.####" if head == AMOUNT else ""
        # The empty rows below are to be filled in as well: a format of the column serves them.
        page.column_dimensions[get_column_letter(place)].number_format = form or "General"
        for [cell] in page.iter_rows(min_row=first, min_col=place, max_col=place) if form else ():
            cell.number_format = form


def _offer(page: Any, head: str, words: Iterable[str], first: int) -> None:
    """A list to choose from; what a file from elsewhere says otherwise is still read."""
    letter = get_column_letter(MONEY_HEADS.index(head) + 1)
    choice = DataValidation("list", formula1=f'"{",".join(words)}"', allow_blank=True, showErrorMessage=False)
    page.add_data_validation(choice)
    choice.add(f"{letter}{first}:{letter}{LAST_OFFERED}")
