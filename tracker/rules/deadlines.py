"""Deadlines: what the words of a plan mean as a date.

The words are kept as written; ``due_on`` is the last day they cover, and late begins the day after. Readings that are
ambiguous take the stricter date and carry a warning for the office.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta


class Precision(StrEnum):
    """How exactly the words name the end."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    ONGOING = "ongoing"
    YEARLY = "yearly"
    UNSPECIFIED = "unspecified"


class Doubt(StrEnum):
    """Why the office must confirm or re-date a deadline before it counts."""

    BEFORE_WHICH_YEAR = "before_which_year"
    BEFORE_ISSUE = "before_issue"
    IMPOSSIBLE_DATE = "impossible_date"


@dataclass(frozen=True)
class Deadline:
    """A deadline as read. ``due_on`` is the last day covered, None where there is none; ``alternative_on`` is the laxer reading of a doubt."""

    text: str
    precision: Precision
    starts_on: date | None = None
    due_on: date | None = None
    doubt: Doubt | None = None
    alternative_on: date | None = None


@dataclass(frozen=True)
class Document:
    """What a reading needs of the document: its day of issue and the year of its number, either may be unknown."""

    issued_on: date | None = None
    number_year: int | None = None

    @property
    def last_day_of_its_year(self) -> date | None:
        """31 December of the year of issue, or of the document number where no day is given."""
        year = self.issued_on.year if self.issued_on else self.number_year
        return date(year, 12, 31) if year else None


def read_deadline(text: str, document: Document = Document()) -> Deadline:
    """Read the words of a deadline. Never raises: words that name no date are ``unspecified`` with the text kept."""
    words = _plain(text)
    try:
        read = next(filter(None, (reader(words, document) for reader in _READERS)), None)
    except ValueError:
        return Deadline(text, Precision.UNSPECIFIED, doubt=Doubt.IMPOSSIBLE_DATE)
    if read is None:
        return Deadline(text, Precision.UNSPECIFIED)
    return replace(_doubted(read, document), text=text)


def year_of_number(document_number: str | None) -> int | None:
    """The year in a document number such as 西教体函发〔2022〕203号."""
    found = re.search(r"[〔\[(（【](\d{4})[〕\])）】]", document_number or "")
    return int(found.group(1)) if found else None


def days_late(due_on: date | None, today: date, submitted_on: date | None = None, held_days: int = 0) -> int:
    """Days late of an open task: 0 while in time. A submission stops the count; ``held_days`` at the office after the due day never count."""
    if due_on is None:
        return 0
    until = min(today, submitted_on) if submitted_on else today
    return max(0, (until - due_on).days - held_days)


def days_held(due_on: date | None, submitted_on: date, returned_on: date) -> int:
    """Days after the due day that a submission lay at the office; the count resumes on the day after the return."""
    if due_on is None:
        return 0
    return max(0, (returned_on - max(submitted_on, due_on)).days)


def last_of_month(year: int, month: int) -> date:
    """The last day of a month. Raises ValueError for a month that does not exist."""
    return date(year, month, 1) + relativedelta(day=31)


