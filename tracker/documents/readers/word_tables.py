"""The tables of Word unfolded: cells merged down or across are repeated, rows that begin late are filled up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from xml.etree.ElementTree import Element

from tracker.documents.paper import Cell
from tracker.documents.readers.word_xml import child, is_on, name_of, number_of, said

MOST_COLUMNS = 63  # what Word itself allows
LONGEST_REPEATED = 2_000  # characters of a merged cell that are repeated in the cells it covers
WRAPPINGS = {"sdt", "sdtContent", "customXml", "ins", "moveTo"}


def rows_of(table: Element) -> Iterator[Element]:
    """The rows of a table, through whatever wraps them, without those whose deletion was tracked."""
    for item in table:
        name = name_of(item)
        if name == "tr" and not is_on(child(item, "trPr", "del")):
            yield item
        elif name in WRAPPINGS:
            yield from rows_of(item)


def _cells_of(row: Element) -> Iterator[Element]:
    for item in row:
        name = name_of(item)
        if name == "tc":
            yield item
        elif name in WRAPPINGS:
            yield from _cells_of(item)


def grid_of(rows: Iterable[Element], text_of: Callable[[Element], str]) -> tuple[tuple[Cell, ...], ...]:
    """The rows of a table to its full width, each cell once by ``text_of`` in reading order."""
    grid: list[list[Cell]] = []
    for row in rows:
        grid.append(_row(row, grid[-1] if grid else [], text_of))
    width = max(map(len, grid), default=0)
    return tuple((*row, *[Cell("")] * (width - len(row))) for row in grid)


def _row(row: Element, above: list[Cell], text_of: Callable[[Element], str]) -> list[Cell]:
    cells = [Cell("")] * _columns(said(child(row, "trPr", "gridBefore"), "val"), 0)
    for item in _cells_of(row):
        text = text_of(item)
        place = len(cells)
        if _goes_on(item, "vMerge") and place < len(above):
            cell = Cell(above[place].text[:LONGEST_REPEATED], inherited=True)
        elif _goes_on(item, "hMerge") and cells:
            cell = Cell(cells[-1].text[:LONGEST_REPEATED], inherited=True)
        else:
            cell = Cell(text)
        more = _columns(said(child(item, "tcPr", "gridSpan"), "val"), 1) - 1
        cells += [cell, *[Cell(cell.text[:LONGEST_REPEATED], inherited=True)] * more]
    cells += [Cell("")] * _columns(said(child(row, "trPr", "gridAfter"), "val"), 0)
    return cells[:MOST_COLUMNS]


def _goes_on(cell: Element, merge: str) -> bool:
    """Whether a merged cell goes on from the one above, or to the left."""
    mark = child(cell, "tcPr", merge)
    return mark is not None and said(mark, "val") != "restart"


def _columns(text: str, otherwise: int) -> int:
    return min(MOST_COLUMNS, max(otherwise, number_of(text, otherwise)))
