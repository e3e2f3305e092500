"""领导周览: the week of this moment on one page, and the button that freezes it."""

from __future__ import annotations

from collections.abc import Callable
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
from tracker.models import Plan, PlanState, db
from tracker.queries.coverage import Coverage, has_active_plan, plans_covered
from tracker.queries.overview import live_overview
from tracker.queries.standings import Standing
from tracker.queries.unreached import count_of_unreached
from tracker.queries.visibility import COUNTY_DIGITS
from tracker.rules.overview import is_issue_missing
from tracker.rules.permissions import Can, may
from tracker.views.access import actor, needs, person
from tracker.views.job_words import words_of_health
from tracker.views.overview_page import frame_of, must_exist, place_asked
from tracker.views.query import filters_from

place = Blueprint("overview", __name__)


@place.get("/overview")
@needs(Can.SEE_OVERVIEW)
def overview() -> ResponseReturnValue:
    """The week of the reader's region, or of one below it; ``plan`` shows one plan alone.

    Older addresses name a frozen week by ``issue``.
    """
    if "issue" in request.args:
        return redirect(url_for("issues.issue", number=number_asked(), region=filters_from(request.args).region))
    region = place_asked()
    # Asked first: they bring their region along, which then need not be looked up.
    plans = plans_covered(region)
    must_exist(region)
    active = [plan for plan in plans if plan.state is PlanState.ACTIVE]
    plan = plan_asked(active)
    known, unreached = health_and(count_of_unreached(region), clock.now())
    page = live_overview(person(), Coverage(region, plan.code if plan else None), clock.now())
    shown = region if region != person().region else None
    day = clock.office_day(page.last.cut_off_at) if page.last else None
    return render_template(
        "overview/overview.html",
        **frame_of(page, region),
        plans=active,
        plan=plan,
        link=ledger_link(ledger_filters(region, plan, len(plans) > len(active))),
        nodes_link=partial(url_for, "projects.projects", region=shown, plan=plan.code if plan else None),
        judged=page.last,
        judged_in=shown,
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


def silent_counties(regions: list[Standing]) -> list[str]:
    """The names of the counties that have frozen no week for over eight days."""
    today = clock.today()
    return [
        each.name
        for each in regions
        if len(each.region or "") >= COUNTY_DIGITS
        and (each.issue is None or is_issue_missing(clock.office_day(each.issue.cut_off_at), today))
    ]


@place.post("/overview/freeze")
@needs(Can.FREEZE_WEEK)
def freeze() -> ResponseReturnValue:
    """Freeze the week of the office's own region; a week that stands already stays as it is."""
    if not FreezeForm().is_sent() or not person().region:
        raise BadRequest
    issue = freeze_week(person().region, clock.now(), actor())
    db.session.commit()
    if issue is None:
        stands = has_active_plan(person().region)
        flash(_("本周已经出刊，内容不变。") if stands else _("没有执行中的计划，没有可以冻结的数据。"))
        return redirect(url_for("overview.overview"))
    flash(_("第 %(number)d 期的数据已冻结。请核对文字，然后签发。", number=issue.number))
    return redirect(url_for("issues.issue", number=issue.number))


def number_asked() -> int:
    """The number of an issue in the address. Raises BadRequest for what is none."""
    asked = request.args["issue"]
    if not (asked.isascii() and asked.isdigit() and len(asked) < 7):
        raise BadRequest
    return int(asked)


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
