"""Texts as they are kept."""

from __future__ import annotations

import pytest

from tracker.rules.texts import clean_text


@pytest.mark.parametrize("odd", ["\ufffe", "\uffff", "\ufdd0", "\U0001fffe", "\U0010ffff", "\x00", "\u200b"])
def test_what_says_nothing_is_not_kept(odd: str) -> None:
    assert clean_text(f"开{odd}工") == "开工"


def test_rare_characters_stay() -> None:
    assert clean_text("𠮷㙍\U0001f600") == "𠮷㙍\U0001f600"
