"""What the tables of a document give: tasks, projects, indicators with the duty to meet them, vetoes.

A table counts where its heads name what is to be done beside who does it or by when; lists of people and of schools do
not. Cells that are merged, or left empty below one, have what stands above them.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tracker.documents.paper import Place, Table
from tracker.documents.plan_draft import DraftDoubt, DraftIndicator, DraftPart, DraftTask, DraftUnit
from tracker.documents.recognition.found import Found, FoundTask, Origin
from tracker.documents.recognition.grid import Heads, Row, cards_of, heads_of, rows_under, with_judged_columns
from tracker.documents.recognition.outline import Annex, Outline, TableAt
from tracker.documents.recognition.sources import section_of, source_of_row
from tracker.documents.recognition.table_figures import project_of
from tracker.documents.recognition.table_layouts import gives_tasks, is_of_indicators, layout_of
from tracker.documents.recognition.table_rows import (
    LONGEST_TITLE,
    Told,
    is_empty,
    one_line,
    short_title,
    told_by,
    told_of,
)
from tracker.rules.reading.amounts import Measure, plain, scale_in
from tracker.rules.reading.columns import SAME, TEXTS, UNIT_OF_TABLE, Column
from tracker.rules.reading.doubts import ReadingDoubt
from tracker.rules.reading.indicator_figures import (
    VETO,
    floors_in,
    grade_in,
    parts_in,
    points_in,
    threshold_in,
)
from tracker.rules.reading.indicator_words import national_of
from tracker.rules.reading.shares import Share, Shares, note_in
from tracker.rules.reading.unit_words import looks_like_unit
from tracker.rules.task_kinds import TaskKind

LONGEST_CAPTION = 200
NAMES_DOCUMENTS = re.compile(r"(?:政策|制度|文件)[^，。]{0,10}(?:清单|目录|名称)|^(?:政策|制度|文件)(?:名称)?$")


def tables_in(outline: Outline) -> Found:
    """The tasks, indicators and vetoes of all tables, in their order, with what is in doubt."""
    reader = _Tables(outline)
    for at in outline.tables:
        reader.read(at)
    return reader.found()


@dataclass
class _Tables:
    """The tables of a document one after the other; one without heads goes on with that before it."""

    outline: Outline
    tasks: list[FoundTask] = field(default_factory=list)
    indicators: list[tuple[int, DraftIndicator]] = field(default_factory=list)
    vetoes: list[tuple[str, str]] = field(default_factory=list)
    doubts: list[DraftDoubt] = field(default_factory=list)
    used: set[Place] = field(default_factory=set)
    last: tuple[TableAt, Heads, Told | None] | None = None

    def __post_init__(self) -> None:
        self.notes = {
            each.annex.number if each.annex else None: note
            for each in self.outline.lines
            if len(each.text) < 2000 and (note := note_in(each.text))
        }

        self.places = _places_in_annexes(self.outline)

    def read(self, at: TableAt) -> None:
        """Take what one table gives."""
        table, heads, first, above = at.table, None, 0, None
        turned = False
        if cards := cards_of(table):
            table, turned = cards, True
        if found := heads_of(table):
            heads, first = found[1], found[0] + found[1].height
        elif self.last and _goes_on(self.last[0], at, self.last[1]):
            heads, above = self.last[1], self.last[2]
        elif (upright := turned_upright(table)) and (found := heads_of(upright)):
            table, heads, first, turned = upright, found[1], found[0] + found[1].height, True
        if heads is None:
            self.last = None
            return
        above = self._rows(at, table, heads, first, above, turned)
        self.last = (at, heads, above)

    def _rows(
        self, at: TableAt, table: Table, heads: Heads, first: int, above: Told | None, turned: bool
    ) -> Told | None:
        part: list[Row] = []
        for each in (*rows_under(table, first, heads), None):
            if isinstance(each, Row):
                part.append(each)
                continue
            if part:
                above = _Part(self, at, with_judged_columns(heads, part), part, turned).take(above)
            part = []
            heads, above = (each, None) if each else (heads, above)
        return above

    def found(self) -> Found:
        """Everything together; indicators that are numbered anew in each table get the count of their table first."""
        counts = Counter(item.number for _table, item in self.indicators)
        tables = {table: place for place, table in enumerate(dict.fromkeys(t for t, _item in self.indicators), start=1)}
        renamed: dict[Place, str] = {}
        items = []
        again = any(count > 1 for count in counts.values()) and len(tables) > 1
        for table, item in self.indicators:
            number = f"{tables[table]}.{item.number}" if again else item.number
            renamed[item.place] = number
            items.append(replace(item, number=number))
        tasks = [
            replace(each, task=replace(each.task, duty_of=renamed[each.task.place]))
            if each.task.place in renamed and each.task.kind is TaskKind.INDICATOR_DUTY
            else each
            for each in self.tasks
        ]
        return Found(tuple(tasks), tuple(items), tuple(self.vetoes), tuple(self.doubts), frozenset(self.used))


def _places_in_annexes(outline: Outline) -> dict[int, int]:
    """Which table of its annex each is, by its block; 0 for the only one."""
    annexes: dict[Annex | None, list[int]] = {}
    for at in outline.tables:
        annexes.setdefault(at.annex, []).append(at.place.block)
    return {
        block: place if len(blocks) > 1 else 0
        for blocks in annexes.values()
        for place, block in enumerate(blocks, start=1)
    }


def _goes_on(last: TableAt, at: TableAt, heads: Heads) -> bool:
    """Whether a table without heads is the rest of the one before it: right after it, and as wide."""
    width = len(at.table.rows[0]) if at.table.rows else 0
    return at.place.block - last.place.block <= 2 and width == len(heads.columns) and at.annex == last.annex


def turned_upright(table: Table) -> Table | None:
    """A table whose heads stand in its first column, with its tasks side by side; None for any other."""
    if len(table.rows) < 3 or not table.rows[0] or len(table.rows) > 40 or len({len(row) for row in table.rows}) > 1:
        return None
    return Table(tuple(zip(*table.rows, strict=True)), table.count, table.first_row, table.sheet)


class _Part:
    """The rows under one set of heads."""

    def __init__(self, tables: _Tables, at: TableAt, heads: Heads, rows: list[Row], turned: bool) -> None:
        self.tables, self.at, self.heads, self.rows, self.turned = tables, at, heads, rows, turned
        self.told: list[Told] = []
        self.layout = layout_of(heads, rows, _measured_in(at))
        words = "，".join([at.caption, at.annex.title if at.annex else "", *(each.title for each in at.path[-1:])])
        self.caption = words
        self.names_indicators = is_of_indicators(self.layout, words)
        self.names_documents = bool(NAMES_DOCUMENTS.search(at.caption)) or any(
            NAMES_DOCUMENTS.search(head.words) for head in heads.columns if head.column in TEXTS
        )
        title = "，".join(cell.text for row in at.table.rows[:1] for cell in row[:1])
        below = at.table.rows[-1][0].text if at.table.rows and at.table.rows[-1] else ""
        note = note_in(at.caption) or note_in(title) or note_in(below)
        self.note = note or tables.notes.get(at.annex.number if at.annex else None) or tables.notes.get(None)

    def take(self, above: Told | None) -> Told | None:
        """Put what the rows give into the finds, if the table is one of tasks or indicators."""
        has_tasks = gives_tasks(self.layout, self.caption) or self._names_units()
        if not has_tasks and not (self.names_indicators and self.layout.title is not None):
            return above
        self._unknown_heads()
        for row in self.rows:
            above = self._row(row, above)
        self._inherit_deadlines()
        for told in self.told:
            self._give(told, has_tasks)
        return above

    def _names_units(self) -> bool:
        """Whether contents name units themselves, in lines of labels or brackets at their end."""
        layout = self.layout
        columns = [*layout.contents, *([] if layout.title is None else [layout.title])]
        return any(_is_sure(told_by(row.text(column), None)) for row in self.rows[:20] for column in columns)

    def _place(self, row: Row) -> Place:
        return Place(self.at.place.block, None if self.turned else row.index)

    def _doubt(self, kind: ReadingDoubt, row: Row | None, words: str) -> None:
        place = self._place(row) if row else self.at.place
        self.tables.doubts.append(DraftDoubt(kind, place, words, source_of_row(self.at, row.index if row else 0)))

    def _unknown_heads(self) -> None:
        for index, head in enumerate(self.heads.columns):
            if head.column is None and head.words and any(row.own(index) for row in self.rows[:200]):
                self._doubt(ReadingDoubt.UNKNOWN_COLUMN, None, head.words)

    def _row(self, row: Row, above: Told | None) -> Told | None:
        """One row: a veto, the rest of the row above, or a task of its own."""
        if self._is_veto(row):
            return above
        told = told_of(row, self.layout, self.note, above)
        if above and self._goes_on(told, above):
            self._join(told, above)
            return above
        if not told.title and not told.contents:
            return above
        self._inherit(told, above)
        self.told.append(told)
        return told

    def _is_veto(self, row: Row) -> bool:
        first = [one_line(row.text(index)) for index in range(min(2, len(row.cells)))]
        if not any(VETO.search(text) and len(text) < 20 for text in first):
            return False
        texts = [cell.text for cell in row.cells if not cell.inherited and len(cell.text) > 8]
        for text in texts[:1]:
            parts = parts_in(text) or [
                (str(n), t.strip()) for n, t in enumerate(re.split(r"[；;\n]", text), start=1) if t.strip()
            ]
            self.tables.vetoes += parts
        self.tables.used.add(self._place(row))
        return True

    def _goes_on(self, told: Told, above: Told) -> bool:
        """Whether a row is the rest of the one above: no number, no title, no units, no deadline, words alone.

        Merged cells tell more: a row whose number, units and deadline are all covered goes on with its task as well.
        """
        row, layout = told.row, self.layout
        if not told.contents or told.label or row.banner != above.row.banner:
            return False
        if not is_empty(told, layout) and not self._splits_units(told, above):
            return False
        covered = [at for at in (layout.number, layout.title, *layout.units, layout.deadline) if at is not None]
        if layout.number is not None and all(row.is_covered(at) for at in covered):
            return True
        if any(row.is_covered(at) for at in covered):
            return False
        if layout.number is not None and not row.own(layout.number):
            return layout.title is None or not row.own(layout.title)
        if layout.number is None and layout.title is not None and not row.own(layout.title):
            return not above.requirement.rstrip().endswith(("。", "；", ";", chr(0xFF01)))
        return False

    def _splits_units(self, told: Told, above: Told) -> bool:
        """Whether the last name of a cell ends on the next page: 大数据局、发 / 改委."""
        number, deadline = self.layout.number, self.layout.deadline
        if number is None or told.row.own(number) or (deadline is not None and told.row.own(deadline)):
            return False
        return bool(above.units and told.units) and not looks_like_unit(above.units[-1].name)

    def _join(self, told: Told, above: Told) -> None:
        """Add the words of a row to those of the row above it."""
        if told.units and self._splits_units(told, above):
            first, *others = told.units
            last = above.units[-1]
            above.units = [*above.units[:-1], Share(last.name + first.name, last.role), *others]
        for place, (head, text) in enumerate(told.contents):
            if place < len(above.contents) and above.contents[place][0] == head:
                known = above.contents[place][1]
                gap = "\n" if known.rstrip().endswith(("。", "；", ";")) or told.row.is_covered(self._first()) else ""
                above.contents[place] = (head, f"{known.rstrip()}{gap}{text.lstrip()}")
            else:
                above.contents.append((head, text))
        above.row.more.append(told.row.index)
        self.tables.used.add(self._place(told.row))
        if not told.row.is_covered(self._first()):
            self._doubt(ReadingDoubt.SPLIT_ROW, told.row, told.contents[0][1][:60])

    def _first(self) -> int:
        return self.layout.number if self.layout.number is not None else self.layout.title or 0

    def _inherit(self, told: Told, above: Told | None) -> None:
        """Units that a row leaves empty where the rows above have them: those of the same group, with a doubt."""
        if told.units or not above or not above.units or above.row.banner != told.row.banner:
            return
        same = any(told.row.text(at) and not told.row.own(at) for at in self.layout.units)
        if not self.layout.units or (above.groups != told.groups and not same):
            return
        if self.names_indicators and told.number is None:
            return
        told.units, told.inherits = list(above.units), True
        if not any(SAME.match(told.row.text(at)) for at in self.layout.units):
            names = "、".join(each.name for each in told.units)
            self._doubt(
                ReadingDoubt.INHERITED_UNITS, told.row, f"{told.title or short_title(told.requirement)}：{names}"
            )

    def _inherit_deadlines(self) -> None:
        """Deadlines likewise: with the units, or where the column is filled at the head of its groups alone."""
        column = self.layout.deadline
        if column is None:
            return
        filled = sum(1 for told in self.told if told.deadlines)
        is_sparse = len(self.told) > 3 and filled * 2 <= len(self.told)
        above: Told | None = None
        for told in self.told:
            text = told.row.text(column)
            is_near = above is not None and above.groups == told.groups and above.row.banner == told.row.banner
            takes = SAME.match(text) or (is_near and not text and (told.inherits or is_sparse))
            if takes and not told.deadlines and above and above.deadlines:
                told.deadlines = list(above.deadlines)
                if not SAME.match(text) and not told.inherits:
                    self._doubt(ReadingDoubt.INHERITED_UNITS, told.row, f"{told.title}：{told.deadlines[0]}")
            above = told

    def _give(self, told: Told, has_tasks: bool) -> None:
        """The task of a row, and its indicator."""
        place = self._place(told.row)
        section = self._section(told)
        title = self._title(told)
        is_item = self.names_indicators and bool(told.number or self.layout.number is None) and not told.label
        figures = None if is_item else project_of(replace(told, title=title), self.layout, section)
        self.tables.used.add(place)
        if is_item:
            self.tables.indicators.append((self.at.place.block, self._indicator(told, title, section)))
        if not has_tasks:
            return
        deadline, others = next(iter(told.deadlines), None), tuple(told.deadlines[1:])
        for words in figures.unsure if figures else ():
            self._doubt(ReadingDoubt.UNSURE_FIGURE, told.row, words)
        if others:
            self._doubt(ReadingDoubt.SEVERAL_DEADLINES, told.row, "；".join(told.deadlines))
        kind = TaskKind.INDICATOR_DUTY if is_item else TaskKind.PROJECT if figures else TaskKind.MEASURE
        if self.names_documents and kind is TaskKind.MEASURE:
            kind = TaskKind.POLICY_DOCUMENT
        task = DraftTask(
            key="",
            kind=kind,
            title=title,
            requirement=told.requirement,
            place=place,
            source=self._source(told.row),
            sentence=self._sentence(told.row),
            number=told.number,
            section=section,
            units=tuple(DraftUnit(each.name, each.role) for each in told.units),
            officials=tuple(told.officials),
            deadline=deadline,
            other_deadlines=others,
            duty_of=told.number if is_item else None,
            project=figures.project if figures else None,
        )
        self.tables.tasks.append(FoundTask(Origin.TABLE, task, self.at.annex.number if self.at.annex else ""))

    def _source(self, row: Row) -> str:
        """The table and the row; of several tables in an annex which one."""
        source = source_of_row(self.at, 0 if self.turned else row.index)
        if self.at.annex and (place := self.tables.places[self.at.place.block]):
            return source.replace(f"{self.at.annex.name} ", f"{self.at.annex.name} 表{place} ", 1)
        return source

    def _sentence(self, row: Row) -> str:
        if self.turned:
            return "\t".join(cell.text for cell in row.cells)
        rows = self.at.table.rows
        return "\n".join("\t".join(cell.text for cell in rows[index]) for index in (row.index, *row.more))

    def _section(self, told: Told) -> tuple[str, ...]:
        """The headings above the table, the rows across it, its columns of groups; else the title of its annex."""
        groups = [*told.row.banner, *told.groups]
        if self._title(told) != told.title and told.title and not told.has_own_title:
            groups.append(told.title)
        path = section_of(self.at) if self.at.path else ()
        return (*path, *dict.fromkeys(group for group in groups if group)) or section_of(self.at)

    def _title(self, told: Told) -> str:
        """The title of a row: its own, else the opening of its content."""
        if told.label:
            return told.label
        if told.title and told.has_own_title:
            is_alone = not told.contents or one_line(told.requirement).endswith(told.title)
            if len(told.title) > LONGEST_TITLE:
                group = told.groups[-1] if told.groups and is_alone else ""
                return group if group and self._is_lone(told) else short_title(told.title)
            return told.title
        return short_title(told.requirement)

    def _is_lone(self, told: Told) -> bool:
        return sum(1 for each in self.told if each.groups == told.groups) == 1

    def _indicator(self, told: Told, title: str, section: tuple[str, ...]) -> DraftIndicator:
        grade, points = self._grade(told.row)
        parts = tuple(DraftPart(number, text, points_in(text)) for number, text in parts_in(told.requirement))
        if points is None and grade == "B":
            points = sum((part.points for part in parts if part.points), Decimal(0)) or None
        return DraftIndicator(
            number=told.number or str(len(self.tables.indicators) + 1),
            title=title,
            place=self._place(told.row),
            group=(told.groups[-1] if any(told.groups) else "") or (section[-1] if section else ""),
            kind=grade,
            points=points,
            units=tuple(DraftUnit(each.name, each.role) for each in told.units),
            parts=parts,
            floors=self._floors(told),
            national=national_of(title) or national_of(told.requirement),
        )

    def _grade(self, row: Row) -> tuple[str | None, Decimal | None]:
        kind: str | None = None
        points: Decimal | None = None
        for column in self.heads.at(Column.GRADE, Column.POINTS):
            grade, said = grade_in(row.text(column))
            kind, points = kind or grade, points or said
            if self.heads.columns[column].column is Column.POINTS and points is None:
                points = threshold_in(row.text(column))
        return kind, points

    def _floors(self, told: Told) -> tuple[tuple[str, Decimal], ...]:
        """Thresholds by stage: from columns of their own, else from the words."""
        floors = []
        for column, stage in ((Column.PRIMARY, "小学"), (Column.JUNIOR, "初中")):
            for at in self.heads.at(column):
                if (floor := threshold_in(told.row.text(at))) is not None:
                    floors.append((stage, floor))
        return tuple(floors) or floors_in(told.requirement)


def _is_sure(shares: Shares) -> bool:
    return bool(shares.units) and shares.sure


def _measured_in(at: TableAt) -> str:
    """The units of figures that the line above a table, or its first rows, name: 单位：万元、平方米."""
    near = [at.caption, *(cell.text for row in at.table.rows[:3] for cell in row if not cell.inherited)]
    for text in near:
        found = UNIT_OF_TABLE.search(plain(text)) if len(text) < LONGEST_CAPTION else None
        if found and any(scale_in(found["units"], measure) for measure in Measure):
            return found["units"]
    return ""
