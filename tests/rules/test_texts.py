"""Texts as they are kept."""

from __future__ import annotations

import pytest

from tracker.rules.texts import clean_text, same_words


@pytest.mark.parametrize("odd", ["\ufffe", "\uffff", "\ufdd0", "\U0001fffe", "\U0010ffff", "\x00", "\u200b"])
def test_what_says_nothing_is_not_kept(odd: str) -> None:
    assert clean_text(f"开{odd}工") == "开工"


def test_rare_characters_stay() -> None:
    assert clean_text("𠮷㙍\U0001f600") == "𠮷㙍\U0001f600"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("长冈大道1号", "长冈大道 1 号"),
        ("长冈大道1号", "长冈大道１号"),
        ("（城南）A地块", "(城南) A 地块"),
    ],
)
def test_one_place_is_one_however_it_is_set(one: str, other: str) -> None:
    assert same_words(one) == same_words(other)
    assert same_words(one) != same_words(f"{one}西侧")
