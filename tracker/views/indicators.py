"""指标监测: the national indicators and the plans' own lists, each with the tasks that serve it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.models import Framework, Indicator, Plan, ReportedValue, Stage
from tracker.queries.indicators import (
    ItemBoard,
    Service,
    board_of,
    item_board_of,
    services_of,
    values_of,
)
from tracker.queries.ledger import Filters, counted_page, ledger_page
from tracker.queries.reach import Reach, plan_within
from tracker.queries.rows import TaskRow
from tracker.queries.standards import national_framework
from tracker.rules.lights import COUNTED, Light
from tracker.rules.measures import SEVERITY, worst
from tracker.rules.permissions import Can, Role
from tracker.rules.standards import Weighting
from tracker.translations import in_language, offer_filters
from tracker.views.access import needs, person
from tracker.views.county_answers import CountyAnswer, counties_within, county_answer, county_of
from tracker.views.indicator_forecast import prospect_of
from tracker.views.indicator_list import Row, items_by_national
from tracker.views.indicator_page import (
    CountyAnswerLine,
    IndicatorAnswer,
    brought_words,
    county_words,
    indicator_answer,
)
from tracker.views.query import page_number, with_filter
from tracker.views.reach import asked_reach
from tracker.views.words import number, word

MOST_TASKS = 10
ENDED = frozenset({Light.CLOSED, Light.SUSPENDED})

place = Blueprint("indicators", __name__)
MOST_LISTED = 20


@place.get("/indicators")
@needs(Can.SEE_INDICATORS)
def indicators() -> ResponseReturnValue:
    """A county's answer to every indicator with the tasks that serve it; above a county, its counties side by side."""
    reach = asked_reach()
    county = asked_county(reach)
    national = national_framework() if county is None else None
    counties = counties_within(reach, national) if national else []
    known = county.indicators if county else national.indicators if national else []
    board = board_of(person(), reach, clock.today(), known, is_county=county is not None)
    rows = county.rows(board.rows) if county else []
    return render_template(
        "indicators/indicators.html",
        reach=reach,
        board=board,
        county=county,
        counties=counties,
        rows=rows,
        groups=groups_of(rows),
        ledger_for=lambda code: ledger_of(reach.plan, reach.region, indicator=code),
        address=lambda **changes: url_for("indicators.indicators", **narrowed(reach, **changes)),
        address_of=lambda code: url_for("indicators.indicator", code=code, **narrowed(reach, **asked_standard())),
        **frame(),
    )


def groups_of(rows: list[Row]) -> list[list[Row]]:
    """The rows that are not judged by stage, group by group."""
    plain = [row for row in rows if not row.stages]
    return [list(group) for _group, group in groupby(plain, key=lambda row: row.indicator.group)]


def asked_standard() -> dict[str, Any]:
    """The framework in the address, to be kept in the links of a page."""
    asked = request.args.get("framework")
    return {"framework": asked} if asked else {}


@place.get("/indicators/<code>")
@needs(Can.SEE_INDICATORS)
def indicator(code: str) -> ResponseReturnValue:
    """A national indicator: a county's answer with its charts, what is asked, and the tasks that serve it."""
    reach = asked_reach()
    county = asked_county(reach, vetoed=False)
    if county is None:
        return across_counties(code, reach)
    found = load_indicator(code, county.indicators)
    filters = within(reach.plan, reach.region, indicator=code)
    page = ledger_page(person(), filters, clock.today(), page_number(request.args))
    services = services_of(found, [task.id for task in page.rows], figures_of(code, county))
    return render_template(
        "indicators/indicator.html",
        county=county,
        answer=answer_of(code, county),
        weighted=weighted(county),
        prospect=prospect_of(code, county),
        page=page,
        tasks=most_telling(page.rows, services),
        services=services,
        reported_values=values_of(found, reach),
        **about(found, reach),
    )


def most_telling(tasks: Sequence[TaskRow], services: Mapping[int, Service]) -> tuple[list[TaskRow], list[TaskRow]]:
    """The tasks that matter most, and the others: open ones first, of these the late, of these what brings amounts."""
    today = clock.today()

    def rank(task: TaskRow) -> tuple[bool, bool, bool]:
        light, service = task.light(today), services.get(task.id)
        return light in ENDED, light is not Light.OVERDUE, not (service and service.brings)

    ordered = sorted(tasks, key=rank)
    return ordered[:MOST_TASKS], ordered[MOST_TASKS:]


def across_counties(code: str, reach: Reach) -> str:
    """An indicator above a county: the counties one by one, and its tasks by light."""
    national = national_framework()
    counties = county_lines(code, reach, national)
    return render_template(
        "indicators/indicator.html",
        counties=counties,
        page=counted_page(person(), within(reach.plan, reach.region, indicator=code), clock.today()),
        **about(load_indicator(code, national.indicators), reach),
    )


def about(indicator: Indicator, reach: Reach) -> dict[str, Any]:
    """What the page of an indicator shows of a county and above."""
    address = partial(url_for, "indicators.indicator", code=indicator.code)
    return {
        "indicator": indicator,
        "reach": reach,
        "ledger": ledger_of(reach.plan, reach.region, indicator=indicator.code),
        "address": lambda **changes: address(**(narrowed(reach) | asked_standard() | changes)),
        "address_of_page": lambda number: address(**narrowed(reach, page=number), **asked_standard()),
        **frame(),
    }


def weighted(county: CountyAnswer) -> dict[str, Any]:
    """How a standard weighs schools in the coefficient, and what it tolerates, for the words under a chart."""
    standard = county.verdict.standard
    return {"by_students": standard.weighting is Weighting.STUDENTS, "floor": f"{number(standard.unit.floor * 100)}%"}


def county_lines(code: str, reach: Reach, national: Framework) -> list[CountyAnswerLine]:
    """The counties of a region on one indicator of the national standard, the worst first."""
    lines = []
    for each in counties_within(reach, national):
        found = items_by_national(each.verdict).get(code, ())
        conditions = [condition for item in found for condition in item.conditions]
        finding = worst(item.finding for item in found)
        lines.append(CountyAnswerLine(each.region, each.name, finding, county_words(conditions)))
    return sorted(lines, key=lambda line: (-SEVERITY[line.finding], line.region))


def asked_county(reach: Reach, *, vetoed: bool = True) -> CountyAnswer | None:
    """The answer of the county that an address asks for; None above a county. No single indicator asks for vetoes."""
    region = county_of(reach)
    return county_answer(region, vetoed=vetoed) if region else None


def load_indicator(code: str, indicators: list[Indicator]) -> Indicator:
    """A national indicator; 404 for a code that none has."""
    return next((each for each in indicators if each.code == code), None) or abort(404)


def figures_of(code: str, county: CountyAnswer) -> set[str]:
    """The figures that raise an indicator."""
    found = items_by_national(county.verdict).get(code, ())
    return {figure for item in found for each in item.conditions for figure in each.condition.plus}


def answer_of(code: str, county: CountyAnswer) -> IndicatorAnswer:
    """What a county answers to one indicator."""
    return indicator_answer(items_by_national(county.verdict).get(code, ()), county.verdict, county.record)


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
    state.app.jinja_env.globals["brought_words"] = brought_words
    offer_filters(state.app, in_language=in_language, reported=reported_words, framework_name=framework_name)


def framework_name(framework: Framework) -> str:
    """The name of a framework in the reader's language."""
    return in_language(framework, "name")


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
