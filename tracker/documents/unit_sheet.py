"""Units and people as an Excel file: the template that people fill in, and what they filled in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from io import BytesIO
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from tracker.documents.sheet_cells import Cells, read_pages
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


def read_unit_sheet(file: BinaryIO, name: str) -> Sheet:
    """The units and people of a file. Raises SheetRefused before anything of a hostile one is parsed."""
    sheet = Sheet()
    for page in read_pages(file, name, _chosen, EXAMPLE):
        heads, read = (UNIT_HEADS, _read_unit) if page.title == UNITS else (PEOPLE_HEADS, _read_person)
        sheet.faults += [Fault(page.title, 1, head, CellFault.NO_HEAD) for head in heads if head in page.missing]
        for head, place in page.doubled.items():
            sheet.faults.append(Fault(page.title, 1, head, CellFault.HEAD_TWICE, at=get_column_letter(place + 1)))
        for row in page.rows:
            sheet.faults += [Fault(page.title, row.number, head, CellFault.FORMULA) for head in row.unread]
            read(row.number, row.cells, sheet)
    _find_doubles(sheet)
    return sheet


def _chosen(titles: Sequence[str]) -> dict[str, Sequence[str]]:
    heads = {UNITS: UNIT_HEADS, PEOPLE: PEOPLE_HEADS}
    return {title: heads[title] for title in heads if title in titles}


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
