"""Rhythms: the periods of the calendar, what is opened next, what was missed, what a plan's words propose."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice, pairwise

import pytest

from tracker.rules.rhythms import (
    Beat,
    Period,
    Rhythm,
    is_possible,
    missed_period,
    next_to_open,
    period_of,
    periods_from,
    present_period,
    suggested,
)

D = date
W, M, Q, H, Y, S = (
    *(Rhythm.WEEKLY, Rhythm.MONTHLY, Rhythm.QUARTERLY, Rhythm.HALF_YEARLY, Rhythm.YEARLY),
    Rhythm.SCHOOL_YEAR,
)
BEATS = [(W, 1), (M, 1), (Q, 1), (Q, 3), (H, 1), (H, 2), (Y, 1), (Y, 2), (Y, 4), (Y, 12), (S, 1), (S, 2), (S, 3)]


@pytest.mark.parametrize(
    ("rhythm", "parts", "day", "period"),
    [
        (W, 1, D(2026, 3, 2), (D(2026, 3, 2), D(2026, 3, 8))),
        (W, 1, D(2026, 3, 8), (D(2026, 3, 2), D(2026, 3, 8))),
        (W, 1, D(2026, 1, 1), (D(2025, 12, 29), D(2026, 1, 4))),
        (M, 1, D(2026, 1, 31), (D(2026, 1, 1), D(2026, 1, 31))),
        (M, 1, D(2026, 2, 28), (D(2026, 2, 1), D(2026, 2, 28))),
        (M, 1, D(2028, 2, 29), (D(2028, 2, 1), D(2028, 2, 29))),
        (M, 1, D(2026, 12, 31), (D(2026, 12, 1), D(2026, 12, 31))),
        (Q, 1, D(2026, 3, 31), (D(2026, 1, 1), D(2026, 3, 31))),
        (Q, 1, D(2026, 4, 1), (D(2026, 4, 1), D(2026, 6, 30))),
        (Q, 1, D(2026, 12, 31), (D(2026, 10, 1), D(2026, 12, 31))),
        (Q, 3, D(2026, 5, 5), (D(2026, 5, 1), D(2026, 5, 31))),
        (H, 1, D(2026, 6, 30), (D(2026, 1, 1), D(2026, 6, 30))),
        (H, 2, D(2026, 7, 1), (D(2026, 7, 1), D(2026, 9, 30))),
        (Y, 1, D(2028, 2, 29), (D(2028, 1, 1), D(2028, 12, 31))),
        (Y, 2, D(2026, 7, 1), (D(2026, 7, 1), D(2026, 12, 31))),
        (Y, 12, D(2026, 2, 28), (D(2026, 2, 1), D(2026, 2, 28))),
        (S, 1, D(2026, 8, 31), (D(2025, 9, 1), D(2026, 8, 31))),
        (S, 1, D(2026, 9, 1), (D(2026, 9, 1), D(2027, 8, 31))),
        (S, 2, D(2026, 2, 28), (D(2025, 9, 1), D(2026, 2, 28))),
        (S, 2, D(2028, 2, 29), (D(2027, 9, 1), D(2028, 2, 29))),
        (S, 2, D(2026, 3, 1), (D(2026, 3, 1), D(2026, 8, 31))),
        (S, 3, D(2026, 1, 1), (D(2026, 1, 1), D(2026, 4, 30))),
    ],
)
def test_the_period_that_holds_a_day(rhythm: Rhythm, parts: int, day: date, period: tuple[date, date]) -> None:
    assert period_of(rhythm, parts, day) == period


@pytest.mark.parametrize(
    ("rhythm", "parts", "begins", "starts"),
    [
        (M, 1, D(2026, 1, 31), [D(2026, 1, 1), D(2026, 2, 1), D(2026, 3, 1), D(2026, 4, 1)]),
        (M, 1, D(2027, 12, 31), [D(2027, 12, 1), D(2028, 1, 1), D(2028, 2, 1), D(2028, 3, 1)]),
        (Y, 1, D(2028, 2, 29), [D(2028, 1, 1), D(2029, 1, 1), D(2030, 1, 1)]),
        (Q, 1, D(2026, 8, 31), [D(2026, 7, 1), D(2026, 10, 1), D(2027, 1, 1)]),
        (H, 1, D(2026, 8, 31), [D(2026, 7, 1), D(2027, 1, 1), D(2027, 7, 1)]),
        (S, 2, D(2026, 2, 28), [D(2025, 9, 1), D(2026, 3, 1), D(2026, 9, 1)]),
        (W, 1, D(2026, 12, 31), [D(2026, 12, 28), D(2027, 1, 4), D(2027, 1, 11)]),
    ],
)
def test_the_first_period_holds_the_first_day_and_none_is_skipped(
    rhythm: Rhythm, parts: int, begins: date, starts: list[date]
) -> None:
    found = islice(periods_from(Beat(rhythm, parts, begins)), len(starts))
    assert [period.starts_on for period in found] == starts


@pytest.mark.parametrize(("rhythm", "parts"), BEATS)
@pytest.mark.parametrize("begins", [D(2023, 12, 31), D(2024, 2, 29), D(2026, 1, 31), D(2026, 8, 31), D(2027, 9, 1)])
def test_periods_follow_one_another_without_a_gap_and_agree_with_the_period_of_each_day(
    rhythm: Rhythm, parts: int, begins: date
) -> None:
    periods = list(islice(periods_from(Beat(rhythm, parts, begins)), 30))
    assert periods[0].starts_on <= begins <= periods[0].ends_on
    for before, after in pairwise(periods):
        assert after.starts_on == before.ends_on + timedelta(days=1)
    for period in periods:
        for day in {period.starts_on, period.ends_on, period.starts_on + timedelta(days=3)}:
            assert period_of(rhythm, parts, day) == period


def test_a_single_span_ends_with_the_deadline() -> None:
    beat = Beat(Rhythm.ONCE, 1, D(2026, 3, 1), D(2026, 6, 30))
    assert list(periods_from(beat)) == [Period(D(2026, 3, 1), D(2026, 6, 30))]
    assert [present_period(beat, day) for day in (D(2026, 2, 28), D(2026, 7, 1))] == [None, None]
    assert present_period(beat, D(2026, 6, 30)) == Period(D(2026, 3, 1), D(2026, 6, 30))
    assert next_to_open(beat, set(), D(2026, 2, 28)) is None
    assert next_to_open(beat, {D(2026, 3, 1)}, D(2027, 1, 1)) is None


@pytest.mark.parametrize(
    ("rhythm", "parts", "possible"),
    [
        *((W, 1, True), (W, 2, False), (M, 1, True), (M, 2, False), (Q, 3, True), (Q, 2, False), (H, 6, True)),
        *((H, 4, False), (Y, 4, True), (Y, 5, False), (Y, 12, True), (Y, 0, False), (S, 2, True), (S, -1, False)),
        (Rhythm.ONCE, 2, False),
    ],
)
def test_parts_cut_a_span_into_whole_months(rhythm: Rhythm, parts: int, possible: bool) -> None:
    assert is_possible(rhythm, parts) is possible
    if not possible:
        with pytest.raises(ValueError, match=r"single|parts"):
            next(periods_from(Beat(rhythm, parts, D(2026, 1, 1), D(2026, 2, 1))))


def test_a_single_span_needs_a_deadline_after_its_first_day() -> None:
    assert not is_possible(Rhythm.ONCE, 1, has_deadline=False)
    for due_on in (None, D(2025, 12, 31)):
        with pytest.raises(ValueError, match="deadline"):
            next(periods_from(Beat(Rhythm.ONCE, 1, D(2026, 1, 1), due_on)))


@pytest.mark.parametrize(("rhythm", "parts"), BEATS)
def test_one_period_is_opened_at_a_time_in_order_until_the_present_one_is(rhythm: Rhythm, parts: int) -> None:
    beat, today = Beat(rhythm, parts, D(2023, 5, 31)), D(2026, 3, 6)
    opened: set[date] = set()
    order: list[Period] = []
    while period := next_to_open(beat, opened, today):
        opened.add(period.starts_on)
        order.append(period)
    assert order == list(islice(periods_from(beat), len(order)))
    assert order[-1].starts_on <= today <= order[-1].ends_on


def test_a_gap_is_opened_before_what_follows_it() -> None:
    beat = Beat(M, 1, D(2026, 1, 15))
    opened = {D(2026, 1, 1), D(2026, 3, 1)}
    assert next_to_open(beat, opened, D(2026, 3, 6)) == (D(2026, 2, 1), D(2026, 2, 28))
    assert next_to_open(beat, opened | {D(2026, 2, 1)}, D(2026, 3, 6)) is None
    assert next_to_open(beat, opened | {D(2026, 2, 1)}, D(2026, 4, 1)) == (D(2026, 4, 1), D(2026, 4, 30))


def test_nothing_is_opened_before_the_first_period_begins() -> None:
    assert next_to_open(Beat(M, 1, D(2026, 4, 15)), set(), D(2026, 3, 31)) is None
    assert present_period(Beat(M, 1, D(2026, 4, 15)), D(2026, 3, 31)) is None
    assert present_period(Beat(M, 1, D(2026, 4, 15)), D(2026, 4, 1)) == (D(2026, 4, 1), D(2026, 4, 30))


@pytest.mark.parametrize(
    ("begins", "reported", "first_missed", "second_missed"),
    [
        (D(2026, 1, 31), None, D(2026, 1, 31), D(2026, 2, 28)),
        (D(2026, 1, 31), D(2025, 12, 31), D(2026, 1, 31), D(2026, 2, 28)),
        (D(2026, 1, 31), D(2026, 1, 1), D(2026, 2, 28), D(2026, 3, 31)),
        (D(2026, 1, 31), D(2026, 1, 31), D(2026, 2, 28), D(2026, 3, 31)),
        (D(2026, 1, 31), D(2026, 5, 31), D(2026, 6, 30), D(2026, 7, 31)),
        (D(2026, 1, 31), D(2027, 12, 1), D(2028, 1, 31), D(2028, 2, 29)),
    ],
)
def test_what_is_missed_counts_from_the_period_of_the_last_report(
    begins: date, reported: date | None, first_missed: date, second_missed: date
) -> None:
    beat = Beat(M, 1, begins)
    ends = [period.ends_on if (period := missed_period(beat, reported, times)) else None for times in (1, 2)]
    assert ends == [first_missed, second_missed]
    assert missed_period(Beat(Rhythm.ONCE, 1, begins, D(2030, 1, 1)), reported, 1) is None


@pytest.mark.parametrize(
    ("text", "rhythm"),
    [
        ("每周", (W, 1)),
        ("每星期报送一次", (W, 1)),
        ("每月", (M, 1)),
        ("每月25日前报送", (M, 1)),
        ("逐月推进", (M, 1)),
        ("每季度", (Q, 1)),
        ("每季", (Q, 1)),
        ("每季度1次", (Q, 1)),
        ("每半年", (H, 1)),
        ("每半年检查一次", (H, 1)),
        ("每年", (Y, 1)),
        ("每年度", (Y, 1)),
        ("逐年提高", (Y, 1)),
        ("每年4次", (Y, 4)),
        ("每年组织两次", (Y, 2)),
        ("一年两次", (Y, 2)),
        ("每学期", (S, 2)),
        ("每学期不少于2次", (S, 4)),
        ("每学年", (S, 1)),
        ("每学年度", (S, 1)),
        ("每学年2次", (S, 2)),
        ("每学年两次", (S, 2)),
        ("一学年两次", (S, 2)),
        ("每年5次", (Y, 1)),
        ("", None),
        ("2026年12月底前", None),
        ("长期", None),
        ("第一学期", None),
        ("一年级新生", None),
        ("每年级2个班", None),
        ("每周期", None),
        ("新建学校一所，一年内完成", None),
    ],
)
def test_the_words_of_a_plan_propose_a_rhythm(text: str, rhythm: tuple[Rhythm, int] | None) -> None:
    assert suggested(text) == rhythm
