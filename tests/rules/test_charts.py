"""Where the parts of a chart stand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tracker.rules.charts import Axis, axis_for, bullet, dot, nice_step, paced, trend

D = Decimal


@pytest.mark.parametrize(
    ("rough", "step"),
    [("0.9", "1"), ("1", "1"), ("1.1", "2"), ("2.2", "2.5"), ("3", "5"), ("7", "10"), ("0.03", "0.05"), ("410", "500")],
)
def test_a_step_is_round_and_not_smaller_than_asked(rough: str, step: str) -> None:
    assert nice_step(D(rough)) == D(step)


@pytest.mark.parametrize(
    ("values", "threshold", "end"),
    [
        (["4", "12"], "10.2", "12"),
        (["4", "9"], "10.2", "12"),
        ([], "4.5", "4.5"),
        (["1", "500"], "4.5", "14"),
        (["3"], None, "3"),
        (["0", "0"], None, "1"),
        ([], None, "1"),
        (["9000"], "2000", "6000"),
    ],
)
def test_an_axis_ends_at_a_round_number_and_not_absurdly_far(
    values: list[str], threshold: str | None, end: str
) -> None:
    assert axis_for([D(each) for each in values], D(threshold) if threshold else None).end == D(end)


def test_places_are_shares_of_the_width_and_stay_within_it() -> None:
    axis = Axis(D(10))
    assert [axis.at(D(each)) for each in (0, 5, 10, 50)] == [0.0, 48.5, 97.0, 99.0]
    assert [axis.is_beyond(D(each)) for each in ("10", "10.01")] == [False, True]


def test_ticks_give_way_to_the_number_of_the_threshold() -> None:
    axis = Axis(D(10))
    assert [tick.value for tick in axis.ticks()] == [0, 2, 4, 6, 8, 10]
    assert [tick.value for tick in axis.ticks([D("4.5")])] == [0, 2, 6, 8, 10]


def test_a_value_below_the_threshold_shows_what_is_missing() -> None:
    found = dot(Axis(D(10)), D(2), D(4), True, D(20))
    assert (found.at, found.gap, found.last) == (19.4, (19.4, 19.4), 99.0)
    assert dot(Axis(D(10)), D(5), D(4), False).gap is None


def test_a_bar_within_its_limit_has_nothing_beyond() -> None:
    kept, passed = bullet(D("0.30"), D("0.45")), bullet(D("0.54"), D("0.45"))
    assert kept.over == 0
    assert kept.within < kept.limit
    assert passed.within == passed.limit
    assert passed.over > 0
    assert bullet(D(9), D("0.45")).limit < 10


def test_a_trend_keeps_the_order_of_its_values_and_leaves_holes() -> None:
    found = trend([D(4), None, D(6), D(7)], D(5))
    assert found
    assert found.threshold
    assert [len(run) for run in found.runs] == [1, 2]
    assert [point.x for point in found.points] == [5.0, 46.3, 67.0]
    heights = [point.y for point in found.points]
    assert heights[0] > found.threshold > heights[1] > heights[2]
    assert all(0 <= height <= found.height for height in heights)


def test_one_year_is_no_trend_and_equal_years_stand_in_the_middle() -> None:
    assert trend([None, None, D(4)], D(5)) is None
    flat = trend([D(5), D(5)], D(5))
    assert flat
    assert [point.y for point in flat.points] == [13.0, 13.0]


@pytest.mark.parametrize(
    ("value", "expected", "longest", "within", "over", "tick"),
    [
        ("30", "50", "100", 30, 0, 50),
        ("100", "50", "100", 100, 0, 50),
        ("150", "50", "200", 50, 25, 25),
        ("-5", "50", "100", 0, 0, 50),
        ("30", "100", "100", 30, 0, 99),
        ("0", "0", "0", 0, 0, 0),
    ],
)
def test_a_bar_on_its_way_shows_what_is_expected_by_now(
    value: str, expected: str, longest: str, within: float, over: float, tick: float
) -> None:
    found = paced(D(value), D(100) if longest != "0" else D(0), D(expected), D(longest))
    assert (found.within, found.over, found.limit) == (within, over, tick)


def test_large_ticks_are_written_out() -> None:
    assert [f"{tick.value:,}" for tick in Axis(Decimal(60_000)).ticks()] == ["0", "20,000", "40,000", "60,000"]
