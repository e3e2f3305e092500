"""指标监测: the national indicators and the plans' own lists, each with the tasks that serve it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.models import Indicator, Plan, ReportedValue, Stage
from tracker.queries.indicators import (
    ItemBoard,
    board_of,
    item_board_of,
    items_that_are,
    national_indicator,
    reasons_of,
    values_of,
)
from tracker.queries.ledger import Filters, ledger_page
from tracker.queries.reach import Reach, plan_within
from tracker.rules.lights import COUNTED
from tracker.rules.permissions import Can, Role
from tracker.translations import ENGLISH, chosen_language, offer_filters
from tracker.views.access import needs, person
from tracker.views.query import page_number, with_filter
from tracker.views.reach import asked_reach
from tracker.views.words import number, word

place = Blueprint("indicators", __name__)
MOST_LISTED = 20


@place.get("/indicators")
@needs(Can.SEE_INDICATORS)
def indicators() -> ResponseReturnValue:
    """The national indicators by group, worst news on top."""
    reach = asked_reach()
    return render_template(
        "indicators/indicators.html",
        reach=reach,
        board=board_of(person(), reach, clock.today()),
        ledger_for=lambda code: ledger_of(reach.plan, reach.region, indicator=code),
        address=lambda **changes: url_for("indicators.indicators", **narrowed(reach, **changes)),
        **frame(),
    )


@place.get("/indicators/<code>")
@needs(Can.SEE_INDICATORS)
def indicator(code: str) -> ResponseReturnValue:
    """A national indicator: what it asks, what plans report of it, and the tasks that serve it."""
    found = national_indicator(code)
    if found is None:
        abort(404)
    reach = asked_reach()
    filters = within(reach.plan, reach.region, indicator=code)
    page = ledger_page(person(), filters, clock.today(), page_number(request.args))
    address = partial(url_for, "indicators.indicator", code=code)
    return render_template(
        "indicators/indicator.html",
        indicator=found,
        reach=reach,
        page=page,
        reasons=reasons_of(found, [task.id for task in page.rows]),
        own_items=items_that_are(found, reach),
        reported_values=values_of(found, reach),
        ledger=ledger_of(reach.plan, reach.region, indicator=code),
        address=lambda **changes: address(**narrowed(reach, **changes)),
        address_of_page=lambda number: address(**narrowed(reach, page=number)),
        **frame(),
    )


@place.get("/plans/<code>/indicators")
@needs(Can.SEE_INDICATORS)
def framework(code: str) -> ResponseReturnValue:
    """A plan's own list of indicators with points, parts and vetoes, and the tasks that serve each item."""
    plan = plan_within(person(), code)
    if plan is None:
        abort(404)
    board = item_board_of(person(), plan, clock.today())
    return render_template(
        "indicators/framework.html",
        plan=plan,
        board=board,
        grades=grades_of(board),
        most_listed=MOST_LISTED,
        ledger=ledger_of(plan, ""),
        ledger_for=lambda item_id: ledger_of(plan, "", item=item_id),
        **frame(),
    )


def grades_of(board: ItemBoard) -> str:
    """How many items are of which grade, with the points of a grade that has them; empty without grades."""
    said = []
    for grade in sorted({row.item.grade for row in board.rows if row.item.grade}):
        items = [row.item for row in board.rows if row.item.grade == grade]
        said.append(_("%(grade)s 类 %(count)d 项", grade=grade, count=len(items)))
        if points := sum(item.points or 0 for item in items):
            said[-1] += " " + _("%(points)s 分", points=number(points))
    return _("，").join(said)


def frame() -> dict[str, Any]:
    """What the three pages share: the order of the lights, and whether only the reader's own tasks are counted."""
    return {"shown": COUNTED, "own_only": person().role is Role.UNIT_STAFF, "today": clock.today()}


def ledger_of(plan: Plan | None, region: str, **fixed: Any) -> Callable[..., str]:
    """The addresses of the ledger within a reach."""
    filters = within(plan, region, **fixed)
    return lambda **changes: with_filter(filters, **changes)


def within(plan: Plan | None, region: str, **fixed: Any) -> Filters:
    """The filters of the ledger for a reach; a plan says its region."""
    return Filters(plan=plan.code if plan else None, region=None if plan else region or None, **fixed)


def narrowed(reach: Reach, **changes: Any) -> dict[str, Any]:
    """The reach as parts of an address, with changes; a region that is the reader's own needs no mention."""
    region = reach.region if reach.region != person().region else None
    return {"plan": reach.plan.code if reach.plan else None, "region": region} | changes


@place.record_once
def offer_words(state: Any) -> None:
    """Offer the words of indicators to every template."""
    offer_filters(state.app, in_language=in_language, reported=reported_words)


def in_language(row: Indicator, attribute: str) -> str:
    """A stored text in the reader's language, in Chinese where there is no English."""
    english = getattr(row, f"{attribute}_en") if chosen_language() == ENGLISH else None
    return english or getattr(row, attribute) or ""


def reported_words(value: ReportedValue) -> str:
    """What a plan reports, in words: 小学校际差异系数 0.5380, 未达标."""
    said = []
    if value.value is not None:
        stage = word(Stage(value.stage)) if value.stage in list(Stage) else value.stage or ""
        measure = _("校际差异系数") if value.measure == "cv" else value.measure or ""
        figure = f"{value.value:.{value.decimals or 0}f}"
        said.append(" ".join(part for part in (stage, measure, figure) if part))
    if value.met is not None:
        said.append(_("达标") if value.met else _("未达标"))
    return _("，").join(said)


@place.app_template_global("overdue_share")
def overdue_share(total: int, overdue: int) -> str:
    """One sentence: how many tasks serve an indicator and how many are late."""
    if not total:
        return _("没有任务服务于这项指标。")
    if not overdue:
        return _("%(total)d 项任务服务于这项指标，没有逾期。", total=total)
    return _("%(total)d 项任务服务于这项指标，其中 %(overdue)d 项逾期。", total=total, overdue=overdue)
