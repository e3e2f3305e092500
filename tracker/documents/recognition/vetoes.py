"""What forbids that a county passes (一票否决), where paragraphs list it: the items under a line that says so."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from tracker.documents.recognition.found import Found
from tracker.documents.recognition.outline import Line, Outline
from tracker.rules.reading.indicator_figures import announces_vetoes


def vetoes_in(outline: Outline) -> Found:
    """The items of every such list with their numbers."""
    lines = list(outline.lines)
    items = [
        item
        for at, line in enumerate(lines)
        if announces_vetoes(line.text, is_heading=line.is_heading)
        for item in _items(line, lines[at + 1 :])
    ]
    return Found(
        vetoes=tuple((item.number, f"{item.title}{item.rest}".strip("；;。 ")) for item in items),
        used=frozenset(item.place for item in items),
    )


def _items(announcing: Line, below: Sequence[Line]) -> list[Line]:
    """The numbered lines right below, all of the rank of the first."""
    rank = below[0].rank if below else 0
    if not rank or (announcing.rank and rank <= announcing.rank):
        return []
    return list(takewhile(lambda line: line.rank == rank and line.annex == announcing.annex, below))
