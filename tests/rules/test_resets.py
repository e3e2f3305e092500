"""The code of a mailed link: hard to guess, easy to type."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tracker.rules.passwords import HashCost, hash_password, is_expired, was_used
from tracker.rules.resets import code_as_typed, reset_code

NOW = datetime(2026, 3, 6, 9, tzinfo=UTC)


def test_a_code_is_long_and_never_the_same() -> None:
    codes = {reset_code() for _ in range(100)}
    assert len(codes) == 100
    assert all(len(code) == 29 and code == code_as_typed(code) for code in codes)


@pytest.mark.parametrize(
    "typed", ["ABCDE-fghjk", " abcde fghjk ", "abcdefghjk", "ａｂｃｄｅ－ｆｇｈｊｋ", "abcde–fghjk"]
)
def test_a_code_may_be_typed_as_people_type(typed: str) -> None:
    assert code_as_typed(typed) == "abcde-fghjk"


@pytest.mark.parametrize("typed", ["", "  ", "-", "\x00"])
def test_nothing_typed_is_no_code(typed: str) -> None:
    assert code_as_typed(typed) == ""


@pytest.mark.parametrize(
    ("age", "days", "expired"), [(89, 90, False), (90, 90, False), (91, 90, True), (4000, 0, False)]
)
def test_a_password_expires_after_its_days_or_never(age: int, days: int, expired: bool) -> None:
    assert is_expired(NOW - timedelta(days=age), NOW, days) is expired


def test_a_password_of_the_past_is_recognised() -> None:
    cost = HashCost(1, 8)
    kept = [hash_password(text, cost) for text in ("copper river 71", "lanterns over the weir")]
    assert was_used("copper river 71", kept, cost)
    assert not was_used("copper river 72", kept, cost)
    assert not was_used("copper river 71", [], cost)
