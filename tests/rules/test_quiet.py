"""On which days reminders are sent."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tracker.rules.quiet import QuietFault, SendingDay, quiet_fault, sending_day

TODAY = date(2026, 3, 6)


@pytest.mark.parametrize(
    ("region", "works", "quiet", "expected"),
    [
        ("360732", True, [], SendingDay.SENDS),
        ("360732", False, [], SendingDay.REST),
        ("360732", True, ["360732"], SendingDay.QUIET),
        ("360732", True, ["3607"], SendingDay.QUIET),
        ("360732", True, [""], SendingDay.QUIET),
        ("360732", True, ["360733", "37"], SendingDay.SENDS),
        ("3607", True, ["360732"], SendingDay.SENDS),
        ("", True, ["36"], SendingDay.SENDS),
        ("360732", False, ["360732"], SendingDay.REST),
    ],
)
def test_a_quiet_day_holds_for_a_region_and_all_below_it(
    region: str, works: bool, quiet: list[str], expected: SendingDay
) -> None:
    assert sending_day(region, works, quiet) is expected


@pytest.mark.parametrize(
    ("first", "last", "fault"),
    [
        (0, 0, None),
        (0, 91, None),
        (0, 92, QuietFault.TOO_MANY),
        (-1, 1, QuietFault.PAST),
        (3, 2, QuietFault.BACKWARDS),
        (700, 730, None),
        (700, 731, QuietFault.TOO_FAR),
    ],
)
def test_quiet_days_lie_ahead_and_are_not_too_many(first: int, last: int, fault: QuietFault | None) -> None:
    assert quiet_fault(TODAY + timedelta(days=first), TODAY + timedelta(days=last), TODAY) is fault
