"""缺口: where indicators and tasks do not meet, in four lists, each with its count and a light."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.queries.gaps import gaps_in
from tracker.queries.visibility import COUNTY_DIGITS
from tracker.rules.gaps import Gap
from tracker.rules.permissions import Can
from tracker.views.access import needs, person
from tracker.views.reach import asked_reach

place = Blueprint("gaps", __name__)
MOST_LISTED = 30


@place.get("/gaps")
@needs(Can.SEE_INDICATORS)
def gaps() -> ResponseReturnValue:
    """The gaps of one county; above a county the places below it."""
    reach = asked_reach()
    region = reach.plan.region_code if reach.plan else reach.region
    board = None
    if len(region) >= COUNTY_DIGITS:
        board = gaps_in(person(), region, clock.today())
    return render_template(
        "gaps/gaps.html",
        reach=reach,
        board=board,
        Gap=Gap,
        most_listed=MOST_LISTED,
        address=lambda **changes: url_for("gaps.gaps", **{"region": reach.region or None, **changes}),
    )
