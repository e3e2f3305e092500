"""Sheets to be filled in: what is stored already never keeps one from being written."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

from openpyxl import Workbook, load_workbook

from tracker.documents.filled_sheet import fill_sheet
from tracker.documents.ledger_sheet import SheetColumn, sheet_of

ODD = "开工\ufffe\uffff\x0b\ud800"


def test_a_sheet_to_be_filled_in_leaves_out_what_no_file_can_hold() -> None:
    book, kept = Workbook(), BytesIO()
    fill_sheet(book.active, ["节点"], ["说明："], [[ODD]], {}, 1)
    book.save(kept)
    assert load_workbook(kept).active["A3"].value == "开工"


def test_a_list_leaves_out_what_no_file_can_hold() -> None:
    kept = sheet_of(f"清单{ODD}", [ODD], [SheetColumn("节点", 10)], [[ODD]], datetime(2026, 3, 6, tzinfo=UTC))
    assert [row[0] for row in load_workbook(BytesIO(kept)).active.values][1:] == ["开工", "节点", "开工"]
