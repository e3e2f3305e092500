"""A row of a table as a task: its titles, its contents, its units with their parts, its deadline, its figures."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tracker.documents.recognition.grid import NUMBER, Heads, Row
from tracker.rules.reading.columns import SAME, UNITS, Column
from tracker.rules.reading.deadline_spots import deadlines_in
from tracker.rules.reading.indicator_figures import parts_in
from tracker.rules.reading.labels import opens_with_heading, opens_with_label
from tracker.rules.reading.outline_numbers import numbered
from tracker.rules.reading.people import people_of, without_people
from tracker.rules.reading.shares import Note, Share, Shares, shares_in
from tracker.rules.reading.unit_cells import units_of
from tracker.rules.task_kinds import AssignmentRole

ROLES = {
    Column.LEAD: AssignmentRole.LEAD,
    Column.RESPONSIBLE: AssignmentRole.RESPONSIBLE,
    Column.COOPERATING: AssignmentRole.COOPERATING,
}
LONGEST_TITLE = 60
YEAR_HEAD = re.compile(r"20\d\d|季度|[上下]半年|\d月")
LONGEST_WORDS = 4000
LONGEST_BRACKET = 600
A_DATE = re.compile(r"\d{4}\s?年|\d{1,2}\s?月|\d{4}[./-]\d|年底|年内|季度")


@dataclass(frozen=True)
class Layout:
    """Which columns of a table say what; ``groups`` run from the outermost inwards."""

    heads: Heads
    title: int | None
    groups: tuple[int, ...]
    contents: tuple[int, ...]
    number: int | None = None
    measured_in: str = ""  # the units of figures whose column names none: 万元、平方米

    @property
    def units(self) -> list[int]:
        """The columns of units."""
        return self.heads.at(*UNITS)

    @property
    def deadline(self) -> int | None:
        """The column of the deadline: the one of completion before any other."""
        columns = self.heads.at(Column.DEADLINE)
        ends = [at for at in columns if re.search("完成|竣工|办结|完工|建成", self.heads.columns[at].words)]
        return next(iter(ends or columns), None)


@dataclass
class Told:
    """What a row tells, before it becomes a task."""

    row: Row
    number: str | None = None
    label: str = ""  # words in the column of numbers: 综合要求
    title: str = ""
    groups: tuple[str, ...] = ()
    contents: list[tuple[str, str]] = field(default_factory=list)
    units: list[Share] = field(default_factory=list)
    officials: list[str] = field(default_factory=list)
    deadlines: list[str] = field(default_factory=list)
    has_own_title: bool = True
    inherits: bool = False
    joined: bool = False
    has_numbers: bool = False

    @property
    def requirement(self) -> str:
        """What is to be done; beside other contents each but the first is named by its head."""
        if not self.contents:
            return self.title
        first, *others = self.contents
        return "\n".join([first[1] if first[0] == "" else f"{first[0]}：{first[1]}", *(f"{h}：{t}" for h, t in others)])


def told_of(row: Row, layout: Layout, note: Note | None, above: Told | None) -> Told:
    """What a row tells; what it leaves empty it has from the row above."""
    told = Told(row)
    _name(told, row, layout, above)
    _detail(told, row, layout)
    if layout.title is None and layout.number is None:
        _take_number(told)
    _people(told, row, layout, note)
    told.deadlines = _deadlines(row, layout)
    _take_from_words(told, layout, note)
    return told


def _name(told: Told, row: Row, layout: Layout, above: Told | None) -> None:
    """The number, the groups and the title of a row."""
    if layout.number is not None:
        words = row.text(layout.number)
        if found := NUMBER.match(words):
            told.number = found["n"]
        elif not row.is_covered(layout.number) and len(words) <= LONGEST_TITLE:
            told.label = one_line(words)
    groups = []
    for place, column in enumerate(layout.groups):
        text = _once(one_line(row.text(column)))
        if SAME.match(text) or not text:
            text = above.groups[place] if above and place < len(above.groups) else ""
        groups.append(text)
    told.groups = tuple(groups)
    if layout.title is not None:
        text = row.text(layout.title)
        told.has_own_title = bool(row.own(layout.title)) or _from_left(row, layout.title)
        if not text and above:
            text, told.has_own_title = above.title, False
        told.title = one_line(text)
    if told.number is None and layout.number is None and (said := numbered(told.title)) and said.rank >= 4:
        told.number, told.title = said.number, said.rest
    elif told.number and (said := numbered(told.title)) and said.number == told.number:
        told.title = said.rest


def _take_number(told: Told) -> None:
    """A content without title may carry the number of its row: 1.开展排查."""
    if told.number or len(told.contents) != 1:
        return
    head, text = told.contents[0]
    said = numbered(text)
    if said and said.rank >= 4 and len(parts_in(text)) < 2:
        told.number, told.contents = said.number, [(head, said.rest)]


def _once(text: str) -> str:
    """A group that a page break repeats within its own cell, once."""
    half, odd = divmod(len(text), 2)
    return text[:half] if half > 1 and not odd and text[:half] == text[half:] else text


def _from_left(row: Row, column: int) -> bool:
    """Whether a cell is covered by one to its left, not by one above."""
    return column > 0 and row.is_covered(column) and bool(row.text(column)) and row.text(column) == row.own(column - 1)


def one_line(text: str) -> str:
    """A title that breaks within its cell in one line."""
    text = re.sub(r"(?<=[A-Za-z0-9])\s+(?=[A-Za-z])", " ", re.sub(r"\s*\n\s*", "", text.strip()))
    return re.sub(r"(?<=[一-鿿])[ \t　]+(?=[一-鿿])", "", text)


def _detail(told: Told, row: Row, layout: Layout) -> None:
    """The contents of a row, each with its head; the first of a single column of contents needs none."""
    for place, column in enumerate(layout.contents):
        text = row.text(column)
        head = layout.heads.columns[column]
        is_plain = (
            place == 0 and not YEAR_HEAD.search(head.words) and head.column not in (Column.PRIMARY, Column.JUNIOR)
        )
        if text and not (row.is_covered(column) and told.title and one_line(text).endswith(told.title)):
            told.contents.append(("" if is_plain else head.words, text))


def _people(told: Told, row: Row, layout: Layout, note: Note | None) -> None:
    """Units and officials of a row."""
    for column in layout.units:
        head = layout.heads.columns[column]
        assert head.column is not None
        text = row.text(column)
        if SAME.match(text) or (text and not row.own(column) and not row.is_covered(column)):
            continue
        own = Note(True) if head.first_leads else note
        for share in units_of(text, ROLES[head.column], own, head.lead_mark):
            name, people = without_people(share.name)
            told.units.append(Share(name, share.role))
            told.officials += people
    for column in layout.heads.at(Column.OFFICIAL):
        told.officials += people_of(row.text(column))
    told.units = list(dict.fromkeys(told.units))
    told.officials = list(dict.fromkeys(told.officials))


def _deadlines(row: Row, layout: Layout) -> list[str]:
    """The words of the deadline; several where the cell names several ends."""
    if layout.deadline is None:
        return []
    text = row.text(layout.deadline)
    if SAME.match(text) or not (row.own(layout.deadline) or row.is_covered(layout.deadline)):
        return []
    if len(spots := deadlines_in(one_line(text))) > 1:
        return spots
    pieces = [one_line(piece) for piece in re.split(r"[；;\n]", text) if piece.strip()]
    if len(pieces) > 1 and all(A_DATE.search(piece) and len(piece) > 4 for piece in pieces):
        return pieces
    return [one_line(text)]


def _take_from_words(told: Told, layout: Layout, note: Note | None) -> None:
    """Units and deadlines that a content names itself, where the columns of the row say none."""
    shares = told_by(told.requirement, note)
    if not told.units and not any(told.row.text(column) for column in layout.units):
        told.units = list(shares.units)
    if not told.officials:
        told.officials = list(shares.officials)
    if not told.deadlines and (layout.deadline is None or not told.row.text(layout.deadline)):
        remarks = [told.row.text(at) for at in layout.heads.at(Column.REMARK) if "备" in layout.heads.columns[at].words]
        words = "\n".join([told.requirement[:LONGEST_WORDS], *remarks])
        told.deadlines = [*shares.deadlines] or deadlines_in(words)


def told_by(text: str, note: Note | None) -> Shares:
    """What lines of labels, or a bracket at the end, say in a content: 责任单位：…, （…负责）."""
    text = text.strip()[-LONGEST_WORDS:]
    lines = [line for line in text.splitlines() if opens_with_label(line)]
    if lines:
        return shares_in("\n".join(lines), note)
    bare = text.rstrip("。；; ")
    if bare[-1:] not in ("）", ")"):
        return Shares()
    depth = 0
    for place in range(len(bare) - 1, max(-1, len(bare) - LONGEST_BRACKET), -1):
        depth += (bare[place] in "）)") - (bare[place] in "（(")
        if depth == 0:
            return shares_in(bare[place + 1 : -1], note)
    return Shares()


def is_empty(told: Told, layout: Layout) -> bool:
    """Whether a row has no units, no deadline and no official of its own."""
    columns = [*layout.units, *layout.heads.at(Column.DEADLINE, Column.OFFICIAL)]
    return not any(told.row.own(column) for column in columns)


def short_title(text: str) -> str:
    """The opening words of a content that has no title: up to its first stop, or its first comma if that is far."""
    text = one_line(text.strip().split("\n", 1)[0]) if _is_a_line_of_its_own(text) else one_line(text)
    said = numbered(text)
    words = said.rest if said and said.rank > 4 else text
    first = re.split(r"[。；;：:]", words, maxsplit=1)[0]
    if len(first) > LONGEST_TITLE:
        first = re.split(r"[，,]", first, maxsplit=1)[0]
    return first[:LONGEST_TITLE].strip() or words[:LONGEST_TITLE]


def _is_a_line_of_its_own(text: str) -> bool:
    """Whether the first line of a content is whole, and the next begins with a word and a colon: …\\n整改目标：…."""
    _first, broken, rest = text.strip().partition("\n")
    return bool(broken) and opens_with_heading(rest)
