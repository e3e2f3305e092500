"""Read a Word document (.docx) as it is seen: changes accepted, lists numbered, tables unfolded, boxes opened."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree import ElementTree as XML
from xml.etree.ElementTree import Element

from tracker.documents.office_archive import Refusal, SheetRefused, check_document
from tracker.documents.paper import Paper, Table
from tracker.documents.readers.extent import DEEPEST_TABLE, Extent
from tracker.documents.readers.notes import Notes
from tracker.documents.readers.reflow import Line, Part, reflow
from tracker.documents.readers.refused import PaperRefused
from tracker.documents.readers.text_lines import seen_lines
from tracker.documents.readers.word_numbering import Numbering, numbering_of
from tracker.documents.readers.word_runs import Runs
from tracker.documents.readers.word_styles import Styles, styles_of
from tracker.documents.readers.word_tables import grid_of, rows_of
from tracker.documents.readers.word_xml import child, each, is_on, name_of, number_of, said
from tracker.rules.reading.papers import NoteKind, PaperKind

MOST_ROWS = 20_000
# What only wraps blocks; its content is read as if the wrapping were not there.
WRAPPINGS = {"sdtContent", "customXml", "ins", "moveTo", "smartTag", "Choice", "Fallback"}
ANNOTATIONS = ("/hyperlink",)


def read_word(file: BinaryIO) -> Paper:
    """The blocks of a Word document. Raises SheetRefused."""
    check_document(file)
    try:
        with zipfile.ZipFile(file) as archive:
            return _Walk(archive).paper()
    except (SheetRefused, PaperRefused):
        raise
    except Exception as error:
        # A format as loose as this is damaged in many ways; none of them is ours to tell apart.
        raise SheetRefused(Refusal.DAMAGED) from error


def _root(archive: zipfile.ZipFile, name: str) -> Element | None:
    return XML.fromstring(archive.read(name)) if name in archive.namelist() else None


class _Walk:
    """One pass over the body of a document."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.notes = Notes()
        self.runs = Runs(self.notes)
        self.styles: Styles = styles_of(_root(archive, "word/styles.xml"))
        self.numbering: Numbering = numbering_of(_root(archive, "word/numbering.xml"), self.styles.lists)
        self.paragraphs = self.tables = self.table_rows = 0
        self.extent = Extent()
        self.carried = ""  # the words of a paragraph whose mark was deleted: they go on in the next

    def paper(self) -> Paper:
        """The whole document."""
        body = child(_root(self.archive, "word/document.xml"), "body")
        if body is None:
            raise SheetRefused(Refusal.DAMAGED)
        self._outside()
        blocks, notes = reflow(self._blocks(body))
        return Paper(PaperKind.WORD, blocks, (*self.notes.all(), *notes))

    def _outside(self) -> None:
        """Note what the document would fetch from elsewhere; nothing is ever fetched."""
        relations = _root(self.archive, "word/_rels/document.xml.rels")
        for relation in relations if relations is not None else ():
            if relation.get("TargetMode") == "External" and not relation.get("Type", "").endswith(ANNOTATIONS):
                self.notes.add(NoteKind.OUTSIDE_LINK)

    def _blocks(self, parent: Element) -> Iterator[Part]:
        for item in parent:
            name = name_of(item)
            if name == "p":
                yield from self._paragraph(item)
            elif name == "tbl":
                yield from self._table(item)
            elif name == "sdt":
                yield from self._blocks_of(child(item, "sdtContent"))
            elif name == "AlternateContent":
                yield from self._blocks_of(next(each(item, "Choice", "Fallback"), None))
            elif name in WRAPPINGS:
                yield from self._blocks(item)

    def _blocks_of(self, parent: Element | None) -> Iterator[Part]:
        return self._blocks(parent) if parent is not None else iter(())

    def _paragraph(self, item: Element) -> Iterator[Part]:
        text, boxes = self._text(item)
        if text is not None and (seen := seen_lines(text)):
            self.paragraphs += 1
            level = self.styles.heading(item)
            first, *others = seen.split("\n")
            yield Line(first, self.paragraphs, level, alone=bool(level) or self._is_listed(item))
            # A break by hand mostly begins something: a label, an item. What it only cuts is joined again.
            for line in others:
                yield Line(line, self.paragraphs)
        for box in boxes:
            self.notes.add(NoteKind.TEXT_BOX, f"第{self.paragraphs}段")
            yield from self._blocks(box)

    def _text(self, item: Element) -> tuple[str | None, list[Element]]:
        """The words of a paragraph with its number, None where they go on in the next one; and its text boxes."""
        said_here = self.runs.text(item)
        if is_on(child(item, "pPr", "rPr", "del")) or is_on(child(item, "pPr", "rPr", "moveFrom")):
            self.notes.add(NoteKind.CHANGES_ACCEPTED)
            self.carried += said_here.text
            return None, said_here.boxes
        text, self.carried = self.carried + said_here.text, ""
        self.extent.paragraph(text)
        number = self._number(item)
        return (number + text.lstrip() if number and text.strip() else text), said_here.boxes

    def _list_of(self, item: Element) -> tuple[str, int | None, str]:
        """The list of a paragraph, the level that it states itself, and its style."""
        style = said(child(item, "pPr", "pStyle"), "val") or self.styles.usual
        own = child(item, "pPr", "numPr")
        list_id = said(child(own, "numId"), "val") or self.styles.list_of(style)
        level = said(child(own, "ilvl"), "val") or self.styles.level_of(style)
        return list_id, number_of(level) if level else None, style

    def _is_listed(self, item: Element) -> bool:
        return self._list_of(item)[0] not in {"", "0"}

    def _number(self, item: Element) -> str:
        list_id, level, style = self._list_of(item)
        if list_id in {"", "0"}:
            return ""
        bound = self.numbering.level_of_style(list_id, style)
        return self.numbering.next_number(list_id, bound if level is None else level)

    def _table(self, item: Element, depth: int = 1) -> Iterator[Part]:
        if depth > DEEPEST_TABLE:
            raise SheetRefused(Refusal.BURSTS)
        self.tables += 1
        place = self.tables
        inner: list[Element] = []
        grid = grid_of(rows_of(item), lambda cell: self._cell(cell, inner))
        self.table_rows += len(grid)
        if self.table_rows > MOST_ROWS:
            raise SheetRefused(Refusal.TOO_MANY_ROWS)
        if grid:
            yield Table(grid, place)
        for nested in inner:
            self.notes.add(NoteKind.NESTED_TABLE, f"表{place}")
            yield from self._table(nested, depth + 1)

    def _cell(self, cell: Element, inner: list[Element]) -> str:
        """The words of a cell, a line for each paragraph; a table in it is told in its lines and kept for itself."""
        lines = []
        for item in self._in_cell(cell):
            if name_of(item) == "tbl":
                inner.append(item)
                lines += [" ".join(self._quietly(each) for each in row) for row in _nested_rows(item)]
                continue
            text, boxes = self._text(item)
            lines.append(text or "")
            for box in boxes:
                self.notes.add(NoteKind.TEXT_BOX)
                lines += [part.text for part in self._blocks(box) if isinstance(part, Line)]
        return seen_lines("\n".join(lines))

    def _in_cell(self, parent: Element) -> Iterator[Element]:
        """The paragraphs and tables of a cell, through whatever wraps them."""
        for item in parent:
            name = name_of(item)
            if name in {"p", "tbl"}:
                yield item
            elif name == "sdt" or name in WRAPPINGS:
                yield from self._in_cell(item)

    def _quietly(self, cell: Element) -> str:
        """The plain words of a cell of a nested table, without counting its numbers twice."""
        return " ".join(self.runs.text(item, aloud=False).text for item in cell.iter() if name_of(item) == "p").strip()


def _nested_rows(table: Element) -> Iterator[list[Element]]:
    for row in rows_of(table):
        yield list(each(row, "tc"))
