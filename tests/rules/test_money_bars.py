"""The bars of a project's money, on one scale."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tracker.rules.money import MoneySums
from tracker.rules.money_bars import money_bars


def test_the_bars_share_one_scale_and_one_limit() -> None:
    planned, allocated, paid = money_bars(MoneySums(budget=200, allocated=100, paid=50), Decimal(25))
    assert planned.within == planned.limit == allocated.limit == paid.limit == 97.0
    assert (allocated.within, paid.within) == (48.5, 24.2)
    assert (allocated.share, paid.share, planned.share) == (Decimal(50), Decimal(25), None)
    assert (paid.expected, paid.expected_share, allocated.expected) == (24.2, Decimal(25), None)


def test_what_passes_the_planned_sum_stands_beyond_the_limit() -> None:
    planned, allocated, paid = money_bars(MoneySums(budget=100, allocated=200))
    assert (allocated.within, allocated.over, allocated.limit) == (48.5, 48.5, 48.5)
    assert (planned.within, planned.over) == (48.5, 0)
    assert (paid.amount, paid.within, paid.share) == (None, 0, None)


@pytest.mark.parametrize("sums", [MoneySums(), MoneySums(budget=0), MoneySums(allocated=-5, paid=-1)])
def test_without_a_planned_sum_there_is_no_limit_and_no_tick(sums: MoneySums) -> None:
    bars = money_bars(sums, Decimal(50))
    assert {(bar.within, bar.over, bar.limit, bar.expected, bar.share) for bar in bars} == {(0, 0, None, None, None)}
