"""Numbers are shown on the side of their bound on which they lie."""

from decimal import Decimal

import pytest

from tracker.rules.rounding import percent_shown, shown


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


@pytest.mark.parametrize(
    ("share", "whole", "tenths"),
    [("0", "0", "0.0"), ("0.0001", "1", "0.1"), ("0.5", "50", "50.0"), ("0.9999", "99", "99.9"), ("1", "100", "100.0"),
     ("1.0001", "101", "100.1"), ("1.5", "150", "150.0"), ("-0.2", "-20", "-20.0")],
)  # fmt: skip
def test_a_share_reads_all_or_nothing_only_where_it_is(share: str, whole: str, tenths: str) -> None:
    assert str(percent_shown(Decimal(share))) == whole
    assert str(percent_shown(Decimal(share), Decimal("0.1"))) == tenths
