"""Folding and excerpts."""

from __future__ import annotations

import pytest

from tracker.rules.search import MOST_WORDS, excerpt, folded, words_of


@pytest.mark.parametrize(
    ("text", "narrow"),
    [("ＡＢｃ１２", "abc12"), ("㎡", "m2"), ("（一）", "(一)"), ("", ""), ("封顶", "封顶"), ("STRAẞE", "strasse")],
)
def test_width_and_case_are_folded(text: str, narrow: str) -> None:
    assert folded(text) == narrow


def test_texts_are_folded_line_by_line() -> None:
    assert folded("Ａ", None, "", "b") == "a\nb"


@pytest.mark.parametrize(
    ("query", "words"),
    [("", []), (" 　 ", []), ("资金", ["资金"]), ("资金　拨付 资金", ["资金", "拨付"]), ("Ａ%_", ["a%_"])],
)
def test_words_stand_between_spaces_of_any_width(query: str, words: list[str]) -> None:
    assert words_of(query) == words


def test_the_last_of_very_many_words_is_all_the_rest() -> None:
    words = words_of(" ".join(f"w{n}" for n in range(30)))
    assert len(words) == MOST_WORDS
    assert words[-1].startswith("w9 w10")


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("砌体完成七成", ["完成"], "砌体[完成]七成"),
        ("完成１２００㎡", ["m2"], "完成１２００[㎡]"),
        ("第一行\n第二行", ["第二"], "第一行 [第二]行"),
        ("甲乙甲", ["甲"], "[甲]乙[甲]"),
        ("甲乙丙", ["甲乙", "乙丙"], "[甲乙]丙"),
        ("没有", ["别的"], ""),
        ("前" * 20 + "中" + "后" * 60, ["中"], "…" + "前" * 12 + "[中]" + "后" * 48 + "…"),
    ],
)
def test_an_excerpt_shows_the_first_hit_and_what_surrounds_it(text: str, words: list[str], shown: str) -> None:
    pieces = excerpt(text, words)
    assert "".join(f"[{piece.text}]" if piece.is_hit else piece.text for piece in pieces) == shown
