"""What the words of plans mean as dates, and how days late are counted."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from tracker.clock import office_day
from tracker.rules.deadline_words import inherited_deadline, read_deadline
from tracker.rules.deadlines import (
    Deadline,
    Document,
    Doubt,
    Precision,
    days_held,
    days_late,
    document_named,
    last_of_month,
    year_of_number,
    year_of_title,
)
from tracker.settings import ROOT

XINGGUO = Document(date(2023, 11, 23), 2023)
EARLY = Document(date(2020, 1, 1))
NUMBERED = Document(number_year=2022)
UNKNOWN = Document()

DATED = [
    ("2022年3月底前", Precision.MONTH, "2022-03-31"),
    ("2022年6月底", Precision.MONTH, "2022-06-30"),
    ("2023年3月之前", Precision.MONTH, "2023-03-31"),
    ("2023年12月", Precision.MONTH, "2023-12-31"),
    ("2023年12月底前", Precision.MONTH, "2023-12-31"),
    ("2024年9月", Precision.MONTH, "2024-09-30"),
    ("2026年2月", Precision.MONTH, "2026-02-28"),
    ("2028年2月底前", Precision.MONTH, "2028-02-29"),
    ("2100年2月底前", Precision.MONTH, "2100-02-28"),
    ("1988年7月", Precision.MONTH, "1988-07-31"),
    ("2029年", Precision.YEAR, "2029-12-31"),
    ("2029年底前", Precision.YEAR, "2029-12-31"),
    ("2029年底", Precision.YEAR, "2029-12-31"),
    ("到2029年", Precision.YEAR, "2029-12-31"),
    ("到2025年底", Precision.YEAR, "2025-12-31"),
    ("2024年内", Precision.YEAR, "2024-12-31"),
    ("2022年6月20日前", Precision.DAY, "2022-06-20"),
    ("2022年6月20日前完成", Precision.DAY, "2022-06-20"),
    ("2024年9月1号", Precision.DAY, "2024-09-01"),
    ("2024年9月30前", Precision.DAY, "2024-09-30"),
    ("1988年7月1日", Precision.DAY, "1988-07-01"),
    ("2026年6月上旬", Precision.DAY, "2026-06-10"),
    ("2026年6月初", Precision.DAY, "2026-06-10"),
    ("2026年6月中旬", Precision.DAY, "2026-06-20"),
    ("2026年6月下旬", Precision.MONTH, "2026-06-30"),
    ("2026年第三季度", Precision.QUARTER, "2026-09-30"),
    ("2026年三季度末前", Precision.QUARTER, "2026-09-30"),
    ("2026年1季度", Precision.QUARTER, "2026-03-31"),
    ("2025年前三季度", Precision.QUARTER, "2025-09-30"),
    ("2026年上半年", Precision.HALF, "2026-06-30"),
    ("2026年下半年", Precision.HALF, "2026-12-31"),
    ("２０２４年９月", Precision.MONTH, "2024-09-30"),
    ("２０２４年９月３０日", Precision.DAY, "2024-09-30"),
    ("2024 年 9 月 底 前", Precision.MONTH, "2024-09-30"),
    ("二〇二四年九月底前", Precision.MONTH, "2024-09-30"),
    ("2024年十二月", Precision.MONTH, "2024-12-31"),
    ("22年6月底前", Precision.MONTH, "2022-06-30"),
    ("2024.9", Precision.MONTH, "2024-09-30"),
    ("2024.09.30", Precision.DAY, "2024-09-30"),
    ("2024/9/30", Precision.DAY, "2024-09-30"),
    ("2024-09-30", Precision.DAY, "2024-09-30"),
    ("2024-09", Precision.MONTH, "2024-09-30"),
    ("2024年9月（秋季开学前）", Precision.MONTH, "2024-09-30"),
    ("分批完成（2024年9月底前）", Precision.MONTH, "2024-09-30"),
    ("2023年秋季学期前", Precision.MONTH, "2023-08-31"),
    ("2023年秋季学期开学前", Precision.MONTH, "2023-08-31"),
    ("2023年秋季开学", Precision.MONTH, "2023-08-31"),
    ("2024年9月3所学校", Precision.MONTH, "2024-09-30"),
    ("2023年6月底前完成设计，2024年9月底前投入使用", Precision.MONTH, "2024-09-30"),
    ("2024年前小学达标，2026年全部达标", Precision.YEAR, "2026-12-31"),
    ("从2024年起，2026年底前完成", Precision.YEAR, "2026-12-31"),
]


def read(text: str, document: Document = EARLY) -> Deadline:
    """A reading whose words were kept."""
    deadline = read_deadline(text, document)
    assert deadline.text == text
    return deadline


@pytest.mark.parametrize(("text", "precision", "due_on"), DATED)
def test_words_that_name_an_end_are_due_on_its_last_day(text: str, precision: Precision, due_on: str) -> None:
    for document in (UNKNOWN, EARLY, NUMBERED, XINGGUO):
        deadline = read(text, document)
        assert (deadline.precision, str(deadline.due_on), deadline.starts_on) == (precision, due_on, None)
        before = date.fromisoformat(due_on) < (document.earliest_issue or date.min)
        assert deadline.doubt == (Doubt.BEFORE_ISSUE if before else None)
        assert deadline.alternative_on is None


def test_each_month_ends_on_its_own_last_day() -> None:
    for month, days in enumerate([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], start=1):
        assert read(f"2026年{month}月底前").due_on == date(2026, month, days) == last_of_month(2026, month)


@pytest.mark.parametrize(
    ("text", "strict", "lax"),
    [
        ("2024年以前", "2023-12-31", "2024-12-31"),
        ("2024年之前", "2023-12-31", "2024-12-31"),
        ("2024年前", "2023-12-31", "2024-12-31"),
        ("2025年前", "2024-12-31", "2025-12-31"),
    ],
)
def test_before_a_year_takes_the_stricter_reading_and_keeps_the_other(text: str, strict: str, lax: str) -> None:
    deadline = read(text, XINGGUO)
    assert deadline.precision is Precision.YEAR
    assert (str(deadline.due_on), str(deadline.alternative_on)) == (strict, lax)
    assert deadline.doubt is Doubt.BEFORE_WHICH_YEAR


@pytest.mark.parametrize(
    ("text", "precision", "starts_on", "due_on"),
    [
        ("2021年1月—2022年6月", Precision.MONTH, "2021-01-01", "2022-06-30"),
        ("2021年1月至2022年6月底", Precision.MONTH, "2021-01-01", "2022-06-30"),
        ("2023年9月1日至2024年6月30日", Precision.DAY, "2023-09-01", "2024-06-30"),
        ("2023.9.1—2024.6.30", Precision.DAY, "2023-09-01", "2024-06-30"),
        ("2023年9月1日至30日", Precision.DAY, "2023-09-01", "2023-09-30"),
        ("2023年9月至次年6月", Precision.MONTH, "2023-09-01", "2024-06-30"),
        ("2020年6—8月", Precision.MONTH, "2020-06-01", "2020-08-31"),
        ("2020年6月至8月", Precision.MONTH, "2020-06-01", "2020-08-31"),
        ("2023年9-12月", Precision.MONTH, "2023-09-01", "2023-12-31"),
        ("2022年--2026年", Precision.YEAR, "2022-01-01", "2026-12-31"),
        ("2022—2026年", Precision.YEAR, "2022-01-01", "2026-12-31"),
        ("2022―2026年", Precision.YEAR, "2022-01-01", "2026-12-31"),
        ("2022～2026年", Precision.YEAR, "2022-01-01", "2026-12-31"),
        ("2022-2026", Precision.YEAR, "2022-01-01", "2026-12-31"),
        ("2025年第一季度至2025年第三季度", Precision.QUARTER, "2025-01-01", "2025-09-30"),
        ("“十四五”期间", Precision.YEAR, "2021-01-01", "2025-12-31"),
        ("十五五末", Precision.YEAR, "2026-01-01", "2030-12-31"),
        ("2023—2024学年", Precision.YEAR, "2023-09-01", "2024-08-31"),
    ],
)
def test_a_span_gives_both_ends(text: str, precision: Precision, starts_on: str, due_on: str) -> None:
    deadline = read(text)
    assert (deadline.precision, str(deadline.starts_on), str(deadline.due_on)) == (precision, starts_on, due_on)
    assert deadline.doubt is None


@pytest.mark.parametrize("text", ["年内", "今年内", "本年度内", "年底前", "今年年底前", "当年完成"])
def test_this_year_is_the_year_of_issue_or_of_the_number(text: str) -> None:
    assert read(text, XINGGUO).due_on == date(2023, 12, 31)
    assert read(text, NUMBERED).due_on == date(2022, 12, 31)
    assert read(text, XINGGUO).precision is Precision.YEAR


@pytest.mark.parametrize("text", ["年内", "9月底前", "明年6月底前", "上半年", "1个月内"])
def test_without_a_year_of_issue_such_words_wait_for_the_office(text: str) -> None:
    deadline = read(text, UNKNOWN)
    assert (deadline.precision, deadline.due_on) == (Precision.UNSPECIFIED, None)
    assert deadline.doubt is Doubt.UNREADABLE


@pytest.mark.parametrize(
    ("text", "precision", "due_on", "doubt"),
    [
        ("12月底前", Precision.MONTH, "2023-12-31", None),
        ("9月底前", Precision.MONTH, "2023-09-30", Doubt.BEFORE_ISSUE),
        ("12月20日前", Precision.DAY, "2023-12-20", None),
        ("11月25日至12月5日", Precision.DAY, "2023-12-05", None),
        ("第四季度", Precision.QUARTER, "2023-12-31", None),
        ("下半年", Precision.HALF, "2023-12-31", None),
        ("明年6月底前", Precision.MONTH, "2024-06-30", None),
        ("明年底", Precision.YEAR, "2024-12-31", None),
    ],
)
def test_a_time_without_a_year_lies_in_the_year_of_issue(
    text: str, precision: Precision, due_on: str, doubt: Doubt | None
) -> None:
    deadline = read(text, XINGGUO)
    assert (deadline.precision, str(deadline.due_on), deadline.doubt) == (precision, due_on, doubt)


@pytest.mark.parametrize(
    ("text", "due_on"),
    [
        ("印发后30日内", "2023-12-23"),
        ("印发之日起30日内", "2023-12-23"),
        ("印发后三十日内", "2023-12-23"),
        ("二十个工作日内", None),
        ("方案印发后2周内", "2023-12-07"),
        ("印发后三个月", "2024-02-23"),
        ("1个月内", "2023-12-23"),
        ("一个月内", "2023-12-23"),
        ("三年内", "2026-11-23"),
        ("5年内", "2028-11-23"),
        ("验收后1个月内", None),
        ("印发后10个工作日内", None),
        ("10个工作日内", None),
    ],
)
def test_days_after_issue_are_counted_from_the_day_of_issue(text: str, due_on: str | None) -> None:
    deadline = read(text, XINGGUO)
    if due_on is None:
        assert (deadline.precision, deadline.due_on, deadline.doubt) == (Precision.UNSPECIFIED, None, Doubt.UNREADABLE)
    else:
        assert (deadline.precision, str(deadline.due_on), deadline.doubt) == (Precision.DAY, due_on, None)


@pytest.mark.parametrize("text", ["长期", "常态化", "长期坚持", "持续推进", "常年", "长期（2025年前完成一期）"])
def test_long_term_words_have_no_end(text: str) -> None:
    deadline = read(text, XINGGUO)
    assert (deadline.precision, deadline.due_on, deadline.doubt) == (Precision.ONGOING, None, None)


@pytest.mark.parametrize(("text", "starts_on"), [("2024年9月起", "2024-09-01"), ("2025年起长期坚持", "2025-01-01")])
def test_a_beginning_is_not_an_end(text: str, starts_on: str) -> None:
    deadline = read(text)
    assert (deadline.precision, str(deadline.starts_on), deadline.due_on) == (Precision.ONGOING, starts_on, None)


@pytest.mark.parametrize(
    ("text", "due_on"),
    [
        ("逐年补齐教师", None),
        ("逐年减少现有大校额学生数，2029年全面消除大校额", "2029-12-31"),
        ("每学年", None),
        ("每年", None),
        ("每学期", None),
        ("每年6月底前", None),
        ("分年度实施，2026年底前完成", "2026-12-31"),
    ],
)
def test_yearly_words_end_only_in_a_year_that_they_name(text: str, due_on: str | None) -> None:
    deadline = read(text, XINGGUO)
    assert deadline.precision is Precision.YEARLY
    assert deadline.due_on == (date.fromisoformat(due_on) if due_on else None)
    assert deadline.doubt is None


@pytest.mark.parametrize(
    "text",
    ["2026年2月30日", "2026年13月", "2026年6月31日前", "2026-02-30", "2026年6月至2026年2月", "2023年2月29日"],
)
def test_a_date_that_no_calendar_has_is_kept_as_a_doubt(text: str) -> None:
    deadline = read(text)
    assert (deadline.precision, deadline.due_on) == (Precision.UNSPECIFIED, None)
    assert deadline.doubt is Doubt.IMPOSSIBLE_DATE


@pytest.mark.parametrize("text", ["按计划做好教师培养工作", "逐步推进", "无", "", "/", "青年教师培养", "立即"])
def test_words_that_name_no_time_are_kept_and_nothing_is_guessed(text: str) -> None:
    deadline = read(text, XINGGUO)
    assert (deadline.precision, deadline.starts_on, deadline.due_on) == (Precision.UNSPECIFIED, None, None)
    assert deadline.doubt is None


@pytest.mark.parametrize(
    "text", ["2023年秋季学期", "2025年初", "2025年年中", "2025年暑假", "2025年汛前", "2025年前后", "20240930"]
)
def test_a_time_that_is_not_understood_waits_for_the_office(text: str) -> None:
    deadline = read(text, EARLY)
    assert (deadline.precision, deadline.due_on) == (Precision.UNSPECIFIED, None)
    assert deadline.doubt is Doubt.UNREADABLE


def test_a_deadline_before_the_issue_waits_for_the_office_and_one_on_that_day_does_not() -> None:
    assert read("2023年11月22日", XINGGUO).doubt is Doubt.BEFORE_ISSUE
    assert read("2023年11月23日", XINGGUO).doubt is None
    assert read("2022年9月", XINGGUO).due_on == date(2022, 9, 30)
    assert read("2021年12月", NUMBERED).doubt is Doubt.BEFORE_ISSUE
    assert read("2022年1月", NUMBERED).doubt is None


def test_an_inherited_deadline_is_the_target_of_the_plan() -> None:
    deadline = inherited_deadline("2028年前", date(2028, 12, 31), NUMBERED)
    assert (deadline.due_on, deadline.precision, deadline.doubt) == (date(2028, 12, 31), Precision.YEAR, None)
    assert inherited_deadline("2021年", date(2021, 12, 31), NUMBERED).doubt is Doubt.BEFORE_ISSUE


SEEDED = {
    None: (Precision.YEAR, None),
    "2022年3月底前": (Precision.MONTH, "2022-03-31"),
    "2022年6月底前": (Precision.MONTH, "2022-06-30"),
    "2022年9月底前": (Precision.MONTH, "2022-09-30"),
    "2022年10月底前": (Precision.MONTH, "2022-10-31"),
    "2022年11月底前": (Precision.MONTH, "2022-11-30"),
    "2022年12月底前": (Precision.MONTH, "2022-12-31"),
    "2023年3月底前": (Precision.MONTH, "2023-03-31"),
    "2024年以前": (Precision.YEAR, "2023-12-31"),
    "2024年前": (Precision.YEAR, "2023-12-31"),
    "2025年前": (Precision.YEAR, "2024-12-31"),
    "2026年": (Precision.YEAR, "2026-12-31"),
    "年内": (Precision.YEAR, "2022-12-31"),
    "2022年6月底": (Precision.MONTH, "2022-06-30"),
    "到2029年": (Precision.YEAR, "2029-12-31"),
    "2029年": (Precision.YEAR, "2029-12-31"),
    "2022年": (Precision.YEAR, "2022-12-31"),
    "2022年9月": (Precision.MONTH, "2022-09-30"),
    "2022年12月": (Precision.MONTH, "2022-12-31"),
    "2023年5月": (Precision.MONTH, "2023-05-31"),
    "2023年7月": (Precision.MONTH, "2023-07-31"),
    "2023年8月": (Precision.MONTH, "2023-08-31"),
    "2023年12月": (Precision.MONTH, "2023-12-31"),
    "2024年7月": (Precision.MONTH, "2024-07-31"),
    "2024年9月": (Precision.MONTH, "2024-09-30"),
    "2024年12月": (Precision.MONTH, "2024-12-31"),
    "2025年9月": (Precision.MONTH, "2025-09-30"),
    "2026年9月": (Precision.MONTH, "2026-09-30"),
    "长期": (Precision.ONGOING, None),
    "逐年补齐教师": (Precision.YEARLY, None),
    "逐年减少现有大校额学生数，2029年全面消除大校额": (Precision.YEARLY, "2029-12-31"),
    "按计划做好教师培养工作": (Precision.UNSPECIFIED, None),
}


def seeded_deadlines() -> Iterator[tuple[str, Document]]:
    """Every deadline of the seed files with its document."""
    for path in sorted(Path(ROOT / "seeds" / "plans").glob("*.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        plan = content["plan"]
        document = Document(plan.get("issued_on"), year_of_number(plan.get("document_number")))
        yield from {(task["deadline"], document) for task in content["tasks"] if task.get("deadline")}


def test_every_deadline_of_the_five_plans_is_read_as_expected() -> None:
    found = list(seeded_deadlines())
    assert {text for text, _document in found} == set(SEEDED) - {None}
    for text, document in found:
        deadline = read(text, document)
        expected = SEEDED[text]
        assert (deadline.precision, str(deadline.due_on) if deadline.due_on else None) == expected, text


def test_the_year_of_a_document_number_is_found_in_any_brackets() -> None:
    assert year_of_number("西教体函发〔2022〕203号") == 2022
    assert year_of_number("县政办[2022]7号") == 2022
    assert year_of_number("兴教督办发（2023）1号") == 2023
    assert year_of_number("第203号") is None
    assert year_of_number(None) is None


DUE = date(2026, 3, 10)


def test_late_begins_on_the_day_after_the_deadline_and_counts_calendar_days() -> None:
    assert [days_late(DUE, date(2026, 3, day)) for day in (9, 10, 11, 12)] == [0, 0, 1, 2]
    assert days_late(None, date(2026, 3, 11)) == 0


def test_a_submission_stops_the_count() -> None:
    assert days_late(DUE, date(2026, 3, 30), submitted_on=date(2026, 3, 10)) == 0
    assert days_late(DUE, date(2026, 3, 30), submitted_on=date(2026, 3, 12)) == 2


def test_a_return_starts_the_count_again_on_the_next_day_and_days_at_the_office_never_count() -> None:
    submitted, returned = date(2026, 3, 12), date(2026, 3, 20)
    held = days_held(DUE, submitted, returned)
    assert held == 8
    late = [days_late(DUE, date(2026, 3, day), held_days=held) for day in (20, 21, 22)]
    assert late == [2, 3, 4]


def test_days_at_the_office_before_the_deadline_are_not_taken_off_twice() -> None:
    assert days_held(DUE, date(2026, 3, 1), date(2026, 3, 5)) == 0
    assert days_held(DUE, date(2026, 3, 1), date(2026, 3, 12)) == 2
    assert days_held(None, date(2026, 3, 1), date(2026, 3, 12)) == 0
    assert days_late(DUE, date(2026, 3, 13), held_days=2) == 1


@pytest.mark.parametrize("zone", ["UTC", "Asia/Urumqi", "America/New_York"])
def test_late_begins_at_midnight_in_shanghai_wherever_the_server_stands(
    zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    last_second = datetime(2026, 3, 10, 15, 59, 59, tzinfo=UTC)
    midnight = datetime(2026, 3, 10, 16, 0, 0, tzinfo=UTC)
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert os.environ["TZ"] == zone
        assert [days_late(DUE, office_day(moment)) for moment in (last_second, midnight)] == [0, 1]
    finally:
        monkeypatch.undo()
        time.tzset()


def test_summer_time_of_1988_moves_no_day() -> None:
    assert office_day(datetime(1988, 6, 30, 15, 30, tzinfo=UTC)) == date(1988, 7, 1)
    days = [office_day(datetime(1988, 7, day, 3, tzinfo=UTC)) for day in range(1, 20)]
    assert all((after - before).days == 1 for before, after in pairwise(days))


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("2025年重点工作分工方案", 2025),
        ("关于印发2025年工作要点的通知", 2025),
        ("三年行动计划（2024—2026年）", None),
        ("2024年—2026年行动计划", None),
        ("20世纪90年代校舍改造方案", None),
        ("河道整治方案", None),
        (None, None),
    ],
)
def test_the_year_of_a_title_is_its_only_one(title: str | None, year: int | None) -> None:
    assert year_of_title(title) == year


@pytest.mark.parametrize(
    ("issued_on", "number", "title", "year"),
    [
        (None, None, "2025年工作要点", 2025),
        (date(2024, 12, 28), None, "2025年工作要点", 2025),
        (date(2025, 1, 8), None, "2025年工作要点", 2025),
        (date(2025, 3, 8), None, "2023年度反馈问题整改方案", 2025),
        (date(2025, 3, 8), None, "2035年远景规划", 2025),
        (None, "县政办〔2024〕7号", "2025年工作要点", 2025),
        (None, "县政办〔2024〕7号", "河道整治方案", 2024),
        (None, None, "河道整治方案", None),
    ],
)
def test_what_names_no_year_lies_in_that_of_the_document(
    issued_on: date | None, number: str | None, title: str, year: int | None
) -> None:
    assert document_named(issued_on, number, title).year == year
