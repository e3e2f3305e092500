"""What may be reported as a quantity."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tracker.rules.quantities import read_percent, read_quantity

TOTAL = Decimal(64)


@pytest.mark.parametrize(
    ("typed", "quantity"),
    [
        ("0", Decimal(0)),
        ("45", Decimal(45)),
        ("45.5", Decimal("45.5")),
        ("45.25", Decimal("45.25")),
        ("４５．５", Decimal("45.5")),
        ("0,045", Decimal(45)),
        ("640", Decimal(640)),
    ],
)
def test_a_plain_number_is_taken(typed: str, quantity: Decimal) -> None:
    assert read_quantity(typed, TOTAL) == quantity


@pytest.mark.parametrize(
    "typed",
    [
        *("-1", "640.01", "641", "1.234", "1e2", "1E400", "NaN", "inf", "-0", "0x10", "1_0", "٤٥", "四十五", "", " "),
        *("1,2", "1 2", "9" * 13, "9" * 5000, "=1+1", "45间", "4.5.", ".5", "+5"),
    ],
)
def test_anything_else_is_refused(typed: str) -> None:
    assert read_quantity(typed, TOTAL) is None


@pytest.mark.parametrize(
    ("typed", "percent"), [("0", 0), ("45", 45), ("100", 100), (" 45 % ", 45), ("４５％", 45), ("007", 7)]
)
def test_a_whole_number_of_percent_is_taken(typed: str, percent: int) -> None:
    assert read_percent(typed) == percent


@pytest.mark.parametrize("typed", ["101", "-1", "45.5", "1e1", "四成", "%", "", "٤٥", "9999", "45%%", "1/2"])
def test_any_other_percent_is_refused(typed: str) -> None:
    assert read_percent(typed) is None
