"""The ladder of reminders and which one holds where."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tracker.rules.ladders import DEFAULT, Ladder, Ladders

DUE = date(2026, 3, 31)
LATE = DUE + timedelta(days=1)
LADDERS = [
    DEFAULT,
    Ladder(days_before=(30, 10, 3), day_after=5, repeat_every=14),
    Ladder(days_before=(), day_after=3, repeat_every=1),
    Ladder(days_before=(60,), day_after=1, repeat_every=30),
]


@pytest.mark.parametrize(
    ("days_from_due", "step_from_due"),
    [
        (-40, None),
        (-16, None),
        (-15, -15),
        (-8, -15),
        (-7, -7),
        (-2, -7),
        (-1, -1),
        (0, -1),
        (1, 1),
        (7, 1),
        (8, 8),
        (14, 8),
        (15, 15),
        (100, 99),
    ],
)
def test_the_ladder_stands_at_15_7_and_1_before_then_every_seventh_day_late(
    days_from_due: int, step_from_due: int | None
) -> None:
    expected = None if step_from_due is None else DUE + timedelta(days=step_from_due)
    assert DEFAULT.step_on(DUE, LATE, DUE + timedelta(days=days_from_due)) == expected


def test_after_a_return_the_ladder_begins_again_on_the_next_day() -> None:
    returned_on = DUE + timedelta(days=10)
    begins = returned_on + timedelta(days=1)
    assert DEFAULT.step_on(DUE, begins, returned_on) is None
    assert DEFAULT.step_on(DUE, begins, begins) == begins
    assert DEFAULT.step_on(DUE, begins, begins + timedelta(days=7)) == begins + timedelta(days=7)


@pytest.mark.parametrize("ladder", LADDERS)
def test_no_step_is_present_for_longer_than_the_query_looks_back(ladder: Ladder) -> None:
    for offset in range(-70, 90):
        day = DUE + timedelta(days=offset)
        step = ladder.step_on(DUE, LATE, day)
        if step is not None:
            assert timedelta(0) <= day - step < ladder.longest_step
        assert (day < DUE - ladder.reach) <= (step is None)


def test_an_own_ladder_has_its_own_steps() -> None:
    ladder = Ladder(days_before=(30, 10), day_after=5, repeat_every=14)
    expected = {-31: None, -30: -30, -10: -10, 0: -10, 4: -10, 5: 5, 18: 5, 19: 19, 33: 33}
    for days, step in expected.items():
        found = ladder.step_on(DUE, LATE, DUE + timedelta(days=days))
        assert found == (None if step is None else DUE + timedelta(days=step)), days


def test_a_place_without_a_ladder_follows_the_nearest_above_it() -> None:
    county, city, country = (replace(DEFAULT, repeat_every=days) for days in (3, 5, 10))
    chosen = Ladders({"360732": county, "3607": city, "": country})
    assert [chosen.of(code) for code in ("360732", "360733", "3607", "36", "")] == [
        county,
        city,
        city,
        country,
        country,
    ]
    assert Ladders().of("360732") is DEFAULT
