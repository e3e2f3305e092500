"""Brackets and labels within a text that say who does what stands before them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tracker.rules.reading.labels import (
    label_spans,
)
from tracker.rules.reading.shares import Note, Shares, shares_in

LONGEST_BRACKET = 600
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
