"""When a job is late, which of its periods were missed, and what several results say together.

A job is judged by the present day or week only: what passed before is told as missed, and no later run changes it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

LATE_AFTER = timedelta(hours=2)
SILENT_AFTER = timedelta(minutes=15)
LOOK_BACK = timedelta(days=30)
TOLD_OPENLY = timedelta(days=7)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Missed:
    """Periods in a row that a job missed, and the later one that did their work as well; None where none has."""

    first: str
    last: str
    made_up_by: str | None


def is_silent(seen_at: datetime | None, now: datetime) -> bool:
    """Whether what wakes every minute has given no sign of life for too long."""
    return seen_at is None or now - seen_at > SILENT_AFTER


def is_late(due_at: datetime, is_done: bool, now: datetime) -> bool:
    """Whether work that was due at an instant should be done by now and is not."""
    return not is_done and now - due_at > LATE_AFTER


def day_period(day: date) -> str:
    """The name of a day as a period."""
    return day.isoformat()


def week_period(day: date) -> str:
    """The name of the ISO week of a day as a period."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def monday_of_period(period: str) -> date:
    """The Monday of a week given by its name."""
    return datetime.strptime(f"{period}-1", "%G-W%V-%u").date()


def days_back(today: date) -> list[date]:
    """The days of which the page tells what was missed, oldest first, today included."""
    return [today - DAY * back for back in range(LOOK_BACK.days, -1, -1)]


def is_recent(day: date, today: date) -> bool:
    """Whether what was missed on a day is told openly, and not among what is long past."""
    return today - day <= TOLD_OPENLY


def missed(expected: Sequence[str], finished: Collection[str]) -> list[Missed]:
    """The expected periods, oldest first, that were not finished; those in a row together."""
    found: list[Missed] = []
    row: list[str] = []
    for period in expected:
        if period not in finished:
            row.append(period)
        elif row:
            found.append(Missed(row[0], row[-1], period))
            row = []
    return found + ([Missed(row[0], row[-1], None)] if row else [])


def sum_of(results: Iterable[str]) -> str:
    """Several results as one: counts are added up, words without a count are said once."""
    counts: dict[str, int | None] = {}
    for token in (token for result in results for token in result.split()):
        word, _is, count = token.partition("=")
        counts[word] = (counts.get(word) or 0) + int(count) if count.isdecimal() else None
    return " ".join(word if count is None else f"{word}={count}" for word, count in counts.items())
