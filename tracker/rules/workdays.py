"""Working days: the official calendar of the country, and what administrators know besides.

The State Council announces a year's holidays, and the weekends on which the country works instead, in the autumn
before. A year that neither the installed package nor an administrator knows counts Monday to Friday, and
``Calendar.is_announced`` lets the pages say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import chinese_calendar

WEEKDAYS = "一二三四五六日"
SATURDAY = 5
NOVEMBER = 11
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Days:
    """Days that follow one another."""

    first: date
    last: date

    @property
    def count(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @property
    def days(self) -> list[date]:
        """Each of them."""
        return [self.first + timedelta(days=each) for each in range(self.count)]


@dataclass(frozen=True)
class NamedDay:
    """A day of which somebody says whether offices work, and for which holiday."""

    day: date
    is_workday: bool
    note: str


@dataclass(frozen=True)
class Span:
    """Named days that follow one another and say the same."""

    days: Days
    is_workday: bool
    note: str


@dataclass(frozen=True)
class Festival:
    """A holiday of the official calendar: its days off, and the weekend days worked for it."""

    name: str
    off: list[Days]
    worked: list[date]


@dataclass(frozen=True)
class Calendar:
    """The working days of a region: ``exceptions`` say of certain days whether offices work, whatever else is known."""

    exceptions: Mapping[date, bool] = field(default_factory=dict)

    def is_announced(self, year: int) -> bool:
        """Whether the holidays of a year are known: to the package, or entered by hand with its New Year's Day.

        A day off of a county alone says nothing of what the country announces.
        """
        return is_announced(year) or self.exceptions.get(date(year, 1, 1)) is False

    def is_workday(self, day: date) -> bool:
        """Whether offices work on a day."""
        return self.exceptions[day] if day in self.exceptions else is_workday(day)

    def next_workday(self, day: date) -> date:
        """The first working day from a day on."""
        while not self.is_workday(day):
            day += DAY
        return day

    def last_workday(self, day: date) -> date:
        """The latest working day up to and including a day."""
        while not self.is_workday(day):
            day -= DAY
        return day

    def first_workday_of_week(self, day: date) -> date | None:
        """The first working day of the week, Monday to Sunday, of a day; None where the whole week is off."""
        monday = day - timedelta(days=day.weekday())
        first = self.next_workday(monday)
        return first if (first - monday).days < 7 else None

    def resting_on(self, days: Iterable[date]) -> Calendar:
        """The same with other days off, as a year's quiet days are to the reminders."""
        return Calendar({**self.exceptions, **dict.fromkeys(days, False)})

    def unannounced(self, today: date) -> list[int]:
        """The years whose missing holidays are to be said now: this one, and from November on the next."""
        years = [today.year, today.year + 1] if today.month >= NOVEMBER else [today.year]
        return [year for year in years if not self.is_announced(year)]


OFFICIAL = Calendar()


@dataclass(frozen=True)
class Calendars:
    """What was entered by hand, by region; it holds there and below, and what a nearer region says comes first."""

    entered: Mapping[str, Mapping[date, bool]] = field(default_factory=dict)

    def of(self, region: str) -> Calendar:
        """The calendar that holds in a region."""
        around = (region[:digits] for digits in range(len(region) + 1))
        found = [self.entered[code] for code in around if code in self.entered]
        return Calendar({day: works for each in found for day, works in each.items()}) if found else OFFICIAL


def is_announced(year: int) -> bool:
    """Whether the package knows the calendar of a year."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def is_workday(day: date) -> bool:
    """Whether offices work on a day where nobody entered anything."""
    if not is_announced(day.year):
        return day.weekday() < SATURDAY
    return bool(chinese_calendar.is_workday(day))


def last_workday(day: date) -> date:
    """The latest working day up to and including a day, where nobody entered anything."""
    return OFFICIAL.last_workday(day)


def festivals(year: int) -> list[Festival]:
    """The holidays of a year as the package knows them, in their order; none of a year that it does not know."""
    if not is_announced(year):
        return []
    off: dict[str, list[date]] = {}
    worked: dict[str, list[date]] = {}
    for day in Days(date(year, 1, 1), date(year, 12, 31)).days:
        is_off, name = chinese_calendar.get_holiday_detail(day)
        if name:
            (off if is_off else worked).setdefault(_chinese(name), []).append(day)
    return [Festival(name, ranges(days), worked.get(name, [])) for name, days in off.items()]


def _chinese(name: str) -> str:
    """The Chinese name of a holiday that the package calls by an English one."""
    return next(str(each.chinese) for each in chinese_calendar.Holiday if each.value == name)  # type: ignore[attr-defined]


def ranges(days: Iterable[date]) -> list[Days]:
    """Days, in any order, as ranges of those that follow one another."""
    found: list[Days] = []
    for day in sorted(set(days)):
        if found and day - found[-1].last == DAY:
            found[-1] = Days(found[-1].first, day)
        else:
            found.append(Days(day, day))
    return found


def spans_of(days: Iterable[NamedDay]) -> list[Span]:
    """Named days as spans, in the order of the calendar."""
    alike: dict[tuple[bool, str], list[date]] = {}
    for each in days:
        alike.setdefault((each.is_workday, each.note), []).append(each.day)
    spans = [Span(found, works, note) for (works, note), same in alike.items() for found in ranges(same)]
    return sorted(spans, key=lambda span: span.days.first)
