"""The rows of an Excel file as plain texts by head: what every reader of a filled-in template shares."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import zip_longest
from typing import Any, BinaryIO

from openpyxl import load_workbook
from openpyxl.utils.datetime import WINDOWS_EPOCH

from tracker.documents.office_archive import Refusal, SheetRefused, check_archive
from tracker.rules.texts import one_name

MOST_ROWS = 20_000
LAST_ROW = 2 * MOST_ROWS  # empty rows between count as well, for each of them is looked at
MOST_COLUMNS = 50
EXACT_DIGITS = 15  # what Excel itself keeps of a number; further digits are what computing left over

Cells = dict[str, str]
# Of a file's sheets those that are read, by title, each with its heads.
Choice = Callable[[Sequence[str]], Mapping[str, Sequence[str]]]
AsText = Callable[[object], str]


class _Calculates(Exception):
    """A formula was met by a reader that does not know its value."""


@dataclass(frozen=True)
class SheetRow:
    """A row by its number in the file: the text under each head, and the heads of formulas without a value.

    ``broken`` are the heads of Excel's own error values, ``counted`` those of cells that are numbers and not texts.
    """

    number: int
    cells: Cells
    unread: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()


@dataclass
class SheetPage:
    """A sheet: its title, the heads that it lacks, the place of each head, and the rows that say anything.

    ``doubled`` are the heads that stand twice, with the place of the second: which of two is meant nobody can say.
    ``epoch`` is the day from which the file counts its days.
    """

    title: str
    missing: list[str] = field(default_factory=list)
    doubled: dict[str, int] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    rows: list[SheetRow] = field(default_factory=list)
    epoch: datetime = WINDOWS_EPOCH


@dataclass(frozen=True)
class _Line:
    """A row as texts, with the places of formulas without a value, of error values and of numbers."""

    texts: list[str]
    faulty: set[int]
    broken: set[int]
    counted: set[int]


def one_name_each_line(value: object) -> str:
    """A cell as plain text: full-width letters, digits and spaces become plain, whole numbers carry no point."""
    return "\n".join(filter(None, map(one_name, cell_text(value).replace("_x000D_", "").splitlines())))


def cell_text(value: object) -> str:
    """A cell as the text that stands in it; numbers without what computing left over, days as 2026-03-31."""
    if isinstance(value, float):
        value = int(value) if value.is_integer() else f"{value:.{EXACT_DIGITS}g}"
    if isinstance(value, date):
        value = value.isoformat()
    return str(value if value is not None else "")


def read_pages(
    file: BinaryIO, name: str, choose: Choice, advice: str, as_text: AsText = one_name_each_line
) -> list[SheetPage]:
    """The chosen sheets of a file; rows whose first cell begins with ``advice`` are the template's own.

    Raises SheetRefused before anything of a hostile file is parsed, and where no sheet is chosen.
    """
    check_archive(file, name)
    try:
        try:
            return _read(file, choose, advice, as_text, with_values=False)
        except _Calculates:
            # Only now the second, slower way: beside each formula the value that Excel has kept of it.
            return _read(file, choose, advice, as_text, with_values=True)
    except SheetRefused:
        raise
    except Exception as error:
        # The reader of a format as loose as this meets damage in many forms; none of them is ours to tell apart.
        raise SheetRefused(Refusal.DAMAGED) from error


def _read(file: BinaryIO, choose: Choice, advice: str, as_text: AsText, with_values: bool) -> list[SheetPage]:
    typed = load_workbook(file, read_only=True, keep_links=False)
    kept = load_workbook(file, read_only=True, keep_links=False, data_only=True) if with_values else None
    for sheet in (*typed.worksheets, *(kept.worksheets if kept else ())):
        sheet.reset_dimensions()  # what a file says of its own size is often wrong, and rows beyond would be lost
    chosen = choose([sheet.title for sheet in typed.worksheets])
    if not chosen:
        raise SheetRefused(Refusal.NO_SHEET)
    pages = []
    for title, heads in chosen.items():
        page = SheetPage(title, list(heads), epoch=typed.epoch)
        _fill(page, _lines(typed[title], kept[title] if kept else None, as_text), heads, advice)
        pages.append(page)
    return pages


def _fill(page: SheetPage, lines: Iterator[_Line], heads: Sequence[str], advice: str) -> None:
    """The rows below the heads that say anything. Raises _Calculates at a formula where no values were kept beside."""
    for number, line in enumerate(lines, start=1):
        row = line.texts
        if number == 1:
            row = [one_name_each_line(text) for text in row]
            page.places = {head: row.index(head) for head in heads if head in row}
            page.missing = [head for head in heads if head not in page.places]
            page.doubled = {head: row.index(head, row.index(head) + 1) for head in heads if row.count(head) > 1}
            continue
        if number > LAST_ROW:
            raise SheetRefused(Refusal.TOO_MANY_ROWS)
        places = page.places
        cells = {head: row[places[head]] if places.get(head, MOST_COLUMNS) < len(row) else "" for head in heads}
        unread, broken, counted = (
            tuple(head for head, place in places.items() if place in of)
            for of in (line.faulty, line.broken, line.counted)
        )
        if (not any(cells.values()) and not unread) or cells[heads[0]].startswith(advice):
            continue
        if len(page.rows) == MOST_ROWS:
            raise SheetRefused(Refusal.TOO_MANY_ROWS)
        page.rows.append(SheetRow(number, cells, unread, broken, counted))


def _lines(typed: Any, kept: Any, as_text: AsText) -> Iterator[_Line]:
    """Each row as texts, with the places of the formulas that have no value."""
    values = kept.iter_rows(max_col=MOST_COLUMNS) if kept else ()
    for row, known in zip_longest(typed.iter_rows(max_col=MOST_COLUMNS), values, fillvalue=()):
        formulas = {place for place, cell in enumerate(row) if getattr(cell, "data_type", "") == "f"}
        if formulas and kept is None:
            raise _Calculates
        cells = [known[place] if place in formulas else cell for place, cell in enumerate(row)]
        texts = [as_text(cell.value) for cell in cells]
        kinds = [getattr(cell, "data_type", "") for cell in cells]
        yield _Line(
            texts,
            {place for place in formulas if not texts[place]},
            {place for place, kind in enumerate(kinds) if kind == "e"},
            {place for place, kind in enumerate(kinds) if kind == "n"},
        )
