"""What the review shows: a row of an import with what is said of it, beside the passages of the document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tracker.documents.paper import Place
from tracker.models import ImportName, ImportRow
from tracker.queries.import_rows import RowAt
from tracker.views.import_passages import Passage

MOST_BETWEEN = 12  # passages that are listed between two tasks; the others stand on the page of the document


@dataclass(frozen=True)
class Card:
    """A row with what the page says of it."""

    row: ImportRow
    reading: str
    is_redate: bool
    doubts: Sequence[str]
    units: Sequence[tuple[str, str, ImportName | None, bool]]  # name, role, what it means, whether that is open
    following: RowAt | None
    is_quoted: bool  # whether its requirement stands beside it, in the document

    @property
    def words(self) -> dict[str, Any]:
        """What was understood, as it was mended."""
        return self.row.words

    @property
    def is_added(self) -> bool:
        """Whether a person added it."""
        return self.row.first_words is None

    @property
    def is_mended(self) -> bool:
        """Whether a person changed its words."""
        return self.row.first_words is not None and self.row.first_words != self.row.words


@dataclass
class Segment:
    """Passages of the document on the left; the tasks that stand there on the right, none where they are no tasks."""

    passages: Sequence[Passage]
    cards: list[Card] = field(default_factory=list)
    adds: bool = False

    @property
    def headings(self) -> Sequence[Passage]:
        """The headings among passages that are no tasks; they stay in sight."""
        return [each for each in self.passages if each.is_heading][-3:]

    @property
    def listed(self) -> Sequence[Passage]:
        """As many of them as the page lists."""
        return self.passages[:MOST_BETWEEN]


def place_of(row: ImportRow | RowAt) -> Place | None:
    """Where a row stands in the document; nowhere where a person added it by hand."""
    return None if row.block is None else Place(row.block, row.block_row)


def order(place: Place) -> tuple[int, int]:
    """What places are ordered by."""
    return place.block, place.row or 0
