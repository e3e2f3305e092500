"""Deadlines: what the words of a plan come to, when a task is late, and by how much.

The words are kept as written; ``due_on`` is the last day they cover, and late begins the day after. Readings that are
ambiguous take the stricter date and carry a doubt, which the office settles before the deadline counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dateutil.relativedelta import relativedelta

# The years that a plan can mean: a date outside them is a slip of the pen.
FIRST_YEAR, LAST_YEAR = 1949, 2100


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
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Deadline:
    """A deadline as read: ``due_on`` is the last day covered, if any; ``alternative_on`` a doubt's laxer reading."""

    text: str
    precision: Precision
    starts_on: date | None = None
    due_on: date | None = None
    doubt: Doubt | None = None
    alternative_on: date | None = None


@dataclass(frozen=True)
class Document:
    """What a reading needs of the document: its day of issue, the year of its number, and that its title names."""

    issued_on: date | None = None
    number_year: int | None = None
    title_year: int | None = None

    @property
    def year(self) -> int | None:
        """The year in which what names no year lies.

        It is that of issue, or of the document number where no day is given; a title that names the same year, or the
        one after (2025年工作要点, issued in December 2024), knows better.
        """
        issued = self.issued_on.year if self.issued_on else self.number_year
        if self.title_year and (issued is None or self.title_year - issued in (0, 1)):
            return self.title_year
        return issued

    @property
    def earliest_issue(self) -> date | None:
        """The day of issue, or the first on which a document of its number can have been issued."""
        if self.issued_on or self.number_year is None:
            return self.issued_on
        return date(self.number_year, 1, 1)


def year_of_number(document_number: str | None) -> int | None:
    """The year in a document number such as 西教体函发〔2022〕203号; None for a year that no plan can mean."""
    found = re.search(r"[〔\[(（【](\d{4})[〕\])）】]", document_number or "")
    year = int(found.group(1)) if found else None
    return year if year and in_range(year) else None


def year_of_title(title: str | None) -> int | None:
    """The one year in a title such as 2025年重点工作分工方案; None for a title with several, or with none."""
    years = set(re.findall(r"(?<!\d)(\d{4})(?=年(?!代)|[-—–~～至]\d{4})|(?<=[-—–~～至])(\d{4})(?=年)", title or ""))
    named = {int(year) for pair in years for year in pair if year}
    return named.pop() if len(named) == 1 and in_range(min(named)) else None


def document_named(issued_on: date | None, document_number: str | None, title: str | None) -> Document:
    """What a reading needs of a document, from what the document says of itself."""
    return Document(issued_on, year_of_number(document_number), year_of_title(title))


def in_range(year: int) -> bool:
    """Whether a plan can mean this year."""
    return FIRST_YEAR <= year <= LAST_YEAR


def last_of_month(year: int, month: int) -> date:
    """The last day of a month. Raises ValueError for a month that does not exist."""
    return date(year, month, 1) + relativedelta(day=31)


def days_late(due_on: date | None, today: date, submitted_on: date | None = None, held_days: int = 0) -> int:
    """Days late of an open task: 0 while in time. A submission stops the count; days held at the office never count."""
    if due_on is None:
        return 0
    until = min(today, submitted_on) if submitted_on else today
    return max(0, (until - due_on).days - held_days)


def days_held(due_on: date | None, submitted_on: date, returned_on: date) -> int:
    """Days after the due day that a submission lay at the office; the count resumes on the day after the return."""
    if due_on is None:
        return 0
    return max(0, (returned_on - max(submitted_on, due_on)).days)
