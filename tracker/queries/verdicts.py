"""The verdict of a county, or of every county of a prefecture or province, on a standard as of a day."""

from __future__ import annotations

from datetime import date

from tracker.queries.collection import held_collection
from tracker.queries.county_facts import facts_of, facts_within
from tracker.rules.standards import Standard
from tracker.rules.verdicts import Verdict, judge


def verdict_of(standard: Standard, region: str, on: date) -> Verdict:
    """The verdict of one county."""
    return judge(standard, facts_of(region, on))


def verdicts_within(standard: Standard, region: str, on: date) -> list[Verdict]:
    """The verdicts of all counties with schools at or below a region, on one standard."""
    with held_collection():
        return [judge(standard, facts) for facts in facts_within(region, on)]
