"""Building projects: when their seats are there, and where planned seats pass the limits of G4 and G5."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

LARGEST_CLASS = {"primary": 45, "junior": 50}
LARGEST_SCHOOL = {"primary": 2000, "junior": 2000, "nine_year": 2500}


@dataclass(frozen=True)
class Excess:
    """A planned figure above its limit: students in a class, or students in a school."""

    value: Decimal
    limit: int


def delivery_autumn(due_on: date) -> int:
    """The year whose school year finds the seats there: what is due by 30 September counts for that autumn."""
    return due_on.year if due_on.month <= 9 else due_on.year + 1


def autumn_days(year: int) -> tuple[date, date]:
    """The first and the last due day that count for the autumn of a year. Raises ValueError outside the calendar."""
    return date(year - 1, 10, 1), date(year, 9, 30)


def class_excess(stage: str | None, seats: int | None, classes: int | None) -> Excess | None:
    """Seats per class above the limit of the stage; None where the plan keeps it or does not say."""
    limit = LARGEST_CLASS.get(stage or "")
    if limit is None or seats is None or not classes:
        return None
    mean = Decimal(seats) / classes
    # Rounded up, so that a mean just above the limit never reads as the limit.
    return Excess(mean.quantize(Decimal("0.1"), ROUND_CEILING), limit) if mean > limit else None


def school_excess(stage: str | None, seats: int | None) -> Excess | None:
    """Seats of a planned school above the limit of the stage; None where the plan keeps it or does not say."""
    limit = LARGEST_SCHOOL.get(stage or "")
    return Excess(Decimal(seats), limit) if limit is not None and seats is not None and seats > limit else None


def first_site_after(first: str | None, site: str | None, new: str | None) -> str | None:
    """Where the plan first wanted a project that is now to stand at ``new``; None where it stands there (again)."""
    planned = site if first is None else first
    return None if planned == new else planned


@dataclass(frozen=True)
class AreaSplit:
    """The areas of a project's buildings beside its whole area, in m²; ``silent`` buildings have no figure."""

    named: Decimal
    silent: int
    left: Decimal | None


def area_split(whole: Decimal | None, parts: Sequence[Decimal | None]) -> AreaSplit:
    """What the areas by use sum up to, and what that leaves of the whole; less than zero where they pass it."""
    known = [each for each in parts if each is not None]
    named = sum(known, Decimal(0))
    return AreaSplit(named, len(parts) - len(known), None if whole is None else whole - named)
