"""The forecast of a county, or of every county of a prefecture or province, for a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tracker.queries.county_facts import facts_of, facts_within
from tracker.queries.gains import ahead_of, ahead_within
from tracker.rules.forecast import Forecast, forecast
from tracker.rules.gains import Mode
from tracker.rules.prospects import Ahead, Change
from tracker.rules.standards import Standard


def forecast_of(
    standard: Standard,
    region: str,
    on: date,
    today: date,
    mode: Mode = Mode.DEADLINE,
    changes: Iterable[Change] = (),
    *,
    unconfirmed: bool = False,
) -> Forecast:
    """The forecast of one county, in a constant number of questions; for a day that is past, from what was known."""
    base = min(on, today)
    facts, ahead = facts_of(region, base), ahead_of(region, base)
    return forecast(standard, facts, ahead, on, mode, changes, unconfirmed=unconfirmed, today=today)


def forecasts_within(
    standard: Standard, region: str, on: date, today: date, mode: Mode = Mode.DEADLINE, *, unconfirmed: bool = False
) -> list[Forecast]:
    """The forecasts of all counties with schools at or below a region, in as many questions as one county takes."""
    base = min(on, today)
    ahead = ahead_within(region, base)
    return [
        forecast(standard, facts, ahead.get(facts.region, Ahead()), on, mode, unconfirmed=unconfirmed, today=today)
        for facts in facts_within(region, base)
    ]
