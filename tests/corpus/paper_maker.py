"""Make the files of the corpus: text as it is typed or pasted from a PDF, Word documents by their XML, Excel sheets.

In a table «<» is covered by the cell to its left and «^» by the one above. A cell is a text, each line of it a
paragraph, or ``{cell: text, table: rows}`` with a table inside.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from openpyxl import Workbook

from tests.corpus.truth import Layout
from tracker.documents.paper import Paper
from tracker.documents.readers.paper_reader import read_paper
from tracker.documents.readers.plain_text import read_text

WRAPPED_AT = 37
LINES_OF_A_PAGE = 26
NAMESPACES = nsdecls("w") + (
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
)
NUMBERING = {
    "chinese": ("chineseCounting", "%1、"),
    "bracket": ("chineseCounting", "（%1）"),
    "arabic": ("decimal", "%1."),
}


def paper_of(layout: Layout, form: str) -> Paper:
    """A layout as it is read from one of its forms: text, pdf, gbk, utf16, word, lines, excel."""
    content = layout.content
    if form == "excel":
        return read_paper(io.BytesIO(workbook(content["sheets"])), "plan.xlsx")
    if form == "word":
        blocks = content["word"] if "word" in content else content["text"].splitlines()
        return read_paper(io.BytesIO(word(blocks)), "plan.docx")
    if form == "lines":
        return read_paper(io.BytesIO(word(wrapped(content["text"]).splitlines())), "plan.docx")
    if form in {"gbk", "utf16"}:
        encoded = content["text"].replace("\n", "\r\n").encode({"gbk": "gb18030", "utf16": "utf-16"}[form])
        return read_paper(io.BytesIO(encoded), "plan.txt")
    return read_text(wrapped(content["text"]) if form == "pdf" else content["text"])


def wrapped(text: str) -> str:
    """The text as it is pasted from a PDF: broken at the edge of the page, wherever that is, with page numbers."""
    lines: list[str] = []
    page = 1
    for paragraph in text.splitlines():
        pieces = [paragraph[start : start + WRAPPED_AT] for start in range(0, max(len(paragraph), 1), WRAPPED_AT)]
        for piece in pieces:
            lines.append(piece)
            if len(lines) % LINES_OF_A_PAGE == 0:
                lines.append(f"— {page} —")
                page += 1
    return "\n".join(lines)


def workbook(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """An Excel file; «<» and «^» are merged with the cell that they point at."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for r, row in enumerate(rows, start=1):
            for c, cell in enumerate(row, start=1):
                if cell not in ("<", "^", None, ""):
                    sheet.cell(r, c, cell)
        for r, c, down, across in spans(rows):
            if down > 1 or across > 1:
                sheet.merge_cells(start_row=r + 1, start_column=c + 1, end_row=r + down, end_column=c + across)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def spans(rows: Sequence[Sequence[Any]]) -> Iterable[tuple[int, int, int, int]]:
    """Each cell that covers others or itself: row, column, how far down, how far across."""
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if cell in ("<", "^"):
                continue
            across = 1
            while c + across < len(row) and row[c + across] == "<":
                across += 1
            down = 1
            while r + down < len(rows) and c < len(rows[r + down]) and rows[r + down][c] == "^":
                down += 1
            yield r, c, down, across


def word(blocks: Iterable[Any]) -> bytes:
    """A Word document of paragraphs, tables and what the issue says may stand in one."""
    document = Document()
    body = document.element.body
    end = body.find(qn("w:sectPr"))
    lists = _Lists(document)
    for block in blocks:
        said = {"p": block} if isinstance(block, str) else block
        element = parse_xml(table_xml(said["table"])) if "table" in said else parse_xml(paragraph_xml(said, lists))
        end.addprevious(element)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


