"""What a reader has to say of a document, counted by kind."""

from __future__ import annotations

from tracker.documents.paper import Note
from tracker.rules.reading.papers import NoteKind


class Notes:
    """A tally of notes: how often each was met, and where first."""

    def __init__(self) -> None:
        self._met: dict[NoteKind, tuple[int, str]] = {}

    def add(self, kind: NoteKind, where: str = "", times: int = 1) -> None:
        """Something was met once more."""
        count, first = self._met.get(kind, (0, where))
        self._met[kind] = (count + times, first)

    def all(self) -> tuple[Note, ...]:
        """The notes, in the order in which their kinds were first met."""
        return tuple(Note(kind, count, first) for kind, (count, first) in self._met.items())
