"""A table as rows under heads: which rows are heads, what each column holds, which row goes on with another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tracker.documents.paper import Cell, Table
from tracker.rules.reading.columns import (
    LONGEST_HEAD,
    NOTE,
    NOTHING,
    SUM,
    TEXTS,
    UNITS,
    Column,
    Head,
    bare_head,
    column_of,
    head_of_column,
    is_worded,
)
from tracker.rules.reading.unit_lists import split_units
from tracker.rules.reading.unit_words import looks_like_unit

HEADS_BEGIN = 8  # rows; above the heads stand at most a title, a unit of money, a date
NUMBER = re.compile(
    r"^[（(]?\s?(?P<n>\d{1,4}(?:[.．\-]\d{1,3}){0,3}|[一二三四五六七八九十百]{1,5}|[①-⑳])\s?[)）]?\s?[.．、]?$"
)
HAN_NUMBER = re.compile(r"^[（(]?[一二三四五六七八九十]{1,3}[)）]?[、.．]?$")
BANNER = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十]{1,3}[)）、.．]|第[一二三四五六七八九十]+[部类章篇]|[IVX]{1,4}[、.．])\s?(?P<title>.*)$",
    re.DOTALL,
)
LONGEST_BANNER = 60


@dataclass(frozen=True)
class Heads:
    """The heads of a table: what each column holds, and how many rows they fill."""

    columns: tuple[Head, ...]
    height: int = 0

    def at(self, *columns: Column) -> list[int]:
        """The indexes of the columns that hold one of these."""
        return [index for index, head in enumerate(self.columns) if head.column in columns]

    def has(self, *columns: Column) -> bool:
        """Whether a column holds one of these."""
        return bool(self.at(*columns))

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the heads, to see them again."""
        return tuple(head.words for head in self.columns)


@dataclass
class Row:
    """A row of a table under its heads; ``banner`` is the section it stands in, from a row across the table."""

    index: int
    cells: list[Cell]
    banner: tuple[str, ...] = ()
    more: list[int] = field(default_factory=list)

    def text(self, column: int) -> str:
        """The text of a cell, inherited or its own."""
        return self.cells[column].text.strip() if column < len(self.cells) else ""

    def own(self, column: int) -> str:
        """The text of a cell that no merged cell covers; a dash is nothing."""
        if column >= len(self.cells) or self.cells[column].inherited:
            return ""
        text = self.cells[column].text.strip()
        return "" if NOTHING.match(text) else text

    def is_covered(self, column: int) -> bool:
        """Whether a merged cell covers it."""
        return column < len(self.cells) and self.cells[column].inherited


def heads_of(table: Table, start: int = 0) -> tuple[int, Heads] | None:
    """The first row of the heads and the heads; None for a table without any that are known."""
    for index in range(start, min(len(table.rows), start + HEADS_BEGIN)):
        if heads := heads_at(table, index):
            return index, heads
    return None


def heads_at(table: Table, index: int) -> Heads | None:
    """The heads that begin with this row, if it is one of heads."""
    row = table.rows[index]
    if any(len(cell.text) > LONGEST_HEAD + 20 for cell in row):
        return None
    if lower := _lower_heads(table, index):
        both = tuple(
            head_of_column(_above(row, at), "" if _is_same(lower, row, at) else lower[at].text)
            for at in range(len(row))
        )
        if _are_heads(both, row):
            return Heads(both, 2)
    single = tuple(head_of_column(cell.text) for cell in row)
    return Heads(single, 1) if _are_heads(single, row) else None


def _is_same(lower: Sequence[Cell], upper: Sequence[Cell], at: int) -> bool:
    return at >= len(lower) or lower[at].text == upper[at].text


def _above(row: Sequence[Cell], at: int) -> str:
    """The head in the upper row over a column; a wide one whose merge was lost stands at the left."""
    return next((row[each].text for each in range(at, -1, -1) if row[each].text.strip()), "")


