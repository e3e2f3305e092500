"""The outline of a document: every paragraph with the headings above it, every table with what stands before it.

Ranks count, not values: a second （二） or a jump from 二 to 四 changes nothing but the list of headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.documents.paper import Paper, Paragraph, Place, Table
from tracker.documents.recognition.closings import closing_blocks
from tracker.rules.reading.document_heads import goes_on_with_title
from tracker.rules.reading.outline_numbers import TOP, numbered, title_of, without_count

ANNEX = re.compile(r"^附\s*[件表录]\s*(?P<n>[\d一二三四五六七八九十]{0,3})\s*(?:[:：、.．]\s*(?P<title>.*))?$")
ANNEX_LIST = re.compile(r"^[-\s]*附\s*件\s*[:：]\W*(?:1|一)\s*[.．、]")
LONGEST_HEADING = 60
ENDS_A_SENTENCE = (*"。；;？!?", chr(0xFF01))


@dataclass(frozen=True)
class Heading:
    """A heading: its rank in the outline from 1, its number as written ("" for none), its title, its place."""

    rank: int
    number: str
    title: str
    place: Place


@dataclass(frozen=True)
class Annex:
    """An annex (附件): its number as written ("" where there is but one), its title, and the block it begins with."""

    number: str
    title: str
    place: Place

    @property
    def name(self) -> str:
        """附件1."""
        return f"附件{self.number}"


@dataclass(frozen=True)
class Line:
    """A paragraph with its own number, if any, and the headings above it.

    ``title`` is what opens a numbered paragraph up to its first stop, ``rest`` what follows; of one without a number
    ``rest`` is the whole. A heading alone has no ``rest``. What only ``closes`` the document stands under no heading.
    """

    place: Place
    text: str
    rank: int = 0
    number: str = ""
    title: str = ""
    rest: str = ""
    path: tuple[Heading, ...] = ()
    annex: Annex | None = None
    closes: bool = False

    @property
    def is_heading(self) -> bool:
        """Whether it is a heading alone."""
        return bool(self.rank and not self.rest)

    @property
    def section(self) -> tuple[str, ...]:
        """The titles of the headings above it, outermost first."""
        return tuple(each.title for each in self.path)


@dataclass(frozen=True)
class TableAt:
    """A table with the headings above it, its annex, and the line right before it (often its name)."""

    place: Place
    table: Table
    path: tuple[Heading, ...] = ()
    annex: Annex | None = None
    caption: str = ""


Item = Line | TableAt


@dataclass(frozen=True)
class Outline:
    """A document in reading order, and its headings."""

    items: tuple[Item, ...]
    headings: tuple[Heading, ...]

    @property
    def lines(self) -> Iterator[Line]:
        """Its paragraphs."""
        return (item for item in self.items if isinstance(item, Line))

    @property
    def tables(self) -> Iterator[TableAt]:
        """Its tables."""
        return (item for item in self.items if isinstance(item, TableAt))


def outline_of(paper: Paper) -> Outline:
    """The outline of a document."""
    return _Walk(paper).outline()


class _Walk:
    """One pass over the blocks, with the headings that are open."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.open: list[Heading] = []
        self.annex: Annex | None = None
        self.untitled_annex = self.goes_on = False
        self.caption = ""
        self.items: list[Item] = []
        self.headings: list[Heading] = []
        self.annexes = frozenset(_annex_starts(paper))
        self.closing = closing_blocks(paper, self.annexes)

    def outline(self) -> Outline:
        """Everything in reading order."""
        for index, block in enumerate(self.paper.blocks):
            if isinstance(block, Table):
                self.items.append(TableAt(Place(index), block, tuple(self.open), self.annex, self.caption))
            elif block.text.strip():
                self._paragraph(index, block)
        return Outline(tuple(self.items), tuple(self.headings))

    def _paragraph(self, index: int, block: Paragraph) -> None:
        text, place = block.text.strip(), Place(index)
        self.caption = text if len(text) <= LONGEST_HEADING else ""
        if index in self.annexes and (found := ANNEX.match(text)):
            self.open, self.annex = [], Annex(found["n"], (found["title"] or "").strip(), place)
            self.untitled_annex = not self.annex.title
            self.items.append(Line(place, text, title=text, annex=self.annex))
            return
        if index in self.closing:
            self.items.append(Line(place, text, rest=text, annex=self.annex, closes=True))
            return
        said = numbered(text)
        if self.untitled_annex and self.annex and not said:
            # The line under 附件1 is its title, and one that only goes on with it as well.
            self.annex = Annex(self.annex.number, self.annex.title + text, self.annex.place)
            self.untitled_annex, self.goes_on = False, True
            self.items.append(Line(place, text, title=text, annex=self.annex))
            return
        if self.goes_on and self.annex and not said and goes_on_with_title(text):
            self.annex = Annex(self.annex.number, self.annex.title + text, self.annex.place)
            self.items.append(Line(place, text, title=text, annex=self.annex))
            return
        self.untitled_annex = self.goes_on = False
        if said is None:
            self._plain(place, text, block.heading)
            return
        title, rest = title_of(without_count(said.rest))
        while self.open and self.open[-1].rank >= said.rank:
            self.open.pop()
        self.items.append(Line(place, text, said.rank, said.number, title, rest, tuple(self.open), self.annex))
        heading = Heading(said.rank, said.number, title or said.rest[:LONGEST_HEADING], place)
        self.headings.append(heading)
        self.open.append(heading)

    def _plain(self, place: Place, text: str, style: int) -> None:
        """A paragraph without a number: a heading by its style, else words under the headings that are open."""
        if style and len(text) <= LONGEST_HEADING and not text.endswith(ENDS_A_SENTENCE):
            rank = TOP + style - 1
            while self.open and self.open[-1].rank >= rank:
                self.open.pop()
            self.items.append(Line(place, text, rank, "", text, "", tuple(self.open), self.annex))
            self.open.append(Heading(rank, "", text, place))
            self.headings.append(self.open[-1])
            return
        self.items.append(Line(place, text, rest=text, path=tuple(self.open), annex=self.annex))


def _annex_starts(paper: Paper) -> Iterator[int]:
    """The blocks with which annexes begin: not those that only mention them at the end of the text."""
    named: dict[str, list[int]] = {}
    for index, block in enumerate(paper.blocks):
        text = block.text.strip() if isinstance(block, Paragraph) else ""
        if (found := ANNEX.match(text)) and not ANNEX_LIST.match(text) and len(text) <= LONGEST_HEADING:
            named.setdefault(found["n"], []).append(index)
    for starts in named.values():
        yield starts[-1]
