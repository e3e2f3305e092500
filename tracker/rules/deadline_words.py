"""Read the words of a deadline: a table of readers, each for one way in which plans name an end.

The words are first made plain (half-width, Arabic digits, the year filled in where the document gives it), then the
first reader that understands them decides. A reader that meets a date which no calendar has raises ValueError (or
OverflowError beyond the year 9999), and a date in a year that no plan can mean is as impossible.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from dateutil.relativedelta import relativedelta

from tracker.rules.deadlines import Deadline, Document, Doubt, Precision, in_range, last_of_month

UNKNOWN = Document()
Reader = Callable[[str, Document], Deadline | None]

CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
ONES = {"": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
CHINESE_NUMBER = re.compile(
    r"(?:(?P<tens>[一二三四五六七八九]?)(?P<ten>十))?(?P<ones>[一二两三四五六七八九]?)(?=个?月|[日天周]|年(?:以内|之内|内))"
)
QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
FIVE_YEARS_TO = {"十三": 2020, "十四": 2025, "十五": 2030, "十六": 2035}

BRACKETS = re.compile(r"\([^()]*\)")
YEARLY = re.compile(r"逐年|每学?年|每个?学期|(?<![\d今本明])年年|每半年|每个?季|每个?月|每周|分年度|按年度")
ONGOING = re.compile(r"长期|常态化|常年|全年|持续|坚持|日常|经常")
NAMES_A_TIME = re.compile(r"\d|(?<![青少成中老])年|月|季度|学期|[寒暑]假|开学|[日天周]内")
BEFORE = r"(?:以前|之前|前)"
DAY = re.compile(
    r"(?P<y>\d{4})(?:年(?P<m>\d{1,2})月(?P<d>\d{1,2})(?:[日号]|(?=以?之?前|$))|(?P<iso>(?P<sep>[-./])\d{1,2}(?P=sep)\d{1,2}(?!\d)))"
)
MONTH = re.compile(r"(?P<y>\d{4})(?:年(?P<m>\d{1,2})月|[-./](?P<n>\d{1,2})(?!\d)月?)(?P<part>上旬|初|中旬)?")
QUARTER = re.compile(r"(?P<y>\d{4})年(?:前|第)?(?P<q>[一二三四1-4])个?季度")
HALF = re.compile(r"(?P<y>\d{4})年(?P<half>上半年|下半年)")
BEFORE_AUTUMN = re.compile(rf"(?P<y>\d{{4}})年?秋(?:季|期)?(?:学期)?(?:开学{BEFORE}?|{BEFORE})")
BEFORE_YEAR = re.compile(rf"(?P<y>\d{{4}})年?{BEFORE}(?![\d一二三四五六七八九十后期])")
YEAR = re.compile(
    r"(?P<y>\d{4})年(?![年度]*[初中前春夏秋冬寒暑汛第\d])(?!学年|[一二三四]季)"
    r"(?![年度]*(?:国庆|元旦|五一|高考|供暖|采暖))|^(?P<alone>\d{4})$"
)
FIVE_YEAR_PLAN = re.compile(r"(?P<plan>十[三四五六])五[\"”’」]?(?:期间|规划|时期|末|期末|内)")
ISSUED = r"(?:印发|发文|下发|发布|实施)(?:之日)?(?:起|后)?"
WITHIN = re.compile(rf"(?:{ISSUED}|(?<![后起第几\d]))(?P<n>\d{{1,3}})(?P<unit>日|天|周|个月|年)(?:以内|之内|内)")
AFTER_ISSUE = re.compile(rf"{ISSUED}(?P<n>\d{{1,3}})(?P<unit>日|天|周|个月|年)")
NAMED_YEAR = re.compile(r"(?<!\d)\d{4,10}(?=年)|(?<!\d)\d{4}(?=[-./]\d{1,2}(?!\d))|^\d{4}$")
SINCE = re.compile(r"(?P<point>\d{4}[年\d月日./-]*)(?:起|开始|以后|之后)")
SPAN = re.compile(r"(?<=[\d年月日度旬初底末])(?:至|到|[—―–─~]+)(?=\d)")
POINT_DAY = r"\d{4}[./]\d{1,2}(?:[./]\d{1,2})?[月日底]{0,2}"
HYPHENED = re.compile(rf"\d{{4}}-\d{{4}}|{POINT_DAY}-+{POINT_DAY}前?")
HYPHEN_SPAN = re.compile(r"(?<=[\d年月日度旬初底末])-+(?=\d)")


def read_deadline(text: str, document: Document = UNKNOWN) -> Deadline:
    """Read the words of a deadline. Never raises: words that no reader knows are ``unspecified`` with the text kept."""
    words = plain_words(text, document)
    bare = BRACKETS.sub("", words)
    try:
        read = _first(READERS, bare, document) or _first(READERS, words, document)
    except (ValueError, OverflowError):
        return Deadline(text, Precision.UNSPECIFIED, doubt=Doubt.IMPOSSIBLE_DATE)
    if impossible_years(words) or (read and not _is_in_range(read)):
        return Deadline(text, Precision.UNSPECIFIED, doubt=Doubt.IMPOSSIBLE_DATE)
    if read is None:
        doubt = Doubt.UNREADABLE if NAMES_A_TIME.search(words) else None
        return Deadline(text, Precision.UNSPECIFIED, doubt=doubt)
    return replace(_doubted(read, document), text=text)


def impossible_years(text: str) -> list[str]:
    """The years in the words of a deadline that no plan can mean."""
    return [year for year in NAMED_YEAR.findall(plain_words(text, UNKNOWN)) if not in_range(int(year))]


def _is_in_range(read: Deadline) -> bool:
    return all(in_range(day.year) for day in (read.starts_on, read.due_on, read.alternative_on) if day)


def inherited_deadline(text: str, on: date, document: Document) -> Deadline:
    """The deadline of a task without one of its own: the target of its plan, whose day was settled on reading."""
    read = read_deadline(text, document)
    return _doubted(Deadline(text, read.precision, due_on=on), document)


def plain_words(text: str, document: Document) -> str:
    """Half-width, without spaces, with Arabic years and months, and the document's year where the words name none."""
    words = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    words = re.sub(r"[〇○零一二三四五六七八九]{4}(?=年)", lambda found: found[0].translate(CHINESE_DIGITS), words)
    words = CHINESE_NUMBER.sub(_in_digits, words)
    words = re.sub(r"(\d{4})年(.*?)(?:次年|翌年)", lambda found: f"{found[1]}年{found[2]}{int(found[1]) + 1}年", words)
    words = re.sub(r"(?<!\d)(\d{2})年(?=\d{1,2}月)", r"20\1年", words)
    return _with_year(words, document.year) if document.year and not YEARLY.search(words) else words


