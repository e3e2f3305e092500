"""Tables in a plain text: cells between tabs, between upright strokes, or each on lines of its own after a tab.

A text is cut into runs: a table, or lines that are none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.documents.paper import Cell
from tracker.documents.pasted_rows import pasted_rows
from tracker.documents.readers.text_lines import seen, seen_lines

Rows = tuple[tuple[Cell, ...], ...]
FEWEST_ROWS = 2
LONGEST_CELL = 60  # lines that a cell in quotes may have
STROKES = re.compile(r"\s*[|｜](.*)[|｜]\s*")
RULE = re.compile(r"[\s:|｜-]+")
ONLY_NUMBER = re.compile(r"[（(]?[\d一二三四五六七八九十①-⑳]{1,3}[）)]?[、.．]?|[•●■◆▪·*-]")


@dataclass(frozen=True)
class Run:
    """Lines of a text from ``start`` on, or a table that stands there (then ``rows`` are its rows)."""

    start: int
    lines: tuple[str, ...] = ()
    rows: Rows = ()


def runs_of(lines: Sequence[str]) -> Iterator[Run]:
    """A text cut into tables and the lines between them."""
    has_blanks = any(line.startswith("\t") and line != "\t" and not line.strip() for line in lines)
    place = begun = 0
    while place < len(lines):
        end, run = _table_at(lines, place, has_blanks)
        if not run:
            place = max(end, place + 1)
            continue
        if begun < place:
            yield Run(begun, tuple(lines[begun:place]))
        yield from run
        place = begun = end
    if begun < len(lines):
        yield Run(begun, tuple(lines[begun:]))


def _table_at(lines: Sequence[str], place: int, has_blanks: bool) -> tuple[int, list[Run]]:
    """Where the table that begins on a line ends, and its runs; none where there is no table."""
    line = lines[place]
    if STROKES.fullmatch(line):
        return _stroked(lines, place)
    if "\t" in line.strip(" \r\n")[1:]:
        return _tabbed(lines, place)
    if line.startswith("\t"):
        return _stacked(lines, place, has_blanks)
    return place + 1, []


def _stroked(lines: Sequence[str], place: int) -> tuple[int, list[Run]]:
    """| a | b |, the way in which markdown writes a table."""
    end = place
    rows = []
    while end < len(lines) and (found := STROKES.fullmatch(lines[end])):
        if not RULE.fullmatch(lines[end]):
            rows.append([seen_lines(re.sub(r"<br\s*/?>", "\n", cell)) for cell in re.split("[|｜]", found[1])])
        end += 1
    return end, [Run(place, rows=_padded(rows))] if len(rows) >= FEWEST_ROWS else []


def _tabbed(lines: Sequence[str], place: int) -> tuple[int, list[Run]]:
    """A row a line, its cells between tabs; a cell of several lines stands in quotes."""
    end = place
    while end < len(lines) and "\t" in lines[end].rstrip(" "):
        end = _closing_quote(lines, end) + 1
        if end + 1 < len(lines) and not lines[end].strip() and lines[end + 1].count("\t") == lines[place].count("\t"):
            end += 1
    rows = [[seen_lines(cell) for cell in row.cells] for row in pasted_rows("\n".join(lines[place:end]))]
    is_table = len(rows) >= FEWEST_ROWS and not all(ONLY_NUMBER.fullmatch(row[0]) and len(row) == 2 for row in rows)
    return end, [Run(place, rows=_padded(rows))] if is_table else []


def _closing_quote(lines: Sequence[str], place: int) -> int:
    """The line on which a quoted cell of this line ends: mostly this line itself."""
    if not re.search(r'(?:^|\t)"', lines[place]) or lines[place].count('"') % 2 == 0:
        return place
    for end in range(place + 1, min(len(lines), place + LONGEST_CELL)):
        if lines[end].count('"') % 2:
            return end
    return place


def _padded(rows: list[list[str]]) -> Rows:
    width = max(map(len, rows))
    return tuple(tuple(Cell(text) for text in [*row, *[""] * (width - len(row))]) for row in rows)


def _stacked(lines: Sequence[str], place: int, has_blanks: bool) -> tuple[int, list[Run]]:
    """A cell begins with a tab at the start of a line and may go on; an empty line ends the row."""
    end, rows = _stack_rows(lines, place)
    counts = Counter(len(row) for row in rows if len(row) > 1)
    width = max(counts, key=lambda each: (counts[each], each), default=0)
    if counts[width] < FEWEST_ROWS or counts[width] * 2 < len(rows):
        return end, []
    before: list[str] = []
    after: list[str] = []
    while len(rows[0]) == 1:
        before.append(rows.pop(0)[0])
    while len(rows[-1]) == 1:
        after.insert(0, rows.pop()[0])
    runs = [Run(place, tuple(before))] if before else []
    runs.append(Run(place, rows=_grid(rows, width, has_blanks)))
    return end, [*runs, Run(end - 1, tuple(after))] if after else runs


def _stack_rows(lines: Sequence[str], place: int) -> tuple[int, list[list[str]]]:
    rows: list[list[str]] = [[]]
    end = place
    while end < len(lines):
        line = lines[end]
        if line.startswith("\t"):
            rows[-1].append(line[1:])
        elif line.strip() or (line and lines[end - 1]):
            rows[-1][-1] += "\n" + line
        else:
            # Where a page ended stand several empty lines, some of them of spaces.
            next_line = next((each for each in lines[end : end + 5] if each.strip() or each.startswith("\t")), "")
            if not next_line.startswith("\t"):
                break
            if rows[-1]:
                rows.append([])
        end += 1
    return end, rows


def _grid(rows: list[list[str]], width: int, has_blanks: bool) -> Rows:
    """Rows to the full width; where the text tells blank cells from covered ones, a covered cell repeats its text."""
    known = [{seen_lines(row[column]) for row in rows if len(row) == width} for column in range(width)]
    grid: list[tuple[Cell, ...]] = []
    for row in rows:
        cells: list[Cell] = []
        spanning = _spanning(row, width, known)
        for place, text in enumerate(row):
            above = grid[-1][len(cells)].text if grid and len(cells) < width else ""
            covered = not text and has_blanks and bool(grid)
            cell = Cell(above, inherited=True) if covered else Cell(seen_lines(text))
            more = width - len(row) if place == spanning else 0
            cells += [cell, *[Cell(cell.text, inherited=True)] * more]
        grid.append(_cut(cells, width))
    return tuple(grid)


def _cut(cells: list[Cell], width: int) -> tuple[Cell, ...]:
    """No more cells than columns: what is over goes into the last."""
    if len(cells) <= width:
        return tuple(cells)
    return (*cells[: width - 1], Cell("\n".join(filter(None, (cell.text for cell in cells[width - 1 :])))))


def _spanning(row: list[str], width: int, known: Sequence[set[str]]) -> int:
    """Which cell of a short row covers the columns that it lacks: the one with which the others fall on their like."""
    more = width - len(row)
    if more <= 0:
        return -1
    texts = [seen_lines(text) for text in row]

    def fits(place: int) -> tuple[int, int]:
        alike = sum(text in known[at if at <= place else at + more] for at, text in enumerate(texts) if at != place)
        return alike, len(texts[place])

    return max(range(len(row)), key=fits)


def as_line(line: str) -> str:
    """A line that is part of no table, as it is seen: what tabs kept apart stands after one space."""
    return seen(" ".join(filter(None, map(str.strip, line.split("\t")))))
