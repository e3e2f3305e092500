"""序时进度: every project against the time that is gone, and the investment of the year."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.models import ProjectCategory
from tracker.queries.project_facts import project_facts
from tracker.queries.projects import project_conditions
from tracker.rules.permissions import Can, Role
from tracker.rules.schedules import TOLERANCE, Standing, schedules_of, year_money
from tracker.views.access import needs, person
from tracker.views.project_filters import asked_filters, kept
from tracker.views.reach import asked_reach

place = Blueprint("schedules", __name__)


@place.get("/projects/schedule")
@needs(Can.SEE_PROJECTS)
def schedule() -> ResponseReturnValue:
    """The projects behind their time first, each with its reasons; what cannot be judged says why."""
    reach, today = asked_reach(), clock.today()
    filters = asked_filters(reach)
    projects = project_facts(project_conditions(person(), filters, today), today)
    return render_template(
        "schedules/schedule.html",
        reach=reach,
        filters=filters,
        schedules=schedules_of(projects, today),
        total=len(projects),
        year=year_money(projects, today),
        categories=list(ProjectCategory),
        points=int(TOLERANCE * 100),
        Standing=Standing,
        address=lambda **changes: url_for("schedules.schedule", **kept(filters, **changes)),
        own_only=person().role is Role.UNIT_STAFF,
    )
