"""期: the week as it was frozen, and the lines behind its numbers."""

from __future__ import annotations

from dataclasses import fields
from functools import partial
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.clock import office_day
from tracker.models import Issue, TaskKind
from tracker.queries.issue_lines import LineFilters, chosen, lines_of
from tracker.queries.issues import board_of, frozen_overview, issue_after, issue_before
from tracker.queries.late_entries import late_entries, told_late
from tracker.queries.paging import PAGE_SIZE, Page
from tracker.rules.frozen_indicators import Standing
from tracker.rules.issues import made_up_on
from tracker.rules.lights import COUNTED
from tracker.rules.permissions import Can
from tracker.rules.schedules import NodesAsked
from tracker.views.access import needs
from tracker.views.issue_page import address_of, is_for_signing, load_issue, named, part_asked, region_shown
from tracker.views.issue_sheet import issue_workbook
from tracker.views.overview_page import frame_of
from tracker.views.query import asked_for, filters_from, one_of, page_number
from tracker.views.readers import readings_shown

place = Blueprint("issues", __name__)

LATE_SHOWN = 5


@place.get("/overview/issues/<int(max=999999):number>")
@needs(Can.SEE_OVERVIEW)
def issue(number: int) -> ResponseReturnValue:
    """An issue as it was frozen; ``plan`` and ``place`` narrow it, and its numbers lead to its own lines."""
    found = load_issue(number)
    part, following = part_asked(found), issue_after(found.region_code, number)
    page = frozen_overview(found, part)
    fixed: dict[str, Any] = {"number": number, "region": region_shown(found), "plan": part.plan, "place": part.region}
    return render_template(
        "overview/overview.html",
        **frame_of(page, found.region_code),
        issue=found,
        part=part,
        after=following,
        address_of=address_of,
        late=late_entries(found, following.cut_off_at if following else None, part, size=LATE_SHOWN),
        made_up=made_up_on(found.week_on, clock.office_day(found.cut_off_at)),
        signing=is_for_signing(found),
        readings=readings_shown(found),
        link=(link := partial(url_for, "issues.lines", **fixed)),
        nodes_link=partial(link, kind=TaskKind.PROJECT),
        seen_name=found.places.get(part.region or found.region_code),
        judged=found,
        judged_in=region_shown(found),
    )


@place.get("/overview/issues/<int(max=999999):number>/late")
@needs(Can.SEE_OVERVIEW)
def late(number: int) -> ResponseReturnValue:
    """What was entered after the cut-off of an issue and belongs to its week."""
    found = load_issue(number)
    part, following = part_asked(found), issue_after(found.region_code, number)
    until = following.cut_off_at if following else None
    kept = asked_for(request.args, ("region", "plan", "place"))
    return render_template(
        "overview/late.html",
        issue=found,
        seen=named(found),
        region=region_shown(found),
        page=late_entries(found, until, part, page_number(request.args), PAGE_SIZE),
        address_of_page=lambda page: url_for("issues.late", **kept, number=number, page=page),
    )


@place.get("/overview/issues/<int(max=999999):number>/tasks")
@needs(Can.SEE_OVERVIEW)
def lines(number: int) -> ResponseReturnValue:
    """The frozen lines behind a number of an issue."""
    found = load_issue(number)
    filters = line_filters(found)
    rows = chosen(lines_of(found, filters.part), filters, office_day(found.cut_off_at))
    last_page = max(1, -(-len(rows) // PAGE_SIZE))
    asked = min(page_number(request.args), last_page)
    kept = asked_for(request.args, ("region", *(field.name for field in fields(LineFilters))))
    return render_template(
        "overview/lines.html",
        issue=found,
        seen=named(found),
        region=region_shown(found),
        told_late=told_late(rows, issue_before(found.region_code, number)),
        page=Page(rows[(asked - 1) * PAGE_SIZE : asked * PAGE_SIZE], len(rows), asked),
        address_of_page=lambda page: url_for("issues.lines", **kept, number=number, page=page),
        sheet=url_for("issues.sheet", **kept, number=number),
    )


@place.get("/overview/issues/<int(max=999999):number>/tasks.xlsx")
@needs(Can.SEE_OVERVIEW)
def sheet(number: int) -> ResponseReturnValue:
    """The same lines, every page of them, as an Excel file."""
    found = load_issue(number)
    filters = line_filters(found)
    return issue_workbook(
        found,
        chosen(lines_of(found, filters.part), filters, office_day(found.cut_off_at)),
        named(found)["name"],
    )


@place.get("/overview/issues/<int(max=999999):number>/indicators")
@needs(Can.SEE_OVERVIEW)
def indicators(number: int) -> ResponseReturnValue:
    """The indicators behind a number of an issue, as they stood at its cut-off."""
    found = load_issue(number)
    part, asked = part_asked(found), one_of(request.args, "standing", Standing)
    group = request.args.get("group") or None
    board = board_of(found, lines_of(found, part), part)
    rows = [
        each for each in board.items if (asked is None or each.stands(asked)) and (group is None or each.group == group)
    ]
    return render_template(
        "overview/indicators.html",
        issue=found,
        region=region_shown(found),
        part=part,
        board=board,
        rows=rows,
        asked=asked,
        counted=list(COUNTED),
        seen_name=found.places.get(part.region or found.region_code),
    )


def line_filters(issue: Issue) -> LineFilters:
    """The filters of the lines in the address. Raises BadRequest for a value that a filter does not have."""
    asked, part = filters_from(request.args), part_asked(issue)
    words: dict[str, Any] = {
        name: request.args.get(name, "").strip()[:200] or None for name in ("unit_name", "waits_for_name")
    }
    return LineFilters(
        plan=part.plan,
        place=part.region,
        light=asked.light,
        changed=asked.changed,
        late_for=asked.late_for,
        decide=request.args.get("decide") == "1",
        stale=asked.stale,
        due_by_now=asked.due_by_now,
        in_time=asked.in_time,
        waiting=asked.waiting,
        kind=asked.kind,
        category=asked.category,
        indicator=asked.indicator,
        node=one_of(request.args, "node", NodesAsked),
        **words,
    )
