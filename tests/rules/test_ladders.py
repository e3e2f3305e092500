"""The ladder of reminders and which one holds where."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from tracker.rules.ladders import DEFAULT, Ladder, Ladders, faults

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


@pytest.mark.parametrize(
    ("days_late", "step"),
    [(1, None), (13, None), (14, 14), (15, 14), (20, 14), (21, 21), (28, 28), (40, 35)],
)
def test_heads_are_told_from_the_fourteenth_day_late_on_and_then_every_week(days_late: int, step: int | None) -> None:
    expected = None if step is None else DUE + timedelta(days=step)
    assert DEFAULT.head_step_on(DUE, LATE, 0, DUE + timedelta(days=days_late)) == expected


def test_days_at_the_office_do_not_bring_a_task_before_the_heads() -> None:
    held, returned_on = 10, DUE + timedelta(days=12)
    begins = returned_on + timedelta(days=1)
    assert DEFAULT.head_step_on(DUE, begins, held, DUE + timedelta(days=23)) is None
    assert DEFAULT.head_step_on(DUE, begins, held, DUE + timedelta(days=24)) == DUE + timedelta(days=24)
    long_late = DUE + timedelta(days=40)
    assert DEFAULT.head_step_on(DUE, long_late, 0, DUE + timedelta(days=39)) is None
    assert DEFAULT.head_step_on(DUE, long_late, 0, long_late) == long_late


def test_a_ladder_without_heads_never_tells_them() -> None:
    assert replace(DEFAULT, head_after=None).head_step_on(DUE, LATE, 0, DUE + timedelta(days=99)) is None


@pytest.mark.parametrize("ladder", LADDERS)
def test_no_step_of_a_head_is_present_for_longer_than_the_query_looks_back(ladder: Ladder) -> None:
    for offset in range(90):
        day = DUE + timedelta(days=offset)
        step = ladder.head_step_on(DUE, LATE, 0, day)
        assert step is None or timedelta(0) <= day - step < ladder.longest_step


def test_after_a_late_return_no_step_before_the_deadline_is_told_again() -> None:
    ladder = Ladder(day_after=5, repeat_every=7)
    due_on, late_from = date(2026, 4, 1), date(2026, 4, 22)
    days = [date(2026, 4, 21) + timedelta(days=each) for each in range(14)]
    assert [ladder.step_on(due_on, late_from, day) for day in days] == [None] * 5 + [date(2026, 4, 26)] * 7 + [
        date(2026, 5, 3)
    ] * 2


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({}, ()),
        ({"days_before": ()}, ()),
        ({"days_before": (90, 60, 30, 15, 7, 1)}, ()),
        ({"days_before": (90, 60, 30, 15, 7, 3, 1)}, ("days_before",)),
        ({"days_before": (91,)}, ("days_before",)),
        ({"days_before": (0,)}, ("days_before",)),
        ({"days_before": (7, 7)}, ("days_before",)),
        ({"days_before": (1, 7)}, ("days_before",)),
        ({"day_after": 0}, ("day_after",)),
        ({"day_after": 30}, ()),
        ({"day_after": 31}, ("day_after",)),
        ({"repeat_every": 0}, ("repeat_every",)),
        ({"repeat_every": 91}, ("repeat_every",)),
        ({"head_after": None, "decide_after": None}, ()),
        ({"head_after": 0, "decide_after": 366}, ("head_after", "decide_after")),
        ({"head_after": 1, "decide_after": 365}, ()),
        ({"head_after": 30, "decide_after": 30}, ()),
        ({"head_after": 31, "decide_after": 30}, ("head_after",)),
        ({"head_after": 365, "decide_after": None}, ()),
        ({"sends_at": time(6), "leaders_at": time(21)}, ()),
        ({"sends_at": time(5, 59)}, ("sends_at",)),
        ({"sends_at": time(21, 1)}, ("sends_at",)),
        ({"sends_at": time(9, 0, 1)}, ("sends_at",)),
        ({"leaders_at": None}, ()),
        ({"leaders_at": time(0)}, ("leaders_at",)),
    ],
)
def test_a_ladder_names_the_fields_that_it_may_not_have_so(change: dict[str, Any], wrong: tuple[str, ...]) -> None:
    assert faults(replace(DEFAULT, **change)) == wrong


def test_the_chooser_of_a_place_is_the_nearest_that_chose() -> None:
    chosen = Ladders({"3607": DEFAULT})
    assert [chosen.chooser(code) for code in ("360732", "3607", "36", "")] == ["3607", "3607", None, None]
    other = replace(DEFAULT, repeat_every=3)
    assert chosen.choosing("360732", other).of("360732") is other
    assert chosen.of("360732") is DEFAULT
