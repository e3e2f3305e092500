"""工程项目: what is built, for how much, with how many seats, and by which autumn."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from tracker import clock
from tracker.models import ProjectCategory, TaskKind
from tracker.queries.ledger import Filters
from tracker.queries.projects import (
    TO_REDATE,
    UNDATED,
    ProjectFilters,
    autumns_of,
    findings_of,
    project_page,
    sums_of,
)
from tracker.queries.reach import Reach
from tracker.rules.permissions import Can, Role
from tracker.rules.projects import class_excess, school_excess
from tracker.views.access import needs, person
from tracker.views.project_page import load_project
from tracker.views.project_page import project_page as one_project
from tracker.views.query import LONGEST_QUERY, filters_from, page_number, with_filter
from tracker.views.reach import asked_reach

place = Blueprint("projects", __name__)


@place.get("/projects")
@needs(Can.SEE_PROJECTS)
def projects() -> ResponseReturnValue:
    """All projects, worst first, with their sums and what their figures say against themselves."""
    reach, today = asked_reach(), clock.today()
    filters = asked_filters(reach)
    return render_template(
        "projects/projects.html",
        reach=reach,
        filters=filters,
        page=project_page(person(), filters, today, page_number(request.args)),
        sums=sums_of(person(), filters, today),
        autumns=autumns_of(person(), filters, today),
        findings=findings_of(person(), filters, today),
        address=lambda **changes: url_for("projects.projects", **kept(filters, **changes)),
        address_of_page=lambda number: url_for("projects.projects", **kept(filters, page=number)),
        count_address=lambda category: count_address(filters, category),
        class_excess=class_excess,
        school_excess=school_excess,
        categories=list(ProjectCategory),
        own_only=person().role is Role.UNIT_STAFF,
    )


@place.get("/projects/<key>")
@needs(Can.SEE_PROJECTS)
def project(key: str) -> ResponseReturnValue:
    """One project: its nodes, its money, what it builds and for whom."""
    return one_project(load_project(key, Can.READ_TASK))


def asked_filters(reach: Reach) -> ProjectFilters:
    """The filters in the address. Raises BadRequest for a value that a filter does not have."""
    asked = filters_from(request.args)
    town = request.args.get("town", "").strip().replace("\x00", "")[:LONGEST_QUERY]
    return ProjectFilters(
        plan=reach.plan.code if reach.plan else None,
        region=reach.region if reach.region != person().region else None,
        category=asked.category,
        light=asked.light[0] if asked.light else None,
        town=town or None,
        autumn=asked_autumn(),
    )


def asked_autumn() -> int | str | None:
    """The year of an autumn, one of the two words for what has none, or None."""
    asked = request.args.get("autumn", "")
    if asked in {"", TO_REDATE, UNDATED}:
        return asked or None
    if not (asked.isascii() and asked.isdigit() and len(asked) == 4 and 1900 <= int(asked) <= 2999):
        raise BadRequest
    return int(asked)


def kept(filters: ProjectFilters, **changes: Any) -> dict[str, Any]:
    """The filters as parts of an address, with changes."""
    return asdict(filters) | changes


def count_address(filters: ProjectFilters, category: ProjectCategory | None) -> str:
    """The ledger of a sum's projects; this page itself where the ledger lacks a filter."""
    chosen = category or filters.category
    if filters.town or filters.autumn is not None:
        return url_for("projects.projects", **kept(filters, category=chosen))
    light = (filters.light,) if filters.light else ()
    wider = Filters(plan=filters.plan, region=filters.region, kind=TaskKind.PROJECT, category=chosen, light=light)
    return with_filter(wider)
