"""通报 as a Word file: its text, its tables, and its appendix on the same page of A4."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from tracker.documents.official_paper import (
    BODY_FONT,
    LABEL_FONT,
    TITLE_FONT,
    add_paragraph,
    full_day,
    plain,
    set_up,
    spaced,
    write,
)
from tracker.rules.bulletin_words import lines_around
from tracker.rules.bulletins import Paper, Table

BODY, TITLE, CELL = 16, 22, 10.5


def bulletin_file(paper: Paper) -> bytes:
    """The bulletin as a Word file."""
    document, around = Document(), lines_around(paper)
    set_up(document)
    for words in filter(None, (around.draft,)):
        write(add_paragraph(document, WD_ALIGN_PARAGRAPH.LEFT), words, LABEL_FONT, BODY)
    write(add_paragraph(document, WD_ALIGN_PARAGRAPH.CENTER), plain(paper.title), TITLE_FONT, TITLE)
    for words in filter(None, (around.number, around.addressee)):
        write(add_paragraph(document, WD_ALIGN_PARAGRAPH.LEFT), plain(words), BODY_FONT, BODY)
    for block in paper.blocks:
        _text(document, block.heading, LABEL_FONT)
        for text in block.text.split("\n"):
            _text(document, text, BODY_FONT)
    for table in (*paper.tables, *paper.appendix):
        _table(document, table)
    for words in (*paper.notes, paper.issuer, full_day(paper.dated_on)):
        write(add_paragraph(document, WD_ALIGN_PARAGRAPH.RIGHT), plain(words), BODY_FONT, BODY)
    document.core_properties.title, document.core_properties.author = plain(paper.title), plain(paper.issuer)
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()


def _text(document: Any, text: str, font: str) -> None:
    if plain(text):
        paragraph = add_paragraph(document, WD_ALIGN_PARAGRAPH.JUSTIFY)
        paragraph.paragraph_format.first_line_indent = Pt(BODY * 2)
        write(paragraph, plain(text), font, BODY)


def _table(document: Any, table: Table) -> None:
    write(add_paragraph(document, WD_ALIGN_PARAGRAPH.CENTER, before=8), plain(table.title), LABEL_FONT, BODY)
    sheet = document.add_table(rows=0, cols=len(table.columns), style="Table Grid")
    for row in (table.columns, *table.rows):
        for cell, words in zip(sheet.add_row().cells, row, strict=True):
            write(spaced(cell.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT), plain(words), BODY_FONT, CELL)
