"""Read the lines of the State Council's notice about the holidays of a year into days off and days worked.

A line names a holiday and says in one sentence from when to when it lasts, in others which weekend days are worked for
it. What a line says twice is compared: a weekday in brackets with the date, a number of days with the range. So a year
or a digit that slipped is found before anything is stored. What is not certain is asked, not guessed: half days, words
of negation, and the year of a day where a line reaches from December to January.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tracker.rules.workdays import WEEKDAYS, Days, NamedDay

MOST_DAYS = 31
UNNAMED = "节假日"
NEW_YEAR = "元旦"
JANUARY, DECEMBER = 1, 12
TO = "[至到~—–―─−‐‑-]+"
DAY = (
    r"(?:(?P<year{0}>[0-9]{{4}})年)?(?:(?P<month{0}>[0-9]{{1,2}})月)?(?P<day{0}>[0-9]{{1,2}})日"
    r"(?:\((?P<aside{0}>[^()]*)\))?"
)
DAYS = re.compile(f"{DAY.format(1)}(?:{TO}{DAY.format(2)})?")
SHORT_RANGE = re.compile(rf"(月[0-9]{{1,2}})(?={TO}(?:[0-9]{{1,2}}月)?[0-9]{{1,2}}日)")
COUNT = re.compile(r"(?:共|放假)([0-9]{1,2})天")
NAMED = re.compile(r"^(?:[一二三四五六七八九十]+、|\(?[0-9]{1,2}[.、)])?(?P<name>[^:。]{1,30}):")
YEAR = re.compile(r"([0-9]{4})年")
YEAR_AND_MONTH = re.compile(r"([0-9]{4})年([0-9]{1,2})月")
WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
CLAUSE_END = re.compile(r"[。;,](?![^()]*\))")
# What offices are only encouraged to do arranges nothing: so the notice of 2024 spoke of the eve of Spring Festival.
ENCOURAGED = "鼓励"
ASIDE = re.compile(r"\([^()]*\)")
# Who issued a notice and when.
ISSUED = re.compile(r"(?:[^0-9:]*[院厅府室局部委会])?[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日。?")
ARRANGED = re.compile(r"放假|上班|补班|休")
CHINESE_DAY = re.compile(r"[一二三四五六七八九十]月[一二三四五六七八九十]+[日号]")
PART_OF_A_DAY = re.compile(r"上午|下午|中午|晚上|半天|半日")
# That nobody works on other days in exchange says nothing of the days themselves.
NO_EXCHANGE = re.compile(r"不(?:再|安排)?(?:调休|补班)|调休")
NOT_WORKED = re.compile(r"不上班")
NEGATION = re.compile(r"[不无未没勿非免]")
WORKED = re.compile(r"上班|补班")
OFF = re.compile(r"放假|休")


class Fault(StrEnum):
    """Why a line cannot be read."""

    UNCLEAR = "unclear"  # it does not say of its days that they are off or worked
    NO_SUCH_DAY = "no_such_day"
    NO_MONTH = "no_month"
    NO_YEAR = "no_year"  # a day at the change of the year
    FAR_YEAR = "far_year"
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
    """What has been read of a line: days off, days worked, and days of which nothing was said so far.

    ``year`` is that of days without one. ``dated`` says that the year of the last day was written; ``undated`` are the
    first days of places that took theirs from elsewhere, with their words and the days with which they are compared.
    """

    year: int
    is_new_year: bool
    off: list[date] = field(default_factory=list)
    worked: list[date] = field(default_factory=list)
    open: list[date] = field(default_factory=list)
    last: date | None = None
    dated: bool = False
    undated: list[tuple[date, str, date | None]] = field(default_factory=list)
    years: set[int] = field(default_factory=set)

    def year_of(self, month: int, ends: bool) -> int:
        """The year of a month that is named without one; ``ends`` for the end of a range.

        The December in the line of a New Year is the one before, and from a December whose year was written a range
        goes on into the next.
        """
        if self.is_new_year:
            return self.year - (month == DECEMBER)
        if self.last is None:
            return self.year
        return self.last.year + (ends and self.dated and _is_change(self.last, month))


def read_notice(text: str, year: int) -> Notice:
    """The days of a notice about a year; lines that name no day are passed over."""
    found: dict[date, NamedDay] = {}
    bad: list[BadLine] = []
    passed_over = 0
    for number, line in enumerate(text.splitlines(), start=1):
        words = SHORT_RANGE.sub(r"\1日", re.sub(r"\s+", "", unicodedata.normalize("NFKC", line)))
        if not _arranges(words):
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


def _arranges(words: str) -> bool:
    """Whether a line names days, or seems to in a way that cannot be read; the date of the notice itself is none."""
    if DAYS.search(words):
        return ISSUED.fullmatch(words) is None
    has_number = re.search(r"[0-9]", YEAR.sub("", words)) or CHINESE_DAY.search(words)
    return bool(has_number and ARRANGED.search(words))


def _days_of(words: str, year: int) -> list[NamedDay]:
    """The days of a line. Raises Unreadable."""
    named = NAMED.match(words)
    sentences = words[named.end() if named else 0 :].split("。")
    said = "。".join(each for each in sentences if ENCOURAGED not in each)
    name = named["name"] if named else UNNAMED
    line = _begun(name, said, year)
    for clause in CLAUSE_END.split(said):
        for found in DAYS.finditer(clause):
            line.open += _named_days(found, line)
        works = _works(clause)
        if works is not None:
            (line.worked if works else line.off).extend(line.open)
            line.open = []
    _check(line, said, year)
    return [NamedDay(day, works, name) for works, days in ((False, line.off), (True, line.worked)) for day in days]


def _begun(name: str, said: str, year: int) -> Line:
    """A line of which nothing was read so far; a year in its name, or of its New Year, goes before the notice's."""
    is_new_year = NEW_YEAR in name
    in_name, in_line = YEAR.search(name), YEAR_AND_MONTH.search(said)
    if in_name:
        year = int(in_name[1])
    elif is_new_year and in_line:
        year = int(in_line[1]) + (int(in_line[2]) == DECEMBER)
    return Line(year, is_new_year)


