"""趋势: how the lights of a region moved over the weeks of a year, from its frozen issues alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from tracker.queries.coverage import region_at
from tracker.queries.trend import Follow, followed_through, frozen_issues
from tracker.queries.visibility import COUNTY_DIGITS
from tracker.rules.permissions import Can
from tracker.rules.trend_weeks import WEEKS_LISTED, weeks_of, year_of
from tracker.views.access import needs, person
from tracker.views.overview_page import region_asked
from tracker.views.trend_page import charts_of, unit_lines, weeks_shown

place = Blueprint("trend", __name__)


@place.get("/trend")
@needs(Can.SEE_OVERVIEW)
def trend() -> ResponseReturnValue:
    """A year of a region, the newest without ``year``; ``unit`` shows one of its units or of the regions below."""
    region = region_asked()
    shown = region if region != person().region else None
    frame: dict[str, Any] = {"region": shown, "seen": region_at(region), "by_region": len(region) < COUNTY_DIGITS}
    issues = frozen_issues(region)
    years = sorted({year_of(issue.week_on) for issue in issues}, reverse=True)
    if not years:
        return render_template("trend/trend.html", **frame, issues=[], years=[], year=None)
    year = year_asked(years)
    within = [issue for issue in issues if year_of(issue.week_on) == year]
    # The issue before the first one says what had been closed by then.
    follows = followed_through(issues[max(issues.index(within[0]) - 1, 0) : issues.index(within[-1]) + 1])
    unit, weeks = unit_asked(follows), weeks_shown(within)
    counts = sorted(unit.counts.items()) if unit else [(issue.week_on, issue.counts) for issue in issues]
    figures = weeks_of(counts, weeks)
    return render_template(
        "trend/trend.html",
        **frame,
        issues=within,
        years=years,
        year=year,
        unit=unit,
        charts=charts_of(weeks, figures),
        figures=dict(zip(weeks, figures, strict=True)),
        listed=within[-WEEKS_LISTED:],
        units=[] if unit else unit_lines(follows, within, region, shown),
    )


def year_asked(years: Sequence[int]) -> int:
    """The year in the address, the newest without one; 404 for one without an issue."""
    asked = request.args.get("year")
    return years[0] if not asked else next((year for year in years if str(year) == asked), None) or abort(404)


def unit_asked(follows: Sequence[Follow]) -> Follow | None:
    """The unit in the address, by its key; 404 for one that no issue knows."""
    asked = request.args.get("unit")
    return next((each for each in follows if each.key == asked), None) or abort(404) if asked else None
