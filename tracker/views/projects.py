"""工程项目: what is built, for how much, and with how many seats."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.models import ProjectCategory, TaskKind
from tracker.queries.checkup import doubts_in
from tracker.queries.ledger import Filters
from tracker.queries.projects import ProjectFilters, node_counts, project_page, sums_of
from tracker.rules.checkup import kinds_of
from tracker.rules.lights import COUNTED, Light
from tracker.rules.permissions import Can, Role
from tracker.views.access import needs, person
from tracker.views.project_filters import asked_filters, kept
from tracker.views.project_page import load_project
from tracker.views.project_page import project_page as one_project
from tracker.views.query import page_number, with_filter
from tracker.views.reach import asked_reach

place = Blueprint("projects", __name__)


@place.get("/projects")
@needs(Can.SEE_PROJECTS)
def projects() -> ResponseReturnValue:
    """All projects, worst first, with their sums and what their figures say against themselves."""
    reach, today = asked_reach(), clock.today()
    filters = asked_filters(reach)
    page = project_page(person(), filters, today, page_number(request.args))
    return render_template(
        "projects/projects.html",
        reach=reach,
        filters=filters,
        page=page,
        sums=sums_of(person(), filters, today),
        nodes=node_counts(person(), filters, today),
        doubts=kinds_of(doubts_in([each.project for each in page.lines.running])),
        address=lambda **changes: url_for("projects.projects", **kept(filters, **changes)),
        address_of_page=lambda number: url_for("projects.projects", **kept(filters, page=number)),
        count_address=lambda category: count_address(filters, category, Light.SUSPENDED in page.lights),
        categories=list(ProjectCategory),
        own_only=person().role is Role.UNIT_STAFF,
    )


@place.get("/projects/<key>")
@needs(Can.SEE_PROJECTS)
def project(key: str) -> ResponseReturnValue:
    """One project: its nodes, its money, what it builds and for whom."""
    return one_project(load_project(key, Can.READ_TASK))


def count_address(filters: ProjectFilters, category: ProjectCategory | None, has_suspended: bool) -> str:
    """The ledger of a sum's projects; this page itself where the ledger lacks a filter."""
    chosen = category or filters.category
    if filters.town or filters.node:
        return url_for("projects.projects", **kept(filters, category=chosen))
    # No sum holds a suspended project.
    light = (filters.light,) if filters.light else COUNTED if has_suspended else ()
    wider = Filters(plan=filters.plan, region=filters.region, kind=TaskKind.PROJECT, category=chosen, light=light)
    return with_filter(wider)
