"""The weekly overview (周览): the one sentence of a week, the on-time rate and the places of units."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from tracker.rules.lights import COUNTED, Light

MOST_DECISIONS = 3
WORST_ROWS = 10
RANKED_FROM = 3  # fewer tasks fallen due than this and a unit has no place
WEEK = timedelta(days=7)
ISSUE_DAYS = 8  # a week and a day without an issue is said on the page
WORDS_SHOWN = 40
MOST_COUNTIES = 60  # more than this and the counties are added up by the level above
LEVELS = (2, 4, 6)  # digits of the code of a province, a prefecture, a county
Key = TypeVar("Key", bound=Hashable)

# Marks a text for the translators; the text itself is the Chinese sentence.
N_: Callable[[str], str] = str


class Number(StrEnum):
    """What a number in the sentence counts."""

    TOTAL = "total"
    CLOSED = "closed"
    OVERDUE = "overdue"
    NEWLY_CLOSED = "newly_closed"
    NEWLY_OVERDUE = "newly_overdue"
    STALE = "stale"


class Since(StrEnum):
    """What the changes of an overview are measured from."""

    NOTHING = "nothing"  # no issue has been frozen yet
    THIS_WEEK = "this_week"  # an issue that closed as this week began
    ISSUE = "issue"  # an issue that closed on any other day, which is named
    EACH_COUNTY = "each_county"  # the last issue of each county


@dataclass(frozen=True)
class Week:
    """The figures of a week: how many tasks there are, and what became of them since the issue of ``since_on``."""

    total: int = 0
    closed: int = 0
    overdue: int = 0
    newly_closed: int = 0
    newly_overdue: int = 0
    newly_overdue_of: str | None = None  # the one unit, or county, that answers for all of them
    stale: int = 0
    since: Since = Since.NOTHING
    since_on: date | None = None


@dataclass(frozen=True)
class Clause:
    """A part of the sentence: its words, the number in them, and what that number counts."""

    words: str
    count: int
    number: Number
    unit: str = ""
    since_on: date | None = None


def clauses(week: Week) -> list[Clause]:
    """The sentence in parts: what was closed, what became overdue and whose it is, what nobody has reported on."""
    if week.since is Since.NOTHING:
        return [
            Clause(N_("共 %(count)s 项任务，尚无上期可比"), week.total, Number.TOTAL),
            Clause(N_("已销号 %(count)s 项"), week.closed, Number.CLOSED),
            Clause(N_("逾期 %(count)s 项"), week.overdue, Number.OVERDUE),
            _stale(week),
        ]
    return [_newly_closed(week), _newly_overdue(week), _stale(week)]


def sentence(week: Week, today: date) -> str:
    """The sentence in Chinese, as an issue of a day keeps it."""
    parts = (
        clause.words % {"count": clause.count, "unit": clause.unit, "since": _chinese_day(clause.since_on, today)}
        for clause in clauses(week)
    )
    return "；".join(parts) + "。"


def _newly_closed(week: Week) -> Clause:
    words = {
        Since.THIS_WEEK: N_("本周销号 %(count)s 项"),
        Since.ISSUE: N_("自%(since)s（上期）以来销号 %(count)s 项"),
        Since.EACH_COUNTY: N_("各县自上期以来销号 %(count)s 项"),
    }
    return Clause(words[week.since], week.newly_closed, Number.NEWLY_CLOSED, since_on=week.since_on)


def _newly_overdue(week: Week) -> Clause:
    if week.newly_overdue and week.newly_overdue_of:
        words = N_("新增逾期 %(count)s 项（均为%(unit)s）")
        return Clause(words, week.newly_overdue, Number.NEWLY_OVERDUE, unit=week.newly_overdue_of)
    return Clause(N_("新增逾期 %(count)s 项"), week.newly_overdue, Number.NEWLY_OVERDUE)


def _stale(week: Week) -> Clause:
    return Clause(N_("%(count)s 项连续两周未更新"), week.stale, Number.STALE)


def _chinese_day(day: date | None, today: date) -> str:
    """3月6日, with its year where that is not this one."""
    if day is None:
        return ""
    return f"{day.month}月{day.day}日" if day.year == today.year else f"{day.year}年{day.month}月{day.day}日"


@dataclass(frozen=True)
class OnTime:
    """Tasks that have fallen due, and those of them submitted by the deadline then in force."""

    due: int = 0
    in_time: int = 0

    @property
    def rate(self) -> Fraction | None:
        """The share submitted in time, None where nothing has fallen due."""
        return Fraction(self.in_time, self.due) if self.due else None

    @property
    def percent(self) -> int | None:
        """The rate in whole per cent, halves up; only what is complete is 100."""
        if self.rate is None:
            return None
        return min(int(self.rate * 100 + Fraction(1, 2)), 100 if self.rate == 1 else 99)


def places(own: Mapping[Key, OnTime]) -> dict[Key, int]:
    """The places by on-time rate, best first, of those with enough tasks fallen due; equal rates share a place.

    One alone has nobody to be compared with and gets none.
    """
    rates = {key: each.rate for key, each in own.items() if each.due >= RANKED_FROM and each.rate is not None}
    if len(rates) < 2:
        return {}
    return {key: 1 + sum(other > rate for other in rates.values()) for key, rate in rates.items()}


def light_changes(now: Mapping[Light, int], before: Mapping[Light, int]) -> dict[Light, int]:
    """The signed change of each counted light since the issue before."""
    return {light: now.get(light, 0) - before.get(light, 0) for light in COUNTED}


def has_become(light: Light, now: Light, before: Light | None) -> bool:
    """Whether a task has this light and had another in the issue before; what is new to the plan never became it."""
    return now is light and before is not None and before is not light


def shared_by_all(counts: Mapping[str, int], total: int) -> str | None:
    """The one name that has a part in every one of ``total`` tasks, if exactly one has."""
    found = [name for name, count in counts.items() if total and count == total]
    return found[0] if len(found) == 1 else None


def monday_of(day: date) -> date:
    """The Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def measured_from(day: date, last_on: date | None) -> Since:
    """What the changes up to a day are measured from, given the day on which the last issue closed.

    They are those of this week only where that issue closed as the week began, on the Sunday before it.
    """
    if last_on is None:
        return Since.NOTHING
    return Since.THIS_WEEK if last_on == monday_of(day) - timedelta(days=1) else Since.ISSUE


def is_issue_missing(last_on: date, today: date) -> bool:
    """Whether no week has been frozen for over eight days."""
    return (today - last_on).days > ISSUE_DAYS


def level_shown(counties: Iterable[str], seen_from: str) -> int:
    """How many digits of the region's code to add up by: counties where they fit on a page, else the level above."""
    codes = set(counties)
    fitting = [digits for digits in reversed(LEVELS) if len({code[:digits] for code in codes}) <= MOST_COUNTIES]
    below = [digits for digits in fitting if digits > len(seen_from)]
    return below[0] if below else next(digits for digits in LEVELS if digits > len(seen_from))
