"""The page of the ledger: what is asked of it in words, its presets and views, a page of rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from tracker import clock
from tracker.forms.ledger import LONGEST_NAME
from tracker.models import SavedView
from tracker.queries.choices import Choices, choices_for
from tracker.queries.columns import Column, details_of
from tracker.queries.comparison import Mark
from tracker.queries.ledger import Due, Filters, Page, ledger_page
from tracker.queries.saved_views import views_of
from tracker.queries.search import excerpts
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light
from tracker.rules.permissions import Can, may
from tracker.rules.search import Piece
from tracker.views.access import person
from tracker.views.query import (
    Look,
    as_text,
    filters_from,
    from_text,
    hidden_filters,
    look_from,
    page_number,
    query_of,
    query_of_look,
    with_filter,
)
from tracker.views.words import word

MOST_CHOSEN = 500


@dataclass(frozen=True)
class Link:
    """A list that people come back to, and whether it is the one on the page; a saved one can be dropped."""

    name: str
    address: str
    current: bool
    saved_id: int | None = None


@dataclass(frozen=True)
class Said:
    """A filter that is set, in words, and the address without it."""

    label: str
    text: str
    without: str


def ledger_view() -> ResponseReturnValue:
    """The ledger as its address asks for it."""
    filters, look = filters_from(request.args), look_from(request.args)
    choices, today = choices_for(person()), clock.today()
    page = ledger_page(person(), filters, today, page_number(request.args), look.compare)
    ids = [row.id for row in page.rows]
    return render_template(
        "tasks/ledger.html",
        page=page,
        filters=filters,
        look=look,
        choices=choices,
        address=lambda **changes: with_filter(filters, look, **changes),
        address_of_page=lambda number: with_filter(filters, look, page=number),
        address_of_look=lambda **changes: with_filter(filters, replace(look, **changes)),
        asked=query_of(filters) | query_of_look(look),
        asked_text=as_text(filters, look),
        presets=presets(filters, look),
        views=saved(filters, look),
        said=filters_in_words(filters, choices, look),
        hidden=hidden_filters(filters, shown_filters(filters, choices), look),
        kept=hidden_filters(filters, (), replace(look, columns=())),
        details=details_of(ids, look.columns),
        excerpts=found_in_reports(page, filters),
        may_act=may(person(), Can.REDATE),
        most_chosen=MOST_CHOSEN,
        longest_name=LONGEST_NAME,
        Column=Column,
        Due=Due,
        Mark=Mark,
    )


def found_in_reports(page: Page, filters: Filters) -> dict[int, list[Piece]]:
    """One line of the report in which a search has found a word, by task."""
    if not filters.q:
        return {}
    return excerpts([row.id for row in page.rows], [row.title for row in page.rows], filters.q)


def shown_filters(filters: Filters, choices: Choices) -> set[str]:
    """The filters that the form of the ledger shows; a list of several lights or states it shows as words."""
    sometimes = {
        "plan": len(choices.plans) > 1,
        "school": bool(choices.schools),
        "light": len(filters.light) < 2,
        "state": len(filters.state) < 2,
    }
    return {"q", "unit", "due", "indicator"} | {name for name, is_shown in sometimes.items() if is_shown}


def presets(filters: Filters, look: Look) -> list[Link]:
    """The lists that people ask for every day."""
    alone = replace(look, compare=False)
    names: list[tuple[str, Filters, Look]] = [
        (_("全部"), Filters(), alone),
        (_("逾期"), Filters(light=(Light.OVERDUE,)), alone),
        (_("7日内到期"), Filters(due=Due.WEEK), alone),
        (_("两周未更新"), Filters(stale=True), alone),
        (_("待核验"), Filters(state=(State.SUBMITTED,)), alone),
        (_("待重定时限"), Filters(light=(Light.REDATE,)), alone),
        (_("等配合"), Filters(waiting=True), alone),
        (_("没有对应指标"), Filters(indicator="none"), alone),
        (_("较上周有变化"), Filters(moved=True), replace(look, compare=True)),
    ]
    return [Link(name, with_filter(each, its), filters == each) for name, each, its in names]


def saved(filters: Filters, look: Look) -> list[Link]:
    """The views that this person has saved; one that no longer reads is the whole ledger."""
    return [_link(view, filters, look) for view in views_of(person())]


def _link(view: SavedView, filters: Filters, look: Look) -> Link:
    try:
        asked = from_text(view.query)
    except BadRequest:
        asked = (Filters(), Look())
    return Link(view.name, with_filter(*asked), asked == (filters, look), view.id)


def filters_in_words(filters: Filters, choices: Choices, look: Look) -> list[Said]:
    """Every filter that is set, as people read it."""
    shown: dict[str, tuple[str, Callable[[Any], str]]] = {
        "q": (_("文字"), str),
        "plan": (_("计划"), _named(choices.plans)),
        "region": (_("地区"), str),
        "unit": (_("单位"), _named(choices.units)),
        "lead": (_("牵头／责任"), _named(choices.units)),
        "light": (_("灯"), _words),
        "state": (_("状态"), _words),
        "kind": (_("类别"), word),
        "category": (_("项目类别"), word),
        "due": (_("时限"), word),
        "indicator": (_("指标"), lambda code: _("没有对应指标") if code == "none" else str(code)),
        "item": (_("计划指标"), str),
        "school": (_("学校"), _named(choices.schools)),
        "late_for": (_("逾期"), lambda days: _("至少 %(days)d 天", days=days)),
        "changed": (_("较上周变为"), word),
        "waits_for": (_("等待的单位"), _named(choices.units)),
    }
    flags = {
        "active": _("执行中的计划"),
        "stale": _("两周未更新"),
        "due_by_now": _("时限已到"),
        "in_time": _("按时提交"),
        "moved": _("较上周有变化"),
        "waiting": _("等配合"),
    }
    found = []
    for name in query_of(filters):
        value, plain = getattr(filters, name), getattr(Filters(), name)
        label, text = ("", flags[name]) if name in flags else (shown[name][0], shown[name][1](value))
        found.append(Said(label, text, with_filter(filters, look, **{name: plain})))
    return found


def _words(values: Sequence[Any]) -> str:
    return _("、").join(word(value) for value in values)


def _named(pairs: Sequence[tuple[Any, str]]) -> Callable[[Any], str]:
    names = dict(pairs)
    return lambda value: names.get(value, str(value))
