"""Since when a task may be said to wait."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.rules.waits import why_not_since

ISSUED, TODAY = date(2026, 1, 10), date(2026, 3, 6)


@pytest.mark.parametrize(
    ("since", "issued_on", "refusal"),
    [
        (TODAY, ISSUED, None),
        (ISSUED, ISSUED, None),
        (date(2026, 3, 7), ISSUED, "wait_ahead"),
        (date(2026, 1, 9), ISSUED, "wait_before_plan"),
        (date(2020, 1, 1), None, None),
    ],
)
def test_a_wait_begins_neither_ahead_of_today_nor_before_the_plan(
    since: date, issued_on: date | None, refusal: str | None
) -> None:
    assert why_not_since(since, issued_on, TODAY) == refusal
