"""Searching in texts: what is compared has neither width nor case; what was found is shown with what surrounds it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_WORDS = 10
SHOWN_BEFORE, SHOWN_AFTER = 12, 48


def folded(*texts: str | None) -> str:
    """Texts as they are compared, a line each: full-width letters are narrow ones (NFKC), capitals are small."""
    return "\n".join(unicodedata.normalize("NFKC", text).casefold() for text in texts if text)


def words_of(query: str) -> list[str]:
    """The words of a query, folded; each must be found. The last of very many is all the rest."""
    words = folded(query).split()
    return list(dict.fromkeys([*words[: MOST_WORDS - 1], *filter(None, [" ".join(words[MOST_WORDS - 1 :])])]))


@dataclass(frozen=True)
class Piece:
    """A piece of a text that was found; ``is_hit`` where a word of the query stands."""

    text: str
    is_hit: bool = False


def excerpt(text: str, words: Sequence[str]) -> list[Piece]:
    """One line of a text around the first hit, every hit in it apart; empty where no word stands in the text."""
    line = " ".join(text.split())
    hits = _hits(line, words)
    if not hits:
        return []
    begin, end = max(0, hits[0][0] - SHOWN_BEFORE), hits[0][1] + SHOWN_AFTER
    pieces = [Piece("…")] if begin else []
    for first, last in hits:
        if first >= end:
            break
        pieces += [Piece(line[begin:first]), Piece(line[first:last], True)]
        begin = last
    pieces += [Piece(line[begin:end]), Piece("…" if end < len(line) else "")]
    return [piece for piece in pieces if piece.text]


def marked(text: str, words: Sequence[str]) -> list[Piece]:
    """A short text whole, every hit in it apart."""
    line, begin, pieces = " ".join(text.split()), 0, []
    for first, last in _hits(line, words):
        pieces += [Piece(line[begin:first]), Piece(line[first:last], True)]
        begin = last
    return [piece for piece in [*pieces, Piece(line[begin:])] if piece.text]


def _hits(line: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """(first, last) of each hit in the unfolded line, in order and without overlap."""
    narrow, places = _places(line)
    found = []
    for word in filter(None, words):
        at = narrow.find(word)
        while at >= 0:
            found.append((places[at], places[at + len(word) - 1] + 1))
            at = narrow.find(word, at + len(word))
    hits: list[tuple[int, int]] = []
    for first, last in sorted(found):
        if not hits or first >= hits[-1][1]:
            hits.append((first, last))
    return hits


def _places(line: str) -> tuple[str, list[int]]:
    """The folded line, and for each of its characters the place in the line that it comes from: ㎡ becomes m2."""
    narrow: list[str] = []
    places: list[int] = []
    for place, character in enumerate(line):
        for each in folded(character):
            narrow.append(each)
            places.append(place)
    return "".join(narrow), places
