"""When a day may be expected, and how far it lies behind the deadline."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.rules.expectations import days_behind, why_not_expected

TODAY = date(2026, 3, 6)


@pytest.mark.parametrize(
    ("expected_on", "refusal"),
    [(None, None), (TODAY, None), (date(2026, 9, 1), None), (date(2026, 3, 5), "expected_past")],
)
def test_nobody_expects_the_past(expected_on: date | None, refusal: str | None) -> None:
    assert why_not_expected(expected_on, TODAY) == refusal


@pytest.mark.parametrize(
    ("expected_on", "due_on", "days"),
    [
        (date(2026, 9, 10), date(2026, 9, 1), 9),
        (date(2026, 9, 1), date(2026, 9, 1), 0),
        (date(2026, 8, 1), date(2026, 9, 1), 0),
        (None, TODAY, 0),
        (TODAY, None, 0),
    ],
)
def test_a_slip_is_counted_in_days_after_the_deadline(expected_on: date | None, due_on: date | None, days: int) -> None:
    assert days_behind(expected_on, due_on) == days
