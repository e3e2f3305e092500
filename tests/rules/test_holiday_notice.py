"""The lines of the notice about a year's holidays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tracker.rules.holiday_notice import BadLine, Fault, read_notice
from tracker.rules.workdays import Calendar, festivals, is_workday


def off(first: date, last: date) -> list[tuple[date, bool]]:
    """Days off from one to another."""
    return [(first + timedelta(days=each), False) for each in range((last - first).days + 1)]


def worked(*days: date) -> list[tuple[date, bool]]:
    """Days worked."""
    return [(day, True) for day in days]


@pytest.mark.parametrize(
    ("line", "year", "days"),
    [
        (
            "元旦：1月1日至3日放假调休，共3天。1月4日（周日）上班。",
            2026,
            off(date(2026, 1, 1), date(2026, 1, 3)) + worked(date(2026, 1, 4)),
        ),
        (
            "春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。"
            "2月14日（周六）、2月28日（周六）上班。",
            2026,
            off(date(2026, 2, 15), date(2026, 2, 23)) + worked(date(2026, 2, 14), date(2026, 2, 28)),
        ),
        ("清明节：4月4日（周六）至6日（周一）放假，共3天。", 2026, off(date(2026, 4, 4), date(2026, 4, 6))),
        ("一、元旦：2025年1月1日（周三）放假1天，不调休。", 2025, off(date(2025, 1, 1), date(2025, 1, 1))),
        ("五一：5月1日放假，与周末连休。", 2026, off(date(2026, 5, 1), date(2026, 5, 1))),
        (
            "元旦：2022年12月31日至2023年1月2日放假调休，共3天。",
            2023,
            off(date(2022, 12, 31), date(2023, 1, 2)),
        ),
        ("（2）春节：1月31日至2月6日放假", 2022, off(date(2022, 1, 31), date(2022, 2, 6))),
        ("跨年：2022年12月31日（周六）至1月2日（周一）放假", 2022, off(date(2022, 12, 31), date(2023, 1, 2))),
        # The line of a New Year reaches back into the December before, of the year of the notice or of its own.
        ("元旦：12月31日至1月2日放假调休，共3天", 2023, off(date(2022, 12, 31), date(2023, 1, 2))),
        ("2023年元旦：12月31日（周六）至1月2日（周一）放假", 2022, off(date(2022, 12, 31), date(2023, 1, 2))),
        ("元旦：12月31日至2023年1月2日放假", 2022, off(date(2022, 12, 31), date(2023, 1, 2))),
        (
            "元旦：12月28日上班，1月1日至3日放假",
            2026,
            off(date(2026, 1, 1), date(2026, 1, 3)) + worked(date(2025, 12, 28)),
        ),
        (
            "2022年12月31日至2023年1月2日放假，1月28日上班",
            2023,
            off(date(2022, 12, 31), date(2023, 1, 2)) + worked(date(2023, 1, 28)),
        ),
        # A day without a month is of the month and year of the day named last.
        ("9月26日、27日上班", 2026, worked(date(2026, 9, 26), date(2026, 9, 27))),
        ("1月30日、31日、2月1日放假", 2026, off(date(2026, 1, 30), date(2026, 2, 1))),
        ("元旦：2026年12月30日、31日放假，共2天", 2027, off(date(2026, 12, 30), date(2026, 12, 31))),
        (
            "10月1日至7日放假，8日上班",
            2026,
            off(date(2026, 10, 1), date(2026, 10, 7)) + worked(date(2026, 10, 8)),
        ),
        (
            "春节：1月30日至2月1日、3日放假",
            2026,
            [*off(date(2026, 1, 30), date(2026, 2, 1)), (date(2026, 2, 3), False)],
        ),
        (
            "春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。"
            "鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。",
            2024,
            off(date(2024, 2, 10), date(2024, 2, 17)) + worked(date(2024, 2, 4), date(2024, 2, 18)),
        ),
        # Who does not work is off.
        ("10月1日至7日不上班", 2026, off(date(2026, 10, 1), date(2026, 10, 7))),
        ("国庆：10月1日至7日放假，不上班", 2026, off(date(2026, 10, 1), date(2026, 10, 7))),
        ("10月1日至7日放假，高速公路免费通行", 2026, off(date(2026, 10, 1), date(2026, 10, 7))),
        ("10月1日放假，不再调休、不补班", 2026, off(date(2026, 10, 1), date(2026, 10, 1))),
        # Ranges and words as people write them.
        ("1月1-3日放假", 2026, off(date(2026, 1, 1), date(2026, 1, 3))),
        ("1月1日—3日放假", 2026, off(date(2026, 1, 1), date(2026, 1, 3))),
        ("1月30－2月1日放假", 2026, off(date(2026, 1, 30), date(2026, 2, 1))),
        (
            "元旦：1月1日（周四）至3日（周六）休息，1月4日（周日）补班",
            2026,
            off(date(2026, 1, 1), date(2026, 1, 3)) + worked(date(2026, 1, 4)),
        ),
        ("10月10日（周六）调休上班", 2026, worked(date(2026, 10, 10))),
        # In one sentence, with commas between the days worked, in digits and brackets of another width.
        (
            "国庆节：１０月１日(星期四)至７日（星期三）放假调休,共７天,9月20日（星期天），10月10日（周六）上班",
            2026,
            off(date(2026, 10, 1), date(2026, 10, 7)) + worked(date(2026, 9, 20), date(2026, 10, 10)),
        ),
        # Worked in the year before the holiday, named without its year.
        (
            "元旦：1月1日至3日放假调休，共3天。12月28日（周日）上班。",
            2026,
            off(date(2026, 1, 1), date(2026, 1, 3)) + worked(date(2025, 12, 28)),
        ),
        ("5月9日（周六）上班", 2026, worked(date(2026, 5, 9))),
        ("春 节：2月15日 至 16日 放 假", 2026, off(date(2026, 2, 15), date(2026, 2, 16))),
    ],
)
def test_a_line_says_which_days_are_off_and_which_are_worked(
    line: str, year: int, days: list[tuple[date, bool]]
) -> None:
    notice = read_notice(line, year)
    assert notice.bad == []
    assert [(each.day, each.is_workday) for each in notice.days] == sorted(days)


@pytest.mark.parametrize(
    ("line", "fault", "words", "instead"),
    [
        ("元旦：1月1日至3日放假，共4天。", Fault.WRONG_COUNT, "共4天", "3"),
        ("元旦：1月1日至3日放假。1月5日（周日）上班。", Fault.WRONG_WEEKDAY, "2026年1月5日（周日）", "周一"),
        ("春节：2月29日至3月2日放假", Fault.NO_SUCH_DAY, "2月29日至3月2日", ""),
        ("春节：13月1日放假", Fault.NO_SUCH_DAY, "13月1日", ""),
        ("元旦：1日至3日放假", Fault.NO_MONTH, "1日至3日", ""),
        ("国庆节：10月7日至1日放假", Fault.BACKWARDS, "10月7日至1日", ""),
        ("暑假：7月1日至8月31日放假", Fault.TOO_LONG, "7月1日至8月31日", "31"),
        ("国庆节：10月1日至7日", Fault.UNCLEAR, "", ""),
        ("国庆节放假调休，共7天", Fault.UNCLEAR, "", ""),
        ("元旦：1月1日至3日放假。1月3日上班。", Fault.SAID_TWICE, "2026年1月3日", ""),
        # Neither off nor worked for certain.
        ("国庆：10月1日至7日调休", Fault.UNCLEAR, "", ""),
        ("国庆：10月1日至7日不放假", Fault.UNCLEAR, "", ""),
        ("国庆：10月1日不照常上班", Fault.UNCLEAR, "", ""),
        ("国庆：10月8日不补班", Fault.UNCLEAR, "", ""),
        ("国庆：10月1日至7日放假9月27日上班", Fault.UNCLEAR, "", ""),
        ("国庆：10月1日上午放假", Fault.UNCLEAR, "", ""),
        ("国庆：10月1日（下午）放假", Fault.UNCLEAR, "", ""),
        ("国庆：10月1日放假半天", Fault.UNCLEAR, "", ""),
        ("国庆：1.1-1.3放假", Fault.UNCLEAR, "", ""),
        ("国庆：十月一日至七日放假", Fault.UNCLEAR, "", ""),
        # At the change of the year the year is asked.
        ("12月31日至1月2日放假", Fault.NO_YEAR, "12月31日至1月2日", ""),
        ("跨年：12月31日至2027年1月2日放假", Fault.NO_YEAR, "12月31日至2027年1月2日", ""),
        ("跨年：12月31日至2026年1月2日放假", Fault.NO_YEAR, "12月31日至2026年1月2日", ""),
        ("12月28日上班，元旦1月1日至3日放假", Fault.NO_YEAR, "12月28日", ""),
        ("1月1日至3日放假，12月28日上班", Fault.NO_YEAR, "1月1日至3日", ""),
        ("2025年12月28日上班，1月1日至3日放假", Fault.NO_YEAR, "1月1日至3日", ""),
        ("12月27日上班", Fault.NO_YEAR, "12月27日", ""),
        ("1月3日放假，2027年1月9日上班", Fault.NO_YEAR, "1月3日", ""),
        # Beyond the years of which a notice speaks.
        ("1900年1月1日放假", Fault.FAR_YEAR, "1900年1月1日", "2025至2027年"),
        ("元旦：2028年1月1日放假", Fault.FAR_YEAR, "2028年1月1日", "2025至2027年"),
        ("9999年12月31日至1月1日放假", Fault.NO_SUCH_DAY, "9999年12月31日至1月1日", ""),
        ("0000年1月1日放假", Fault.NO_SUCH_DAY, "0000年1月1日", ""),
    ],
)
def test_a_line_that_cannot_be_is_named_with_what_is_wrong(line: str, fault: Fault, words: str, instead: str) -> None:
    notice = read_notice(f"{line}\n劳动节：5月1日至5日放假", 2026)
    assert notice.bad == [BadLine(1, line, fault, words, instead)]
    assert [each.note for each in notice.days] == ["劳动节"] * 5


def test_a_day_that_two_lines_contradict_is_named_once() -> None:
    notice = read_notice("春节：2月15日至23日放假\n元宵：2月23日（周一）上班\n春节：2月15日放假", 2026)
    assert [(each.number, each.fault, each.words) for each in notice.bad] == [(2, Fault.SAID_TWICE, "2026年2月23日")]
    assert len(notice.days) == 9


def test_lines_without_a_day_are_passed_over_and_counted() -> None:
    text = "各单位：\n\n安排如下。\n元旦：1月1日放假\n　\n"
    notice = read_notice(text, 2026)
    assert (notice.passed_over, len(notice.days), notice.bad) == (2, 1, [])
    assert read_notice("", 2026).days == []


def test_the_whole_notice_can_be_pasted() -> None:
    text = """国务院办公厅关于2027年部分节假日安排的通知