def _in_digits(found: re.Match[str]) -> str:
    """三十 as 30, and nothing as nothing."""
    tens = ONES[found["tens"] or ""] or 1 if found["ten"] else 0
    return str(10 * tens + ONES[found["ones"]]) if found[0] else ""


def _with_year(words: str, year: int) -> str:
    """年内, 今年6月, 明年底, 9月底前, 第三季度, 上半年: what names no year lies in that of the document."""
    words = re.sub(r"今年度?|本年度?|当年", f"{year}年", words)
    words = re.sub(r"明年|次年", f"{year + 1}年", words)
    if re.search(r"\d{4}", words):
        return words
    words = re.sub(r"(?<![\d一二两三四五六七八九十几多半学每年])年(?=[内底末终])", f"{year}年", words)
    return re.sub(r"(?<![\d每个年])(?=\d{1,2}月|第?[一二三四1-4]季度|[上下]半年)", f"{year}年", words, count=1)


def _first(readers: tuple[Reader, ...], words: str, document: Document) -> Deadline | None:
    return next(filter(None, (reader(words, document) for reader in readers)), None)


def _doubted(read: Deadline, document: Document) -> Deadline:
    issue = document.earliest_issue
    if read.doubt is None and read.due_on and issue and read.due_on < issue:
        return replace(read, doubt=Doubt.BEFORE_ISSUE)
    return read


def _span(words: str, document: Document) -> Deadline | None:
    """起—止: both ends are read; it begins on the first day of what its start names."""
    parts = SPAN.split(words)
    if len(parts) == 1 and (re.search("[年月]", words) or HYPHENED.fullmatch(words)):
        parts = HYPHEN_SPAN.split(words)
    if len(parts) != 2:
        return None
    start_words, end_words = _completed(*parts)
    start, end = _first(POINTS, start_words, document), _first(POINTS, end_words, document)
    if start is None or start.due_on is None or end is None or end.due_on is None:
        return None
    begins = _first_day(start.due_on, start.precision)
    if begins > end.due_on:
        raise ValueError("the span ends before it begins")
    return replace(end, starts_on=begins)


def _completed(start: str, end: str) -> tuple[str, str]:
    """Each end of a span borrows from the other what it leaves out: 2020年6—8月, 2022—2026年, 9月1日至30日."""
    if unit := re.match(r"\d+([年月日])", end):
        start = re.sub(r"(?<=\d)$", unit[1], start)
        borrowed = {"年": "", "月": r"\d{4}年", "日": r"\d{4}年\d{1,2}月"}[unit[1]]
        if found := re.search(borrowed, start):
            end = found[0] + end
    return start, end


def _first_day(last: date, precision: Precision) -> date:
    """The first day of a period that ends on its last."""
    months = {Precision.MONTH: 1, Precision.QUARTER: 3, Precision.HALF: 6, Precision.YEAR: 12}.get(precision)
    return last.replace(day=1) - relativedelta(months=months - 1) if months else last


