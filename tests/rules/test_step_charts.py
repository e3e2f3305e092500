"""Step lines of weeks: gaps stay gaps, numbers are exact, and no two labels run into each other."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.step_charts import NEAR, TOP, Anchor, bars, scale_of, steps

COUNTS = st.lists(st.one_of(st.none(), st.integers(0, 500)), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("values", "top", "path"),
    [
        ([3], 3, "M0 0H1"),
        ([0, 0], 5, "M0 5H2"),
        ([1, 1, 3], 4, "M0 3H2V1H3"),
        ([2, None, 2], 2, "M0 0H1M2 0H3"),
        ([None, 4, 1, None], 4, "M1 0H2V3H3"),
        ([None, None], 1, None),
    ],
)
def test_a_line_is_level_through_a_week_and_lifts_where_there_is_none(
    values: list[int | None], top: int, path: str | None
) -> None:
    found = steps(values, top)
    assert (found and found.path) == path


def drawn(path: str, weeks: int, top: int) -> list[int | None]:
    """The counts that a path shows."""
    found: list[int | None] = [None] * weeks
    x = y = 0
    for letter, first, second in re.findall(r"([MHV])(\d+)(?: (\d+))?", path):
        if letter == "M":
            x, y = int(first), int(second)
        elif letter == "V":
            y = int(first)
        else:
            found[x : int(first)] = [top - y] * (int(first) - x)
            x = int(first)
    return found


@given(COUNTS)
def test_every_count_can_be_read_back_from_the_line(values: list[int | None]) -> None:
    top = scale_of([values])
    found = steps(values, top)
    if found is None:
        assert set(values) == {None}
        return
    assert drawn(found.path, len(values), top) == values
    known = [value for value in values if value is not None]
    assert (found.first, found.last, found.most) == (known[0], known[-1], max(known))


@given(COUNTS)
def test_the_numbers_stand_apart_and_inside(values: list[int | None]) -> None:
    found = steps(values, scale_of([values]))
    marks = found.marks if found else ()
    for number, mark in enumerate(marks):
        assert 0 <= mark.at <= 100
        assert mark.words_y >= 14
        assert all(abs(mark.at - other.at) >= NEAR or abs(mark.y - other.y) >= TOP for other in marks[number + 1 :])
    if found:
        assert found.last in [mark.value for mark in marks]


def test_numbers_at_the_edges_stay_inside() -> None:
    found = steps([1] * 20 + [5] + [1] * 20, 5)
    assert found
    assert [mark.anchor for mark in found.marks] == [Anchor.START, Anchor.MIDDLE, Anchor.END]
    assert [mark.value for mark in found.marks] == [1, 5, 1]


def test_bars_stand_above_and_below_and_nothing_falls_has_one() -> None:
    found = bars([2, 0, None, -1], [None, 3, 1, 0])
    assert (found.above, found.below) == (((0, 2),), ((1, 3), (2, 1)))
    assert (found.up, found.down, found.most_above, found.most_below) == (2, 3, 2, 3)
    empty = bars([None], [0])
    assert (empty.up, empty.down, empty.most_above) == (1, 1, 0)
