"""领导周览: the week on one page, live or as it was frozen, and the lines behind the numbers of an issue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from tracker import clock
from tracker.actions.issues import freeze_week
from tracker.forms.overview import FreezeForm
from tracker.jobs.standing import health_and
from tracker.models import Issue, Plan, PlanState, db
from tracker.queries.coverage import Coverage, plans_covered, region_at
from tracker.queries.issues import (
    LineFilters,
    chosen,
    frozen_overview,
    issue_after,
    issue_before,
    issue_numbered,
    lights_of,
    lines_of,
)
from tracker.queries.overview import Overview, live_overview
from tracker.queries.paging import PAGE_SIZE, Page
from tracker.queries.standings import Standing
from tracker.queries.unreached import count_of_unreached
from tracker.queries.visibility import COUNTY_DIGITS
from tracker.rules.lights import COUNTED
from tracker.rules.money import MoneyKind
from tracker.rules.overview import (
    RANKED_FROM,
    WORDS_SHOWN,
    Number,
    clauses,
    is_issue_missing,
    light_changes,
)
from tracker.rules.permissions import Can, is_within, may
from tracker.rules.schedules import NodesAsked
from tracker.views.access import actor, needs, person
from tracker.views.job_words import words_of_health
from tracker.views.query import asked_for, filters_from, page_number

place = Blueprint("overview", __name__)
LISTS: dict[Number, dict[str, Any]] = {
    Number.TOTAL: {"light": list(COUNTED)},
    Number.CLOSED: {"light": "closed"},
    Number.OVERDUE: {"light": "overdue"},
    Number.NEWLY_CLOSED: {"changed": "closed"},
    Number.NEWLY_OVERDUE: {"changed": "overdue"},
    Number.STALE: {"stale": 1},
}


@place.get("/overview")
@needs(Can.SEE_OVERVIEW)
def overview() -> ResponseReturnValue:
    """The week of the reader's region, or of one below it; ``issue`` shows a frozen one, ``plan`` one plan alone."""
    if "issue" in request.args:
        return frozen_page(load_issue(region_asked(), number_asked()))
    region = place_asked()
    # Asked first: they bring their region along, which then need not be looked up.
    plans = plans_covered(region)
    must_exist(region)
    active = [plan for plan in plans if plan.state is PlanState.ACTIVE]
    plan = plan_asked(active)
    known, unreached = health_and(count_of_unreached(region), clock.now())
    page = live_overview(person(), Coverage(region, plan.code if plan else None), clock.now())
    day = clock.office_day(page.last.cut_off_at) if page.last else None
    return render_template(
        "overview/overview.html",
        **frame_of(page, region),
        plans=active,
        plan=plan,
        link=ledger_link(ledger_filters(region, plan, len(plans) > len(active))),
        missing=None if page.regions else day is None or is_issue_missing(day, clock.today()),
        silent=silent_counties(page.regions),
        stale=words_of_health(known, may(person(), Can.HOLD_MAIL)),
        unreached=unreached,
        form=FreezeForm(),
    )


def ledger_link(fixed: dict[str, Any]) -> Callable[..., str]:
    """Addresses of the ledger within these filters, put together by hand: the page has a hundred of them."""
    ledger = url_for("tasks.ledger")

    def link(**filters: Any) -> str:
        asked = {name: value for name, value in (fixed | filters).items() if value is not None}
        return f"{ledger}?{urlencode(asked, doseq=True)}" if asked else ledger

    return link


def frozen_page(issue: Issue) -> ResponseReturnValue:
    """An issue as it was frozen; its numbers lead to its own lines."""
    region = issue.region_code
    place_asked = region if region != person().region else None
    page = frozen_overview(issue)
    return render_template(
        "overview/overview.html",
        **frame_of(page, region),
        issue=issue,
        after=issue_after(region, issue.number),
        link=partial(url_for, "overview.lines", number=issue.number, region=place_asked),
    )


def silent_counties(regions: list[Standing]) -> list[str]:
    """The names of the counties that have frozen no week for over eight days."""
    today = clock.today()
    return [
        each.name
        for each in regions
        if len(each.region or "") >= COUNTY_DIGITS
        and (each.issue is None or is_issue_missing(clock.office_day(each.issue.cut_off_at), today))
    ]


