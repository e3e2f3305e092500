"""Units and people as an Excel file: the template that people fill in, and what they filled in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from io import BytesIO
from itertools import zip_longest
from typing import Any, BinaryIO

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from tracker.documents.office_archive import Refusal, SheetRefused, check_archive
from tracker.models import Duty, UnitKind
from tracker.queries.accounts import kept_username
from tracker.rules.accounts import is_username
from tracker.rules.mail_addresses import is_mail_address
from tracker.rules.texts import one_name
from tracker.rules.unit_rows import (
    PEOPLE,
    PEOPLE_HEADS,
    UNIT_HEADS,
    UNITS,
    CellFault,
    Fault,
    PersonRow,
    Sheet,
    UnitRow,
)

MOST_ROWS = 20_000
LAST_ROW = 2 * MOST_ROWS  # empty rows between count as well, for each of them is looked at
MOST_COLUMNS = 50
EXAMPLE = "例："
LONGEST_NAME = 60
KINDS = {
    "部门": UnitKind.DEPARTMENT,
    "乡镇": UnitKind.TOWNSHIP,
    "学校": UnitKind.SCHOOL,
    "公司": UnitKind.COMPANY,
    "内设机构": UnitKind.OFFICE,
    "议事机构": UnitKind.GROUP,
    "集体单位": UnitKind.COLLECTIVE,
}
DUTIES = {"经办人": Duty.STAFF, "联系人": Duty.CONTACT, "副联系人": Duty.DEPUTY, "负责人": Duty.HEAD}
LIST_ENDS = re.compile(r"[、;；\n]")
PHONE = re.compile(r"[0-9+() -]{0,40}")


Cells = dict[str, str]


class _Calculates(Exception):
    """A formula was met by a reader that does not know its value."""


def read_unit_sheet(file: BinaryIO, name: str) -> Sheet:
    """The units and people of a file. Raises SheetRefused before anything of a hostile one is parsed."""
    check_archive(file, name)
    try:
        try:
            sheet = _read(file, with_values=False)
        except _Calculates:
            # Only now the second, slower way: beside each formula the value that Excel has kept of it.
            sheet = _read(file, with_values=True)
    except SheetRefused:
        raise
    except Exception as error:
        # The reader of a format as loose as this meets damage in many forms; none of them is ours to tell apart.
        raise SheetRefused(Refusal.DAMAGED) from error
    _find_doubles(sheet)
    return sheet


def _read(file: BinaryIO, with_values: bool) -> Sheet:
    sheet, typed = Sheet(), load_workbook(file, read_only=True, keep_links=False)
    kept = load_workbook(file, read_only=True, keep_links=False, data_only=True) if with_values else None
    for page in (*typed.worksheets, *(kept.worksheets if kept else ())):
        page.reset_dimensions()  # what a file says of its own size is often wrong, and rows beyond would be lost
    titles = [title for title in (UNITS, PEOPLE) if title in typed.sheetnames]
    if not titles:
        raise SheetRefused(Refusal.NO_SHEET)
    for title in titles:
        heads = UNIT_HEADS if title == UNITS else PEOPLE_HEADS
        for number, cells in _rows(typed[title], kept[title] if kept else None, heads, sheet):
            (_read_unit if title == UNITS else _read_person)(number, cells, sheet)
    return sheet


def template() -> bytes:
    """An empty file to fill in, with its heads and one line of advice in the first row below them."""
    book = Workbook(write_only=False)
    for page in list(book.worksheets):
        book.remove(page)
    advice = {
        UNITS: ("财政局", "兴国县财政局", "部门", "县财政局、财政", "", "czj@example.cn"),
        PEOPLE: ("张三", "zhangsan", "财政局", "联系人", "0797-1234567", "zhangsan@example.cn"),
    }
    for title, heads in ((UNITS, UNIT_HEADS), (PEOPLE, PEOPLE_HEADS)):
        page = book.create_sheet(title)
        page.append(heads)
        page.append([f"{EXAMPLE}{text}" if text else "" for text in advice[title]])
        page.freeze_panes = "A2"
        for column in range(1, len(heads) + 1):
            page.column_dimensions[get_column_letter(column)].width = 22
            page.cell(1, column).font = Font(bold=True)
            page.cell(1, column).alignment = Alignment(horizontal="center")
            page.cell(2, column).font = Font(color="FF5F6B7A")
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _rows(typed: Any, kept: Any, heads: Sequence[str], sheet: Sheet) -> Iterator[tuple[int, Cells]]:
    """The rows below the heads that say anything, by head. The examples of the template are left out.

    Raises _Calculates at a formula where no values were kept beside.
    """
    places: dict[str, int] = {}
    count = 0
    for number, (row, faulty) in enumerate(_texts(typed, kept), start=1):
        if number == 1:
            places = {head: row.index(head) for head in heads if head in row}
            sheet.faults += [Fault(typed.title, 1, head, CellFault.NO_HEAD) for head in heads if head not in places]
            continue
        if number > LAST_ROW:
            raise SheetRefused(Refusal.TOO_MANY_ROWS)
        cells = {head: row[places[head]] if places.get(head, MOST_COLUMNS) < len(row) else "" for head in heads}
        unread = [head for head, place in places.items() if place in faulty]
        if (not any(cells.values()) and not unread) or cells[heads[0]].startswith(EXAMPLE):
            continue
        count += 1
        if count > MOST_ROWS:
            raise SheetRefused(Refusal.TOO_MANY_ROWS)
        sheet.faults += [Fault(typed.title, number, head, CellFault.FORMULA) for head in unread]
        yield number, cells


def _texts(typed: Any, kept: Any) -> Iterator[tuple[list[str], set[int]]]:
    """Each row as texts, with the places of the formulas that have no value."""
    values = kept.iter_rows(max_col=MOST_COLUMNS, values_only=True) if kept else ()
    for row, known in zip_longest(typed.iter_rows(max_col=MOST_COLUMNS), values, fillvalue=()):
        formulas = {place for place, cell in enumerate(row) if getattr(cell, "data_type", "") == "f"}
        if formulas and kept is None:
            raise _Calculates
        texts = [_text(known[place] if place in formulas else cell.value) for place, cell in enumerate(row)]
        yield texts, {place for place in formulas if not texts[place]}


def _text(value: object) -> str:
    """A cell as plain text: full-width letters, digits and spaces become plain, whole numbers carry no point."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, date):
        value = value.isoformat()
    lines = str(value if value is not None else "").replace("_x000D_", "").splitlines()
    return "\n".join(filter(None, map(one_name, lines)))