class _Lists:
    """The numbering of a document: one list for each name, its levels counted as Word counts them."""

    def __init__(self, document: Any) -> None:
        self.root = document.part.numbering_part.element
        self.known: dict[str, int] = {}

    def number(self, name: str) -> int:
        """The number of the list «chinese», «bracket», «arabic», or one of them with a dash and a name of its own."""
        if name not in self.known:
            number = 900 + len(self.known)
            form, text = NUMBERING[name.partition("-")[0]]
            abstract = parse_xml(
                f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
                f'<w:numFmt w:val="{form}"/><w:suff w:val="nothing"/>'
                f'<w:lvlText w:val="{text}"/></w:lvl></w:abstractNum>'
            )
            first = self.root.find(qn("w:num"))
            first.addprevious(abstract) if first is not None else self.root.append(abstract)
            self.root.append(
                parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>')
            )
            self.known[name] = number
        return self.known[name]


def paragraph_xml(said: Mapping[str, Any], lists: _Lists | None = None) -> str:
    """A paragraph: ``p`` its text, ``num`` its list, ``style`` a heading's, ``box`` the texts of a text box in it.

    In the text «+words+» between braces is an insertion and «-words-» a deletion: {+new+}{-old-}; {br} is a line break.
    """
    properties = ""
    if "style" in said:
        properties += f'<w:pStyle w:val="{said["style"]}"/>'
    if "num" in said and lists:
        properties += f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{lists.number(said["num"])}"/></w:numPr>'
    runs = "".join(map(_run, re.split(r"(\{[+-].*?[+-]\}|\{br\}|\{tab\})", said.get("p", ""))))
    box = text_box_xml(said["box"]) if "box" in said else ""
    return f"<w:p {NAMESPACES}><w:pPr>{properties}</w:pPr>{box}{runs}</w:p>"


def _run(piece: str) -> str:
    change = 'w:id="7" w:author="a" w:date="2024-01-01T00:00:00Z"'
    if piece in {"{br}", "{tab}"}:
        return f"<w:r><w:{piece[1:-1]}/></w:r>"
    if piece.startswith("{+"):
        return f"<w:ins {change}><w:r>{_text(piece[2:-2])}</w:r></w:ins>"
    if piece.startswith("{-"):
        return f'<w:del {change}><w:r><w:delText xml:space="preserve">{escape(piece[2:-2])}</w:delText></w:r></w:del>'
    return f"<w:r>{_text(piece)}</w:r>" if piece else ""


def _text(text: str) -> str:
    return f'<w:t xml:space="preserve">{escape(text)}</w:t>'


def text_box_xml(lines: Iterable[str]) -> str:
    """A text box as Word writes it: once for itself and once more for older programs."""
    content = "".join(f"<w:p><w:r>{_text(line)}</w:r></w:p>" for line in lines)
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx><w:txbxContent>'
        f"{content}</w:txbxContent></wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>"
        f"<w:txbxContent>{content}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def table_xml(rows: Sequence[Sequence[Any]]) -> str:
    """A table with its merged cells as Word writes them."""
    across = {(r, c): wide for r, c, _, wide in spans(rows)}
    down = {(r, c) for r, c, deep, _ in spans(rows) if deep > 1}
    lines = []
    for r, row in enumerate(rows):
        cells = []
        for c, cell in enumerate(row):
            if cell == "<":
                continue
            merge = '<w:vMerge w:val="restart"/>' if (r, c) in down else "<w:vMerge/>" if cell == "^" else ""
            above = next((n for n in range(r, -1, -1) if rows[n][c] != "^"), r)
            span = across.get((above, c), 1)
            wide = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
            cells.append(f"<w:tc><w:tcPr>{wide}{merge}</w:tcPr>{_cell('' if cell == '^' else cell)}</w:tc>")
        lines.append(f"<w:tr>{''.join(cells)}</w:tr>")
    grid = "<w:gridCol/>" * max(map(len, rows))
    return f"<w:tbl {NAMESPACES}><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"


def _cell(cell: Any) -> str:
    said = cell if isinstance(cell, Mapping) else {"cell": cell}
    text = "" if said["cell"] is None else str(said["cell"])
    paragraphs = "".join(paragraph_xml({"p": line}) for line in text.split("\n"))
    nested = f"{table_xml(said['table'])}<w:p/>" if "table" in said else ""
    return paragraphs + nested
