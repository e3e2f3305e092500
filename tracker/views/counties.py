"""Pages about one county: the county in the address, or the list of those to choose from."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.queries.reach import Reach
from tracker.queries.visibility import COUNTY_DIGITS
from tracker.views.access import person


def is_county(reach: Reach) -> bool:
    """Whether a reach is one county."""
    return len(reach.region) == COUNTY_DIGITS


def choose_county(
    reach: Reach, title: str, endpoint: str, nav: str = "indicators/_nav.html", **fixed: object
) -> ResponseReturnValue:
    """The page that says that a place needs one county, and lists the regions below with links to it.

    ``nav`` is the template with the pages beside that place.
    """
    addresses = [(each.name, url_for(endpoint, region=each.code, **fixed)) for each in reach.regions]  # type: ignore[arg-type]
    return render_template("regions/choose_county.html", title=title, addresses=addresses, nav=nav)


def county_argument(region: str) -> str | None:
    """The region as a part of an address; one's own needs no mention."""
    return region if region != person().region else None
