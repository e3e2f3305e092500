"""Excel files: merged cells, hidden parts, dates of every kind, formulas."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.documents.readers.test_plain_text import tables, texts
from tracker.documents.paper import Paper, Table
from tracker.documents.readers.excel import text_of
from tracker.documents.readers.paper_reader import read_paper
from tracker.documents.readers.refused import PaperRefusal, PaperRefused
from tracker.rules.reading.papers import NoteKind


def saved(book: Workbook) -> BytesIO:
    """The file of a workbook."""
    file = BytesIO()
    book.save(file)
    return file


def read(fill: Callable[[Any], None]) -> Paper:
    """A workbook of one sheet that ``fill`` fills."""
    book = Workbook()
    fill(book.active)
    return read_paper(saved(book), "清单.xlsx")


def noted(paper: Paper) -> list[tuple[NoteKind, int, str]]:
    """The notes in plain values."""
    return [(note.kind, note.count, note.where) for note in paper.notes]


def test_merged_cells_are_unfolded_under_the_name_of_the_sheet() -> None:
    def fill(sheet: Any) -> None:
        sheet.title = "任务清单"
        sheet.append(["清河县农村公路任务清单", None, None])
        sheet.append(["类别", "任务", "单位"])
        sheet.append(["新建", "东环路", "交通局\n财政局"])
        sheet.append([None, "西环路", None])
        for cells in ("A1:C1", "A3:A4", "C3:C4"):
            sheet.merge_cells(cells)

    paper = read(fill)
    assert texts(paper) == ["任务清单", "清河县农村公路任务清单"]
    assert tables(paper) == [
        [["类别", "任务", "单位"], ["新建", "东环路", "交通局\n财政局"], ["^新建", "西环路", "^交通局\n财政局"]]
    ]
    found = paper.blocks[-1]
    assert isinstance(found, Table)
    assert (found.first_row, found.sheet) == (2, "任务清单")


def test_rows_keep_their_numbers_and_empty_edges_go() -> None:
    def fill(sheet: Any) -> None:
        sheet["B3"], sheet["C3"], sheet["B5"], sheet["C5"] = "任务", "单位", "东环路", "交通局"

    found = read(fill).blocks[0]
    assert isinstance(found, Table)
    assert found.first_row == 3
    assert [[cell.text for cell in row] for row in found.rows] == [
        ["", "任务", "单位"],
        ["", "", ""],
        ["", "东环路", "交通局"],
    ]


def test_hidden_rows_columns_and_sheets_are_read_and_noted() -> None:
    book = Workbook()
    book.active.append(["任务", "单位"])
    book.active.append(["东环路", "交通局"])
    book.active.row_dimensions[2].hidden = True
    book.active.column_dimensions["B"].hidden = True
    other = book.create_sheet("旧表")
    other.append(["项目", "投资"])
    other.sheet_state = "veryHidden"
    paper = read_paper(saved(book), "a.xlsx")
    assert tables(paper) == [[["任务", "单位"], ["东环路", "交通局"]], [["项目", "投资"]]]
    assert noted(paper) == [
        (NoteKind.HIDDEN_ROWS, 1, "Sheet!2"),
        (NoteKind.HIDDEN_COLUMNS, 1, "Sheet!B"),
        (NoteKind.HIDDEN_SHEET, 1, "旧表"),
    ]


@pytest.mark.parametrize("mac", [False, True])
def test_days_are_read_as_days_in_both_calendars(mac: bool) -> None:
    book = Workbook()
    if mac:
        book.epoch = CALENDAR_MAC_1904
    book.active.append(["完成时限", "学位"])
    book.active.append([date(2023, 12, 31), 45291])
    book.active.append(["2023年12月底前", 500])
    book.active.append([45291 - (1462 if mac else 0), 1])
    paper = read_paper(saved(book), "a.xlsx")
    assert [row[0] for row in tables(paper)[0]] == ["完成时限", "2023-12-31", "2023年12月底前", "2023-12-31"]
    assert tables(paper)[0][1][1] == "45291"


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (3.0, "General", "3"),
        (0.1 + 0.2, "General", "0.3"),
        (0.85, "0%", "85%"),
        (0.745, "0.0%", "74.5%"),
        (datetime(2024, 5, 6, 8, 30), "", "2024-05-06 08:30"),
        (datetime(2024, 5, 6), "", "2024-05-06"),
        (True, "", "TRUE"),
        (None, "", ""),
        ("甲_x000D_\n乙", "", "甲\n乙"),
    ],
)
def test_values_are_written_as_people_see_them(value: object, number_format: str, text: str) -> None:
    assert text_of(value, number_format) == text


def with_kept_value(file: BytesIO, value: str) -> BytesIO:
    """The file with this value kept beside its formula."""
    changed = BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name).decode()
            new.writestr(name, re.sub(r"</f><v ?/>|</f><v></v>", f"</f><v>{value}</v>", content))
    return changed


def test_a_formula_is_its_value_and_one_without_a_value_is_noted() -> None:
    book = Workbook()
    book.active.append(["项目", "投资"])
    book.active.append(["东环路", "=1+2"])
    file = saved(book)
    assert noted(read_paper(file, "a.xlsx")) == [(NoteKind.UNREAD_FORMULA, 1, "Sheet!B2")]
    kept = read_paper(with_kept_value(file, "3"), "a.xlsx")
    assert tables(kept)[0][1] == ["东环路", "3"]
    assert not kept.notes


def test_too_many_rows_are_refused() -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for count in range(20_001):
        sheet.append([str(count * 7919)])
    with pytest.raises(PaperRefused) as refused:
        read_paper(saved(book), "a.xlsx")
    assert refused.value.refusal is PaperRefusal.TOO_MANY_ROWS


def test_merged_cells_without_end_are_cut_to_the_table() -> None:
    book = Workbook()
    book.active.append(["任务", "单位"])
    book.active.append(["东环路", "交通局"])
    book.active.merge_cells("A2:B2")
    changed = BytesIO()
    with zipfile.ZipFile(saved(book)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'"A2:B2"', b'"A2:XFD1048576"'))
    assert [len(row) for row in tables(read_paper(changed, "a.xlsx"))[0]] == [2, 2]
