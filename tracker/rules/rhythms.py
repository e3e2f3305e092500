"""Rhythms: how often a task is to be reported, and the periods that follow from it."""

from __future__ import annotations

from enum import StrEnum


class Rhythm(StrEnum):
    """The span that is reported once, or in several equal parts; ``once`` is one span up to the deadline."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"
    SCHOOL_YEAR = "school_year"
    ONCE = "once"
