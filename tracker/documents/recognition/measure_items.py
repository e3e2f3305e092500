"""The numbered paragraphs of a document, each with the plain ones and the lines of labels that belong to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from tracker.documents.paper import Place
from tracker.documents.recognition.brackets import STARS, brackets_in, clause_in, is_bracket
from tracker.documents.recognition.outline import Line, Outline
from tracker.documents.recognition.sources import section_of
from tracker.rules.reading.labels import (
    Field,
    label_at_end,
    lone_label,
    opening_field,
    opens_with_label,
)
from tracker.rules.reading.outline_numbers import TOP
from tracker.rules.reading.shares import shares_in
from tracker.rules.reading.unit_lists import split_units
from tracker.rules.reading.unit_words import is_surely_unit

GOES_ON = re.compile("[、，,；;]$")
SAID = {Field.LEAD, Field.RESPONSIBLE, Field.COOPERATING, Field.OFFICIAL, Field.DEADLINE}
LONGEST_NAMES = 200
MOST_PARTS = 40  # the numbered parts of one item, back to the item itself
BRACKET_END = re.compile(r"[）)\]］〕】]\**$")


@dataclass
class Item:
    """A numbered paragraph with the plain ones under it, and what they say of units and dates."""

    line: Line
    below: list[Line] = field(default_factory=list)
    labels: list[Line] = field(default_factory=list)
    is_group: bool = False
    has_items: bool = False
    has_steps: bool = False

    @property
    def words(self) -> str:
        """What stands there but for its labels."""
        return "\n".join([self.line.text, *(each.text for each in self.below)])

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


def items_of(outline: Outline) -> Iterator[Item]:
    """The numbered paragraphs with what stands under them up to the next numbered one."""
    items: list[Item] = []
    for line in outline.lines:
        if line.closes:
            continue
        if line.rank and not (owner := _owner(line, items)):
            items.append(Item(line))
        elif line.rank and owner:
            owner.labels.append(line)
        elif items and line.annex == items[-1].line.annex:
            (items[-1].labels if _is_of_labels(line, items[-1]) else items[-1].below).append(line)
        elif not items and not line.annex and _is_told(line.text):
            items.append(Item(line))
    yield from _with_steps(items)


def _with_steps(items: Sequence[Item]) -> Iterator[Item]:
    """The items, where the labels behind the last of several speak for the heading above: these are its steps."""
    steps: dict[Place, list[Item]] = {}
    for item in items:
        if item.line.path:
            steps.setdefault(item.line.path[-1].place, []).append(item)
    folded: set[Place] = set()
    for item in items:
        own = steps.get(item.line.place, [])
        if len(own) > 1 and _speak_at_their_end(item, own) and not any(each.line.place in steps for each in own):
            item.below += [line for each in own for line in (each.line, *each.below)]
            item.labels, item.has_steps = own[-1].labels, True
            folded |= {each.line.place for each in own}
    return (item for item in items if item.line.place not in folded)


def _speak_at_their_end(item: Item, steps: Sequence[Item]) -> bool:
    """Whether only the last of the numbered paragraphs under a heading has labels, and nothing else names units."""
    return (
        item.line.rank > TOP
        and item.line.is_heading
        and not item.labels
        and bool(steps[-1].labels)
        and not any(each.labels for each in steps[:-1])
        and any(shares_in(words).units for words in label_texts(steps[-1].labels))
        and not any(shares.units for each in (item, *steps) for _start, _end, shares in brackets_in(each.words, None))
    )


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
    if field in SAID or is_bracket(line.text):
        return True
    before = (item.labels or item.below or [item.line])[-1]
    if before.place.block != line.place.block - 1 or not item.labels:
        return bool(clause_in(line.text))
    if field is Field.OTHER or lone_label(before.text):
        return True
    if GOES_ON.search(before.text) or "\t" in line.text:
        return opens_with_label(before.text) or before in item.labels
    return (
        len(line.text) <= LONGEST_NAMES
        and not line.text.rstrip().endswith("。")
        and all(map(is_surely_unit, split_units(line.text)))
    ) or bool(clause_in(line.text))


def _is_told(text: str) -> bool:
    """Whether a paragraph without a number has a bracket that says by its words who does it."""
    return any(shares.sure and shares.units for _start, _end, shares in brackets_in(text, None))


def text_of(item: Item) -> str:
    """The words of an item after its title, with the plain paragraphs below."""
    own = item.line.rest or ("" if item.line.title else item.line.text)
    title = item.line.title if BRACKET_END.search(item.line.title) else ""
    if (at := label_at_end(item.line.title)) is not None and _opens_with_colon(item.line):
        own = f"{item.line.title[at:]}：{own}"
    return "\n".join(filter(None, [title, own, *(each.text for each in item.below)]))


def label_texts(lines: Sequence[Line]) -> list[str]:
    """Lines of labels, each with the names that go on under it; a bracket and a clause stand for themselves."""
    texts: list[str] = []
    for line in lines:
        text = line.text if not line.number else f"{line.title}：{line.rest}" if line.title else line.rest
        text = STARS.sub("", text).strip("* 　")
        goes_on = texts and not _opening(text)
        if is_bracket(text):
            text, goes_on = text.strip("。")[1:-1], False
        if lone_label(text) and not text.endswith(("：", ":")):
            text = f"{text}："
        if goes_on and not clause_in(text):
            texts[-1] += f"\n{text}"
        else:
            texts.append(text)
    return texts
