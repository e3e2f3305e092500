"""Tables of official papers: the heads repeated on every page, rows that are not torn, and a size that fits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import ceil
from typing import Any
from xml.sax.saxutils import escape

from docx.opc.oxml import serialize_part_xml
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tracker.documents.official_layout import SMALL_FACE
from tracker.documents.official_paper import LABEL_FONT, plain
from tracker.documents.word_parts import BLACK, ON, TWIPS, Face, Shape, element, line_of, paragraph, run
from tracker.rules.bulletins import Table

# 小四 where the texts fit, else 五号.
SIZES = (12.0, 10.5)
LINE = 1.4
PADDING = 85  # twips at each side of a cell, 1.5 mm
MOST_LINES = 4
# A higher row may go on on the next page: kept whole, it could leave most of a page empty.
LINES_KEPT = 12
NOTHING = "无"
PLACE = "\ue000"  # where the words of a cell go; no text that is written here holds it
DECLARED = re.compile(r' xmlns:\w+="[^"]*"')
SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


def table_of(table: Table, across: int) -> Iterator[Any]:
    """The title, which stays with its table, and the table over ``across`` twips."""
    if title := plain(table.title):
        face = replace(SMALL_FACE, font=LABEL_FONT)
        shape = Shape(400, align="center", keep_next=True, before=120, after=60)
        yield paragraph(shape, run(title, face), size=face.size, style="TableText")
    widths = column_widths(table, across)
    size = fitting_size(table, widths)
    rows = list(table.rows) or [[NOTHING, *("" for _ in table.columns[1:])]]
    head = _Row(widths, Face(LABEL_FONT, size), ["center"] * len(widths), is_head=True)
    line = _Row(widths, Face(SMALL_FACE.font, size), _alignments(table))
    made = element(
        "tbl", _properties(sum(widths)), element("tblGrid", *(element("gridCol", w=width) for width in widths))
    )
    # A year's tasks are thousands of rows: written as text they are read at once.
    written = "".join([head.text_of(table.columns), *(line.text_of(row) for row in rows)])
    made.extend(parse_xml(f"<w:tbl {nsdecls('w')}>{written}</w:tbl>"))
    yield made


def column_widths(table: Table, across: int) -> list[int]:
    """The shares of the columns as twips that add up to the line; columns without a share take an average one."""
    given = [max(1, share) for share in table.widths][: len(table.columns)]
    shares = given + [max(1, round(sum(given) / max(1, len(given))))] * (len(table.columns) - len(given))
    ends = [round(across * sum(shares[: place + 1]) / sum(shares)) for place in range(len(shares))]
    return [end - begin for begin, end in zip([0, *ends], ends, strict=False)]


def fitting_size(table: Table, widths: Sequence[int]) -> float:
    """The largest size in points in which no head needs a third line and no cell more than a few."""
    for size in SIZES[:-1]:
        heads = all(lines(plain(text), width, size) <= 2 for text, width in zip(table.columns, widths, strict=True))
        if heads and all(_height(row, widths, size) <= MOST_LINES for row in table.rows):
            return size
    return SIZES[-1]


def lines(text: str, width: int, size: float) -> int:
    """How many lines a text takes in a cell that is so many twips wide."""
    across = max(1.0, (width - 2 * PADDING) / (size * TWIPS))
    return max(1, ceil(em_width(text) / across))


def em_width(text: str) -> float:
    """The width of a text in characters: Latin letters and digits are half as wide."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.5 for sign in text)


def _height(row: Sequence[str], widths: Sequence[int], size: float) -> int:
    return max((lines(plain(text), width, size) for text, width in zip(row, widths, strict=False)), default=1)


def _alignments(table: Table) -> list[str]:
    return ["right" if place in table.numeric else "left" for place in range(len(table.columns))]


class _Row:
    """Rows of one look as text; the head is repeated on every page and stays with the row below it."""

    def __init__(self, widths: Sequence[int], face: Face, aligned: Sequence[str], is_head: bool = False) -> None:
        self._widths, self._size = widths, face.size
        line = ceil(face.size * LINE * TWIPS)
        self._cells = [
            _bare(_cell(width, Shape(line, align=align, keep_next=is_head), face)).split(PLACE)
            for width, align in zip(widths, aligned, strict=True)
        ]
        repeated = element("tblHeader", **ON) if is_head else None
        self._torn = _bare(element("trPr", repeated))
        self._whole = _bare(element("trPr", element("cantSplit", **ON), repeated))

    def text_of(self, cells: Sequence[str]) -> str:
        """A row; missing cells are empty."""
        texts = [plain(text) for text in cells][: len(self._widths)]
        texts += [""] * (len(self._widths) - len(texts))
        is_whole = _height(texts, self._widths, self._size) <= LINES_KEPT
        parts = (before + escape(text) + after for (before, after), text in zip(self._cells, texts, strict=True))
        return f"<w:tr>{self._whole if is_whole else self._torn}{''.join(parts)}</w:tr>"


def _cell(width: int, shape: Shape, face: Face) -> Any:
    return element(
        "tc",
        element("tcPr", element("tcW", w=width, type="dxa"), element("vAlign", val="center")),
        paragraph(shape, run(PLACE, face), size=face.size, style="TableText"),
    )


def _bare(made: Any) -> str:
    """An element as text without the names of its schemas, which stand at the table."""
    _declaration, _, written = serialize_part_xml(made).decode().partition("?>")
    return DECLARED.sub("", written.strip())


def _properties(width: int) -> Any:
    """A table as wide as the line, with the widths that are given and thin rules."""
    padding = [element(side, w=PADDING if side in ("left", "right") else 40, type="dxa") for side in SIDES[:4]]
    return element(
        "tblPr",
        element("tblStyle", val="TableGrid"),
        element("tblW", w=width, type="dxa"),
        element("jc", val="center"),
        element("tblBorders", *(line_of(side, BLACK, 4, 0) for side in SIDES)),
        element("tblLayout", type="fixed"),
        element("tblCellMar", *padding),
        element("tblLook", val="0020", firstRow=1, lastRow=0, firstColumn=0, lastColumn=0, noHBand=1, noVBand=1),
    )