def _are_heads(heads: Sequence[Head], row: Sequence[Cell]) -> bool:
    """Whether words are heads: two known kinds at least, and most of what stands there."""
    shown = [head for head, cell in zip(heads, row, strict=False) if head.words]
    known = {head.column for head in shown if head.column}
    texts = {cell.text.strip() for cell in row if cell.text.strip()}
    worded = {column_of(text) for text in texts if is_worded(text)}
    if not worded or len(worded) + len(known) < 4 or any(NUMBER.match(text) for text in texts):
        return False
    return len(known) >= 2 and len(texts) >= 2 and sum(1 for head in shown if head.column) * 2 >= len(shown)


def _lower_heads(table: Table, index: int) -> Sequence[Cell] | None:
    """The second row of heads: it has words of its own only under heads that span several columns."""
    if index + 1 >= len(table.rows):
        return None
    upper, lower = table.rows[index], table.rows[index + 1]
    own = [at for at, cell in enumerate(lower) if cell.text.strip() and not cell.inherited and at < len(upper)]
    if len(own) < 2 or len(own) == len(lower) > 2 or any(len(lower[at].text) > LONGEST_HEAD for at in own):
        return None
    for at in own:
        left = at > 0 and _is_wide(upper, at - 1, at)
        right = at + 1 < len(upper) and _is_wide(upper, at, at + 1)
        if not left and not right:
            return None
    known = sum(
        1 for at in own if column_of(lower[at].text) or head_of_column(_above(upper, at), lower[at].text).column
    )
    return lower if known * 2 >= len(own) else None


def _is_wide(row: Sequence[Cell], left: int, right: int) -> bool:
    """Whether a head covers both columns: merged, or its merge lost and the right one empty."""
    return not row[right].text.strip() or (row[right].inherited and row[right].text == row[left].text)


def with_judged_columns(heads: Heads, rows: Sequence[Row]) -> Heads:
    """The heads where a word alone does not tell.

    A column 单位 of 个 and % measures, one of 教育局 names units; a column 类别 of A and B grades indicators.
    """
    columns = list(heads.columns)
    for index, head in enumerate(columns):
        if head.words == "单位" and head.column is Column.RESPONSIBLE:
            shown = [row.own(index) for row in rows[:60] if row.own(index)]
            if shown and not any(looks_like_unit(name) for text in shown for name in split_units(text)[:3]):
                columns[index] = Head(head.words, Column.REMARK)
        if head.column is Column.GROUP and _are_grades([row.text(index) for row in rows[:60]]):
            columns[index] = Head(head.words, Column.GRADE)
    if not any(head.column in (Column.ITEM, Column.SUBITEM) for head in columns):
        columns = _promoted(columns)
    return Heads(tuple(columns), heads.height)


def _are_grades(texts: Sequence[str]) -> bool:
    """Whether all cells of a column that say something say A or B."""
    said = {text.strip().upper().removesuffix("类") for text in texts} - {""}
    return bool(said) and said <= {"A", "B"}


def _promoted(columns: list[Head]) -> list[Head]:
    """A table that names no tasks: the schools or works that it lists are what its rows are about."""
    has_contents = any(head.column is Column.CONTENT for head in columns)
    for kind in (Column.SCHOOL,) if has_contents else (Column.GROUP, Column.SCHOOL):
        for index in reversed(range(len(columns))):
            if columns[index].column is kind:
                columns[index] = Head(columns[index].words, Column.ITEM)
                return columns
    return columns


def cards_of(table: Table) -> Table | None:
    """A table of labels with their values beside them as rows under heads; None for any other.

    A label that comes again begins the next row.
    """
    width = len(table.rows[0]) if table.rows else 0
    labels = [row[0].text for row in table.rows if row and is_worded(row[0].text) and not row[0].inherited]
    if width not in (2, 4) or len(labels) * 5 < len(table.rows) * 3 or len({column_of(each) for each in labels}) < 2:
        return None
    if len(labels) < 3:
        return None
    cards: list[dict[str, Cell]] = []
    shown: dict[str, str] = {}
    for row in table.rows:
        for label, value in zip(row[::2], row[1::2], strict=False):
            words = bare_head(label.text)
            if not words or label.inherited:
                continue
            if not cards or words in cards[-1]:
                cards.append({})
            cards[-1][words] = Cell(value.text)
            shown.setdefault(words, label.text)
    rows = [tuple(card.get(words, Cell("")) for words in shown) for card in cards]
    return Table((tuple(map(Cell, shown.values())), *rows), table.count, table.first_row, table.sheet)


