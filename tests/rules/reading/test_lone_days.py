"""A paragraph that is nothing but a day: the date at the end of a letter."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.rules.reading.document_heads import lone_day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024年6月3日", date(2024, 6, 3)),
        (" 2024 年 6 月 3 日 ", date(2024, 6, 3)),
        ("２０２４年６月３日", date(2024, 6, 3)),
        ("二〇二四年十二月二十一日", date(2024, 12, 21)),
        ("二○二四年六月三日", date(2024, 6, 3)),
        ("2024年2月30日", None),
        ("二〇二四年十二十月三日", None),
        ("2024年6月3日起施行", None),
    ],
)
def test_a_day_alone_is_read_in_any_digits(text: str, day: date | None) -> None:
    assert lone_day(text) == day
