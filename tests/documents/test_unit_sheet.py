"""Files of units and people: what is read, what is named by its place, and what is never opened."""

from __future__ import annotations

import time
import zipfile
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from tracker.documents.office_archive import LARGEST_FILE, Refusal, SheetRefused
from tracker.documents.sheet_cells import MOST_ROWS
from tracker.documents.unit_sheet import read_unit_sheet, template
from tracker.models import Duty, UnitKind
from tracker.rules.unit_rows import PEOPLE, PEOPLE_HEADS, UNIT_HEADS, UNITS, CellFault, Sheet

Rows = list[list[Any]]


def book(units: Rows | None = None, people: Rows | None = None) -> bytes:
    """A file with these rows below the heads."""
    work = Workbook()
    for page in list(work.worksheets):
        work.remove(page)
    for title, heads, rows in ((UNITS, UNIT_HEADS, units), (PEOPLE, PEOPLE_HEADS, people)):
        if rows is not None:
            page = work.create_sheet(title)
            for row in ([*heads], *rows):
                page.append(row)
    file = BytesIO()
    work.save(file)
    return file.getvalue()


def read(content: bytes, name: str = "单位.xlsx") -> Sheet:
    """What is read from a file."""
    return read_unit_sheet(BytesIO(content), name)


def remade(content: bytes, **parts: bytes) -> bytes:
    """A file with some of its parts replaced or added."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename not in parts:
                new.writestr(entry.filename, old.read(entry.filename))
        for name, data in parts.items():
            new.writestr(name, data)
    return file.getvalue()


def refusal(content: bytes, name: str = "单位.xlsx") -> Refusal:
    """Why a file is not read, and that it is said quickly."""
    began = time.monotonic()
    with pytest.raises(SheetRefused) as refused:
        read(content, name)
    assert time.monotonic() - began < 5
    return refused.value.refusal


def test_rows_are_read_as_people_write_them() -> None:
    sheet = read(
        book(
            [["　财政局 ", "兴国县财政局", "部门", "县财政局、财政;财局", "各部门", "CZJ@example.cn"], [None] * 6],
            [["张三", "Zhang．San", "财政局、住建局", "联系人", 13807971234, "ｚｓ＠example.cn"]],
        )
    )
    assert sheet.faults == []
    unit, person = sheet.units[0], sheet.people[0]
    assert (unit.row, unit.name, unit.kind) == (2, "财政局", UnitKind.DEPARTMENT)
    assert unit.aliases == ("县财政局", "财政", "财局")
    assert unit.collectives == ("各部门",)
    assert (person.username, person.duty, person.phone) == ("zhang.san", Duty.CONTACT, "13807971234")
    assert person.units == ("财政局", "住建局")
    assert person.email == "zs@example.cn"


def test_the_template_is_read_as_empty() -> None:
    sheet = read(template())
    assert (sheet.units, sheet.people, sheet.faults) == ([], [], [])
    assert load_workbook(BytesIO(template())).sheetnames == [UNITS, PEOPLE]


@pytest.mark.parametrize(
    ("units", "people", "place"),
    [
        ([["", "全称"]], None, (UNITS, 2, "A", CellFault.MISSING)),
        ([["字" * 61]], None, (UNITS, 2, "A", CellFault.TOO_LONG)),
        ([["甲", "", "委员会"]], None, (UNITS, 2, "C", CellFault.NO_KIND)),
        ([["甲", "", "", "", "", "a@x.cn,b@x.cn"]], None, (UNITS, 2, "F", CellFault.NO_ADDRESS)),
        ([["甲"], ["乙", "", "", "甲"]], None, (UNITS, 3, "D", CellFault.TWICE)),
        ([["甲", "=B9"]], None, (UNITS, 2, "B", CellFault.FORMULA)),
        (None, [["张三"]], (PEOPLE, 2, "B", CellFault.MISSING)),
        (None, [["张三", "张三"]], (PEOPLE, 2, "B", CellFault.NO_USERNAME)),
        (None, [["张三", "zs", "甲", "联络员"]], (PEOPLE, 2, "D", CellFault.NO_DUTY)),
        (None, [["张三", "zs", "", "联系人"]], (PEOPLE, 2, "C", CellFault.MISSING)),
        (None, [["张三", "zs", "甲", "", "打电话"]], (PEOPLE, 2, "E", CellFault.NO_PHONE)),
        (None, [["张三", "zs"], [], ["李四", "ZS"]], (PEOPLE, 4, "B", CellFault.TWICE)),
    ],
)
def test_a_fault_is_named_by_sheet_row_and_column(
    units: Rows | None, people: Rows | None, place: tuple[Any, ...]
) -> None:
    faults = read(book(units, people)).faults
    assert [(each.sheet, each.row, each.column, each.kind) for each in faults] == [place]


def test_a_missing_head_is_a_fault() -> None:
    work = Workbook()
    work.worksheets[0].title = UNITS
    work.worksheets[0].append(["名称", "类别"])
    file = BytesIO()
    work.save(file)
    assert {each.head for each in read(file.getvalue()).faults} == {"全称", "别名", "所属集体", "邮箱"}


def test_what_is_no_plain_excel_file_is_not_opened() -> None:
    good = book([["甲"]])
    assert refusal(b"") is Refusal.NOT_EXCEL
    assert refusal(b"\xd0\xcf\x11\xe0" + b"x" * 600) is Refusal.MACROS
    for name in ("a.xlsm", "a.xls", "a.XLSB"):
        assert refusal(good, name) is Refusal.MACROS
    assert refusal(good, "a.csv") is Refusal.NOT_EXCEL
    assert refusal(remade(good, **{"xl/vbaProject.bin": b"x"})) is Refusal.MACROS
    assert refusal(good[: len(good) // 2]) is Refusal.DAMAGED
    assert refusal(remade(good, **{"xl/worksheets/sheet1.xml": b"<worksheet"})) is Refusal.DAMAGED
    word = BytesIO()
    with zipfile.ZipFile(word, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    assert refusal(word.getvalue()) is Refusal.NOT_EXCEL


def test_what_bursts_is_refused_before_it_is_unpacked() -> None:
    good = book([["甲"]])
    assert refusal(good + b"\0" * LARGEST_FILE) is Refusal.TOO_LARGE
    assert refusal(remade(good, **{"xl/media/a.bin": b"\0" * (60 * 1024 * 1024)})) is Refusal.BURSTS
    assert refusal(remade(good, **{"xl/sharedStrings.xml": b"a" * (5 * 1024 * 1024)})) is Refusal.BURSTS
    assert refusal(remade(good, **{f"xl/media/{n}": b"x" for n in range(501)})) is Refusal.BURSTS


def test_a_size_that_lies_in_the_header_is_found() -> None:
    content = bytearray(remade(book([["甲"]]), **{"xl/media/a.bin": b"\0" * 2_000_000}))
    place = content.rindex(b"xl/media/a.bin") - 46
    assert content[place : place + 4] == b"PK\x01\x02"
    content[place + 24 : place + 28] = (10).to_bytes(4, "little")
    assert refusal(bytes(content)) in {Refusal.DAMAGED, Refusal.BURSTS}


DECLARATIONS = {
    "file": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
    "http": '<!DOCTYPE x [<!ENTITY a SYSTEM "http://127.0.0.1:9/a">]>',
    "laughs": '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>',
    "outside": '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/a.dtd">',
    "empty": "<!DOCTYPE x>",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp037"])
@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/workbook.xml", "xl/worksheets/odd.bin", "_rels/.rels"])
@pytest.mark.parametrize("declared", DECLARATIONS)
def test_a_document_type_is_refused_wherever_and_however_it_is_written(declared: str, part: str, encoding: str) -> None:
    said = f'<?xml version="1.0" encoding="{encoding}"?>'
    body = f"{DECLARATIONS[declared]}<x>&a;</x>"
    data = said.encode() + body.encode(encoding) if encoding == "cp037" else (said + body).encode(encoding)
    expected = {Refusal.DECLARES} | ({Refusal.DAMAGED} if encoding == "cp037" else set())
    content = remade(book([["甲"]]), **{part: data})
    if encoding == "cp037" and part.endswith(".bin"):
        return  # no parser of ours reads it as XML at all
    assert refusal(content) in expected


def test_too_many_rows_are_refused_and_a_row_far_below_is_read() -> None:
    with pytest.raises(SheetRefused) as refused:
        read(book([[f"单位{n}"] for n in range(MOST_ROWS + 1)]))
    assert refused.value.refusal is Refusal.TOO_MANY_ROWS
    work = Workbook()
    page = work.worksheets[0]
    page.title = UNITS
    page.append([*UNIT_HEADS])
    page.cell(30_000, 1, "很下面的局")
    file = BytesIO()
    work.save(file)
    assert [(row.row, row.name) for row in read(file.getvalue()).units] == [(30_000, "很下面的局")]


def test_a_formula_counts_by_the_value_that_was_kept() -> None:
    content = book([["甲", "=B9"]])
    with zipfile.ZipFile(BytesIO(content)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    kept = xml.replace("<f>B9</f><v />", "<f>B9</f><v>5</v>").replace("<f>B9</f><v></v>", "<f>B9</f><v>5</v>")
    kept = kept.replace("<f>B9</f><v/>", "<f>B9</f><v>5</v>")
    assert kept != xml
    sheet = read(remade(content, **{"xl/worksheets/sheet1.xml": kept.encode()}))
    assert (sheet.faults, sheet.units[0].full_name) == ([], "5")


def test_a_file_that_says_a_wrong_size_of_itself_loses_no_row() -> None:
    content = book([["财政局", "", "部门", "", "", ""], ["住建局", "", "部门", "", "", ""]])
    with zipfile.ZipFile(BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").replace(b'<dimension ref="A1:F3"', b'<dimension ref="A1"')
    assert b'ref="A1"' in sheet
    found = read(remade(content, **{"xl/worksheets/sheet1.xml": sheet}))
    assert [unit.name for unit in found.units] == ["财政局", "住建局"]


def test_a_cell_at_the_far_end_is_refused_and_takes_no_time() -> None:
    content = book([["财政局", "", "部门", "", "", ""]])
    far = b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    with zipfile.ZipFile(BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").replace(b"</sheetData>", far)
    begun = time.monotonic()
    with pytest.raises(SheetRefused) as refused:
        read(remade(content, **{"xl/worksheets/sheet1.xml": sheet}))
    assert refused.value.refusal is Refusal.TOO_MANY_ROWS
    assert time.monotonic() - begun < 5


def test_a_head_that_stands_twice_is_named_at_its_second_place() -> None:
    work = load_workbook(BytesIO(book(units=[["财政局"]])))
    work[UNITS].cell(1, len(UNIT_HEADS) + 1, "名称")
    file = BytesIO()
    work.save(file)
    [fault] = read(file.getvalue()).faults
    assert (fault.row, fault.column, fault.head, fault.kind) == (1, "G", "名称", CellFault.HEAD_TWICE)
