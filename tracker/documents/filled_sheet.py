"""A sheet to be filled in: heads that stay in sight, advice below, rows in which no text becomes a formula."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from tracker.documents.ledger_sheet import legal

Value = str | int | Decimal | date | None
USUAL_WIDTH = 13
HEAD_HEIGHT = 48


def fill_sheet(
    page: Any,
    heads: Sequence[str],
    advice: Iterable[str],
    rows: Iterable[Sequence[Value]],
    widths: Mapping[str, int],
    still: int,
) -> None:
    """Write heads, advice and rows; the heads and the first ``still`` columns stay in sight."""
    page.append(heads)
    for line in advice:
        page.append([_legal(line)])
        page.cell(page.max_row, 1).font = Font(color="FF5F6B7A")
    page.freeze_panes = f"{get_column_letter(still + 1)}{page.max_row + 1}"
    for row in rows:
        page.append([_legal(value) for value in row])
    for place, head in enumerate(heads, start=1):
        cell = page.cell(1, place)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        page.column_dimensions[get_column_letter(place)].width = widths.get(head, USUAL_WIDTH)
    page.row_dimensions[1].height = HEAD_HEIGHT
    _mark_texts(page)


def _mark_texts(page: Any) -> None:
    """Mark every text below the heads as text: nothing that somebody typed becomes a formula."""
    for row in page.iter_rows(min_row=2):
        for cell in row:
            if isinstance(cell.value, str):
                cell.data_type = "s"
                cell.quotePrefix = cell.value.startswith(("=", "+", "-", "@"))


def _legal(value: Value) -> Value:
    return legal(value) if isinstance(value, str) else value
