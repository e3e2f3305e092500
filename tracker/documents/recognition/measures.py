"""Tasks in paragraphs: numbered items with units in brackets, in lines of labels under them, or in their heading's.

A bracket at the end says whose the whole item is; of several inside it each closes the part before it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from tracker.documents.paper import Place
from tracker.documents.plan_draft import DraftDoubt, DraftTask, DraftUnit
from tracker.documents.recognition.brackets import brackets_in, parts_of, together
from tracker.documents.recognition.found import Found, FoundTask, Origin
from tracker.documents.recognition.measure_items import Item, items_of, label_texts, text_of
from tracker.documents.recognition.outline import Line, Outline
from tracker.documents.recognition.project_figures import read_figures
from tracker.documents.recognition.sources import source_of
from tracker.rules.deadline_words import read_deadline
from tracker.rules.reading.deadline_spots import deadlines_in, ends_first, spots_in
from tracker.rules.reading.doubts import ReadingDoubt
from tracker.rules.reading.indicator_words import states_indicator
from tracker.rules.reading.labels import label_at_end, opens_with_heading
from tracker.rules.reading.shares import Note, Shares, note_in, shares_in
from tracker.rules.reading.unit_words import is_surely_unit
from tracker.rules.task_kinds import TaskKind

LONGEST_TITLE = 80
SEATS = re.compile(r"学位[^，。；]{0,6}?\d[\d,]*个?|\d[\d,]*个?学位")  # of no school that is named: nobody gets them
NTH = re.compile(r"^(?:[一二三四五六七八九十]是|[（(]\d{1,2}[）)]|[①-⑳]|\d{1,2}[.．、](?!\d))\s?")
BULLETS = " 　\t*●○■□◆◇★☆▲△►•·-—"


def measures_in(outline: Outline) -> Found:
    """Every numbered item that names who does it; brackets and labels decide, never the words of the work."""
    walk = _Walk(_note_of(outline))
    items = list(items_of(outline))
    above = {each.line.path[-1].place for each in items if each.line.path}
    groups = {_level(each.line) for each in items if each.line.place in above}
    for item in items:
        item.has_items = item.line.place in above
        has_parts = any(opens_with_heading(each.text) for each in item.below)
        is_bare = (
            item.line.is_heading and not item.has_items and bool(not item.labels or (item.below and not has_parts))
        )
        item.is_group = is_bare and not item.has_steps and _level(item.line) in groups
        walk.read(item)
    walk.doubt_those_left(items)
    return Found(tuple(walk.tasks), doubts=tuple(walk.doubts), used=frozenset(walk.used))


def _level(line: Line) -> tuple[int, tuple[Place, ...]]:
    """The rank of a numbered paragraph and the headings above it: what its neighbours share with it."""
    return line.rank, tuple(each.place for each in line.path)


def _note_of(outline: Outline) -> Note | None:
    """The note that holds from the beginning: one before the first item, or a later one that speaks of all above."""
    for line in takewhile(lambda each: not each.rank, outline.lines):
        if note := note_in(line.text):
            return note
    later = (note for line in outline.lines if "牵头" in line.text and (note := note_in(line.text)))
    return next((note for note in later if note.all_above), None)


class _Walk:
    """One pass over the items, with the note and the brackets of headings that are in force."""

    def __init__(self, note: Note | None) -> None:
        self.note = note
        self.inherited: list[tuple[Line, Shares]] = []
        self.tasks: list[FoundTask] = []
        self.doubts: list[DraftDoubt] = []
        self.used: set[Place] = set()

    def read(self, item: Item) -> None:
        """Make the tasks of an item, or keep the bracket of a heading for those below it."""
        line = item.line
        self.inherited = [each for each in self.inherited if each[0].place in {h.place for h in line.path}]
        for each in (line, *item.below, *item.labels):
            self.note = note_in(each.text) or self.note
        parts, body = parts_of(text_of(item), self.note)
        told = together([shares_in(words, self.note) for words in label_texts(item.labels)])
        if item.has_items and line.is_heading and told.units and not parts:
            self.inherited.append((line, told))
        elif not parts and not told:
            self._without_own(item, body, told)
        elif item.has_items and line.is_heading and not item.labels:
            self.inherited.append((line, together([shares for _words, shares in parts])))
        elif sum(bool(shares.units) for _words, shares in parts) > 1:
            self._several(item, parts, told)
        else:
            self._one(item, body, together([told, *(shares for _words, shares in parts)]))

    def _without_own(self, item: Item, body: str, told: Shares) -> None:
        """An item without units of its own takes those of the heading above it, and a doubt says so."""
        if not self.inherited or not item.line.number or not (item.line.rest or body):
            return
        _heading, shares = self.inherited[-1]
        self._one(item, body, together([shares, told]))
        self._doubt(ReadingDoubt.INHERITED_UNITS, item.line, "、".join(each.name for each in shares.units))

    def _several(self, item: Item, parts: Sequence[tuple[str, Shares]], told: Shares) -> None:
        """Of several brackets each closes a task of its own."""
        for words, shares in parts:
            if shares.units:
                own = NTH.sub("", words.strip("。；;，, \n"))
                is_whole = words is parts[0][0] and item.line.title and not NTH.match(words.strip()) and item.line.rest
                title = item.line.title if is_whole else _first_clause(own)
                self._add(item, _bare(title), words.strip("。；;，, \n"), together([shares, told]))

    def _one(self, item: Item, body: str, shares: Shares) -> None:
        title = _bare(item.line.title) or _first_clause(_bare(item.line.text) if not item.line.rank else body)
        if item.is_group and body.strip():
            title = _first_clause(body)
        self._add(item, title, body.strip() or title, shares)

    def _add(self, item: Item, title: str, requirement: str, shares: Shares) -> None:
        line = item.line
        deadlines = ends_first(shares.deadlines) or deadlines_in(
            title if title == requirement else f"{title}。{requirement}"
        )
        section = item.section
        figures = read_figures(title, requirement, section)
        project = figures.project if figures else None
        kind = TaskKind.PROJECT if project else TaskKind.MEASURE
        if not project and item.labels and states_indicator(f"{title}{requirement}"):
            kind = TaskKind.INDICATOR_DUTY
        task = DraftTask(
            key="",
            kind=kind,
            title=title[:LONGEST_TITLE],
            requirement=requirement,
            place=line.place,
            source=source_of(line),
            sentence=item.sentence,
            number=item.number,
            section=section,
            units=tuple(DraftUnit(each.name, each.role) for each in shares.units),
            officials=shares.officials,
            deadline=deadlines[0] if deadlines else None,
            other_deadlines=tuple(dict.fromkeys(deadlines[1:])),
            project=project,
        )
        origin = Origin.LISTED if item.labels and kind is TaskKind.INDICATOR_DUTY else Origin.MEASURE
        self.tasks.append(FoundTask(origin, task, line.annex.number if line.annex else ""))
        self.used |= {each.place for each in (line, *item.below, *item.labels)}
        named = [*deadlines, *_further(shares, requirement)]
        if len(named) > 1:
            self._doubt(ReadingDoubt.SEVERAL_DEADLINES, line, "、".join(named))
        for words in figures.unsure if figures else ():
            self._doubt(ReadingDoubt.UNSURE_FIGURE, line, words)
        if project and not project.schools and (seats := SEATS.search(requirement)):
            self._doubt(ReadingDoubt.UNSURE_FIGURE, line, seats[0])
        if shares.units and not shares.sure and not all(is_surely_unit(each.name) for each in shares.units):
            names = [*(each.name for each in shares.units), *shares.officials]
            self._doubt(ReadingDoubt.UNSURE_UNIT, line, "、".join(names))

    def doubt_those_left(self, items: Sequence[Item]) -> None:
        """A numbered paragraph without a task among neighbours that mostly gave one may not have been understood."""
        levels: dict[tuple[int, tuple[Place, ...]], list[Item]] = {}
        for item in items:
            if item.line.number and not item.has_items:
                rank, above = _level(item.line)
                levels.setdefault((rank, above[:1]), []).append(item)
        for level in levels.values():
            left = [item for item in level if item.line.place not in self.used]
            for item in left if 2 * len(left) <= len(level) else ():
                self._doubt(ReadingDoubt.UNSURE_TASK, item.line, item.line.text[:LONGEST_TITLE])

    def _doubt(self, kind: ReadingDoubt, line: Line, words: str) -> None:
        self.doubts.append(DraftDoubt(kind, line.place, words, source_of(line)))


def _bare(title: str) -> str:
    """A title without a bracket at its end that says who does it."""
    if (at := label_at_end(title)) is not None:
        title = title[:at]
    for start, end, shares in brackets_in(title, None):
        if shares and end >= len(title.rstrip("。 *")):
            return title[:start].strip(BULLETS)
    return title.strip(BULLETS)


def _first_clause(text: str) -> str:
    """What a text says first, up to its first stop; only what is too long for a title ends at a comma."""
    text = text.strip(BULLETS + "\n")
    first = re.split("[。；;：:\n]", text, maxsplit=1)[0]
    return first if len(first) <= LONGEST_TITLE else re.split("[，,]", first, maxsplit=1)[0]


def _further(shares: Shares, requirement: str) -> list[str]:
    """Days in the sentences other than the one that a label names: steps on the way, which a person should see."""
    if not shares.deadlines:
        return []
    known = {read_deadline(words).due_on for words in shares.deadlines}
    spots = (spot.words for spot in spots_in(requirement))
    return [words for words in spots if (due := read_deadline(words).due_on) and due not in known]
