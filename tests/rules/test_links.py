"""What keeps an addition from being counted."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tracker.rules.links import why_not_counted
from tracker.rules.stages import Stage

D = Decimal


@pytest.mark.parametrize(
    ("figure", "has_school", "stage", "amount", "refusal"),
    [
        ("sports_ground_m2", True, None, D("1200.5"), None),
        ("seats", True, Stage.JUNIOR, D(40), None),
        ("rotated", False, None, D("3.5"), None),
        ("students", True, Stage.PRIMARY, D(1), "figure_unknown"),
        ("nothing", True, None, D(1), "figure_unknown"),
        ("seats", True, Stage.PRIMARY, None, "amount_missing"),
        ("seats", True, Stage.PRIMARY, D(0), "amount_missing"),
        ("seats", True, Stage.PRIMARY, D("1.5"), "amount_not_whole"),
        ("seats", True, None, D(1), "stage_missing"),
        ("seats", True, Stage.NINE_YEAR, D(1), "stage_missing"),
        ("seats", False, Stage.PRIMARY, D(1), "school_missing"),
        ("sports_ground_m2", False, None, D(1), "school_missing"),
        ("rotated", True, None, D(1), "school_not_asked"),
        ("rotated", False, Stage.PRIMARY, D(1), "school_not_asked"),
    ],
)
def test_an_addition_counts_once_it_says_all_that_its_figure_needs(
    figure: str, has_school: bool, stage: Stage | None, amount: Decimal | None, refusal: str | None
) -> None:
    assert why_not_counted(figure, has_school, stage, amount, {"rotated"}) == refusal
