"""A figure of a county as the pages load it: seen or not found, with who may say and check it, and its words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, request

from tracker.models import NATIONAL, CountyValue, Framework, Region
from tracker.queries.county_values import serving_units
from tracker.queries.coverage import region_at
from tracker.queries.standards import origins, standard_of
from tracker.queries.visibility import COUNTY_DIGITS
from tracker.rules.county_values import Asked, AskedItem, FigureKind, allowed_units, asked_figure, months_between
from tracker.rules.permissions import Can, Scope, is_within, may
from tracker.rules.standards import FigureSpec, Item
from tracker.translations import gettext as _
from tracker.translations import in_language, ngettext
from tracker.views.access import person, refuse
from tracker.views.counties import county_argument
from tracker.views.framework_choice import asked_framework
from tracker.views.words import number

MOST_READ = 3  # frameworks in which a figure is looked for where the address names none


@dataclass(frozen=True)
class CountyFigure:
    """A figure of a county with the items that ask for it, and the units with a part in what serves those."""

    region: Region
    asked: Asked
    items: list[Item]
    scope: Scope
    framework: str | None = None  # the one that the address or the form names

    @property
    def address(self) -> dict[str, Any]:
        """The county and the framework as parts of an address."""
        return {"region": county_argument(self.region.code), "framework": self.framework}

    @property
    def may_say(self) -> bool:
        """Whether the person who asks may say a value."""
        return may(person(), Can.ENTER_FIGURES, self.scope)

    @property
    def may_check(self) -> bool:
        """Whether the person who asks may check values and take back their own."""
        return may(person(), Can.CHECK_FIGURES, self.scope)

    @property
    def may_read_files(self) -> bool:
        """Whether the person who asks may read the files: like the evidence of tasks, by those with a part in them."""
        return may(person(), Can.READ_TASK, self.scope)


def load_figure(code: str, county: str) -> CountyFigure:
    """A figure of a county, by its own framework or the national one. 404 where the person may not see the county."""
    region = region_at(county) if len(county) == COUNTY_DIGITS and county.isascii() else None
    if region is None or not is_within(county, person().region):
        abort(404)
    framework, asked, items = _asked(code, county)
    units = allowed_units(serving_units(county, framework), items)
    return CountyFigure(region, asked, items, Scope(county, units), request.values.get("framework") or None)


def _asked(code: str, county: str) -> tuple[Framework, Asked, list[Item]]:
    """A figure with the items that ask for it: of the framework in the address or form, else of the first that asks.

    The county's answers to a list of its own bear the code of that list before a slash; most others are national.
    """
    framework, usable = asked_framework(county)
    if request.values.get("framework"):
        candidates = [framework]
    elif "/" in code:
        known = origins()
        candidates = [each for each in usable if known[each.id] == code.partition("/")[0]][:MOST_READ]
    else:
        candidates = sorted({framework, *(each for each in usable if each.code == NATIONAL)}, key=_national_first)
    for each in candidates:
        if found := asked_figure(standard_of(each), code):
            return each, *found
    abort(404)


def _national_first(framework: Framework) -> bool:
    return framework.code != NATIONAL


def load_figure_of(value: CountyValue | None, can: Can) -> CountyFigure:
    """The figure of a value. 404 where the person may not see it, 403 where they may see it but not do this."""
    if value is None:
        abort(404)
    figure = load_figure(value.figure, value.region_code)
    if not may(person(), can, figure.scope):
        refuse(can, str(value.id), value.region_code, kind="county_value")
    return figure


def figure_name(spec: FigureSpec) -> str:
    """The name of a county's figure in the reader's language."""
    return in_language(spec, "name")


def name_within(asked: Asked, group: AskedItem) -> str:
    """The name of a figure below the title of its item, which a part's name begins with."""
    return figure_name(asked.spec).removeprefix(f"{group.item.title}：" if group.item else "")


def said_text(asked: Asked, value: CountyValue) -> str:
    """A value in words: 是, 620 人, 8.5／10 分."""
    if value.number is None:
        return _("是") if value.yes else _("否")
    if asked.kind is FigureKind.POINTS and asked.most is not None:
        return _("%(points)s／%(most)s 分", points=number(value.number), most=number(asked.most.normalize() + 0))
    return f"{number(value.number)} {asked.spec.unit}".strip()


def age_text(on: date, today: date) -> str:
    """How long ago a day was: 14 个月前."""
    months = months_between(on, today)
    return ngettext("%(num)d 个月前", "%(num)d 个月前", months)