def _works(clause: str) -> bool | None:
    """Whether a clause says of its days that they are worked or off; None where it says neither. Raises Unreadable."""
    if PART_OF_A_DAY.search(clause):
        raise Unreadable(Fault.UNCLEAR)
    words = NO_EXCHANGE.sub("", ASIDE.sub("", clause))
    is_off = bool(OFF.search(words) or NOT_WORKED.search(words))
    words = NOT_WORKED.sub("", words)
    is_worked = bool(WORKED.search(words))
    if not is_off and not is_worked:
        return None
    if NEGATION.search(words) or (is_off and is_worked):
        raise Unreadable(Fault.UNCLEAR)
    return is_worked


def _check(line: Line, said: str, year: int) -> None:
    """Refuse a line that leaves something open, contradicts itself or speaks of other years. Raises Unreadable."""
    if line.open or not line.off + line.worked:
        raise Unreadable(Fault.UNCLEAR)
    for count in COUNT.finditer(said):
        if int(count[1]) != len(line.off):
            raise Unreadable(Fault.WRONG_COUNT, count[0], str(len(line.off)))
    both = set(line.off) & set(line.worked)
    if both:
        raise Unreadable(Fault.SAID_TWICE, _written(min(both)))
    if not line.is_new_year:
        _check_years(line)
    for day in line.off + line.worked:
        if abs(day.year - year) > 1:
            raise Unreadable(Fault.FAR_YEAR, _written(day), f"{year - 1}至{year + 1}年")


def _check_years(line: Line) -> None:
    """Refuse a day whose year is not certain: at the change of the year, or beside another year. Raises Unreadable."""
    for day, words, dated in line.undated:
        around = [dated] if dated else line.off + line.worked
        is_at_change = any({day.month, each.month} == {JANUARY, DECEMBER} for each in around)
        # In December it is for the holidays of the next year that offices work.
        is_for_another = day.month == DECEMBER and day in line.worked
        if is_at_change or is_for_another or (dated is None and line.years - {day.year}):
            raise Unreadable(Fault.NO_YEAR, words)


def _named_days(found: re.Match[str], line: Line) -> list[date]:
    """The day or the range that a place of a line names. Raises Unreadable."""
    first = _day(found, 1, line)
    if found["year1"]:
        line.dated = True
    elif found["month1"]:
        line.undated.append((first, found[0], line.last if line.dated else None))
    line.last = first
    if found["day2"] is None:
        return [first]
    last = _day(found, 2, line)
    if last < first:
        raise Unreadable(Fault.NO_YEAR if _is_change(first, last.month) else Fault.BACKWARDS, found[0])
    if Days(first, last).count > MOST_DAYS:
        raise Unreadable(Fault.TOO_LONG, found[0], str(MOST_DAYS))
    line.last, line.dated = last, line.dated or bool(found["year2"])
    return Days(first, last).days


def _day(found: re.Match[str], place: int, line: Line) -> date:
    """A day that is named; without a month it takes month and year of the last-named day. Raises Unreadable."""
    written = found[f"year{place}"]
    month = int(found[f"month{place}"] or (line.last.month if line.last else 0))
    if not month:
        raise Unreadable(Fault.NO_MONTH, found[0])
    if written:
        line.years.add(int(written))
    try:
        day = date(int(written or line.year_of(month, ends=place == 2)), month, int(found[f"day{place}"]))
    except ValueError:
        raise Unreadable(Fault.NO_SUCH_DAY, found[0]) from None
    weekday = WEEKDAY.search(found[f"aside{place}"] or "")
    if weekday and WEEKDAYS.index(weekday[1].replace("天", "日")) != day.weekday():
        raise Unreadable(Fault.WRONG_WEEKDAY, f"{_written(day)}（{weekday[0]}）", f"周{WEEKDAYS[day.weekday()]}")
    return day


def _is_change(first: date, month: int) -> bool:
    return (first.month, month) == (DECEMBER, JANUARY)


def _written(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