def _plain(text: str) -> str:
    """Half-width, without spaces, so that one pattern serves every way of typing."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _doubted(read: Deadline, document: Document) -> Deadline:
    if read.doubt is None and read.due_on and document.issued_on and read.due_on < document.issued_on:
        return replace(read, doubt=Doubt.BEFORE_ISSUE)
    return read


_DATE = r"(?P<y>\d{4})(?:年|[-./])(?P<m>\d{1,2})(?:月|[-./])(?P<d>\d{1,2})日?"
_MONTH = r"(?P<y>\d{4})(?:年|[-./])(?P<m>\d{1,2})月?"
_ONGOING = re.compile(r"长期|常态化|持续|坚持|日常")
_YEARLY = re.compile(r"逐年|每学?年|每个?学期|年年|每半年|每季|每月")
_BEFORE_YEAR = re.compile(r"(?P<y>\d{4})年?(?:以前|之前|前)")
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_CHINESE_NUMBERS = {"一": 1, "二": 2, "两": 2, "三": 3, "六": 6, "十": 10}


def _range(words: str, document: Document) -> Deadline | None:
    """起—止: both ends are read; the start is the first day of what it names."""
    parts = re.split(r"(?<=[年月日\d])(?:至|到|—+|―+|–|~|-{1,2})(?=\d{1,4}[年月])", words)
    if len(parts) != 2:
        return None
    start_words, end_words = parts
    if not re.match(r"\d{4}", end_words):
        year = re.match(r"\d{4}年", start_words)
        end_words = (year.group(0) if year else "") + end_words
    end = _single(end_words, document)
    start = _single(start_words, document)
    if end is None or end.due_on is None or start is None or start.due_on is None:
        return None
    first = {Precision.YEAR: start.due_on.replace(month=1, day=1), Precision.DAY: start.due_on}.get(start.precision, start.due_on.replace(day=1))
    if first > end.due_on:
        raise ValueError("the range ends before it begins")
    return replace(end, starts_on=first)


def _yearly(words: str, document: Document) -> Deadline | None:
    if not _YEARLY.search(words):
        return None
    final = _single(_YEARLY.sub("", words), document)
    return Deadline("", Precision.YEARLY, due_on=final.due_on if final else None)


def _ongoing(words: str, _document: Document) -> Deadline | None:
    if _ONGOING.search(words) and not re.search(r"\d{4}年", words):
        return Deadline("", Precision.ONGOING)
    return None


def _day(words: str, _document: Document) -> Deadline | None:
    found = re.search(_DATE, words)
    if not found:
        return None
    day = date(int(found["y"]), int(found["m"]), int(found["d"]))
    return Deadline("", Precision.DAY, due_on=day)


def _quarter(words: str, _document: Document) -> Deadline | None:
    found = re.search(r"(?P<y>\d{4})年第?(?P<q>[一二三四1-4])季度", words)
    return Deadline("", Precision.QUARTER, due_on=last_of_month(int(found["y"]), 3 * _QUARTERS[found["q"]])) if found else None


def _half(words: str, _document: Document) -> Deadline | None:
    found = re.search(r"(?P<y>\d{4})年(?P<h>上半年|下半年)", words)
    return Deadline("", Precision.HALF, due_on=last_of_month(int(found["y"]), 6 if found["h"] == "上半年" else 12)) if found else None


def _month(words: str, _document: Document) -> Deadline | None:
    found = re.search(_MONTH + r"(?!\d)(?P<part>上旬|中旬|下旬)?", words)
    if not found:
        return None
    year, month = int(found["y"]), int(found["m"])
    day = {"上旬": 10, "中旬": 20}.get(found["part"] or "")
    if day:
        return Deadline("", Precision.DAY, due_on=date(year, month, day))
    return Deadline("", Precision.MONTH, due_on=last_of_month(year, month))


def _before_year(words: str, _document: Document) -> Deadline | None:
    """「2024年以前」: before 2024 begins, or before it ends? The stricter reading counts until the office confirms."""
    found = _BEFORE_YEAR.search(words)
    if not found:
        return None
    year = int(found["y"])
    return Deadline("", Precision.YEAR, due_on=date(year - 1, 12, 31), doubt=Doubt.BEFORE_WHICH_YEAR, alternative_on=date(year, 12, 31))


def _year(words: str, _document: Document) -> Deadline | None:
    found = re.search(r"(?P<y>\d{4})年|^(?P<y2>\d{4})$", words)
    return Deadline("", Precision.YEAR, due_on=date(int(found["y"] or found["y2"]), 12, 31)) if found else None


def _this_year(words: str, document: Document) -> Deadline | None:
    if not re.search(r"年内|年底前?|今年|当年|本年", words):
        return None
    return Deadline("", Precision.YEAR, due_on=document.last_day_of_its_year) if document.last_day_of_its_year else None


def _after_issue(words: str, document: Document) -> Deadline | None:
    found = re.search(r"(?:印发|发文|下发|发布)(?:之日起|后)?(?P<n>\d+|[一二两三六十])(?P<unit>个?工作日|日|天|个?月|年)", words)
    if not found or not document.issued_on or "工作日" in found["unit"]:
        return None
    number = int(found["n"]) if found["n"].isdigit() else _CHINESE_NUMBERS[found["n"]]
    if found["unit"] in {"日", "天"}:
        due = document.issued_on + timedelta(days=number)
    else:
        due = document.issued_on + (relativedelta(years=number) if found["unit"] == "年" else relativedelta(months=number))
    return Deadline("", Precision.DAY, due_on=due)


Reader = Callable[[str, Document], Deadline | None]
_SINGLES: tuple[Reader, ...] = (_day, _quarter, _half, _month, _before_year, _year, _after_issue, _this_year)


def _single(words: str, document: Document) -> Deadline | None:
    return next(filter(None, (reader(words, document) for reader in _SINGLES)), None)


_READERS: tuple[Reader, ...] = (_range, _yearly, _ongoing, _single)
