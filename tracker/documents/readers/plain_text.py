"""Read a plain text, typed, pasted or from a file: a paragraph for each line."""

from __future__ import annotations

from tracker.documents.paper import Paper, Paragraph
from tracker.rules.reading.papers import PaperKind


def read_text(text: str) -> Paper:
    """The blocks of a text."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return Paper(PaperKind.TEXT, tuple(Paragraph(line, count) for count, line in enumerate(lines, start=1)))
