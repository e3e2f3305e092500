"""A document as one neutral list of blocks, whatever file it came from: paragraphs and tables, in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.rules.reading.papers import NoteKind, PaperKind


@dataclass(frozen=True)
class Note:
    """How often something was met, and where first (a number of a paragraph, row or sheet; empty for all over)."""

    kind: NoteKind
    count: int = 1
    where: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph with the number that Word computes for it in front of its text.

    ``count`` is its place among the paragraphs of the file, from 1; ``heading`` the level of its heading style, 0 for
    none.
    """

    text: str
    count: int
    heading: int = 0


@dataclass(frozen=True)
class Cell:
    """A cell as text, its lines between \\n; ``inherited`` where a merged cell above or to the left covers it.

    A covered cell repeats the text of the one that covers it.
    """

    text: str
    inherited: bool = False


@dataclass(frozen=True)
class Table:
    """A table unfolded to a grid: every row has a cell in every column.

    ``count`` is its place among the tables of the file, from 1; ``first_row`` the number of its first row as people see
    it (1, or the row of an Excel sheet); ``sheet`` the title of that sheet.
    """

    rows: tuple[tuple[Cell, ...], ...]
    count: int
    first_row: int = 1
    sheet: str = ""


Block = Paragraph | Table


@dataclass(frozen=True)
class Paper:
    """A document that was read: its blocks and what the reader has to say of them."""

    kind: PaperKind
    blocks: tuple[Block, ...]
    notes: tuple[Note, ...] = ()

    @property
    def text(self) -> str:
        """All its words, for looking something up."""
        return "\n".join(words_of(block) for block in self.blocks)


@dataclass(frozen=True)
class Place:
    """Where something stands: the index of a block, and for a table the index of its row, both from 0."""

    block: int
    row: int | None = None


def words_of(block: Block) -> str:
    """The text of a block; the cells of a table between tabs, each merged cell once."""
    if isinstance(block, Paragraph):
        return block.text
    return "\n".join("\t".join(cell.text for cell in row if not cell.inherited) for row in block.rows)


def sentence_at(paper: Paper, place: Place) -> str:
    """The words that stand at a place: the paragraph, or the row of the table."""
    block = paper.blocks[place.block]
    if isinstance(block, Paragraph) or place.row is None:
        return words_of(block)
    return "\t".join(cell.text for cell in block.rows[place.row])


def blocks_as_json(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """Blocks in plain values; a covered cell is marked."""
    return [_as_json(block) for block in blocks]


def _as_json(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"text": block.text, "count": block.count, "heading": block.heading}
    return {
        "rows": [[[cell.text, 1] if cell.inherited else cell.text for cell in row] for row in block.rows],
        "count": block.count,
        "first_row": block.first_row,
        "sheet": block.sheet,
    }


def blocks_from_json(said: Iterable[Mapping[str, Any]]) -> tuple[Block, ...]:
    """The blocks that ``blocks_as_json`` wrote."""
    return tuple(_from_json(each) for each in said)


def _from_json(said: Mapping[str, Any]) -> Block:
    if "rows" not in said:
        return Paragraph(said["text"], said["count"], said["heading"])
    rows = tuple(tuple(Cell(c) if isinstance(c, str) else Cell(c[0], inherited=True) for c in r) for r in said["rows"])
    return Table(rows, said["count"], said["first_row"], said["sheet"])