def rows_under(table: Table, first: int, heads: Heads) -> Iterator[Row | Heads]:
    """The rows from one on, without heads met again, sums, notes and blanks; other heads are given when they come."""
    banner: tuple[str, ...] = ()
    index = first
    while index < len(table.rows):
        cells = list(table.rows[index])
        row = Row(index, cells, banner)
        index += 1
        texts = [cell.text.strip() for cell in cells]
        if not any(texts) or _is_sum(row, heads):
            continue
        if (again := _heads_again(table, index - 1, heads)) is not None:
            index += again.height - 1
            if again.words != heads.words:
                heads = again
                yield again
            continue
        if (title := banner_of(row, heads)) is not None:
            banner = (title,) if title else banner
            continue
        yield row


def _heads_again(table: Table, index: int, heads: Heads) -> Heads | None:
    """Heads that stand inside a table again, the same or others."""
    row = table.rows[index]
    if any(len(cell.text) > LONGEST_HEAD for cell in row) or NUMBER.match(row[0].text.strip()):
        return None
    words = [bare_head(cell.text) for cell in row]
    same = sum(1 for word, known in zip(words, heads.words, strict=False) if word and known.startswith(word))
    if same >= 2 and same * 3 >= 2 * len([word for word in words if word]):
        if heads.height == 2 and index + 1 < len(table.rows) and _lower_heads(table, index):
            return heads
        return Heads(heads.columns, 1) if heads.height == 2 else heads
    known = [column for column in (column_of(cell.text) for cell in row if not cell.inherited) if column]
    own = [cell for cell in row if cell.text.strip() and not cell.inherited]
    is_other = len(set(known)) >= 3 and len(known) * 4 >= 3 * len(own) and any(each in TEXTS for each in known)
    return heads_at(table, index) if is_other and any(each in (*UNITS, Column.DEADLINE) for each in known) else None


def _is_sum(row: Row, heads: Heads) -> bool:
    """合计, 小计: the sum of others, wherever among the words of the row it stands."""
    first = [row.text(index) for index in range(min(3, len(row.cells))) if row.text(index)]
    return any(SUM.match(re.sub(r"\s+", "", text)) for text in first[:2])


def banner_of(row: Row, heads: Heads) -> str | None:
    """The title of a row across the table, "" for a note across it, None for a row of its own."""
    texts = {cell.text.strip() for cell in row.cells if cell.text.strip()}
    own = [index for index in range(len(row.cells)) if row.own(index)]
    if len(texts) == 1 and len(own) == 1 and len(row.cells) > 1:
        text = next(iter(texts))
        is_wide = sum(1 for cell in row.cells if cell.inherited) >= len(row.cells) - 1
        if is_wide or own[0] == 0 or BANNER.match(text):
            return _title(text, is_wide, heads.columns[own[0]].column if own[0] < len(heads.columns) else None)
    return _numbered_banner(row, heads, own)


def _title(text: str, is_wide: bool, column: Column | None) -> str | None:
    found = BANNER.match(text)
    if NOTE.match(text) or (is_wide and (len(text) > LONGEST_BANNER or text.endswith("。"))):
        return ""
    if found or is_wide:
        return (found["title"].strip() if found else text) or text
    # A word alone under 序号 or 类别 opens a section; alone under a text it goes on with the row above.
    return text if column in (Column.NUMBER, Column.GROUP, None) and len(text) <= LONGEST_BANNER else None


def _numbered_banner(row: Row, heads: Heads, own: Sequence[int]) -> str | None:
    """一 | 学校新建工程 |  |  : a section with its number in a column of its own, perhaps with its sums."""
    numbers = heads.at(Column.NUMBER)
    if not numbers or not HAN_NUMBER.match(row.own(numbers[0]) or "-"):
        return None
    texts = [index for index in own if index in heads.at(*TEXTS, Column.GROUP)]
    told = [index for index in heads.at(*UNITS, Column.DEADLINE, Column.OFFICIAL) if row.own(index)]
    covered = {row.text(index) for index in range(len(row.cells)) if row.text(index) and index != numbers[0]}
    if told or len(texts) != 1 or (len(covered) > 1 and not heads.has(Column.BUDGET)):
        return None
    return row.own(texts[0])
