"""Files of schools' numbers: what is read, what is named by its place, and what is never opened."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from tests.documents.test_unit_sheet import remade
from tracker.documents.office_archive import LARGEST_FILE, Refusal, SheetRefused
from tracker.documents.school_sheet import read_school_sheet, template
from tracker.documents.sheet_cells import MOST_ROWS
from tracker.forms.school_years import HELD
from tracker.rules.school_figures import SCHOOL_FIGURES, YUAN, FigureUnit
from tracker.rules.school_rows import (
    COUNTED_ON,
    HEAD_OF,
    HEADS,
    KIND,
    SCHOOL,
    SOURCE,
    STAGE,
    CellFault,
    SchoolLine,
    SchoolSheet,
)
from tracker.rules.stages import SchoolKind, Stage

TODAY = date(2026, 3, 6)
YEAR = 2025
Line = dict[str, Any]


def line(school: str = "第一小学", stage: str = "小学", **numbers: Any) -> Line:
    """A line by head; numbers by the code of their figure."""
    return {SCHOOL: school, STAGE: stage} | {HEAD_OF.get(code, code): value for code, value in numbers.items()}


def book(*lines: Line, title: str = f"{YEAR}学年", heads: tuple[str, ...] = HEADS) -> bytes:
    """A file with these lines below the heads."""
    work = Workbook()
    page = work.worksheets[0]
    page.title = title
    page.append(heads)
    for each in lines:
        page.append([each.get(head) for head in heads])
    file = BytesIO()
    work.save(file)
    return file.getvalue()


def read(content: bytes, name: str = "学校.xlsx") -> SchoolSheet:
    """What is read from a file."""
    return read_school_sheet(BytesIO(content), name, TODAY)


def places(sheet: SchoolSheet) -> list[tuple[int, str, CellFault]]:
    """The faults by row and head."""
    return [(each.row, each.head, each.kind) for each in sheet.faults]


def test_rows_are_read_as_people_write_them() -> None:
    sheet = read(
        book(
            line(
                students="１，９８０", classes=44.0, teaching_area_m2=9120.5, equipment_yuan=418.0001, music_rooms="无"
            )
            | {COUNTED_ON: date(2025, 9, 1), SOURCE: "学年初报表", KIND: "普通学校"},
            {},
            line("第二小学", students=0, sports_ground_m2="11200.25", equipment_yuan="—")
            | {COUNTED_ON: "2025年9月5日"},
        )
    )
    assert sheet.faults == []
    assert sheet.year == YEAR
    first, second = sheet.rows
    assert first.numbers == {
        "students": 1980,
        "classes": 44,
        "teaching_area_m2": Decimal("9120.5"),
        "equipment_yuan": 4_180_001,
        "music_rooms": None,
    }
    assert (first.counted_on, first.source, first.kind) == (date(2025, 9, 1), "学年初报表", SchoolKind.SCHOOL)
    assert (second.row, second.numbers["students"], second.numbers["equipment_yuan"]) == (4, 0, None)
    assert (second.counted_on, "classes" in second.numbers) == (date(2025, 9, 5), False)


def test_what_computing_left_over_is_no_decimal() -> None:
    assert read(book(line(equipment_yuan=0.1 + 0.2))).rows[0].numbers == {"equipment_yuan": 3000}


def test_the_template_comes_back_as_it_was_filled() -> None:
    lines = [
        SchoolLine(
            "列宁学校", SchoolKind.SCHOOL, Stage.PRIMARY, TODAY, "报表", {"students": 10, "equipment_yuan": 12345}
        ),
        SchoolLine("列宁学校", SchoolKind.SCHOOL, Stage.JUNIOR, TODAY, "报表", {"students": 0}, is_first=False),
        SchoolLine("=1+1", SchoolKind.SPECIAL, None, None, "", {}),
    ]
    content = template(YEAR, lines, lines)
    work = load_workbook(BytesIO(content))
    assert work.sheetnames == ["2025学年", "2024学年对照"]
    assert [each.data_type for each in work.worksheets[0]["A"]] == ["s"] * 5
    sheet = read(content)
    assert sheet.faults == []
    assert [(row.school, row.stage, dict(row.numbers)) for row in sheet.rows] == [
        ("列宁学校", Stage.PRIMARY, {"students": 10, "equipment_yuan": 12345}),
        ("列宁学校", Stage.JUNIOR, {"students": 0}),
        ("=1+1", None, {}),
    ]


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ([line("", students=1)], (2, SCHOOL, CellFault.MISSING)),
        ([line("校" * 61)], (2, SCHOOL, CellFault.TOO_LONG)),
        ([line(stage="九年一贯制")], (2, STAGE, CellFault.NO_STAGE)),
        ([line() | {KIND: "大学"}], (2, KIND, CellFault.NO_KIND)),
        ([line() | {COUNTED_ON: "2025-02-30"}], (2, COUNTED_ON, CellFault.NO_DAY)),
        ([line() | {COUNTED_ON: "2026-03-07"}], (2, COUNTED_ON, CellFault.NO_DAY)),
        ([line(students="约二百")], (2, HEAD_OF["students"], CellFault.NO_NUMBER)),
        ([line(students="1e5")], (2, HEAD_OF["students"], CellFault.NO_NUMBER)),
        ([line(students=-1)], (2, HEAD_OF["students"], CellFault.NEGATIVE)),
        ([line(students=10**7)], (2, HEAD_OF["students"], CellFault.TOO_LARGE)),
        ([line(classes=1.5)], (2, HEAD_OF["classes"], CellFault.DECIMALS)),
        ([line(teaching_area_m2="1.005")], (2, HEAD_OF["teaching_area_m2"], CellFault.DECIMALS)),
        ([line(equipment_yuan="0.00001")], (2, HEAD_OF["equipment_yuan"], CellFault.DECIMALS)),
        ([line(students="=B9")], (2, HEAD_OF["students"], CellFault.FORMULA)),
        ([line(stage="", students=1)], (2, HEAD_OF["students"], CellFault.OF_NO_STAGE)),
        ([line(students=1), line(students=2)], (3, STAGE, CellFault.TWICE)),
        (
            [line(equipment_yuan=1), line(stage="初中", equipment_yuan=2)],
            (3, HEAD_OF["equipment_yuan"], CellFault.TWO_VALUES),
        ),
    ],
)
def test_a_fault_is_named_by_row_and_head(lines: list[Line], fault: tuple[int, str, CellFault]) -> None:
    assert places(read(book(*lines))) == [fault]


def test_all_faults_are_told_at_once_and_by_the_letter_of_the_column() -> None:
    heads = (STAGE, SCHOOL, *HEADS[3:], KIND)
    sheet = read(book(line("", students="x"), line("甲", classes="y"), heads=heads))
    assert [(each.row, each.column) for each in sheet.faults] == [(2, "B"), (2, "E"), (3, "F")]


def test_a_missing_head_is_a_fault() -> None:
    assert places(read(book(line(students=1), heads=HEADS[:-1]))) == [(1, HEADS[-1], CellFault.NO_HEAD)]


def refusal(content: bytes, name: str = "学校.xlsx") -> Refusal:
    """Why a file is not read."""
    with pytest.raises(SheetRefused) as refused:
        read(content, name)
    return refused.value.refusal


def test_a_file_must_say_one_year() -> None:
    assert refusal(book(line(), title="学校数据")) is Refusal.NO_SHEET
    work = load_workbook(BytesIO(book(line())))
    work.create_sheet("2024学年")
    file = BytesIO()
    work.save(file)
    assert refusal(file.getvalue()) is Refusal.NO_SHEET


def test_a_hostile_file_is_not_opened() -> None:
    good = book(line(students=1))
    assert refusal(good, "a.xlsm") is Refusal.MACROS
    assert refusal(remade(good, **{"xl/vbaProject.bin": b"x"})) is Refusal.MACROS
    assert refusal(b"%PDF-1.4") is Refusal.NOT_EXCEL
    assert refusal(good[: len(good) // 2]) is Refusal.DAMAGED
    assert refusal(good + b"x" * LARGEST_FILE) is Refusal.TOO_LARGE
    assert refusal(remade(good, **{"xl/bomb.xml": b"<a>" + b" " * 60_000_000 + b"</a>"})) is Refusal.BURSTS
    entity = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    assert refusal(remade(good, **{"xl/workbook.xml": entity})) is Refusal.DECLARES


def test_a_file_with_too_many_rows_is_not_read() -> None:
    work = Workbook(write_only=True)
    page = work.create_sheet("2025学年")
    page.append(HEADS)
    for number in range(MOST_ROWS + 1):
        page.append([f"学校{number}"])
    file = BytesIO()
    work.save(file)
    assert refusal(file.getvalue()) is Refusal.TOO_MANY_ROWS


@pytest.mark.parametrize("code", list(SCHOOL_FIGURES))
def test_a_file_takes_as_much_of_a_number_as_the_form_does(code: str) -> None:
    form = HELD[SCHOOL_FIGURES[code].unit]
    is_money = SCHOOL_FIGURES[code].unit is FigureUnit.MONEY
    largest, step = (
        (form.largest / YUAN, Decimal("0.0001")) if is_money else (form.largest, Decimal(10) ** -form.decimals)
    )
    taken, refused = read(book(line(**{code: largest}))), read(book(line(**{code: largest + step})))
    assert taken.rows[0].numbers == {code: form.largest}
    assert places(refused) == [(2, HEAD_OF[code], CellFault.TOO_LARGE)]


def test_a_head_that_stands_twice_is_named_at_its_second_place() -> None:
    sheet = read(book(line(students=3), heads=(*HEADS, HEAD_OF["students"])))
    assert [(each.row, each.column, each.head, each.kind) for each in sheet.faults] == [
        (1, get_column_letter(len(HEADS) + 1), HEAD_OF["students"], CellFault.HEAD_TWICE)
    ]
