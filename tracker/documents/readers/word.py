"""Read a Word document (.docx): paragraphs and unfolded tables."""

from __future__ import annotations

from typing import Any, BinaryIO

from docx import Document
from docx.oxml.ns import qn

from tracker.documents.paper import Cell, Paper, Table
from tracker.documents.readers.reflow import Line, Part, reflow
from tracker.documents.readers.text_lines import seen_lines
from tracker.rules.reading.papers import PaperKind


def read_word(file: BinaryIO) -> Paper:
    """The blocks of a Word document."""
    parts: list[Part] = []
    paragraphs = tables = 0
    for element in Document(file).element.body:
        if element.tag == qn("w:p") and (text := _text(element)):
            paragraphs += 1
            parts.append(Line(text, paragraphs))
        elif element.tag == qn("w:tbl"):
            tables += 1
            parts.append(Table(_rows(element), tables))
    blocks, notes = reflow(parts)
    return Paper(PaperKind.WORD, blocks, notes)


def _rows(table: Any) -> tuple[tuple[Cell, ...], ...]:
    rows: list[tuple[Cell, ...]] = []
    for row in table.iterchildren(qn("w:tr")):
        cells: list[Cell] = []
        for cell in row.iterchildren(qn("w:tc")):
            merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            above = rows[-1][len(cells)].text if rows and len(cells) < len(rows[-1]) else ""
            is_covered = merge is not None and merge.get(qn("w:val")) != "restart"
            text = above if is_covered else "\n".join(filter(None, map(_text, cell.iterchildren(qn("w:p")))))
            span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
            cells.append(Cell(text, is_covered))
            cells += [Cell(text, inherited=True)] * (int(span.get(qn("w:val"))) - 1 if span is not None else 0)
        rows.append(tuple(cells))
    return tuple(rows)


def _text(paragraph: Any) -> str:
    parts = ("\n" if each.tag == qn("w:br") else each.text or "" for each in paragraph.iter(qn("w:t"), qn("w:br")))
    return seen_lines("".join(parts))
