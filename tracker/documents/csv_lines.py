"""Lists as CSV that a spreadsheet opens: UTF-8 with a mark, and no cell that it would take for a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

# Without it Excel reads Chinese as the machine's old code page.
MARK = "\ufeff"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """The lines of some rows, each ended by CR LF (RFC 4180); None is an empty cell.

    Every cell is quoted: a spreadsheet that parts at another sign would see formulas behind it.
    """
    text = StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([safe_cell(cell) for cell in row] for row in rows)
    return text.getvalue()


def safe_cell(value: object) -> str:
    """A cell that stays text: what would begin a formula is led by an apostrophe."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" \n").startswith(FORMULA) and not isinstance(value, int | float) else text
