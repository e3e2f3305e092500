"""Brackets and labels within a text that say who does what stands before them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tracker.rules.reading.labels import label_spans, labelled, opens_with_label
from tracker.rules.reading.shares import Note, Shares, shares_in
from tracker.rules.reading.unit_words import is_surely_unit

LONGEST_BRACKET = 600
LONGEST_CLAUSE = 200
ORDERS = re.compile("[要应须需]|确保")  # in what would be a name: a sentence that tells a unit what to do
ENDS_A_LIST, WITHIN = "\n", "\x00"  # what a bracket is for the labels around it
LAST = re.compile(r"\s{0,9}[。；;.]?[ 　\t]{0,9}(?:$|\n)")
OPEN, CLOSE = "（([［〔【", "）)]］〕】"
UNCLOSED = re.compile(r"[（(]\s?\**[一-鿿]{2,8}\s?[：:]")
STARS = re.compile(r"\*\*")


def parts_of(text: str, note: Note | None) -> tuple[list[tuple[str, Shares]], str]:
    """The parts of a text that brackets close, each with what its bracket says; and the text without these brackets."""
    text = STARS.sub("", text)
    parts: list[tuple[str, Shares]] = []
    kept: list[str] = []
    at = 0
    for start, end, shares in brackets_in(text, note):
        words = text[at:start]
        kept.append(words)
        if parts and not words.strip(" 。；;，,\n"):
            parts[-1] = (parts[-1][0], together([parts[-1][1], shares]))
        else:
            parts.append((words, shares))
        at = end
    kept.append(text[at:])
    return parts, "".join(kept)


def brackets_in(text: str, note: Note | None) -> Iterator[tuple[int, int, Shares]]:
    """What says who does it: brackets with labels or verbs anywhere, with names alone at the end of a paragraph.

    Labels need none (…。牵头单位：县教育局。), and what they name may have some: 县住建局（县人防办）.
    A last sentence that says nothing else needs none either: …。县教育局牵头，县财政局配合。
    """
    said = [(start, end, _bracket(text, start, end, note)) for start, end in _spans(text)]
    found = list(_open_labels(text, said, note))
    lists = [(start, end) for start, end, _shares in found]
    for start, end, shares in said:
        is_last = LAST.match(text, end)
        if shares and (shares.sure or is_last) and (shares.units or shares.officials):
            found += [(start, end, shares)] * (not any(first <= start < last for first, last in lists))
    yield from sorted(found, key=lambda each: each[:2]) or _last_sentence(text)


def _bracket(text: str, start: int, end: int, note: Note | None) -> Shares:
    """What a bracket says; nothing where it is too long to say who does something."""
    closed = text[end - 1] in CLOSE
    return shares_in(text[start + 1 : end - closed], note) if end - start <= LONGEST_BRACKET else Shares()


def _open_labels(
    text: str, said: Sequence[tuple[int, int, Shares]], note: Note | None
) -> Iterator[tuple[int, int, Shares]]:
    """The labels outside brackets; their lists end before a bracket that speaks for itself."""
    if "：" not in text and ":" not in text:
        return
    veiled = list(text)
    for start, end, shares in said:
        speaks = (shares.sure and shares.units) or opens_with_label(text[start + 1 : end])
        veiled[start:end] = [ENDS_A_LIST if speaks else WITHIN] * (end - start)
    for start, stop in label_spans("".join(veiled)):
        end = stop - (text[stop - 1] in OPEN)
        shares = shares_in(text[start : min(end, start + LONGEST_BRACKET)], note)
        if shares.units or shares.officials:
            yield start, end, shares


def _last_sentence(text: str) -> Iterator[tuple[int, int, Shares]]:
    """A last sentence that says who does it and nothing else."""
    bare = text.rstrip("。 　\t\n*")
    start = max(bare.rfind("。"), bare.rfind("\n")) + 1
    if start and (shares := clause_in(bare[start:])):
        yield start, len(text), shares


def clause_in(sentence: str) -> Shares | None:
    """Who does it, where a sentence says just that: 县教育局牵头，县财政局配合."""
    sentence = sentence.strip().rstrip("。")
    if len(sentence) > LONGEST_CLAUSE or "。" in sentence or sentence.endswith(tuple(CLOSE)) or labelled(sentence):
        return None
    shares = shares_in(sentence)
    names = [each.name for each in shares.units]
    are_units = all(is_surely_unit(name) and not ORDERS.search(name) for name in names)
    return shares if names and shares.sure and are_units else None


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


def is_bracket(text: str) -> bool:
    """Whether a line is one bracket that says who does something."""
    text = text.strip("* 　。")
    return text[:1] in OPEN and text[-1:] in CLOSE and len(text) <= LONGEST_BRACKET and bool(shares_in(text[1:-1]))


def together(several: Sequence[Shares]) -> Shares:
    """What several brackets and lines say together."""
    units = tuple(dict.fromkeys(each for shares in several for each in shares.units))
    return Shares(
        units=units,
        officials=tuple(dict.fromkeys(each for shares in several for each in shares.officials)),
        deadlines=tuple(dict.fromkeys(each for shares in several for each in shares.deadlines)),
        sure=all(shares.sure for shares in several),
    )
