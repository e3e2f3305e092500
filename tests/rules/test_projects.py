"""The limits that planned seats meet, and the autumn that finds them."""

from datetime import date
from decimal import Decimal

import pytest

from tracker.models import Stage
from tracker.rules.projects import (
    AreaSplit,
    Excess,
    area_split,
    autumn_days,
    class_excess,
    delivery_autumn,
    school_excess,
)


@pytest.mark.parametrize(
    ("stage", "seats", "classes", "found"),
    [
        (Stage.PRIMARY, 1800, 36, Excess(Decimal("50.0"), 45)),
        (Stage.PRIMARY, 2000, 45, None),
        (Stage.PRIMARY, 2025, 45, None),
        (Stage.PRIMARY, 2026, 45, Excess(Decimal("45.1"), 45)),
        (Stage.JUNIOR, 2000, 40, None),
        (Stage.JUNIOR, 2040, 40, Excess(Decimal("51.0"), 50)),
        (Stage.NINE_YEAR, 2000, 20, None),
        (None, 2000, 20, None),
        (Stage.PRIMARY, None, 36, None),
        (Stage.PRIMARY, 1800, None, None),
        (Stage.PRIMARY, 1800, 0, None),
    ],
)
def test_a_planned_class_above_the_limit_of_its_stage_is_found(
    stage: Stage | None, seats: int | None, classes: int | None, found: Excess | None
) -> None:
    assert class_excess(stage, seats, classes) == found


@pytest.mark.parametrize(
    ("stage", "seats", "limit"),
    [
        (Stage.JUNIOR, 2800, 2000),
        (Stage.JUNIOR, 2000, None),
        (Stage.NINE_YEAR, 2500, None),
        (Stage.NINE_YEAR, 2501, 2500),
        (Stage.PRIMARY, None, None),
        (Stage.SENIOR, 9000, None),
    ],
)
def test_a_planned_school_above_the_limit_of_its_stage_is_found(
    stage: Stage, seats: int | None, limit: int | None
) -> None:
    found = school_excess(stage, seats)
    assert (found.limit if found else None) == limit


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
    first, last = autumn_days(year)
    assert first <= due_on <= last


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
