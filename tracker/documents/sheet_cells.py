"""The rows of an Excel file as plain texts by head: what every reader of a filled-in template shares."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest
from typing import Any, BinaryIO

from openpyxl import load_workbook

from tracker.documents.office_archive import Refusal, SheetRefused, check_archive
from tracker.rules.texts import one_name

MOST_ROWS = 20_000
LAST_ROW = 2 * MOST_ROWS  # empty rows between count as well, for each of them is looked at
MOST_COLUMNS = 50
EXACT_DIGITS = 15  # what Excel itself keeps of a number; further digits are what computing left over

Cells = dict[str, str]
# Of a file's sheets those that are read, by title, each with its heads.
Choice = Callable[[Sequence[str]], Mapping[str, Sequence[str]]]


class _Calculates(Exception):
    """A formula was met by a reader that does not know its value."""


@dataclass(frozen=True)
class SheetRow:
    """A row by its number in the file: the text under each head, and the heads of formulas without a value."""

    number: int
    cells: Cells
    unread: tuple[str, ...] = ()


@dataclass
class SheetPage:
    """A sheet: its title, the heads that it lacks, the place of each head, and the rows that say anything.

    ``doubled`` are the heads that stand twice, with the place of the second: which of two is meant nobody can say.
    """

    title: str
    missing: list[str] = field(default_factory=list)
    doubled: dict[str, int] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    rows: list[SheetRow] = field(default_factory=list)


def read_pages(file: BinaryIO, name: str, choose: Choice, advice: str) -> list[SheetPage]:
    """The chosen sheets of a file; rows whose first cell begins with ``advice`` are the template's own.

    Raises SheetRefused before anything of a hostile file is parsed, and where no sheet is chosen.
    """
    check_archive(file, name)
    try:
        try:
            return _read(file, choose, advice, with_values=False)
        except _Calculates:
            # Only now the second, slower way: beside each formula the value that Excel has kept of it.
            return _read(file, choose, advice, with_values=True)
    except SheetRefused:
        raise
    except Exception as error:
        # The reader of a format as loose as this meets damage in many forms; none of them is ours to tell apart.
        raise SheetRefused(Refusal.DAMAGED) from error


def _read(file: BinaryIO, choose: Choice, advice: str, with_values: bool) -> list[SheetPage]:
    typed = load_workbook(file, read_only=True, keep_links=False)
    kept = load_workbook(file, read_only=True, keep_links=False, data_only=True) if with_values else None
    for sheet in (*typed.worksheets, *(kept.worksheets if kept else ())):
        sheet.reset_dimensions()  # what a file says of its own size is often wrong, and rows beyond would be lost
    chosen = choose([sheet.title for sheet in typed.worksheets])
    if not chosen:
        raise SheetRefused(Refusal.NO_SHEET)
    return [_page(typed[title], kept[title] if kept else None, heads, advice) for title, heads in chosen.items()]


def _page(typed: Any, kept: Any, heads: Sequence[str], advice: str) -> SheetPage:
    """The rows below the heads that say anything. Raises _Calculates at a formula where no values were kept beside."""
    page = SheetPage(typed.title, list(heads))
    for number, (row, faulty) in enumerate(_texts(typed, kept), start=1):
        if number == 1:
            page.places = {head: row.index(head) for head in heads if head in row}
            page.missing = [head for head in heads if head not in page.places]
            page.doubled = {head: row.index(head, row.index(head) + 1) for head in heads if row.count(head) > 1}
            continue
        if number > LAST_ROW:
            raise SheetRefused(Refusal.TOO_MANY_ROWS)
        places = page.places
        cells = {head: row[places[head]] if places.get(head, MOST_COLUMNS) < len(row) else "" for head in heads}
        unread = tuple(head for head, place in places.items() if place in faulty)
        if (not any(cells.values()) and not unread) or cells[heads[0]].startswith(advice):
            continue
        if len(page.rows) == MOST_ROWS:
            raise SheetRefused(Refusal.TOO_MANY_ROWS)
        page.rows.append(SheetRow(number, cells, unread))
    return page


def _texts(typed: Any, kept: Any) -> Iterator[tuple[list[str], set[int]]]:
    """Each row as texts, with the places of the formulas that have no value."""
    values = kept.iter_rows(max_col=MOST_COLUMNS, values_only=True) if kept else ()
    for row, known in zip_longest(typed.iter_rows(max_col=MOST_COLUMNS), values, fillvalue=()):
        formulas = {place for place, cell in enumerate(row) if getattr(cell, "data_type", "") == "f"}
        if formulas and kept is None:
            raise _Calculates
        texts = [_text(known[place] if place in formulas else cell.value) for place, cell in enumerate(row)]
        yield texts, {place for place in formulas if not texts[place]}


def _text(value: object) -> str:
    """A cell as plain text: full-width letters, digits and spaces become plain, whole numbers carry no point."""
    if isinstance(value, float):
        value = int(value) if value.is_integer() else f"{value:.{EXACT_DIGITS}g}"
    if isinstance(value, date):
        value = value.isoformat()
    lines = str(value if value is not None else "").replace("_x000D_", "").splitlines()
    return "\n".join(filter(None, map(one_name, lines)))
