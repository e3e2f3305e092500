"""A list as an Excel sheet: a head of a few lines, the names of the columns, the rows; texts never become formulas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | Decimal | date | None
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML has no way to write them
LONGEST_CELL = 32_767
LONGEST_NAME = 31
# What the first sheet of an exported ledger is called, in either language.
LEDGER_TITLES = ("任务台账", "Ledger")
THIN = Border(bottom=Side(style="thin"))
WRAPPED = Alignment(wrap_text=True, vertical="top")


@dataclass(frozen=True)
class SheetColumn:
    """A column: its name, its width in characters, and whether its texts run over several lines."""

    name: str
    width: int
    wraps: bool = False


@dataclass(frozen=True)
class Sheet:
    """One sheet of a book: its title, the lines under it, and the table."""

    title: str
    head: Sequence[str]
    columns: Sequence[SheetColumn]
    rows: Iterable[Sequence[Value]]


def sheet_of(
    title: str, head: Sequence[str], columns: Sequence[SheetColumn], rows: Iterable[Sequence[Value]], now: datetime
) -> bytes:
    """The file with one sheet."""
    return book_of(title, [Sheet(title, head, columns, rows)], now)


def book_of(title: str, sheets: Iterable[Sheet], now: datetime) -> bytes:
    """The file with some sheets; its properties name neither a person nor a machine."""
    book = Workbook(write_only=True)
    book.properties.creator = book.properties.title = legal(title)
    book.properties.created = book.properties.modified = now.replace(tzinfo=None)
    for each in sheets:
        _add(book, each)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _add(book: Workbook, said: Sheet) -> None:
    sheet = book.create_sheet(legal(said.title)[:LONGEST_NAME])
    _lay_out(sheet, len(said.head) + 2, said.columns)
    sheet.append([_text(sheet, said.title, Font(bold=True, size=16))])
    for line in said.head:
        sheet.append([_text(sheet, line)])
    sheet.append([_text(sheet, column.name, Font(bold=True), THIN) for column in said.columns])
    for row in said.rows:
        sheet.append([_cell(sheet, value, column.wraps) for value, column in zip(row, said.columns, strict=True)])


def _lay_out(sheet: Any, names_at: int, columns: Sequence[SheetColumn]) -> None:
    """Widths, and names of columns that stay in sight on the screen and on every page."""
    for place, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    sheet.freeze_panes = f"A{names_at + 1}"
    sheet.auto_filter.ref = f"A{names_at}:{get_column_letter(len(columns))}{names_at}"
    sheet.print_title_rows = f"{names_at}:{names_at}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _cell(sheet: Any, value: Value, wraps: bool) -> Any:
    """Numbers and dates as they are; a text that a program could read as a formula is marked as text."""
    if not isinstance(value, str):
        return value
    if wraps or value.startswith(BEGINS_A_FORMULA) or value.startswith("#"):
        return _text(sheet, value, alignment=WRAPPED if wraps else None)
    return legal(value)[:LONGEST_CELL]


def _text(
    sheet: Any, text: str, font: Font | None = None, border: Border | None = None, alignment: Alignment | None = None
) -> Any:
    cell = WriteOnlyCell(sheet, legal(text)[:LONGEST_CELL])
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(BEGINS_A_FORMULA)
    for name, style in (("font", font), ("border", border), ("alignment", alignment)):
        if style is not None:
            setattr(cell, name, style)
    return cell


def legal(text: str) -> str:
    """A text without what no sheet can hold."""
    return ILLEGAL.sub("", text)
