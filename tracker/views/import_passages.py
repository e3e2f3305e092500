"""The document of an import as passages in reading order: a paragraph is one, and so is a row of a table."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tracker.documents.paper import Block, Paper, Paragraph, Place, Table
from tracker.translations import gettext as _

SPACES = re.compile(r"\s+")
LONGEST_SHOWN = 1200
SHORT_LINE = 16


@dataclass(frozen=True)
class Passage:
    """A paragraph, or a row of a table with the heads of its columns where they are known."""

    place: Place
    text: str
    cells: tuple[tuple[str, str], ...] = ()
    is_heading: bool = False
    where: str = ""

    @property
    def at(self) -> str:
        """Its place as an address carries it: 12, or 12-3 for a row of a table."""
        return f"{self.place.block}" if self.place.row is None else f"{self.place.block}-{self.place.row}"

    @property
    def shown(self) -> str:
        """Its text, cut where it is very long."""
        return self.text if len(self.text) <= LONGEST_SHOWN else f"{self.text[:LONGEST_SHOWN]}…"


def place_at(text: str | None) -> Place | None:
    """The place that an address names; None for what is none."""
    found = re.fullmatch(r"(\d{1,7})(?:-(\d{1,7}))?", text or "", re.ASCII)
    return Place(int(found[1]), int(found[2]) if found[2] else None) if found else None


def passages_of(paper: Paper, headings: Collection[Place], tasks: Collection[Place]) -> list[Passage]:
    """Every passage of a document that has words; ``tasks`` are the places where tasks stand."""
    first_rows = _first_rows(tasks)
    passages = []
    for index, block in enumerate(paper.blocks):
        passages.extend(_passages(index, block, headings, first_rows.get(index)))
    return passages


def _first_rows(tasks: Collection[Place]) -> dict[int, int]:
    found: dict[int, int] = {}
    for place in tasks:
        if place.row is not None:
            found[place.block] = min(place.row, found.get(place.block, place.row))
    return found


def _passages(index: int, block: Block, headings: Collection[Place], first: int | None) -> list[Passage]:
    if isinstance(block, Paragraph):
        place = Place(index)
        said = Passage(
            place, block.text, (), place in headings or block.heading > 0, _("第%(count)d段", count=block.count)
        )
        return [said] if block.text.strip() else []
    heads = _heads(block, first)
    return [said for row in range(len(block.rows)) if (said := _row(index, block, row, heads, first)).text.strip()]


def _heads(table: Table, first: int | None) -> Sequence[str]:
    """The words above the first task of a table, column by column; none where its first row is a task."""
    if not first:
        return ()
    return [SPACES.sub("", cell.text)[:20] for cell in table.rows[first - 1]]


def _row(index: int, table: Table, row: int, heads: Sequence[str], first: int | None) -> Passage:
    cells: list[tuple[str, str]] = []
    for column, cell in enumerate(table.rows[row]):
        text = _in_cell(cell.text)
        spread = cell.inherited and column and table.rows[row][column - 1].text.strip() == text
        if not text or spread:
            continue
        named = column < len(heads) and row >= (first or 0)
        cells.append((heads[column] if named else "", text))
    number = table.first_row + row
    where = _("%(sheet)s第%(row)d行", sheet=table.sheet or _("表%(count)d", count=table.count), row=number)
    return Passage(Place(index, row), "\n".join(text for _head, text in cells), tuple(cells), False, where)


def _in_cell(text: str) -> str:
    """The text of a cell; short lines, as of units, one behind the other."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return (" " if all(len(line) <= SHORT_LINE for line in lines) else "\n").join(lines)


def belongs_to(passage: Passage, sentence: str) -> bool:
    """Whether a passage is part of what stands at a task's place: its label lines and the sentences under it."""
    words = SPACES.sub("", passage.text)
    return bool(words) and words in sentence


def plain(text: str) -> str:
    """A text without spaces, for looking parts of it up."""
    return SPACES.sub("", text)
