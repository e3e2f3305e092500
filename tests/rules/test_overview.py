"""The sentence of a week, the on-time rate, places, and what an overview is measured from."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.rules.lights import Light
from tracker.rules.overview import (
    Number,
    OnTime,
    Since,
    Week,
    clauses,
    has_become,
    is_issue_missing,
    level_shown,
    light_changes,
    measured_from,
    monday_of,
    places,
    sentence,
    shared_by_all,
)

FIGURES = Week(total=56, closed=14, overdue=4, newly_closed=3, newly_overdue=2, stale=5)


@pytest.mark.parametrize(
    ("since", "unit", "said"),
    [
        (Since.THIS_WEEK, "财政局", "本周销号 3 项；新增逾期 2 项（均为财政局）；5 项连续两周未更新。"),
        (Since.THIS_WEEK, None, "本周销号 3 项；新增逾期 2 项；5 项连续两周未更新。"),
        (Since.ISSUE, None, "自2月27日（上期）以来销号 3 项；新增逾期 2 项；5 项连续两周未更新。"),
        (Since.EACH_COUNTY, "兴国县", "各县自上期以来销号 3 项；新增逾期 2 项（均为兴国县）；5 项连续两周未更新。"),
        (Since.NOTHING, None, "共 56 项任务，尚无上期可比；已销号 14 项；逾期 4 项；5 项连续两周未更新。"),
    ],
)
def test_the_sentence_says_what_was_closed_what_became_late_and_what_is_silent(
    since: Since, unit: str | None, said: str
) -> None:
    week = Week(**{**FIGURES.__dict__, "since": since, "newly_overdue_of": unit, "since_on": date(2026, 2, 27)})
    assert sentence(week, date(2026, 3, 6)) == said


def test_a_quiet_week_names_no_unit() -> None:
    assert sentence(Week(total=3, since=Since.THIS_WEEK, newly_overdue_of="财政局"), date(2026, 3, 6)) == (
        "本周销号 0 项；新增逾期 0 项；0 项连续两周未更新。"
    )


def test_every_number_of_the_sentence_says_which_list_it_counts() -> None:
    week = Week(**{**FIGURES.__dict__, "since": Since.THIS_WEEK})
    assert [(clause.number, clause.count) for clause in clauses(week)] == [
        (Number.NEWLY_CLOSED, 3),
        (Number.NEWLY_OVERDUE, 2),
        (Number.STALE, 5),
    ]


@pytest.mark.parametrize(
    ("due", "in_time", "percent"),
    [(0, 0, None), (7, 5, 71), (8, 1, 13), (3, 3, 100), (300, 299, 99), (3, 0, 0), (200, 1, 1)],
)
def test_the_on_time_rate_is_in_whole_per_cent(due: int, in_time: int, percent: int | None) -> None:
    assert OnTime(due, in_time).percent == percent


def test_equal_rates_share_a_place_and_the_next_place_is_skipped() -> None:
    own = {"a": OnTime(4, 2), "b": OnTime(8, 4), "c": OnTime(3, 3), "d": OnTime(10, 1)}
    assert places(own) == {"c": 1, "a": 2, "b": 2, "d": 4}


def test_fewer_than_three_due_have_no_place() -> None:
    assert places({"a": OnTime(2, 2), "b": OnTime(3, 1), "c": OnTime(3, 2)}) == {"b": 2, "c": 1}


def test_one_alone_has_no_place() -> None:
    assert places({"a": OnTime(9, 9), "b": OnTime(2, 2)}) == {}


@pytest.mark.parametrize(
    ("now", "before", "became"),
    [
        (Light.OVERDUE, Light.SOON, True),
        (Light.OVERDUE, Light.OVERDUE, False),
        (Light.OVERDUE, None, False),
        (Light.SOON, Light.NORMAL, False),
    ],
)
def test_a_task_becomes_late_once(now: Light, before: Light | None, became: bool) -> None:
    assert has_become(Light.OVERDUE, now, before) is became


def test_changes_are_signed_and_cover_the_six_groups() -> None:
    changes = light_changes({Light.OVERDUE: 4, Light.SUSPENDED: 1}, {Light.OVERDUE: 2, Light.SOON: 1})
    assert changes == {
        Light.OVERDUE: 2,
        Light.SOON: -1,
        Light.NORMAL: 0,
        Light.CLOSED: 0,
        Light.NOT_DUE: 0,
        Light.REDATE: 0,
    }


@pytest.mark.parametrize(
    ("counts", "total", "name"),
    [
        ({"财政局": 2, "住建局": 1}, 2, "财政局"),
        ({"财政局": 2, "住建局": 2}, 2, None),
        ({"财政局": 1}, 2, None),
        ({"财政局": 0}, 0, None),
    ],
)
def test_only_one_name_that_has_a_part_in_all_is_named(counts: dict[str, int], total: int, name: str | None) -> None:
    assert shared_by_all(counts, total) == name


@pytest.mark.parametrize("day", [date(2026, 3, 2), date(2026, 3, 6), date(2026, 3, 8)])
def test_a_week_begins_on_its_monday(day: date) -> None:
    assert monday_of(day) == date(2026, 3, 2)


def test_an_issue_of_another_year_is_named_with_it() -> None:
    week = Week(**{**FIGURES.__dict__, "since": Since.ISSUE, "since_on": date(2025, 12, 26)})
    assert sentence(week, date(2026, 1, 2)).startswith("自2025年12月26日（上期）以来销号 3 项；")


@pytest.mark.parametrize(
    ("last_on", "since"),
    [
        (None, Since.NOTHING),
        (date(2026, 2, 27), Since.ISSUE),  # the Friday of the week before: its weekend is not this week
        (date(2026, 3, 1), Since.THIS_WEEK),
        (date(2026, 3, 2), Since.ISSUE),
        (date(2026, 2, 22), Since.ISSUE),
    ],
)
@pytest.mark.parametrize("day", [date(2026, 3, 2), date(2026, 3, 6), date(2026, 3, 8)])
def test_only_an_issue_that_closed_as_the_week_began_makes_it_this_week(
    day: date, last_on: date | None, since: Since
) -> None:
    assert measured_from(day, last_on) is since


@pytest.mark.parametrize(("today", "missing"), [(date(2026, 3, 14), False), (date(2026, 3, 15), True)])
def test_an_issue_is_missed_after_eight_days(today: date, missing: bool) -> None:
    assert is_issue_missing(date(2026, 3, 6), today) is missing


@pytest.mark.parametrize(
    ("counties", "seen_from", "digits"),
    [
        (["360732", "640422"], "", 6),
        ([f"36{number:04}" for number in range(200)], "36", 4),
        ([f"{number:06}" for number in range(100000, 990000, 37)], "", 2),
        ([f"3607{number:02}" for number in range(80)], "3607", 6),
    ],
)
def test_counties_are_shown_side_by_side_while_they_fit(counties: list[str], seen_from: str, digits: int) -> None:
    assert level_shown(counties, seen_from) == digits
