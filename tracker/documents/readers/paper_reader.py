"""Read a document of any kind that offices send: told apart by its content, not by its name."""

from __future__ import annotations

from io import SEEK_END
from typing import BinaryIO

from tracker.documents.office_archive import LARGEST_DOCUMENT, Refusal, SheetRefused
from tracker.documents.paper import Paper, Paragraph
from tracker.documents.readers.excel import read_excel
from tracker.documents.readers.extent import check_text
from tracker.documents.readers.file_kinds import FileKind, kind_of
from tracker.documents.readers.plain_text import decoded, read_text
from tracker.documents.readers.refused import PaperRefusal, PaperRefused
from tracker.documents.readers.word import read_word

LARGEST_TEXT = 5 * 1024 * 1024
REFUSALS = {
    Refusal.TOO_LARGE: PaperRefusal.TOO_LARGE,
    Refusal.MACROS: PaperRefusal.MACROS,
    Refusal.BURSTS: PaperRefusal.BURSTS,
    Refusal.DECLARES: PaperRefusal.DECLARES,
    Refusal.DAMAGED: PaperRefusal.DAMAGED,
    Refusal.TOO_MANY_ROWS: PaperRefusal.TOO_MANY_ROWS,
}


def read_paper(file: BinaryIO, name: str) -> Paper:
    """The blocks of a file. Raises PaperRefused, before anything of a hostile one is parsed."""
    if file.seek(0, SEEK_END) > LARGEST_DOCUMENT:
        raise PaperRefused(PaperRefusal.TOO_LARGE)
    kind = kind_of(file, name)
    try:
        paper = _read(file, kind)
    except SheetRefused as refused:
        raise PaperRefused(REFUSALS.get(refused.refusal, PaperRefusal.UNKNOWN)) from refused
    if not any(block.text if isinstance(block, Paragraph) else block.rows for block in paper.blocks):
        raise PaperRefused(PaperRefusal.EMPTY)
    return paper


def _read(file: BinaryIO, kind: FileKind) -> Paper:
    if kind is FileKind.WORD:
        return read_word(file)
    if kind is FileKind.EXCEL:
        return read_excel(file)
    content = file.read(LARGEST_TEXT + 1)
    if len(content) > LARGEST_TEXT:
        raise PaperRefused(PaperRefusal.TOO_LARGE)
    text = decoded(content)
    if text is None:
        raise PaperRefused(PaperRefusal.UNKNOWN)
    check_text(text)
    return read_text(text)
