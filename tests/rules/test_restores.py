"""Whether a database is an old copy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tracker.rules.restores import is_restored

NOW = datetime(2026, 3, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("inside", "outside", "last_life", "expected"),
    [
        (7, 7, NOW, False),
        (8, 7, NOW, False),  # killed between the database and the file
        (5, 7, NOW - 48 * HOUR, False),  # a power cut took the last runs
        (4, 7, NOW, True),
        (0, 7, NOW, True),  # a copy from before the count began
        (4, 7, NOW - 48 * HOUR, True),
        (50, 7, NOW, False),  # another machine led meanwhile
        (30, 7, NOW - 48 * HOUR, True),  # so it did before a copy was put in its place
        (7, 7, NOW - 48 * HOUR, False),  # merely switched off
        (0, None, None, False),  # fresh
        (0, 7, None, False),  # fresh, in the folder of an older one
        (0, None, NOW - 11 * HOUR, False),  # the first start of this version
        (0, None, NOW - 13 * HOUR, True),
        (9, None, NOW - HOUR / 2, False),  # a second scheduler joins
        (9, None, NOW - 11 * HOUR, True),  # the backup of last night on another machine
        (9, None, NOW + 48 * HOUR, False),  # the clock is wrong
    ],
)
def test_a_copy_that_lags_behind_was_restored(
    inside: int, outside: int | None, last_life: datetime | None, expected: bool
) -> None:
    assert is_restored(inside, outside, last_life, NOW) is expected
