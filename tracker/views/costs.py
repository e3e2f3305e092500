"""投资对比: what a seat and a square metre cost in each project, as dots beside one another."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.queries.costs import costs_shown
from tracker.rules.permissions import Can, Role
from tracker.views.access import needs, person
from tracker.views.cost_words import chart_of
from tracker.views.project_filters import asked_filters, kept
from tracker.views.reach import asked_reach

place = Blueprint("costs", __name__)


@place.get("/projects/costs")
@needs(Can.SEE_PROJECTS)
def costs() -> ResponseReturnValue:
    """The projects that state their money and their seats or floor area, dearest first, outliers named."""
    reach = asked_reach()
    filters = asked_filters(reach)
    shown, found = costs_shown(person(), filters, reach.region, clock.today())
    return render_template(
        "costs/costs.html",
        reach=reach,
        filters=filters,
        charts=[chart for measure, costs in found.items() if (chart := chart_of(measure, costs, shown)).groups],
        address=lambda **changes: url_for("costs.costs", **kept(filters, **changes)),
        own_only=person().role is Role.UNIT_STAFF,
    )
