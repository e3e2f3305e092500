"""Read a plain text, typed, pasted from a document or a PDF, or from a file in any encoding that offices use."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence

from tracker.documents.paper import Paper, Table
from tracker.documents.readers.reflow import Line, Part, reflow
from tracker.documents.readers.text_tables import Run, as_line, runs_of
from tracker.rules.reading.papers import PaperKind

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ENCODINGS = ("utf-8", "gb18030")
STARS = re.compile(r"\*\*|__(?=\S)|(?<=\S)__")
HASHES = re.compile(r"\s*(#{1,6})\s+(?=\S)")
INDENT = re.compile(r"(?:　|  |\t)")


def decoded(content: bytes) -> str | None:
    """The text in these bytes: UTF-8, UTF-16 with its mark, else GB18030; None where they are no text."""
    encodings = [name for mark, name in MARKS if content.startswith(mark)] or _unmarked(content)
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def _unmarked(content: bytes) -> Sequence[str]:
    """UTF-16 without a mark shows by its line ends."""
    if b"\n\0" in content or b"\0\n" in content:
        return ("utf-16-le", "utf-16-be") if content.find(b"\n\0") % 2 == 0 else ("utf-16-be",)
    return ENCODINGS


def read_text(text: str) -> Paper:
    """The blocks of a text: whole paragraphs and tables."""
    lines = STARS.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\f")).split("\n")
    blocks, notes = reflow(_parts(lines))
    return Paper(PaperKind.TEXT, blocks, notes)


def _parts(lines: Sequence[str]) -> Iterator[Part]:
    count = tables = 0
    for run in runs_of(lines):
        if run.rows:
            tables += 1
            yield Table(run.rows, tables)
        for line in _lines(run):
            count += 1
            yield Line(line.text, count, line.heading, line.apart, line.indented, line.page)


def _lines(run: Run) -> Iterator[Line]:
    apart = page = False
    for written in run.lines:
        page = page or written.startswith("\f")
        hashes = HASHES.match(written)
        text = as_line(written[hashes.end() :] if hashes else written)
        if not text:
            apart = True
            continue
        yield Line(text, 0, len(hashes[1]) if hashes else 0, apart, bool(INDENT.match(written)), page)
        apart = page = False
