"""Which moments a clock may show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tracker.rules.clocks import is_ahead, is_plausible

NEWEST = datetime(2026, 3, 6, 1, 0, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("now", "newest", "plausible"),
    [
        (NEWEST, NEWEST, True),
        (NEWEST - DAY, NEWEST, True),
        (NEWEST - DAY - SECOND, NEWEST, False),
        (NEWEST + 400 * DAY, NEWEST, True),
        (NEWEST, None, True),
        (datetime(1970, 1, 1, tzinfo=UTC), None, False),
        (datetime(1999, 12, 31, 23, 59, tzinfo=UTC), None, False),
        (datetime(2000, 1, 1, tzinfo=UTC), None, True),
        (datetime(2100, 12, 31, 23, 59, tzinfo=UTC), NEWEST, True),
        (datetime(2101, 1, 1, tzinfo=UTC), NEWEST, False),
    ],
)
def test_a_clock_runs_back_by_a_day_at_most_and_keeps_to_the_century(
    now: datetime, newest: datetime | None, plausible: bool
) -> None:
    assert is_plausible(now, newest) is plausible


def test_more_than_a_day_from_now_is_ahead() -> None:
    assert not is_ahead(NEWEST + DAY, NEWEST)
    assert is_ahead(NEWEST + DAY + SECOND, NEWEST)
