"""Rhythms: how often a task is to be reported, and the periods that follow from it.

Periods lie on the calendar: weeks from Monday, months, quarters, halves, years, and school years from 1 September, each
whole or in equal parts. The first is the one that holds the day on which the rhythm begins.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice, pairwise
from typing import NamedTuple

from dateutil.rrule import MO, MONTHLY, WEEKLY, rrule

DAY = timedelta(days=1)
SCHOOL_YEAR_MONTH = 9
MOST_PARTS = 12


class Rhythm(StrEnum):
    """The span that is reported once, or in several equal parts; ``once`` is one span up to the deadline."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"
    SCHOOL_YEAR = "school_year"
    ONCE = "once"


SPAN_MONTHS = {
    Rhythm.MONTHLY: 1,
    Rhythm.QUARTERLY: 3,
    Rhythm.HALF_YEARLY: 6,
    Rhythm.YEARLY: 12,
    Rhythm.SCHOOL_YEAR: 12,
}


class Period(NamedTuple):
    """The first and the last day of a reporting period."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Beat:
    """The rhythm of one task: its span and parts, the day it begins, and the deadline that a single span ends with."""

    rhythm: Rhythm
    parts: int
    begins_on: date
    due_on: date | None = None


def is_possible(rhythm: Rhythm, parts: int, has_deadline: bool = True) -> bool:
    """Whether a span can be cut into this many parts of whole months; a single span needs an end."""
    if rhythm is Rhythm.ONCE:
        return parts == 1 and has_deadline
    if rhythm is Rhythm.WEEKLY:
        return parts == 1
    return parts >= 1 and SPAN_MONTHS[rhythm] % parts == 0


def period_of(rhythm: Rhythm, parts: int, day: date) -> Period:
    """The period that holds a day. Raises ValueError for a rhythm that has no calendar or no such parts."""
    return next(_periods_around(rhythm, parts, day))


def periods_from(beat: Beat) -> Iterator[Period]:
    """The periods of a rhythm one after another, without end; a single span is the only one.

    Raises ValueError for a rhythm that cannot be.
    """
    if beat.rhythm is not Rhythm.ONCE:
        yield from _periods_around(beat.rhythm, beat.parts, beat.begins_on)
    elif beat.parts != 1 or beat.due_on is None or beat.due_on < beat.begins_on:
        raise ValueError("a single period needs a deadline after its first day")
    else:
        yield Period(beat.begins_on, beat.due_on)


def next_to_open(beat: Beat, opened: Collection[date], today: date) -> Period | None:
    """The first period in sequence, known by its first day, that has begun and is not open yet: one, never more."""
    for period in periods_from(beat):
        if period.starts_on > today:
            return None
        if period.starts_on not in opened:
            return period
    return None


def present_period(beat: Beat, today: date) -> Period | None:
    """The period that a report of today belongs to, None before the first and after a single one."""
    if beat.rhythm is Rhythm.ONCE:
        is_within = beat.due_on is not None and beat.begins_on <= today <= beat.due_on
        return Period(beat.begins_on, beat.due_on) if is_within and beat.due_on else None
    period = period_of(beat.rhythm, beat.parts, today)
    return period if period.ends_on >= beat.begins_on else None


def missed_period(beat: Beat, reported_on: date | None, times: int) -> Period | None:
    """The period whose end makes so many in a row without a report, as long as nobody reports; None for a single span.

    The period of the last report counts as reported, and so do those before it.
    """
    if beat.rhythm is Rhythm.ONCE:
        return None
    first = period_of(beat.rhythm, beat.parts, beat.begins_on)
    is_reported = reported_on is not None and reported_on >= first.starts_on
    periods = _periods_around(beat.rhythm, beat.parts, reported_on if is_reported and reported_on else first.starts_on)
    return next(islice(periods, times - (not is_reported), None))


def _periods_around(rhythm: Rhythm, parts: int, day: date) -> Iterator[Period]:
    """The period that holds a day and all that follow."""
    if not is_possible(rhythm, parts) or rhythm is Rhythm.ONCE:
        raise ValueError(f"no {rhythm} in {parts} parts")
    for start, following in pairwise(_starts(rhythm, parts, day)):
        if following > day:
            yield Period(start, following - DAY)


def _starts(rhythm: Rhythm, parts: int, day: date) -> Iterator[date]:
    """The first days of periods, from some day before the one that is asked for."""
    if rhythm is Rhythm.WEEKLY:
        rule = rrule(WEEKLY, byweekday=MO, dtstart=_midnight(day - 7 * DAY))
    else:
        # A year back at a month from which every cut of the span is counted: never a day that some month lacks.
        month = SCHOOL_YEAR_MONTH if rhythm is Rhythm.SCHOOL_YEAR else 1
        first = date(day.year - 1, month, 1)
        rule = rrule(MONTHLY, interval=SPAN_MONTHS[rhythm] // parts, bymonthday=1, dtstart=_midnight(first))
    for start in rule:
        yield start.date()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


# The words of plans for a rhythm, the more telling first; a number of times may stand behind them.
WORDS = (
    ("学期", Rhythm.SCHOOL_YEAR, 2),
    ("学年度?", Rhythm.SCHOOL_YEAR, 1),
    ("半年", Rhythm.HALF_YEARLY, 1),
    ("季度?", Rhythm.QUARTERLY, 1),
    ("个?月", Rhythm.MONTHLY, 1),
    ("(?:周(?!期)|星期)", Rhythm.WEEKLY, 1),
    ("年(?!级)度?", Rhythm.YEARLY, 1),
)
NUMBERS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "六": 6, "十二": 12}
TIMES = rf"(?:(?:至少|不少于|开展|组织|检查|督导|报告|报送)*(\d{{1,2}}|{'|'.join(NUMBERS)})[次回])?"


def suggested(text: str) -> tuple[Rhythm, int] | None:
    """The rhythm that a plan's words speak of, None where they speak of none; a proposal for the office."""
    for words, rhythm, parts in WORDS:
        found = re.search(rf"(?:每|逐|(?<!第)一){words}{TIMES}", text)
        if found and (found.group().startswith(("每", "逐")) or found.group(1)):
            times = _count(found.group(1)) * parts
            return (rhythm, times) if is_possible(rhythm, times) else (rhythm, parts)
    return None


def _count(word: str | None) -> int:
    if not word:
        return 1
    return NUMBERS.get(word) or max(1, int(word))
