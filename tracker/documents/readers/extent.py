"""How much of a document was read so far: one of unheard-of length is refused while it is read, not afterwards."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.documents.readers.refused import PaperRefusal, PaperRefused

# Plans have some hundred pages at most: 200 pages are 6,000 paragraphs and 300,000 characters.
MOST_PARAGRAPHS = 20_000
MOST_LINES = 60_000  # of a text, in which a cell may stand on lines of its own
MOST_CHARACTERS = 1_500_000
DEEPEST_TABLE = 20  # tables within tables


class Extent:
    """A count of paragraphs and characters. Its methods raise PaperRefused where there are too many."""

    def __init__(self) -> None:
        self.paragraphs = self.characters = 0

    def paragraph(self, text: str) -> None:
        """One more paragraph was read."""
        self.paragraphs += 1
        self._count(len(text))

    def cells(self, texts: Iterable[str]) -> None:
        """One more row was read."""
        self._count(sum(map(len, texts)))

    def _count(self, characters: int) -> None:
        self.characters += characters
        if self.paragraphs > MOST_PARAGRAPHS or self.characters > MOST_CHARACTERS:
            raise PaperRefused(PaperRefusal.TOO_LONG)


def check_text(text: str) -> None:
    """Refuse a text of too many lines or characters. Raises PaperRefused."""
    if len(text) > MOST_CHARACTERS or text.count("\n") + text.count("\r") + text.count("\f") > MOST_LINES:
        raise PaperRefused(PaperRefusal.TOO_LONG)
