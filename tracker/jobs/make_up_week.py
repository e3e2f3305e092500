"""Make up the week that was missed: a machine that slept on Friday freezes it when it wakes in the week after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tracker import clock
from tracker.actions.issues import freeze_missed_week
from tracker.jobs.freeze_week import moment
from tracker.queries.jobs import regions_missing
from tracker.rules.ladders import Ladder
from tracker.rules.overview import WEEK, monday_of
from tracker.rules.workdays import Calendar


def regions(now: datetime) -> Sequence[str]:
    """The regions that missed last week, until this one is frozen: of the same day, two issues would tell the same."""
    return missing(now) if now < moment(now) else []


def run(now: datetime, regions: Sequence[str]) -> dict[str, str]:
    """Freeze last week where it does not stand; of weeks before nobody knows the figures."""
    return {region: f"issues={int(freeze_missed_week(region, now) is not None)}" for region in regions}


def missing(now: datetime) -> list[str]:
    """The regions where a plan ran last week and no issue stands of it or of a later one."""
    this_week = monday_of(clock.office_day(now))
    return regions_missing(this_week - WEEK, clock.at_office(this_week, 0))


def next_at(now: datetime, _ladder: Ladder, _calendar: Calendar) -> datetime:
    """The beginning of the coming week."""
    return clock.at_office(monday_of(clock.office_day(now)) + timedelta(days=7), 0)
