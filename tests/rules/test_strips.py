"""Milestone strips: one axis for all, nothing lost, nothing out of order."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.completion import NodeFacts
from tracker.rules.project_facts import ProjectFacts
from tracker.rules.strips import GAP, Mark, Sign, TimeAxis, apart, axis_of, names_under, strip_of, strips_of

TODAY = date(2026, 3, 6)
ABOVE = {Sign.EXPECTED, Sign.DEADLINE, Sign.CLOSED}


def project(*nodes: NodeFacts, **differences: Any) -> ProjectFacts:
    return ProjectFacts(**({"key": "p", "title": "某小学", "category": "new", "nodes": nodes} | differences))


def lane_of(mark: Mark) -> int:
    return 0 if mark.sign in ABOVE else 2 if mark.sign is Sign.FIRST else 1


def signs(found: ProjectFacts, today: date = TODAY) -> list[tuple[Sign, date, str]]:
    _, (strip,) = strips_of([found], today)
    return [(mark.sign, mark.day, mark.name) for mark in strip.marks]


@pytest.mark.parametrize(
    ("days", "start", "end"),
    [
        ([], date(2026, 1, 1), date(2027, 1, 1)),
        ([date(2025, 7, 1), date(2026, 12, 31)], date(2025, 7, 1), date(2027, 1, 1)),
        ([date(2025, 6, 30), date(2027, 1, 1)], date(2025, 1, 1), date(2027, 7, 1)),
        # Today is always on it.
        ([date(2024, 2, 1), date(2024, 8, 1)], date(2024, 1, 1), date(2026, 7, 1)),
        # One mad date leaves it as it is, on either side; two of them say something.
        ([date(2025, 3, 1)] * 5 + [date(2035, 1, 1)], date(2025, 1, 1), date(2026, 7, 1)),
        ([date(2017, 3, 1)] + [date(2025, 3, 1)] * 5, date(2025, 1, 1), date(2026, 7, 1)),
        ([date(2025, 3, 1)] * 5 + [date(2030, 2, 1)] * 2, date(2025, 1, 1), date(2030, 7, 1)),
        # What lies within two years of the rest belongs to it.
        ([date(2025, 3, 1)] * 5 + [date(2028, 2, 1)], date(2025, 1, 1), date(2028, 7, 1)),
        ([date(1, 1, 1), date(9999, 12, 31)], date(2026, 1, 1), date(2027, 1, 1)),
    ],
)  # fmt: skip
def test_the_axis_has_whole_half_years_and_bears_a_mad_date(days: list[date], start: date, end: date) -> None:
    axis = axis_of(days, TODAY)
    assert (axis.start, axis.end) == (start, end)


def test_the_axis_names_years_septembers_and_today() -> None:
    axis = TimeAxis(date(2024, 7, 1), date(2027, 1, 1), TODAY)
    assert [(year.label, year.at) for year in axis.years] == [("2024", 0.0), ("2025", 20.1), ("2026", 60.1)]
    assert [(each.year, each.is_named) for each in axis.septembers] == [(2024, True), (2025, True), (2026, True)]
    assert axis.septembers[2].at == axis.at(date(2026, 9, 1)) == 86.7
    assert axis.half_years == (axis.at(date(2025, 7, 1)), axis.at(date(2026, 7, 1)))
    assert axis.now == axis.at(TODAY) == 67.1


def test_a_september_that_is_today_leaves_its_word_to_today() -> None:
    axis = TimeAxis(date(2024, 7, 1), date(2027, 1, 1), date(2025, 9, 10))
    assert [each.is_named for each in axis.septembers] == [True, False, True]


def test_a_long_axis_names_few_years() -> None:
    axis = TimeAxis(date(2016, 1, 1), date(2036, 1, 1), TODAY)
    assert len(axis.years) == len(axis.septembers) == 20
    assert sum(bool(year.label) for year in axis.years) <= 8
    assert sum(each.is_named for each in axis.septembers) <= 8


@pytest.mark.parametrize(
    ("given_project", "expected"),
    [
        (project(), []),
        (project(due_on=date(2026, 9, 30)), [(Sign.DEADLINE, date(2026, 9, 30), "")]),
        (project(due_on=date(2026, 9, 30), needs_redate=True), []),
        (project(NodeFacts("开工")), []),
        (project(NodeFacts("开工", TODAY, TODAY)), [(Sign.PLANNED, TODAY, "开工")]),
        (project(NodeFacts("开工", date(2026, 3, 5), date(2026, 3, 5))), [(Sign.OVERDUE, date(2026, 3, 5), "开工")]),
        (project(NodeFacts("开工", date(2026, 3, 1), date(2026, 3, 1), done_on=date(2026, 3, 4))),
         [(Sign.DONE, date(2026, 3, 4), "开工")]),
        (project(NodeFacts("开工", done_on=date(2026, 3, 4))), [(Sign.DONE, date(2026, 3, 4), "开工")]),
        (project(NodeFacts("投用", date(2026, 8, 1), date(2026, 5, 1), date(2026, 8, 20)), due_on=date(2026, 7, 1)),
         [(Sign.PLANNED, date(2026, 8, 1), "投用"), (Sign.DEADLINE, date(2026, 7, 1), ""),
          (Sign.EXPECTED, date(2026, 8, 20), "投用"), (Sign.FIRST, date(2026, 5, 1), "投用")]),
        # What is done is expected no more, what the unit expects of the project is expected of its last node.
        (project(NodeFacts("投用", expected_on=TODAY, done_on=TODAY)), [(Sign.DONE, TODAY, "投用")]),
        (project(expected_on=date(2026, 8, 20)), [(Sign.EXPECTED, date(2026, 8, 20), "")]),
        (project(closed_on=date(2026, 2, 1), expected_on=date(2026, 8, 20)), [(Sign.CLOSED, date(2026, 2, 1), "")]),
    ],
)  # fmt: skip
def test_a_strip_shows_the_known_days_and_nothing_else(
    given_project: ProjectFacts, expected: list[tuple[Sign, date, str]]
) -> None:
    assert signs(given_project) == expected


def test_what_lies_beyond_the_axis_stands_at_its_edge() -> None:
    axis = axis_of([], TODAY)
    mad = project(NodeFacts("立项", done_on=date(1926, 1, 1)), NodeFacts("投用", date(2126, 1, 1), date(2126, 1, 1)))
    strip = strip_of(mad, axis)
    assert [mark.at for mark in strip.marks] == [0.0, 100.0]
    assert (strip.is_before, strip.is_after) == (True, True)
    inside = strip_of(project(due_on=TODAY), axis)
    assert (inside.is_before, inside.is_after) == (False, False)


def test_marks_of_one_day_are_set_apart_and_stay_before_today() -> None:
    day = date(2026, 3, 5)
    nodes = [NodeFacts(f"节点{number}", day, day, done_on=day) for number in range(4)]
    nodes += [NodeFacts("下一个", date(2026, 3, 7), date(2026, 3, 7))]
    axis = TimeAxis(date(2024, 1, 1), date(2028, 1, 1), TODAY)
    places = [mark.at for mark in strip_of(project(*nodes), axis).marks]
    assert [round(later - earlier, 1) >= GAP for earlier, later in pairwise(places[:-1])] == [True] * 3
    assert places[3] <= axis.now < places[4]


@pytest.mark.parametrize(
    ("places", "gap", "bounds", "expected"),
    [
        ([], 3, (0, 100), []),
        ([10, 20], 3, (0, 100), [10, 20]),
        ([10, 10], 4, (0, 100), [8, 12]),
        ([0, 0, 0], 3, (0, 100), [0, 3, 6]),
        ([100, 100], 3, (0, 100), [97, 100]),
        ([10, 11, 50], 3, (0, 100), [9, 12, 50]),
        ([5] * 5, 3, (0, 8), [0, 2, 4, 6, 8]),
    ],
)
def test_places_move_as_little_as_needed(
    places: list[float], gap: float, bounds: tuple[float, float], expected: list[float]
) -> None:
    assert apart(places, gap, *bounds) == expected


DAYS = st.one_of(
    st.dates(date(2022, 1, 1), date(2030, 12, 31)), st.dates(), st.sampled_from([TODAY, TODAY + timedelta(days=1)])
)
NODES = st.builds(NodeFacts, st.just("节点"), st.none() | DAYS, st.none() | DAYS, st.none() | DAYS, st.none() | DAYS)
PROJECTS = st.builds(
    lambda nodes, due_on, expected_on: project(*nodes, due_on=due_on, expected_on=expected_on),
    st.lists(NODES, max_size=30), st.none() | DAYS, st.none() | DAYS,
)  # fmt: skip


@given(st.lists(PROJECTS, max_size=4))
def test_every_mark_is_on_the_strip_and_keeps_the_order_of_its_days(projects: list[ProjectFacts]) -> None:
    axis, strips = strips_of(projects, TODAY)
    assert axis.start <= TODAY < axis.end
    for found, strip in zip(projects, strips, strict=True):
        known = sum(bool(node.done_on or node.planned_on) for node in found.nodes)
        assert sum(lane_of(mark) == 1 for mark in strip.marks) == known
        for lane in range(3):
            marks = [mark for mark in strip.marks if lane_of(mark) == lane]
            assert all(0 <= mark.at <= 100 for mark in marks)
            assert [mark.day for mark in marks] == sorted(mark.day for mark in marks)
            assert all(earlier.at < later.at for earlier, later in pairwise(marks))


def test_names_stand_under_their_marks_without_running_into_each_other() -> None:
    days = [date(2026, 3, 1), date(2026, 3, 20), date(2026, 4, 1), date(2026, 12, 30)]
    nodes = [NodeFacts("竣工验收·投用", day, day) for day in days]
    names = names_under(strip_of(project(*nodes), axis_of(days, TODAY)))
    assert [(name.line, name.end) for name in names] == [(0, "middle"), (1, "middle"), (2, "middle"), (0, "end")]
