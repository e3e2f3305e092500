"""年度考核: which issues tell of a year, what a task counts, and what figures can be true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.appraisals import (
    STORED,
    Figure,
    behind,
    contradiction,
    counted,
    figures_of,
    in_force,
    is_open,
    places_of,
    span_of,
    term_end,
    value_of,
)
from tracker.rules.workdays import Calendar


@dataclass(frozen=True)
class Row:
    """An issue."""

    number: int
    closed_on: date

    @property
    def id(self) -> int:
        """As its number."""
        return self.number


@dataclass(frozen=True)
class Frozen:
    """A line of an issue."""

    task_key: str = "k"
    number: str | None = "1"
    title: str = "任务"
    units: Sequence[str] = ("财政局",)
    unit_ids: Sequence[int] = (1,)
    due_on: date | None = date(2026, 3, 31)
    submitted_on: date | None = None
    days_late: int = 0
    held_days: int = 0
    fallen_due: bool = True
    in_time: bool = False
    extensions: int = 0
    returns: int = 0
    periods_missed: int = 0
    issue_number: int = 9


def issues(*days: str) -> list[Row]:
    """Issues closed on these days, numbered from 1."""
    return [Row(number, date.fromisoformat(day)) for number, day in enumerate(days, 1)]


@pytest.mark.parametrize(
    ("days", "numbers", "before", "is_over"),
    [
        ([], None, None, None),
        (["2025-12-26"], None, None, None),
        (["2026-07-03", "2026-07-10"], [1, 2], None, False),
        (["2025-12-26", "2026-07-03"], [2], 1, False),
        (["2025-12-26", "2026-01-02", "2026-12-25", "2027-01-01", "2027-01-08"], [2, 3, 4], 2, True),
        (["2025-12-31", "2026-12-31"], [2], 1, False),
        (["2024-05-03", "2026-01-02", "2026-05-01"], [2, 3], 1, False),
        (["2026-12-25", "2027-03-05"], [1], None, False),
        (["2027-01-08"], None, None, None),
    ],
)
def test_a_year_is_told_by_its_issues_and_the_first_of_the_january_after(
    days: list[str], numbers: list[int] | None, before: int | None, is_over: bool | None
) -> None:
    span = span_of(issues(*days), 2026)
    if numbers is None:
        assert span is None
        return
    assert span is not None
    assert [each.number for each in span.issues] == numbers
    assert (span.before.number if span.before else None, span.is_over) == (before, is_over)


def test_the_years_follow_one_another_without_a_gap() -> None:
    rows = issues("2025-12-26", "2026-01-02", "2026-12-25", "2027-01-01", "2027-06-04")
    first, second = span_of(rows, 2026), span_of(rows, 2027)
    assert first is not None
    assert second is not None
    assert second.before == first.last


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        (Frozen(fallen_due=False), {}),
        (Frozen(days_late=6), {Figure.DUE: 1, Figure.LATE: 1, Figure.DAYS_LATE: 6, Figure.OWN_DUE: 1}),
        (
            Frozen(in_time=True, submitted_on=date(2026, 3, 1)),
            {Figure.DUE: 1, Figure.IN_TIME: 1, Figure.OWN_DUE: 1, Figure.OWN_IN_TIME: 1},
        ),
        (
            Frozen(submitted_on=date(2026, 4, 10)),
            {Figure.DUE: 1, Figure.LATE: 1, Figure.DAYS_LATE: 10, Figure.OWN_DUE: 1},
        ),
        (
            Frozen(submitted_on=date(2026, 4, 10), held_days=4),
            {Figure.DUE: 1, Figure.LATE: 1, Figure.DAYS_LATE: 6, Figure.OWN_DUE: 1},
        ),
        (
            Frozen(units=("财政局", "住建局"), unit_ids=(1, 2), in_time=True),
            {Figure.DUE: 1, Figure.IN_TIME: 1},
        ),
        (Frozen(due_on=date(2025, 12, 31), days_late=70), {}),
        (Frozen(due_on=date(2027, 1, 5), in_time=True), {}),
        (Frozen(due_on=None, fallen_due=False, periods_missed=2), {Figure.PERIODS_MISSED: 2}),
    ],
)
def test_a_task_counts_in_the_year_in_which_its_deadline_fell(line: Frozen, wanted: dict[Figure, int]) -> None:
    task = counted(line, None, 2026)
    assert {figure: task.amount(figure) for figure in Figure if task.amount(figure)} == wanted


def test_extensions_returns_and_missed_reports_are_those_since_the_year_before() -> None:
    now = Frozen(extensions=3, returns=2, periods_missed=9)
    task = counted(now, Frozen(extensions=1, returns=2, periods_missed=4), 2026)
    assert (task.extensions, task.returns, task.periods_missed) == (2, 0, 5)
    gone = counted(Frozen(returns=0), Frozen(returns=2), 2026)
    assert gone.returns == 0
    assert counted(now, None, 2026).extensions == 3


LINES = st.builds(
    Frozen,
    task_key=st.uuids().map(str),
    units=st.sampled_from([("甲",), ("甲", "乙")]),
    due_on=st.sampled_from([None, date(2025, 6, 1), date(2026, 6, 1)]),
    submitted_on=st.sampled_from([None, date(2026, 5, 1), date(2026, 7, 1)]),
    days_late=st.integers(1, 90),
    fallen_due=st.booleans(),
    in_time=st.booleans(),
    returns=st.integers(0, 3),
)


@given(st.lists(LINES, max_size=20))
def test_every_figure_is_the_sum_over_the_tasks_behind_it(lines: list[Frozen]) -> None:
    tasks = [counted(line, None, 2026) for line in lines]
    figures = figures_of(tasks)
    assert set(figures) == {figure.value for figure in STORED}
    for figure in Figure:
        assert value_of(figures, figure) == sum(task.amount(figure) for task in behind(tasks, figure))
    assert contradiction(figures) is None


@pytest.mark.parametrize(
    ("changes", "is_wrong"),
    [
        ({}, False),
        ({"in_time": 6}, True),
        ({"own_due": 6}, True),
        ({"own_in_time": 4}, True),
        # Returned today after its deadline: late, and not yet by a day.
        ({"days_late": 0}, False),
        ({"in_time": 5, "days_late": 0}, False),
        ({"in_time": 5}, True),
        ({"in_time": 1, "own_in_time": 2, "days_late": 9}, True),
    ],
)
def test_figures_that_cannot_both_be_true_are_found(changes: dict[str, int], is_wrong: bool) -> None:
    figures: dict[str, Any] = {"due": 5, "in_time": 4, "days_late": 3, "own_due": 3, "own_in_time": 3}
    assert (contradiction({**figures, **changes}) is not None) is is_wrong


def test_places_are_those_of_the_page_and_follow_what_was_put_right() -> None:
    figures = {
        "a": {"own_due": 4, "own_in_time": 4},
        "b": {"own_due": 4, "own_in_time": 3},
        "c": {"own_due": 2, "own_in_time": 2},
    }
    assert places_of(figures) == {"a": 1, "b": 2}
    assert places_of({**figures, "b": in_force(figures["b"], {"own_in_time": 4})}) == {"a": 1, "b": 1}


@pytest.mark.parametrize(
    ("published", "days", "until"),
    [
        ("2026-03-02", 5, "2026-03-09"),
        ("2026-03-06", 1, "2026-03-09"),
        ("2026-03-07", 5, "2026-03-13"),
        ("2026-02-13", 3, "2026-02-25"),  # the Spring Festival lies between, with a Saturday that is worked
    ],
)
def test_a_term_is_counted_in_working_days_from_the_day_after(published: str, days: int, until: str) -> None:
    end = term_end(Calendar(), date.fromisoformat(published), days)
    assert end == date.fromisoformat(until)
    assert is_open(end, end)
    assert not is_open(end, date.fromordinal(end.toordinal() + 1))
    assert not is_open(None, end)
