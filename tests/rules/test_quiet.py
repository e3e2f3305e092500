"""On which days reminders are sent."""

from __future__ import annotations

import pytest

from tracker.rules.quiet import SendingDay, sending_day


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
