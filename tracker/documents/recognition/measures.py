"""Tasks in paragraphs: numbered items with units in brackets, in lines of labels under them, or in their heading's.

A bracket at the end says whose the whole item is; of several inside it each closes the part before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from tracker.documents.paper import Place
from tracker.documents.plan_draft import DraftDoubt, DraftTask, DraftUnit
from tracker.documents.recognition.found import Found, FoundTask, Origin
from tracker.documents.recognition.outline import Line, Outline
from tracker.documents.recognition.project_figures import figures_of
from tracker.documents.recognition.sources import section_of, source_of
from tracker.rules.reading.deadline_spots import spots_in
from tracker.rules.reading.doubts import ReadingDoubt
from tracker.rules.reading.indicator_words import states_indicator
from tracker.rules.reading.labels import lone_label, opens_with_label
from tracker.rules.reading.shares import Note, Shares, note_in, shares_in
from tracker.rules.task_kinds import TaskKind

LONGEST_BRACKET = 600
LONGEST_TITLE = 80
NTH = re.compile(r"^[一二三四五六七八九十]是")
GOES_ON = re.compile("[、，,；;]$")
STARS = re.compile(r"\*\*")


@dataclass
class Item:
    """A numbered paragraph with the plain ones under it, and what they say of units and dates."""

    line: Line
    below: list[Line] = field(default_factory=list)
    labels: list[Line] = field(default_factory=list)
    is_group: bool = False
    has_items: bool = False

    @property
    def number(self) -> str | None:
        """The number of the task; that of a heading among headings of groups is not its own."""
        return None if self.is_group else self.line.number or None

    @property
    def section(self) -> tuple[str, ...]:
        """The headings above the task; one that stands for a group is itself above it."""
        return (*section_of(self.line), self.line.title) if self.is_group else section_of(self.line)


def measures_in(outline: Outline) -> Found:
    """Every numbered item that names who does it; brackets and labels decide, never the words of the work."""
    walk = _Walk()
    for line in takewhile(lambda each: not each.rank, outline.lines):
        walk.note = note_in(line.text) or walk.note
    items = list(_items(outline))
    above = {each.line.path[-1].place for each in items if each.line.path}
    groups = {_level(each.line) for each in items if each.line.place in above}
    for item in items:
        item.has_items = item.line.place in above
        item.is_group = item.line.is_heading and not item.has_items and _level(item.line) in groups
        walk.read(item)
    return Found(tuple(walk.tasks), doubts=tuple(walk.doubts), used=frozenset(walk.used))


def _level(line: Line) -> tuple[int, tuple[Place, ...]]:
    """The rank of a numbered paragraph and the headings above it: what its neighbours share with it."""
    return line.rank, tuple(each.place for each in line.path)


def _items(outline: Outline) -> Iterator[Item]:
    """The numbered paragraphs with what stands under them up to the next numbered one."""
    item: Item | None = None
    for line in outline.lines:
        if line.rank:
            if item:
                yield item
            item = Item(line)
        elif item and line.annex == item.line.annex:
            waits = item.labels and item.labels[-1] is line
            (item.labels if _is_of_labels(line, item) and not waits else item.below).append(line)
    if item:
        yield item


def _is_of_labels(line: Line, item: Item) -> bool:
    """A line that opens with a label, is one bracket with labels, or stands under a label alone."""
    before = (item.labels or item.below or [item.line])[-1]
    if (
        lone_label(before.text) or (opens_with_label(before.text) and GOES_ON.search(before.text))
    ) and before.place.block == line.place.block - 1:
        return True
    return opens_with_label(line.text) or bool(lone_label(line.text)) or _is_bracket(line.text)


def _is_bracket(text: str) -> bool:
    text = text.strip("* 　。")
    return text[:1] in "（(" and text[-1:] in "）)" and bool(shares_in(text[1:-1]))


class _Walk:
    """One pass over the items, with the note and the brackets of headings that are in force."""

    def __init__(self) -> None:
        self.note: Note | None = None
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
        parts, body = _parts(_text(item), self.note)
        told = _together([shares_in(_joined(item.labels), self.note)]) if item.labels else Shares()
        if not parts and not told.units:
            self._without_own(item, body, told)
        elif item.has_items and line.is_heading and not item.labels:
            self.inherited.append((line, _together([shares for _words, shares in parts])))
        elif sum(bool(shares.units) for _words, shares in parts) > 1:
            self._several(item, parts, told)
        else:
            self._one(item, body, _together([told, *(shares for _words, shares in parts)]))

    def _without_own(self, item: Item, body: str, told: Shares) -> None:
        """An item without units of its own takes those of the heading above it, and a doubt says so."""
        if not self.inherited or not item.line.number or not (item.line.rest or body):
            return
        _heading, shares = self.inherited[-1]
        self._one(item, body, _together([shares, told]))
        self._doubt(ReadingDoubt.INHERITED_UNITS, item.line, "、".join(each.name for each in shares.units))

    def _several(self, item: Item, parts: Sequence[tuple[str, Shares]], told: Shares) -> None:
        """Of several brackets each closes a task of its own."""
        for words, shares in parts:
            if shares.units:
                first = re.split(
                    "[。；;：:]", re.sub(r"^[一二三四五六七八九十]是", "", words.strip("。；; ")), maxsplit=1
                )[0]
                title = item.line.title if words is parts[0][0] and item.line.title else first
                self._add(item, title, words.strip(), _together([shares, told]))

    def _one(self, item: Item, body: str, shares: Shares) -> None:
        title = _bare(item.line.title) or _bare(item.line.text)
        if item.is_group and body.strip():
            title = re.split("[。；;：:\n]", body.strip(), maxsplit=1)[0]
        self._add(item, title, body.strip() or title, shares)

    def _add(self, item: Item, title: str, requirement: str, shares: Shares) -> None:
        line = item.line
        deadlines = [*shares.deadlines] or [spot.words for spot in spots_in(requirement)]
        section = item.section
        project = figures_of(title, requirement, section)
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
            sentence="\n".join([line.text, *(each.text for each in (*item.below, *item.labels))]),
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
        if len(deadlines) > 1:
            self._doubt(ReadingDoubt.SEVERAL_DEADLINES, line, "、".join(deadlines))
        if shares.units and not shares.sure:
            self._doubt(ReadingDoubt.UNSURE_UNIT, line, "、".join(each.name for each in shares.units))

    def _doubt(self, kind: ReadingDoubt, line: Line, words: str) -> None:
        self.doubts.append(DraftDoubt(kind, line.place, words))


def _text(item: Item) -> str:
    """The words of an item after its title, with the plain paragraphs below."""
    own = item.line.rest or ("" if item.line.title else item.line.text)
    title = item.line.title if BRACKET_END.search(item.line.title) else ""
    return "\n".join(filter(None, [title, own, *(each.text for each in item.below)]))


BRACKET_END = re.compile(r"[）)]\**$")


def _bare(title: str) -> str:
    """A title without a bracket at its end that says who does it."""
    for start, end, shares in _brackets(title, None):
        if shares and end >= len(title.rstrip("。 *")):
            return title[:start].strip()
    return title.strip()


def _parts(text: str, note: Note | None) -> tuple[list[tuple[str, Shares]], str]:
    """The parts of a text that brackets close, each with what its bracket says; and the text without these brackets."""
    text = STARS.sub("", text)
    parts: list[tuple[str, Shares]] = []
    kept: list[str] = []
    at = 0
    for start, end, shares in _brackets(text, note):
        words = text[at:start]
        kept.append(words)
        if parts and not words.strip(" 。；;，,\n"):
            parts[-1] = (parts[-1][0], _together([parts[-1][1], shares]))
        else:
            parts.append((words, shares))
        at = end
    kept.append(text[at:])
    return parts, "".join(kept)


def _brackets(text: str, note: Note | None) -> Iterator[tuple[int, int, Shares]]:
    """The brackets that say who does it: by labels or verbs anywhere, by names alone at the end of a paragraph."""
    for start, end in _spans(text):
        if end - start > LONGEST_BRACKET:
            continue
        shares = shares_in(text[start + 1 : end - 1], note)
        is_last = re.match(r"\s*[。；;.]?\s*(?:$|\n)", text[end:])
        if shares and (shares.sure or is_last) and (shares.units or shares.officials):
            yield start, end, shares


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """The outermost brackets, start and end."""
    depth, start = 0, 0
    for at, char in enumerate(text):
        if char in "（(":
            start = start if depth else at
            depth += 1
        elif char in "）)" and depth:
            depth -= 1
            if not depth:
                yield start, at + 1


def _joined(lines: Sequence[Line]) -> str:
    """Lines of labels as one text; a label alone takes the next line."""
    parts = []
    for line in lines:
        text = STARS.sub("", line.text).strip("* 　")
        if _is_bracket(text):
            text = text.strip("。")[1:-1]
        parts.append(text if not lone_label(text) or text.endswith(("：", ":")) else f"{text}：")
    return "\n".join(parts)


def _together(several: Sequence[Shares]) -> Shares:
    """What several brackets and lines say together."""
    units = tuple(dict.fromkeys(each for shares in several for each in shares.units))
    return Shares(
        units=units,
        officials=tuple(dict.fromkeys(each for shares in several for each in shares.officials)),
        deadlines=tuple(dict.fromkeys(each for shares in several for each in shares.deadlines)),
        sure=all(shares.sure for shares in several),
    )
