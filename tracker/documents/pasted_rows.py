"""Rows that were copied from a spreadsheet: cells between tabs, a cell of several lines in quotes."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass


@dataclass(frozen=True)
class PastedRow:
    """The cells of a row, and the line of the text on which it begins, counted from 1."""

    line: int
    cells: list[str]


def pasted_rows(text: str) -> list[PastedRow]:
    """The rows of a pasted text without the empty ones; a quote that is never closed is an ordinary character."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        rows = _quoted(text)
    except csv.Error:
        rows = [PastedRow(count, line.split("\t")) for count, line in enumerate(text.split("\n"), start=1)]
    return [row for row in rows if any(cell.strip() for cell in row.cells)]


def _quoted(text: str) -> list[PastedRow]:
    """The rows as a spreadsheet writes them. Raises csv.Error where the quotes are not a spreadsheet's."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True)
    rows, before = [], 0
    for cells in reader:
        rows.append(PastedRow(before + 1, cells))
        before = reader.line_num
    return rows
