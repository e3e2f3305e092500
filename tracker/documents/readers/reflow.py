"""Put together what was broken in mid-sentence, and leave out what only pages have: numbers and repeated heads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tracker.documents.paper import Block, Note, Paragraph, Table
from tracker.rules.reading.line_breaks import (
    BARE_NUMBER,
    INDENT,
    SLACK,
    goes_on,
    is_page_number,
    may_be_indented,
    width_of,
    wrap_width,
)
from tracker.rules.reading.papers import NoteKind

LONGEST_HEAD = 40
FEWEST_HEADS = 3
FAR = 8  # lines back in which an opened bracket is looked for
LATIN = re.compile("[A-Za-z]")
INFORMATIVE = 0.6  # blank lines after more of the lines than this say nothing


@dataclass(frozen=True)
class Line:
    """A line or paragraph as it stands in the file.

    ``apart``: a blank line before it; ``indented``: spaces before it; ``page``: a page begins with it; ``alone``: it is
    known to be a paragraph of its own (a heading style, a number that Word computes).
    """

    text: str
    count: int
    heading: int = 0
    apart: bool = False
    indented: bool = False
    page: bool = False
    alone: bool = False


Part = Line | Table


def reflow(parts: Iterable[Part]) -> tuple[tuple[Block, ...], tuple[Note, ...]]:
    """The blocks of a file with whole paragraphs, and a note of how many were put together."""
    kept = _without_page_marks(list(parts))
    lines = [part for part in kept if isinstance(part, Line)]
    width = wrap_width([line.text for line in lines])
    apart_says = bool(lines) and sum(line.apart for line in lines) <= INFORMATIVE * len(lines)
    whole: list[Table | list[Line]] = []
    joined, first = 0, ""
    for part in kept:
        open_lines = whole[-1] if whole else None
        if isinstance(part, Table):
            whole.append(part)
        elif isinstance(open_lines, list) and _goes_on(open_lines, part, width, apart_says):
            open_lines.append(part)
            first, joined = first or str(part.count), joined + 1
        else:
            whole.append([part])
    blocks = tuple(part if isinstance(part, Table) else _paragraph(part) for part in whole)
    return blocks, (Note(NoteKind.REFLOWED, joined, first),) if joined else ()


def _goes_on(lines: Sequence[Line], following: Line, width: int | None, apart_says: bool) -> bool:
    line = lines[-1]
    if following.alone or following.heading or line.heading:
        return False
    # The first line of a paragraph begins two characters further in, whether or not the spaces are still there.
    indent = INDENT if len(lines) == 1 and may_be_indented(line.text) else 0
    full = width is not None and width_of(line.text) >= width - SLACK - indent
    starts = following.indented or (apart_says and following.apart)
    before = "".join(each.text for each in lines[-FAR:-1])
    return goes_on(line.text, following.text, full, width is not None, starts, before)


def _paragraph(lines: Sequence[Line]) -> Paragraph:
    """A paragraph of its lines; a space only between Latin words."""
    text = lines[0].text
    if len(lines) > 1:
        gaps = (" " if LATIN.match(a.text[-1:]) and LATIN.match(b.text[:1]) else "" for a, b in pairwise(lines))
        text += "".join(gap + line.text for gap, line in zip(gaps, lines[1:], strict=True))
    return Paragraph(text, lines[0].count, lines[0].heading)


def _without_page_marks(parts: Sequence[Part]) -> list[Part]:
    lines = [part for part in parts if isinstance(part, Line)]
    counted = _counted(lines)
    numbers = {line.count for line in lines if is_page_number(line.text)} | counted
    heads = set(_repeated_heads(lines, numbers))
    return [part for part in parts if isinstance(part, Table) or (part.count not in numbers and part.text not in heads)]


def _counted(lines: Sequence[Line]) -> set[int]:
    """Bare numbers alone on their lines that count up through the whole document."""
    bare = [line for line in lines if BARE_NUMBER.fullmatch(line.text)]
    values = [int(line.text) for line in bare]
    is_count = len(values) >= FEWEST_HEADS and all(later == earlier + 1 for earlier, later in pairwise(values))
    return {line.count for line in bare} if is_count else set()


def _repeated_heads(lines: Sequence[Line], numbers: set[int]) -> Iterator[str]:
    """Short lines that stand again and again next to a page number or at the top of a page."""
    all_over = Counter(line.text for line in lines)
    at_edges: Counter[str] = Counter()
    for place, line in enumerate(lines):
        beside = {each.count for each in lines[max(0, place - 1) : place + 2]}
        if line.count not in numbers and (line.page or beside & numbers):
            at_edges[line.text] += 1
    for text, times in at_edges.items():
        if times >= FEWEST_HEADS and times >= all_over[text] - 1 and len(text) <= LONGEST_HEAD:
            yield text
