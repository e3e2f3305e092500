"""The numbers that Word computes for list paragraphs: kept nowhere in the text, worked out from numbering.xml."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from tracker.documents.readers.word_xml import child, each, number_of, said
from tracker.rules.numerals import write_han

ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"))
ROMAN_ONES = ((9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
STEMS, BRANCHES, LEGAL = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥", "零壹贰叁肆伍陆柒捌玖"
# Series of signs of their own: the first sign, and how many there are.
SIGNS = {
    "decimalEnclosedCircle": ("①", 20),
    "decimalEnclosedCircleChinese": ("①", 20),
    "decimalEnclosedParen": ("⑴", 20),
    "decimalEnclosedFullstop": ("⒈", 20),
    "ideographEnclosedCircle": ("㊀", 10),
}
HAN = {
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "ideographDigital",
    "japaneseDigitalTenThousand",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
    "taiwaneseDigital",
}
WITHOUT_NUMBER = {"bullet", "none"}
LEVELS = 9
LARGEST = 9_999
DEEPEST_LINK = 10


@dataclass(frozen=True)
class Level:
    """How a level of a list is numbered; ``restart``: the level (from 1) after which it begins anew, 0 for never."""

    start: int = 1
    kind: str = "decimal"
    text: str = ""
    restart: int | None = None
    legal: bool = False
    style: str = ""


@dataclass(frozen=True)
class List_:
    """A list of a document: the abstract list whose counters it shares, its levels, the starts that it sets anew."""

    shared: str
    levels: Mapping[int, Level]
    starts: Mapping[int, int]


@dataclass
class Numbering:
    """The lists of a document and how far each has counted."""

    lists: Mapping[str, List_]
    counters: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)

    def level_of_style(self, list_id: str, style: str) -> int:
        """The level of a list that a paragraph style is bound to; the outermost where none is."""
        found = self.lists.get(list_id)
        return next((at for at, level in found.levels.items() if level.style == style), 0) if found else 0

    def next_number(self, list_id: str, at: int) -> str:
        """The number of the next paragraph on this level of this list; empty for a bullet."""
        found = self.lists.get(list_id)
        if found is None or at not in found.levels:
            return ""
        counters = self.counters.setdefault(found.shared, {})
        if list_id not in self.begun:
            self.begun.add(list_id)
            for level in found.starts:
                counters.pop(level, None)
        start = found.starts.get(at, found.levels[at].start)
        counters[at] = counters[at] + 1 if at in counters else start
        for deeper in [level for level in counters if level > at]:
            restart = found.levels[deeper].restart if deeper in found.levels else None
            if restart is None or at < restart:
                del counters[deeper]
        return _written(found, at, counters)


def _written(found: List_, at: int, counters: Mapping[int, int]) -> str:
    level = found.levels[at]
    if level.kind in WITHOUT_NUMBER:
        return ""

    def value(match: re.Match[str]) -> str:
        which = int(match[1]) - 1
        other = found.levels.get(which, Level())
        kind = "decimal" if level.legal else other.kind
        return in_figures(counters.get(which, other.start), kind)

    text = re.sub(r"%([1-9])", value, level.text).strip()
    return f"{text} " if text[-1:].isascii() and text[-1:].isalnum() else text


def in_figures(value: int, kind: str) -> str:
    """A number as this kind of numbering writes it; a kind that is not known is written in digits."""
    if kind in HAN:
        return write_han(value) if 0 < value <= LARGEST else str(value)
    if kind in SIGNS:
        first, count = SIGNS[kind]
        return chr(ord(first) + value - 1) if 1 <= value <= count else str(value)
    if kind in {"upperLetter", "lowerLetter"}:
        letter = chr(ord("A") + (value - 1) % 26) * ((value - 1) // 26 + 1) if 0 < value <= LARGEST else ""
        return letter if kind == "upperLetter" else letter.lower()
    if kind in {"upperRoman", "lowerRoman"}:
        return _roman(value) if kind == "upperRoman" else _roman(value).lower()
    return _in_rarer_figures(value, kind)


def _in_rarer_figures(value: int, kind: str) -> str:
    if kind == "decimalZero":
        return f"{value:02d}"
    if kind.startswith("decimalFullWidth"):
        return "".join(chr(ord(digit) - ord("0") + ord("０")) for digit in str(max(0, value)))
    if kind == "ideographTraditional":
        return STEMS[(value - 1) % len(STEMS)]
    if kind == "ideographZodiac":
        return BRANCHES[(value - 1) % len(BRANCHES)]
    if kind in {"chineseLegalSimplified", "ideographLegalTraditional"} and 0 <= value < len(LEGAL):
        return LEGAL[value]
    return str(value)


def _roman(value: int) -> str:
    text, rest = "", max(0, min(value, LARGEST))
    for worth, sign in (*ROMAN, *ROMAN_ONES):
        text += sign * (rest // worth)
        rest %= worth
    return text


def numbering_of(root: Element | None, style_lists: Mapping[str, str]) -> Numbering:
    """The lists in numbering.xml; ``style_lists`` says which list a numbering style stands for."""
    if root is None:
        return Numbering({})
    abstracts = {said(item, "abstractNumId"): item for item in each(root, "abstractNum")}
    bound = {said(item, "numId"): said(child(item, "abstractNumId"), "val") for item in each(root, "num")}
    lists = {}
    for item in each(root, "num"):
        abstract = _resolved(abstracts, bound, style_lists, said(child(item, "abstractNumId"), "val"))
        levels = dict(_levels(abstracts[abstract])) if abstract in abstracts else {}
        starts = {}
        for override in each(item, "lvlOverride"):
            at = number_of(said(override, "ilvl"))
            levels.update(_levels(override))
            if (start := child(override, "startOverride")) is not None:
                starts[at] = number_of(said(start, "val"), 1)
                levels[at] = replace(levels.get(at, Level()), start=starts[at])
        lists[said(item, "numId")] = List_(abstract, levels, starts)
    return Numbering(lists)


def _resolved(
    abstracts: Mapping[str, Element], bound: Mapping[str, str], style_lists: Mapping[str, str], abstract: str
) -> str:
    """The abstract list that has the levels: one may point at a style, which points at another list."""
    for _step in range(DEEPEST_LINK):
        link = child(abstracts.get(abstract), "numStyleLink")
        if link is None:
            break
        abstract = bound.get(style_lists.get(said(link, "val"), ""), abstract)
    return abstract


def _levels(parent: Element) -> Iterator[tuple[int, Level]]:
    for item in each(parent, "lvl"):
        at = number_of(said(item, "ilvl"))
        restart = child(item, "lvlRestart")
        legal = child(item, "isLgl")
        if 0 <= at < LEVELS:
            yield (
                at,
                Level(
                    number_of(said(child(item, "start"), "val"), 1),
                    said(child(item, "numFmt"), "val") or "decimal",
                    said(child(item, "lvlText"), "val"),
                    None if restart is None else number_of(said(restart, "val")),
                    legal is not None and said(legal, "val") not in {"0", "false"},
                    said(child(item, "pStyle"), "val"),
                ),
            )
