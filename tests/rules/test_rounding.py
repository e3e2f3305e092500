"""Numbers are shown on the side of their bound on which they lie."""

from decimal import Decimal

import pytest

from tracker.rules.rounding import shown


@pytest.mark.parametrize(
    ("value", "bound", "text"),
    [
        ("2.0399", "2.04", "2.0399"),
        ("2.04", "2.04", "2.04"),
        ("2.0449", "2.04", "2.045"),
        ("0.50004", "0.5", "0.50004"),
        ("4.625", "4.5", "4.63"),
        ("4.625", None, "4.63"),
    ],
)
def test_a_shown_number_never_contradicts_its_bound(value: str, bound: str | None, text: str) -> None:
    assert str(shown(Decimal(value), Decimal(bound) if bound else None)) == text
