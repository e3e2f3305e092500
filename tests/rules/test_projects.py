"""The autumn that finds planned seats, sites that moved, and areas by use."""

from datetime import date
from decimal import Decimal

import pytest

from tracker.rules.projects import (
    AreaSplit,
    area_split,
    delivery_autumn,
)


@pytest.mark.parametrize(
    ("due_on", "year"),
    [
        (date(2024, 9, 30), 2024),
        (date(2024, 10, 1), 2025),
        (date(2023, 12, 31), 2024),
        (date(2024, 1, 1), 2024),
    ],
)
def test_what_misses_september_comes_a_year_later(due_on: date, year: int) -> None:
    assert delivery_autumn(due_on) == year


@pytest.mark.parametrize(
    ("whole", "parts", "found"),
    [
        (Decimal(100), [Decimal(60), Decimal(30)], AreaSplit(Decimal(90), 0, Decimal(10))),
        (Decimal(100), [Decimal(60), None], AreaSplit(Decimal(60), 1, Decimal(40))),
        (Decimal(100), [Decimal(120)], AreaSplit(Decimal(120), 0, Decimal(-20))),
        (None, [Decimal(120)], AreaSplit(Decimal(120), 0, None)),
        (Decimal(0), [], AreaSplit(Decimal(0), 0, Decimal(0))),
    ],
)
def test_areas_by_use_leave_what_they_do_not_name(
    whole: Decimal | None, parts: list[Decimal | None], found: AreaSplit
) -> None:
    assert area_split(whole, parts) == found
