"""What the page of the trend is given: its charts with their scales, and the tables beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from tracker.queries.trend import Follow, Frozen
from tracker.rules.issues import on_time_in
from tracker.rules.lights import COUNTED, Light
from tracker.rules.step_charts import Bars, Steps, bars, scale_of, steps
from tracker.rules.trend_weeks import WEEKS_LISTED, Week, weeks_from

WHOLE = 100  # per cent


@dataclass(frozen=True)
class Charts:
    """The charts of some weeks on their scales; ``top`` is that of the six lights."""

    weeks: list[date]
    top: int
    lights: list[tuple[Light, Steps | None]]
    closed: Bars
    rate: Steps | None


@dataclass(frozen=True)
class UnitLine:
    """A unit or a region in the table: its line over the year, its late tasks of the last weeks, the last rate."""

    who: Follow
    strip: Steps | None
    late: list[int | None]
    percent: int | None
    address: str | None


def charts_of(weeks: list[date], figures: Sequence[Week | None]) -> Charts:
    """The charts of the figures of some weeks."""
    by_light = {light: [None if week is None else week.lights[light] for week in figures] for light in COUNTED}
    top = scale_of(by_light.values())
    return Charts(
        weeks=weeks,
        top=top,
        lights=[(light, steps(values, top)) for light, values in by_light.items()],
        closed=bars(_each(figures, lambda week: week.closed_in_time), _each(figures, lambda week: week.closed_late)),
        rate=steps(_each(figures, lambda week: week.percent), WHOLE),
    )


def _each(figures: Sequence[Week | None], figure: Callable[[Week], int | None]) -> list[int | None]:
    """A figure of every week, None where there was no issue."""
    return [None if week is None else figure(week) for week in figures]


def weeks_shown(issues: Sequence[Frozen]) -> list[date]:
    """The weeks from the first issue to the last, those without one too."""
    return weeks_from(issues[0].week_on, issues[-1].week_on)


def unit_lines(follows: Sequence[Follow], issues: Sequence[Frozen], region: str, shown: str | None) -> list[UnitLine]:
    """The table, most late tasks first; all lines are drawn on one scale. ``shown`` is the region in addresses."""
    weeks, listed = weeks_shown(issues), [issue.week_on for issue in issues[-WEEKS_LISTED:]]
    late = {
        each.key: {week: found.get(Light.OVERDUE.value, 0) for week, found in each.counts.items()} for each in follows
    }
    top = scale_of(list(by_week.values()) for by_week in late.values())
    lines = [
        UnitLine(
            who=each,
            strip=steps([late[each.key].get(week) for week in weeks], top),
            late=[late[each.key].get(week) for week in listed],
            percent=on_time_in(each.counts.get(listed[-1], {})).percent,
            address=_late_tasks(each, issues[-1], region, shown),
        )
        for each in follows
        if any(issue.week_on in each.counts for issue in issues)
    ]
    return sorted(lines, key=lambda line: (-(line.late[-1] if line.late[-1] is not None else -1), line.who.name))


def _late_tasks(who: Follow, issue: Frozen, region: str, shown: str | None) -> str | None:
    """The late tasks in an issue; None for what no list holds: a region's own plans, or units that are one since."""
    names = who.named.get(issue.week_on, [])
    if len(names) != 1 or who.key == region:
        return None
    asked: dict[str, Any] = {"place": who.key} if who.is_region else {"unit_name": names[0]}
    return url_for("issues.lines", number=issue.number, region=shown, light=Light.OVERDUE.value, **asked)
