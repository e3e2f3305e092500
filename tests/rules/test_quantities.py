"""What may be reported as a quantity."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tracker.rules.quantities import read_quantity

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
