"""When jobs are late and what they missed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tracker.rules.timetable import (
    Missed,
    days_back,
    is_late,
    is_silent,
    missed,
    monday_of_period,
    sum_of,
    week_period,
)

NOW = datetime(2026, 3, 6, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("seen_at", "silent"),
    [(None, True), (NOW, False), (NOW - 15 * MINUTE, False), (NOW - 16 * MINUTE, True), (NOW + MINUTE, False)],
)
def test_fifteen_minutes_without_a_sign_are_silence(seen_at: datetime | None, silent: bool) -> None:
    assert is_silent(seen_at, NOW) is silent


@pytest.mark.parametrize(
    ("due_at", "is_done", "late"),
    [
        (NOW - 120 * MINUTE, False, False),
        (NOW - 121 * MINUTE, False, True),
        (NOW - 121 * MINUTE, True, False),
        (NOW + 999 * MINUTE, False, False),
    ],
)
def test_two_hours_after_its_moment_undone_work_is_late(due_at: datetime, is_done: bool, late: bool) -> None:
    assert is_late(due_at, is_done, NOW) is late


@pytest.mark.parametrize(
    ("finished", "expected"),
    [
        ("abcde", []),
        ("ade", [Missed("b", "c", "d")]),
        ("bd", [Missed("a", "a", "b"), Missed("c", "c", "d"), Missed("e", "e", None)]),
        ("", [Missed("a", "e", None)]),
    ],
)
def test_periods_missed_in_a_row_are_told_together_with_what_made_them_up(
    finished: str, expected: list[Missed]
) -> None:
    assert missed("abcde", finished) == expected


def test_weeks_and_days_have_their_names() -> None:
    assert week_period(date(2027, 1, 3)) == "2026-W53"
    assert monday_of_period("2026-W53") == date(2026, 12, 28)
    days = days_back(date(2026, 3, 6))
    assert (len(days), days[0], days[-1]) == (31, date(2026, 2, 4), date(2026, 3, 6))


@pytest.mark.parametrize(
    ("results", "total"),
    [
        ([], ""),
        (["digests=2", "digests=3"], "digests=5"),
        (["digests=2", "rest_day", "rest_day"], "digests=2 rest_day"),
        (["digests=0 calendar_unknown"], "digests=0 calendar_unknown"),
    ],
)
def test_results_are_added_up(results: list[str], total: str) -> None:
    assert sum_of(results) == total
