"""Read an Excel file (.xlsx): every sheet a table under its title, merged cells unfolded, hidden parts read as well."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import zip_longest
from typing import Any, BinaryIO

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel

from tracker.documents.office_archive import Refusal, SheetRefused, check_archive
from tracker.documents.paper import Block, Cell, Paper, Paragraph, Table
from tracker.documents.readers.excel_shapes import Shape, links_outside, shapes_of
from tracker.documents.readers.extent import Extent
from tracker.documents.readers.notes import Notes
from tracker.documents.readers.refused import PaperRefused
from tracker.documents.readers.text_lines import seen_lines
from tracker.documents.sheet_cells import EXACT_DIGITS, LAST_ROW, MOST_COLUMNS, MOST_ROWS
from tracker.rules.reading.papers import NoteKind, PaperKind

NO_TITLE = re.compile(r"(?:sheet|工作表)\s*\d*", re.IGNORECASE)
# Columns in which a bare number is a day counted by Excel.
DAY_HEAD = re.compile(r"时限|期限|日期|时间|截止")
DAYS = range(36_526, 73_051)  # 2000 to 2099
HEAD_ROWS = 5
MOST_COVERED = 1_000_000
LONGEST_REPEATED = 2_000
EMPTY = Cell("")
Grid = list[list[Cell]]


class _Calculates(Exception):
    """A formula was met while only formulas were read."""


def read_excel(file: BinaryIO) -> Paper:
    """The blocks of an Excel file. Raises SheetRefused."""
    check_archive(file, "book.xlsx")
    try:
        with zipfile.ZipFile(file) as archive:
            shapes = shapes_of(archive)
            outside = links_outside(archive)
        try:
            return _Book(file, shapes, outside, with_values=False).paper()
        except _Calculates:
            return _Book(file, shapes, outside, with_values=True).paper()
    except (SheetRefused, PaperRefused):
        raise
    except Exception as error:
        # A format as loose as this is damaged in many ways; none of them is ours to tell apart.
        raise SheetRefused(Refusal.DAMAGED) from error


class _Book:
    """One reading of a workbook; ``with_values`` also takes what Excel kept as the value of each formula."""

    def __init__(self, file: BinaryIO, shapes: dict[str, Shape], outside: int, with_values: bool) -> None:
        self.typed = load_workbook(file, read_only=True, keep_links=False)
        self.kept = load_workbook(file, read_only=True, keep_links=False, data_only=True) if with_values else None
        self.shapes, self.notes, self.extent, self.said = shapes, Notes(), Extent(), 0
        if outside:
            self.notes.add(NoteKind.OUTSIDE_LINK, times=outside)

    def paper(self) -> Paper:
        """Every sheet in its order."""
        blocks: list[Block] = []
        for count, sheet in enumerate(self.typed.worksheets, start=1):
            blocks += self._sheet(sheet, count)
        placed = [
            Paragraph(block.text, place) if isinstance(block, Paragraph) else block
            for place, block in enumerate(blocks, start=1)
        ]
        return Paper(PaperKind.EXCEL, tuple(placed), self.notes.all())

    def _sheet(self, sheet: Any, count: int) -> Iterator[Block]:
        shape = self.shapes.get(sheet.title, Shape())
        grid = self._grid(sheet)
        _cover(grid, shape)
        first = next((place for place, row in enumerate(grid) if _says(row)), None)
        if first is None:
            return
        last = max(place for place, row in enumerate(grid) if _says(row))
        width = max(place for row in grid for place, cell in enumerate(row, 1) if cell.text and not cell.inherited)
        rows = [(*row[:width], *[EMPTY] * (width - len(row))) for row in grid[first : last + 1]]
        self._note_hidden(sheet.title, shape, last + 1, width)
        if not NO_TITLE.fullmatch(sheet.title.strip()):
            yield Paragraph(sheet.title.strip(), 0)
        while len(rows) > 1 and width > 1 and sum(bool(cell.text) and not cell.inherited for cell in rows[0]) <= 1:
            # A row of one cell above the table is its name, or a line under it.
            if text := next((cell.text for cell in rows[0] if cell.text), ""):
                yield Paragraph(text, 0)
            rows.pop(0)
            first += 1
        yield Table(tuple(rows), count, first + 1, sheet.title)

    def _note_hidden(self, title: str, shape: Shape, rows: int, columns: int) -> None:
        hidden_rows = [each for each in shape.hidden_rows if each <= rows]
        hidden_columns = [each for each in shape.hidden_columns if each <= columns]
        if shape.hidden:
            self.notes.add(NoteKind.HIDDEN_SHEET, title)
        if hidden_rows:
            self.notes.add(NoteKind.HIDDEN_ROWS, f"{title}!{hidden_rows[0]}", len(hidden_rows))
        if hidden_columns:
            where = f"{title}!{get_column_letter(hidden_columns[0])}"
            self.notes.add(NoteKind.HIDDEN_COLUMNS, where, len(hidden_columns))

    def _grid(self, sheet: Any) -> Grid:
        sheet.reset_dimensions()  # what a file says of its own size is often wrong
        kept_rows: Any = ()
        if self.kept is not None:
            kept = self.kept[sheet.title]
            kept.reset_dimensions()
            kept_rows = kept.iter_rows(max_col=MOST_COLUMNS, values_only=True)
        grid: Grid = []
        days: set[int] = set()
        for row, known in zip_longest(sheet.iter_rows(max_col=MOST_COLUMNS), kept_rows, fillvalue=()):
            if len(grid) == LAST_ROW:
                raise SheetRefused(Refusal.TOO_MANY_ROWS)
            texts = [self._text(sheet.title, cell, place, known, days) for place, cell in enumerate(row)]
            self.extent.cells(texts)
            if len(grid) < HEAD_ROWS:
                days |= {place for place, text in enumerate(texts) if DAY_HEAD.search(text)}
            grid.append([Cell(text) if text else EMPTY for text in texts])
            self.said += any(texts)
            if self.said > MOST_ROWS:
                raise SheetRefused(Refusal.TOO_MANY_ROWS)
        return grid

    def _text(self, title: str, cell: Any, place: int, known: Sequence[Any], days: set[int]) -> str:
        value = cell.value
        if getattr(cell, "data_type", "") == "f":
            if self.kept is None:
                raise _Calculates
            value = known[place] if place < len(known) else None
            if value is None:
                self.notes.add(NoteKind.UNREAD_FORMULA, f"{title}!{cell.coordinate}")
        if place in days and type(value) in {int, float} and value in DAYS:
            value = from_excel(value, self.typed.epoch)
        return seen_lines(text_of(value, getattr(cell, "number_format", None) or ""))


def text_of(value: object, number_format: str = "") -> str:
    """A value as it is read aloud: 2023-12-31, 85%, a whole number without a point."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float) and number_format.endswith("%"):
        return f"{value * 100:.{EXACT_DIGITS}g}%"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.{EXACT_DIGITS}g}"
    return str(value if value is not None else "").replace("_x000D_", "").replace("\r", "\n")


def _says(row: list[Cell]) -> bool:
    return any(cell.text for cell in row)


def _cover(grid: Grid, shape: Shape) -> None:
    """Repeat the text of merged cells in those that they cover."""
    covered = 0
    for left, top, right, bottom in shape.merged:
        if top > len(grid) or left > len(grid[top - 1]):
            continue
        bottom = min(bottom, len(grid))
        right = min(right, MOST_COLUMNS)
        covered += (bottom - top + 1) * (right - left + 1)
        if covered > MOST_COVERED:
            raise SheetRefused(Refusal.BURSTS)
        cell = Cell(grid[top - 1][left - 1].text[:LONGEST_REPEATED], inherited=True)
        for row in grid[top - 1 : bottom]:
            row += [EMPTY] * (right - len(row))
            for place in range(left - 1, right):
                if row is not grid[top - 1] or place != left - 1:
                    row[place] = cell
