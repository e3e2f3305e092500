"""Read a document of any kind that offices send: told apart by its content, not by its name."""

from __future__ import annotations

from typing import BinaryIO

from tracker.documents.paper import Paper
from tracker.documents.readers.plain_text import decoded, read_text
from tracker.documents.readers.word import read_word


def read_paper(file: BinaryIO, name: str) -> Paper:
    """The blocks of a file. Raises PaperRefused, before anything of a hostile one is parsed."""
    if name.lower().endswith(".docx"):
        return read_word(file)
    return read_text(decoded(file.read()) or "")
