"""Tasks in paragraphs: numbered items with units in brackets, in lines of labels under them, or in their heading's.

A bracket at the end says whose the whole item is; of several inside it each closes the part before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile

from tracker.documents.paper import Place
from tracker.documents.plan_draft import DraftDoubt, DraftTask, DraftUnit
from tracker.documents.recognition.found import Found, FoundTask, Origin
from tracker.documents.recognition.outline import Line, Outline
from tracker.documents.recognition.project_figures import figures_of
from tracker.documents.recognition.sources import section_of, source_of
from tracker.rules.deadline_words import read_deadline
from tracker.rules.reading.deadline_spots import spots_in
from tracker.rules.reading.doubts import ReadingDoubt
from tracker.rules.reading.indicator_words import states_indicator
from tracker.rules.reading.labels import (
    Field,
    label_at_end,
    label_spans,
    labelled,
    lone_label,
    opening_field,
    opens_with_label,
)
from tracker.rules.reading.shares import Note, Shares, note_in, shares_in
from tracker.rules.reading.unit_lists import split_units
from tracker.rules.reading.unit_words import is_surely_unit
from tracker.rules.task_kinds import TaskKind

LONGEST_BRACKET = 600
LONGEST_TITLE = 80
NTH = re.compile(r"^(?:[一二三四五六七八九十]是|[（(]\d{1,2}[）)]|[①-⑳]|\d{1,2}[.．、](?!\d))\s?")
GOES_ON = re.compile("[、，,；;]$")
LAST = re.compile(r"\s{0,9}[。；;.]?[ 　\t]{0,9}(?:$|\n)")
OPEN, CLOSE = "（([［〔【", "）)]］〕】"
UNCLOSED = re.compile(r"[（(]\s?\**[一-鿿]{2,8}\s?[：:]")
BULLETS = " 　\t*●○■□◆◇★☆▲△►•·-—"
SAID = {Field.LEAD, Field.RESPONSIBLE, Field.COOPERATING, Field.OFFICIAL, Field.DEADLINE}
LONGEST_NAMES = 200
ORDERS = re.compile("[要应须需]|确保")
MOST_PARTS = 40  # the numbered parts of one item, back to the item itself
STARS = re.compile(r"\*\*")


@dataclass
class Item:
    """A numbered paragraph with the plain ones under it, and what they say of units and dates."""

    line: Line
    below: list[Line] = field(default_factory=list)
    labels: list[Line] = field(default_factory=list)
    is_group: bool = False
    has_items: bool = False

    @cached_property
    def sentence(self) -> str:
        """Everything that stands there."""
        return "\n".join([self.line.text, *(each.text for each in (*self.below, *self.labels))])

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
    walk = _Walk(_note_of(outline))
    items = list(_items(outline))
    above = {each.line.path[-1].place for each in items if each.line.path}
    groups = {_level(each.line) for each in items if each.line.place in above}
    for item in items:
        item.has_items = item.line.place in above
        is_bare = item.line.is_heading and not item.has_items and bool(item.below or not item.labels)
        item.is_group = is_bare and _level(item.line) in groups
        walk.read(item)
    return Found(tuple(walk.tasks), doubts=tuple(walk.doubts), used=frozenset(walk.used))


def _note_of(outline: Outline) -> Note | None:
    """The note that holds from the beginning: one before the first item, or a later one that speaks of all above."""
    for line in takewhile(lambda each: not each.rank, outline.lines):
        if note := note_in(line.text):
            return note
    later = (note for line in outline.lines if "牵头" in line.text and (note := note_in(line.text)))
    return next((note for note in later if note.all_above), None)


def _level(line: Line) -> tuple[int, tuple[Place, ...]]:
    """The rank of a numbered paragraph and the headings above it: what its neighbours share with it."""
    return line.rank, tuple(each.place for each in line.path)


def _items(outline: Outline) -> Iterator[Item]:
    """The numbered paragraphs with what stands under them up to the next numbered one."""
    items: list[Item] = []
    for line in outline.lines:
        if line.rank and not (owner := _owner(line, items)):
            items.append(Item(line))
        elif line.rank and owner:
            owner.labels.append(line)
        elif items and line.annex == items[-1].line.annex:
            (items[-1].labels if _is_of_labels(line, items[-1]) else items[-1].below).append(line)
        elif not items and not line.annex and _is_told(line.text):
            items.append(Item(line))
    yield from items


def _owner(line: Line, items: Sequence[Item]) -> Item | None:
    """The item whose label a numbered line is: （3）责任单位：县教育局 belongs to what stands above （1）."""
    words = f"{line.title}：" if _opens_with_colon(line) else "" if line.title and line.rest else line.text
    if _opening(words) not in SAID:
        return None
    parent = line.path[-1].place if line.path else None
    return next((item for item in reversed(items[-MOST_PARTS:]) if item.line.place == parent), None)


def _opens_with_colon(line: Line) -> bool:
    """Whether a colon, not a stop, ends the title of a numbered paragraph."""
    at = line.text.find(line.title) + len(line.title) if line.title else -1
    return at > 0 and line.text[at : at + 3].lstrip()[:1] in ("：", ":")


def _opening(text: str) -> Field | None:
    """The field that a line is about: of its label, of a label alone, of one bracket around it."""
    return opening_field(text) or lone_label(text)


def _is_of_labels(line: Line, item: Item) -> bool:
    """A line that opens with a label, is one bracket with labels, or goes on with the names of the line before."""
    field = _opening(line.text)
    if field in SAID or _is_bracket(line.text):
        return True
    before = (item.labels or item.below or [item.line])[-1]
    if before.place.block != line.place.block - 1 or not item.labels:
        return _is_clause(line.text)
    if field is Field.OTHER or lone_label(before.text):
        return True
    if GOES_ON.search(before.text) or "\t" in line.text:
        return opens_with_label(before.text) or before in item.labels
    return (
        len(line.text) <= LONGEST_NAMES
        and not line.text.rstrip().endswith("。")
        and all(map(is_surely_unit, split_units(line.text)))
    ) or _is_clause(line.text)


def _is_clause(text: str) -> bool:
    """A line of its own that says who does it: 县教育局牵头，县财政局配合。"""
    bare = text.strip().rstrip("。")
    if len(text) > LONGEST_NAMES or "。" in bare or bare.endswith(tuple(CLOSE)) or labelled(text):
        return False
    said = shares_in(bare)
    names = [each.name for each in said.units]
    return bool(names) and said.sure and all(is_surely_unit(name) and not ORDERS.search(name) for name in names)


def _is_told(text: str) -> bool:
    """Whether a paragraph without a number has a bracket that says by its words who does it."""
    return any(shares.sure and shares.units for _start, _end, shares in _brackets(text, None))


def _is_bracket(text: str) -> bool:
    text = text.strip("* 　。")
    return text[:1] in OPEN and text[-1:] in CLOSE and len(text) <= LONGEST_BRACKET and bool(shares_in(text[1:-1]))


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
        parts, body = _parts(_text(item), self.note)
        told = _together([shares_in(words, self.note) for words in _joined(item.labels)])
        if item.has_items and line.is_heading and told.units and not parts:
            self.inherited.append((line, told))
        elif not parts and not told:
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
                own = NTH.sub("", words.strip("。；;，, \n"))
                is_whole = words is parts[0][0] and item.line.title and not NTH.match(words.strip()) and item.line.rest
                title = item.line.title if is_whole else _first_clause(own)
                self._add(item, _bare(title), words.strip("。；;，, \n"), _together([shares, told]))

    def _one(self, item: Item, body: str, shares: Shares) -> None:
        title = _bare(item.line.title) or _first_clause(_bare(item.line.text) if not item.line.rank else body)
        if item.is_group and body.strip():
            title = _first_clause(body)
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
        if shares.units and not shares.sure:
            self._doubt(ReadingDoubt.UNSURE_UNIT, line, "、".join(each.name for each in shares.units))

    def _doubt(self, kind: ReadingDoubt, line: Line, words: str) -> None:
        self.doubts.append(DraftDoubt(kind, line.place, words))


def _text(item: Item) -> str:
    """The words of an item after its title, with the plain paragraphs below."""
    own = item.line.rest or ("" if item.line.title else item.line.text)
    title = item.line.title if BRACKET_END.search(item.line.title) else ""
    if (at := label_at_end(item.line.title)) is not None and _opens_with_colon(item.line):
        own = f"{item.line.title[at:]}：{own}"
    return "\n".join(filter(None, [title, own, *(each.text for each in item.below)]))


BRACKET_END = re.compile(r"[）)\]］〕】]\**$")


def _bare(title: str) -> str:
    """A title without a bracket at its end that says who does it."""
    if (at := label_at_end(title)) is not None:
        title = title[:at]
    for start, end, shares in _brackets(title, None):
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
    """What says who does it: brackets with labels or verbs anywhere, with names alone at the end of a paragraph.

    Labels and clauses at the end of a paragraph need no bracket: …。牵头单位：县教育局，配合单位：县财政局。
    """
    at = 0
    for start, end in _spans(text):
        yield from _open_labels(text, at, start, note)
        at = end
        if end - start > LONGEST_BRACKET:
            continue
        closed = text[end - 1] in CLOSE
        shares = shares_in(text[start + 1 : end - closed], note)
        is_last = LAST.match(text, end)
        if shares and (shares.sure or is_last) and (shares.units or shares.officials):
            yield start, end, shares
    yield from _open_labels(text, at, len(text), note)


def _open_labels(text: str, start: int, end: int, note: Note | None) -> Iterator[tuple[int, int, Shares]]:
    """The labels in a stretch of text without brackets."""
    if text.find("：", start, end) >= 0 or text.find(":", start, end) >= 0:
        for first, last, words in label_spans(text[start:end]):
            shares = shares_in(words[:LONGEST_BRACKET], note)
            if shares.units or shares.officials:
                yield start + first, start + last, shares


def _spans(text: str) -> list[tuple[int, int]]:
    """The outermost brackets, start and end; one that never closes ends with its line, if a label opens it."""
    waiting: list[int] = []
    pairs: list[tuple[int, int]] = []
    for at, char in enumerate(text):
        if char in OPEN:
            waiting.append(at)
        elif char in CLOSE and waiting:
            pairs.append((waiting.pop(), at + 1))
    for at in waiting:
        if UNCLOSED.match(text, at):
            line = text.find("\n", at)
            pairs.append((at, len(text) if line < 0 else line))
    outermost: list[tuple[int, int]] = []
    for start, end in sorted(pairs, key=lambda pair: (pair[0], -pair[1])):
        if not outermost or start >= outermost[-1][1]:
            outermost.append((start, end))
    return outermost


def _joined(lines: Sequence[Line]) -> list[str]:
    """Lines of labels, each with the names that go on under it; a bracket and a clause stand for themselves."""
    texts: list[str] = []
    for line in lines:
        text = line.text if not line.number else f"{line.title}：{line.rest}" if line.title else line.rest
        text = STARS.sub("", text).strip("* 　")
        goes_on = texts and not _opening(text)
        if _is_bracket(text):
            text, goes_on = text.strip("。")[1:-1], False
        if lone_label(text) and not text.endswith(("：", ":")):
            text = f"{text}："
        if goes_on and not _is_clause(text):
            texts[-1] += f"\n{text}"
        else:
            texts.append(text)
    return texts


def _together(several: Sequence[Shares]) -> Shares:
    """What several brackets and lines say together."""
    units = tuple(dict.fromkeys(each for shares in several for each in shares.units))
    return Shares(
        units=units,
        officials=tuple(dict.fromkeys(each for shares in several for each in shares.officials)),
        deadlines=tuple(dict.fromkeys(each for shares in several for each in shares.deadlines)),
        sure=all(shares.sure for shares in several),
    )
