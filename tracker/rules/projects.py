"""Building projects: when their seats are there, and how their areas divide by use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


def delivery_autumn(due_on: date) -> int:
    """The year whose school year finds the seats there: what is due by 30 September counts for that autumn."""
    return due_on.year if due_on.month <= 9 else due_on.year + 1


def site_text(site: str | None, town: str | None) -> str | None:
    """A site with its town as one text, 老车站（长冈乡）; None where neither is known."""
    return f"{site}（{town}）" if site and town else site or town or None


def first_site_after(
    first: str | None, old: tuple[str | None, str | None], new: tuple[str | None, str | None]
) -> str | None:
    """Where the plan first wanted a project that moves from a site and town to others; None where it stands there."""
    planned = site_text(*old) if first is None else first
    return None if planned == site_text(*new) else planned


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
