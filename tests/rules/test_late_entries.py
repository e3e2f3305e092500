"""补录: what belongs to a week that was closed before it was entered."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tracker.clock import as_instant
from tracker.rules.issues import made_up_on, may_be_frozen_again
from tracker.rules.late_entries import Closing, is_late

FRIDAY = Closing(as_instant("2026-03-06T17:00"), date(2026, 3, 6), as_instant("2026-03-09T00:00"))
MONDAY = Closing(as_instant("2026-03-09T08:00"), date(2026, 3, 9), as_instant("2026-03-09T00:00"))


@pytest.mark.parametrize(
    ("at", "on", "late"),
    [
        ("2026-03-06T17:00", None, False),  # the moment of the cut-off is frozen with it
        ("2026-03-06T17:01", None, True),
        ("2026-03-08T23:59", None, True),
        ("2026-03-09T00:00", None, False),
        ("2026-03-06T16:00", date(2026, 3, 6), False),
        ("2026-03-06T18:00", date(2026, 3, 6), True),
        ("2026-03-11T09:00", date(2026, 3, 6), True),
        ("2026-03-11T09:00", date(2026, 3, 7), False),
        ("2026-03-11T09:00", date(2025, 1, 1), True),
    ],
)
def test_what_is_late_for_a_week(at: str, on: date | None, late: bool) -> None:
    instant: datetime = as_instant(at)
    assert is_late(instant, on, [FRIDAY]) is late
    assert is_late(instant, on, []) is False


def test_a_week_that_was_made_up_after_its_end_has_no_late_reports() -> None:
    assert not is_late(as_instant("2026-03-09T08:01"), None, [MONDAY])


@pytest.mark.parametrize(
    ("newest", "today", "may"),
    [
        (date(2026, 3, 2), date(2026, 3, 8), True),
        (date(2026, 3, 2), date(2026, 3, 9), False),
        (date(2026, 3, 9), date(2026, 3, 8), False),
        (None, date(2026, 3, 8), False),
    ],
)
def test_figures_are_taken_anew_in_their_own_week_alone(newest: date | None, today: date, may: bool) -> None:
    assert may_be_frozen_again(date(2026, 3, 2), newest, today) is may


def test_a_week_frozen_after_it_ended_says_when() -> None:
    assert made_up_on(date(2026, 3, 2), date(2026, 3, 8)) is None
    assert made_up_on(date(2026, 3, 2), date(2026, 3, 9)) == date(2026, 3, 9)
