"""Read the lines of the State Council's notice about the holidays of a year into days off and days worked.

A line names a holiday and says in one sentence from when to when it lasts, in others which weekend days are worked for
it. What a line says twice is compared: a weekday in brackets with the date, a number of days with the range. So a year
or a digit that slipped is found before anything is stored.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from tracker.rules.workdays import Days, NamedDay

WEEKDAYS = "一二三四五六日"
MOST_DAYS = 31
HALF_A_YEAR = timedelta(days=183)
UNNAMED = "节假日"
DAY = (
    r"(?:(?P<year{0}>[0-9]{{4}})年)?(?:(?P<month{0}>[0-9]{{1,2}})月)?(?P<day{0}>[0-9]{{1,2}})日"
    r"(?:\((?P<aside{0}>[^()]*)\))?"
)
DAYS = re.compile(f"{DAY.format(1)}(?:[至到~—–-]+{DAY.format(2)})?")
COUNT = re.compile(r"(?:共|放假)([0-9]{1,2})天")
NAMED = re.compile(r"^(?:[一二三四五六七八九十]+、|\(?[0-9]{1,2}[.、)])?(?P<name>[^:。]{1,30}):")
WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
CLAUSE_END = re.compile(r"[。;,](?![^()]*\))")
SAYS_DAYS = re.compile(r"[0-9]日|放假|上班")


class Fault(StrEnum):
    """Why a line cannot be read."""

    UNCLEAR = "unclear"  # it does not say of its days that they are off or worked
    NO_SUCH_DAY = "no_such_day"
    NO_MONTH = "no_month"
    WRONG_WEEKDAY = "wrong_weekday"
    WRONG_COUNT = "wrong_count"
    BACKWARDS = "backwards"
    TOO_LONG = "too_long"
    SAID_TWICE = "said_twice"  # a day is off in one place and worked in another


@dataclass(frozen=True)
class BadLine:
    """A line that cannot be read: which words of it, why, and what the calendar says instead."""

    number: int
    text: str
    fault: Fault
    words: str = ""
    instead: str = ""


@dataclass(frozen=True)
class Notice:
    """What a notice says: its days in order, the lines that cannot be read, how many say nothing of days."""

    days: list[NamedDay]
    bad: list[BadLine]
    passed_over: int


class Unreadable(Exception):
    """A line says what cannot be."""

    def __init__(self, fault: Fault, words: str = "", instead: str = "") -> None:
        super().__init__(fault)
        self.fault, self.words, self.instead = fault, words, instead


@dataclass
class Line:
    """What has been read of a line: days off, days worked, and days of which nothing was said so far."""

    off: list[date] = field(default_factory=list)
    worked: list[date] = field(default_factory=list)
    open: list[date] = field(default_factory=list)


def read_notice(text: str, year: int) -> Notice:
    """The days of a notice about a year; lines without a word of days are passed over."""
    found: dict[date, NamedDay] = {}
    bad: list[BadLine] = []
    passed_over = 0
    for number, line in enumerate(text.splitlines(), start=1):
        words = re.sub(r"\s+", "", unicodedata.normalize("NFKC", line))
        if not SAYS_DAYS.search(words):
            passed_over += bool(words)
            continue
        try:
            days = _days_of(words, year)
            for each in days:
                if found.get(each.day, each).is_workday is not each.is_workday:
                    raise Unreadable(Fault.SAID_TWICE, _written(each.day))
            found = {each.day: each for each in days} | found
        except Unreadable as why:
            bad.append(BadLine(number, line.strip(), why.fault, why.words, why.instead))
    return Notice([found[day] for day in sorted(found)], bad, passed_over)


def _days_of(words: str, year: int) -> list[NamedDay]:
    """The days of a line. Raises Unreadable."""
    named = NAMED.match(words)
    said, name = words[named.end() if named else 0 :], named["name"] if named else UNNAMED
    line = Line()
    for clause in CLAUSE_END.split(said):
        # A weekend day worked may lie in the year before or after its holiday.
        near = line.off[0] if "上班" in clause and line.off else None
        line.open += [day for found in DAYS.finditer(clause) for day in _named_days(found, year, line.open, near)]
        if "上班" in clause:
            line.worked, line.open = line.worked + line.open, []
        elif "放假" in clause or "休" in clause:
            line.off, line.open = line.off + line.open, []
    _check(line, said)
    return [NamedDay(day, works, name) for works, days in ((False, line.off), (True, line.worked)) for day in days]


def _check(line: Line, said: str) -> None:
    """Refuse a line that leaves something open or contradicts itself. Raises Unreadable."""
    if line.open or not line.off + line.worked:
        raise Unreadable(Fault.UNCLEAR)
    for count in COUNT.finditer(said):
        if int(count[1]) != len(line.off):
            raise Unreadable(Fault.WRONG_COUNT, count[0], str(len(line.off)))
    both = set(line.off) & set(line.worked)
    if both:
        raise Unreadable(Fault.SAID_TWICE, _written(min(both)))


def _named_days(found: re.Match[str], year: int, before: list[date], near: date | None) -> list[date]:
    """The day or the range that a place of a line names. Raises Unreadable."""
    first = _day(found, 1, year, before[-1] if before else None, near)
    if found["day2"] is None:
        return [first]
    last = _day(found, 2, first.year, first)
    if last < first and found["month2"] and not found["year2"]:
        last = _day(found, 2, first.year + 1, first)
    if last < first:
        raise Unreadable(Fault.BACKWARDS, found[0])
    if Days(first, last).count > MOST_DAYS:
        raise Unreadable(Fault.TOO_LONG, found[0], str(MOST_DAYS))
    return Days(first, last).days


def _day(found: re.Match[str], place: int, year: int, before: date | None, near: date | None = None) -> date:
    """A day that is named; without a month it is of the month of the day before it. Raises Unreadable."""
    month = int(found[f"month{place}"] or (before.month if before else 0))
    if not month:
        raise Unreadable(Fault.NO_MONTH, found[0])
    try:
        day = date(int(found[f"year{place}"] or year), month, int(found[f"day{place}"]))
        if near and not found[f"year{place}"] and abs(day - near) > HALF_A_YEAR:
            day = day.replace(year=day.year + (1 if day < near else -1))
    except ValueError:
        raise Unreadable(Fault.NO_SUCH_DAY, found[0]) from None
    weekday = WEEKDAY.search(found[f"aside{place}"] or "")
    if weekday and WEEKDAYS.index(weekday[1].replace("天", "日")) != day.weekday():
        raise Unreadable(Fault.WRONG_WEEKDAY, f"{_written(day)}（{weekday[0]}）", f"周{WEEKDAYS[day.weekday()]}")
    return day


def _written(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