def frame_of(page: Overview, region: str) -> dict[str, Any]:
    """What the live and the frozen page share."""
    figures = page.figures
    return {
        "page": page,
        "seen": region_at(region),
        "region": region if region != person().region else None,
        "clauses": clauses(figures.week),
        "lists": LISTS,
        "changes": light_changes(figures.lights, figures.before) if figures.before is not None else None,
        "counted": list(COUNTED),
        "decide_days": page.decide_after,
        "ranked_from": RANKED_FROM,
        "words_shown": WORDS_SHOWN,
        "MoneyKind": MoneyKind,
        "NodesAsked": NodesAsked,
    }


@place.get("/overview/issues/<int(max=999999):number>")
@needs(Can.SEE_OVERVIEW)
def lines(number: int) -> ResponseReturnValue:
    """The frozen lines behind a number of an issue."""
    issue = load_issue(region_asked(), number)
    filters = line_filters()
    before = lights_of(issue_before(issue.region_code, issue.number))
    found = chosen(lines_of(issue), filters, before, issue.cut_off_at)
    last_page = max(1, -(-len(found) // PAGE_SIZE))
    asked = min(page_number(request.args), last_page)
    rows = found[(asked - 1) * PAGE_SIZE : asked * PAGE_SIZE]
    kept = asked_for(request.args, ("region", *(field.name for field in fields(LineFilters))))
    return render_template(
        "overview/lines.html",
        issue=issue,
        seen=region_at(issue.region_code),
        region=issue.region_code if issue.region_code != person().region else None,
        page=Page(rows, len(found), asked),
        before=before,
        address_of_page=lambda page: url_for("overview.lines", **kept, number=number, page=page),
    )


@place.post("/overview/freeze")
@needs(Can.FREEZE_WEEK)
def freeze() -> ResponseReturnValue:
    """Freeze the week of the office's own region; a week that stands already stays as it is."""
    if not FreezeForm().is_sent() or not person().region:
        raise BadRequest
    issue = freeze_week(person().region, clock.now(), actor())
    db.session.commit()
    if issue is None:
        flash(_("本周已经出刊，内容不变。"))
        return redirect(url_for("overview.overview"))
    flash(_("第 %(number)d 期已出刊，今后不再变动。", number=issue.number))
    return redirect(url_for("overview.overview", issue=issue.number))


def region_asked() -> str:
    """The region in the address, the reader's own without one; 404 for one that lies elsewhere or does not exist."""
    return must_exist(place_asked())


def place_asked() -> str:
    """The region in the address, which may not exist, the reader's own without one; 404 for one that lies elsewhere."""
    asked = filters_from(request.args).region
    if asked is None:
        return person().region
    return asked if is_within(asked, person().region) else abort(404)


def must_exist(region: str) -> str:
    """The region; 404 where it is not stored."""
    if region != person().region and region_at(region) is None:
        abort(404)
    return region


def number_asked() -> int:
    """The number of an issue in the address. Raises BadRequest for what is none."""
    asked = request.args["issue"]
    if not (asked.isascii() and asked.isdigit() and len(asked) < 7):
        raise BadRequest
    return int(asked)


def load_issue(region: str, number: int) -> Issue:
    """An issue of a region by its number; 404 where there is none."""
    issue = issue_numbered(region, number)
    if issue is None:
        abort(404)
    return issue


def plan_asked(active: list[Plan]) -> Plan | None:
    """The plan in the address, or the only active one; 404 for one that is not active here."""
    asked = request.args.get("plan")
    if asked:
        return next((plan for plan in active if plan.code == asked), None) or abort(404)
    return active[0] if len(active) == 1 else None


def ledger_filters(region: str, plan: Plan | None, others: bool) -> dict[str, Any]:
    """What narrows the ledger to the tasks of the page: one plan, or a region without its drafts and closed plans."""
    if plan:
        return {"plan": plan.code}
    return {"region": region if region != person().region else None, "active": 1 if others else None}


def line_filters() -> LineFilters:
    """The filters of the lines in the address. Raises BadRequest for a value that a filter does not have."""
    asked = filters_from(request.args)
    return LineFilters(
        light=asked.light,
        unit_name=request.args.get("unit_name", "").strip()[:200] or None,
        changed=asked.changed,
        late_for=asked.late_for,
        stale=asked.stale,
        due_by_now=asked.due_by_now,
        in_time=asked.in_time,
    )
