"""The verdict of a county, or of every county of a prefecture or province, on a standard as of a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tracker.queries.collection import held_collection
from tracker.queries.county_facts import facts_of, facts_within
from tracker.rules.standards import Standard
from tracker.rules.verdicts import Verdict, judge


def verdict_of(standard: Standard, region: str, on: date) -> Verdict:
    """The verdict of one county."""
    return judge(standard, facts_of(region, on))


def verdicts_within(standard: Standard, region: str, on: date) -> Iterator[Verdict]:
    """The verdicts of all counties with schools at or below a region, on one standard.

    One after another: a province's answers together would fill the memory, and each is looked at once.
    """
    with held_collection():
        counties = facts_within(region, on)
    for facts in counties:
        with held_collection():
            found = judge(standard, facts)
        yield found