def _school_year(words: str, _document: Document) -> Deadline | None:
    """A school year runs from 1 September to 31 August."""
    found = re.search(r"(\d{4})年?(?:至|[—―–─~-]+)(\d{4})学年", words)
    if not found:
        return None
    return Deadline("", Precision.YEAR, date(int(found[1]), 9, 1), date(int(found[2]), 8, 31))


def _since(words: str, document: Document) -> Deadline | None:
    """2025年9月起: begins, and has no end."""
    found = SINCE.search(words)
    point = _first(POINTS, found["point"], document) if found else None
    if found is None or point is None or point.due_on is None or _latest(words[found.end() :], document):
        return None
    return Deadline("", Precision.ONGOING, starts_on=_first_day(point.due_on, point.precision))


def _yearly(words: str, document: Document) -> Deadline | None:
    """逐年, 每学年: comes round every year, until a year that the words may name."""
    if not YEARLY.search(words):
        return None
    final = _latest(YEARLY.sub("", words), document) if re.search(r"\d{4}", words) else None
    return Deadline("", Precision.YEARLY, due_on=final.due_on if final else None)


def _latest(words: str, document: Document) -> Deadline | None:
    """The whole is due when the last of its parts is."""
    parts = [_first(POINTS, part, document) for part in re.split(r"[,;、。]", words)]
    return max((part for part in parts if part and part.due_on), key=lambda part: part.due_on or date.min, default=None)


def _ongoing(words: str, _document: Document) -> Deadline | None:
    return Deadline("", Precision.ONGOING) if ONGOING.search(words) and not re.search(r"\d{4}年", words) else None


def _day(words: str, _document: Document) -> Deadline | None:
    found = DAY.search(words)
    if not found:
        return None
    month, day = (found["m"], found["d"]) if found["m"] else re.findall(r"\d+", found["iso"])
    return Deadline("", Precision.DAY, due_on=date(int(found["y"]), int(month), int(day)))


def _month(words: str, _document: Document) -> Deadline | None:
    found = MONTH.search(words)
    if not found:
        return None
    year, month = int(found["y"]), int(found["m"] or found["n"])
    if day := {"初": 10, "上旬": 10, "中旬": 20}.get(found["part"] or ""):
        return Deadline("", Precision.DAY, due_on=date(year, month, day))
    return Deadline("", Precision.MONTH, due_on=last_of_month(year, month))


def _quarter(words: str, _document: Document) -> Deadline | None:
    found = QUARTER.search(words)
    if not found:
        return None
    return Deadline("", Precision.QUARTER, due_on=last_of_month(int(found["y"]), 3 * QUARTERS[found["q"]]))


def _half(words: str, _document: Document) -> Deadline | None:
    found = HALF.search(words)
    if not found:
        return None
    return Deadline("", Precision.HALF, due_on=last_of_month(int(found["y"]), 6 if found["half"] == "上半年" else 12))


def _before_autumn(words: str, _document: Document) -> Deadline | None:
    """The autumn term begins with the school year, on 1 September."""
    found = BEFORE_AUTUMN.search(words)
    return Deadline("", Precision.MONTH, due_on=date(int(found["y"]), 8, 31)) if found else None


def _before_year(words: str, _document: Document) -> Deadline | None:
    """「2024年以前」: before 2024 begins, or before it ends? The stricter reading counts until the office confirms."""
    found = BEFORE_YEAR.search(words)
    if not found:
        return None
    year = int(found["y"])
    strict, lax = date(year - 1, 12, 31), date(year, 12, 31)
    return Deadline("", Precision.YEAR, due_on=strict, doubt=Doubt.BEFORE_WHICH_YEAR, alternative_on=lax)


def _year(words: str, _document: Document) -> Deadline | None:
    found = YEAR.search(words)
    return Deadline("", Precision.YEAR, due_on=date(int(found["y"] or found["alone"]), 12, 31)) if found else None


def _five_year_plan(words: str, _document: Document) -> Deadline | None:
    found = FIVE_YEAR_PLAN.search(words)
    if not found:
        return None
    last = FIVE_YEARS_TO[found["plan"]]
    return Deadline("", Precision.YEAR, date(last - 4, 1, 1), date(last, 12, 31))


def _within(words: str, document: Document) -> Deadline | None:
    """印发后30日内, 1个月内: counted from the day of issue; from another event, or in working days, it is not read."""
    found = WITHIN.search(words) or AFTER_ISSUE.search(words)
    if not found or not document.issued_on:
        return None
    name = {"日": "days", "天": "days", "周": "weeks", "个月": "months", "年": "years"}[found["unit"]]
    later = relativedelta(**{name: int(found["n"])})  # type: ignore[arg-type]
    return Deadline("", Precision.DAY, due_on=document.issued_on + later)


POINTS: tuple[Reader, ...] = (
    _day,
    _quarter,
    _half,
    _month,
    _before_autumn,
    _before_year,
    _within,
    _year,
    _five_year_plan,
)
READERS: tuple[Reader, ...] = (_school_year, _span, _since, _yearly, _latest, _ongoing)