def _read_unit(number: int, cells: Cells, sheet: Sheet) -> None:
    def fault(head: str, kind: CellFault) -> None:
        sheet.faults.append(Fault(UNITS, number, head, kind, cells[head][:LONGEST_NAME]))

    row = UnitRow(
        row=number,
        name=one_name(cells["名称"]),
        full_name=one_name(cells["全称"]),
        kind=KINDS.get(cells["类别"]),
        aliases=_list(cells["别名"]),
        collectives=_list(cells["所属集体"]),
        mailbox=_plain(cells["邮箱"]),
    )
    if not row.name:
        fault("名称", CellFault.MISSING)
    for head, texts in (("名称", [row.name]), ("全称", [row.full_name]), ("别名", row.aliases)):
        if any(len(text) > LONGEST_NAME for text in texts):
            fault(head, CellFault.TOO_LONG)
    if cells["类别"] and row.kind is None:
        fault("类别", CellFault.NO_KIND)
    if row.mailbox and not is_mail_address(row.mailbox):
        fault("邮箱", CellFault.NO_ADDRESS)
    sheet.units.append(row)


def _read_person(number: int, cells: Cells, sheet: Sheet) -> None:
    def fault(head: str, kind: CellFault) -> None:
        sheet.faults.append(Fault(PEOPLE, number, head, kind, cells[head][:LONGEST_NAME]))

    row = PersonRow(
        row=number,
        name=one_name(cells["姓名"]),
        username=kept_username(cells["登录名"]),
        units=_list(cells["单位"]),
        duty=DUTIES.get(cells["职责"]),
        phone=_plain(cells["电话"]),
        email=_plain(cells["邮箱"]),
    )
    for head, text in (("姓名", row.name), ("登录名", row.username)):
        if not text:
            fault(head, CellFault.MISSING)
    if len(row.name) > 50:
        fault("姓名", CellFault.TOO_LONG)
    if row.username and not is_username(row.username):
        fault("登录名", CellFault.NO_USERNAME)
    if cells["职责"] and row.duty is None:
        fault("职责", CellFault.NO_DUTY)
    if row.duty not in {None, Duty.STAFF} and not row.units:
        fault("单位", CellFault.MISSING)
    if not PHONE.fullmatch(row.phone):
        fault("电话", CellFault.NO_PHONE)
    if row.email and not is_mail_address(row.email):
        fault("邮箱", CellFault.NO_ADDRESS)
    sheet.people.append(row)


def _find_doubles(sheet: Sheet) -> None:
    """A name that two rows claim, and a person who stands in the file twice."""
    claimed: dict[str, int] = {}
    for unit in sheet.units:
        for head, names in (("名称", [unit.name]), ("别名", unit.aliases)):
            for name in filter(None, names):
                if claimed.setdefault(name, unit.row) != unit.row:
                    sheet.faults.append(Fault(UNITS, unit.row, head, CellFault.TWICE, name))
    people: set[str] = set()
    for person in sheet.people:
        if person.username and person.username in people:
            sheet.faults.append(Fault(PEOPLE, person.row, "登录名", CellFault.TWICE, person.username))
        people.add(person.username)


def _list(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(one_name, LIST_ENDS.split(text)))))


def _plain(text: str) -> str:
    """An address or a number as a keyboard for them would type it."""
    return unicodedata.normalize("NFKC", one_name(text))