国办发明电〔2026〕7号
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2027年元旦、春节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日至11日放假调休，共7天。2月20日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作，遇有重大突发事件，要按规定及时报告并妥善处置。
国务院办公厅
2026年11月4日
（此件公开发布）"""
    notice = read_notice(text, 2027)
    assert notice.bad == []
    assert (len(notice.days), notice.passed_over) == (3 + 7 + 1, 8)
    assert read_notice("国务院办公厅 2026年11月4日", 2027).passed_over == 1
    assert [each.fault for each in read_notice("元旦：2027年1月1日", 2027).bad] == [Fault.UNCLEAR]


def test_each_day_keeps_the_name_of_its_holiday() -> None:
    notice = read_notice("国庆节、中秋节：10月1日至8日放假调休，共8天。9月28日（周日）上班。\n5月1日放假", 2025)
    assert {each.note for each in notice.days if each.day.month > 8} == {"国庆节、中秋节"}
    assert [each.note for each in notice.days if each.day.month == 5] == ["节假日"]


def test_what_is_read_of_a_known_year_is_what_the_package_knows() -> None:
    lines = []
    for each in festivals(2026):
        first, last = each.off[0].first, each.off[0].last
        lines.append(
            f"{each.name}：{first.month}月{first.day}日至{last.month}月{last.day}日放假，共{each.off[0].count}天。"
        )
        lines += [f"{day.month}月{day.day}日上班。" for day in each.worked]
    notice = read_notice("\n".join(lines), 2026)
    assert notice.bad == []
    read = {each.day: each.is_workday for each in notice.days}
    assert all(is_workday(day) is works for day, works in read.items())
    ordinary = Calendar(read)
    year = [date(2026, 1, 1) + timedelta(days=each) for each in range(365)]
    assert [ordinary.is_workday(day) for day in year] == [is_workday(day) for day in year]
    weekends = [day for day in year if (day.weekday() < 5) is not is_workday(day)]
    assert set(weekends) <= set(read)
