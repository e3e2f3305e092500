"""The words of costs beside costs, and the two charts of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from flask import Flask

from tracker.models import ProjectCategory
from tracker.rules.charts import Axis, Dot, Tick, axis_for, dot
from tracker.rules.costs import CHEAP, DEAR, LEAST_OTHERS, Cost, Measure, Place
from tracker.rules.rounding import shown
from tracker.translations import gettext as _
from tracker.translations import lazy as _l
from tracker.translations import offer_filters
from tracker.views.words import number, word

MEASURES = {Measure.SEAT: _l("每个学位"), Measure.AREA: _l("每平方米校舍")}
UNITS = {Measure.SEAT: _l("元／学位"), Measure.AREA: _l("元／㎡")}
PLACES = {
    Place.HIGH: _l("偏高"),
    Place.LOW: _l("偏低"),
    Place.USUAL: _l("相近"),
    Place.ALONE: _l("同类项目不足，不比较"),
}


@dataclass(frozen=True)
class Row:
    """A project of a chart."""

    cost: Cost
    dot: Dot
    label: str


@dataclass(frozen=True)
class Group:
    """The projects of a category, on the axis of their chart, with the place of their median."""

    category: ProjectCategory
    rows: tuple[Row, ...]
    middle: Decimal | None
    at: float | None


@dataclass(frozen=True)
class Chart:
    """The costs by one measure: the axis, the projects by category, dearest first, and the outliers in sentences."""

    measure: Measure
    ticks: tuple[Tick, ...]
    groups: tuple[Group, ...]
    outliers: tuple[str, ...]


def register(app: Flask) -> None:
    """Offer the words to every template."""
    offer_filters(
        app,
        yuan=yuan,
        times=times,
        cost_place=place_word,
        cost_measure=measure_word,
        cost_unit=unit_word,
        cost_line=line,
    )


def measure_word(measure: Measure) -> str:
    """每个学位 or 每平方米校舍."""
    return str(MEASURES[measure])


def unit_word(measure: Measure) -> str:
    """元／学位 or 元／㎡."""
    return str(UNITS[measure])


def place_word(place: Place) -> str:
    """偏高, 偏低, 相近, or that nothing is compared."""
    return str(PLACES[place])


def yuan(value: Decimal | None) -> str:
    """Whole yuan."""
    return number(shown(value, places=0)) if value is not None else "—"


def times(cost: Cost) -> str:
    """The ratio to the median of the others, never rounded onto the bound that it passes."""
    if cost.ratio is None:
        return "—"
    bound = DEAR if cost.ratio > 1 else CHEAP
    return number(shown(cost.ratio, bound))


def line(cost: Cost) -> str:
    """What a project costs beside the others of its category, with the numbers and how many there are."""
    says = _("%(measure)s %(yuan)s 元", measure=measure_word(cost.measure), yuan=yuan(cost.yuan))
    category = word(ProjectCategory(cost.project.category))
    if cost.place is Place.ALONE:
        few = _(
            "本县其他%(category)s项目只有 %(count)d 个写出这两个数，不作比较。", category=category, count=cost.others
        )
        return _("%(says)s。%(rest)s", says=says, rest=few)
    rest = _(
        "本县其他 %(count)d 个%(category)s项目的中位数是 %(median)s 元，本项目为其 %(times)s 倍，%(place)s。",
        count=cost.others,
        category=category,
        median=yuan(cost.median),
        times=times(cost),
        place=place_word(cost.place),
    )
    return _("%(says)s；%(rest)s", says=says, rest=rest)


def named(cost: Cost) -> str:
    """An outlier in a sentence."""
    return _("%(title)s：%(line)s", title=cost.project.title, line=line(cost))


def chart_of(measure: Measure, costs: Sequence[Cost], shown: Collection[int]) -> Chart:
    """The chart of a measure: the projects shown, on the axis and beside the medians of all."""
    axis = axis_for([each.yuan for each in costs], None)
    rows = [each for each in costs if each.project.id in shown]
    present = [each for each in ProjectCategory if any(cost.project.category == each for cost in rows)]
    groups = tuple(_group(category, rows, costs, axis) for category in present)
    return Chart(measure, axis.ticks() if rows else (), groups, tuple(named(each) for each in rows if each.is_outlier))


def _group(category: ProjectCategory, shown: Sequence[Cost], costs: Sequence[Cost], axis: Axis) -> Group:
    own = [each for each in shown if each.project.category == category]
    rows = tuple(Row(each, dot(axis, each.yuan, None, False), named(each)) for each in own)
    # Beside several counties there is no one median.
    counties = {each.project.region for each in own}
    others = [each.yuan for each in costs if each.project.category == category and each.project.region in counties]
    middle = median(others) if len(counties) == 1 and len(others) > LEAST_OTHERS else None
    return Group(category, rows, middle, axis.at(middle) if middle is not None else None)
