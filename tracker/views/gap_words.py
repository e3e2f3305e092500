"""The words of gaps: what each list is called, what an indicator lacks, and why it will fall."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from itertools import groupby

from flask import Flask
from flask_babel import gettext as _

from tracker.rules.forecast import Lack
from tracker.rules.gaps import Gap, Growth, ItemGap
from tracker.rules.standards import Sense
from tracker.rules.verdicts import SpreadVerdict
from tracker.translations import lazy as _l
from tracker.translations import offer_filters
from tracker.views.condition_words import condition_name
from tracker.views.indicator_words import figure_unit, lacking_words, value_words
from tracker.views.words import number, word

MOST_NAMED = 4
TITLES = {
    Gap.CLOSED_BUT_SHORT: _l("任务已销号，指标仍未达标"),
    Gap.WITHOUT_TASK: _l("指标未达标，没有任务"),
    Gap.ABOUT_TO_FALL: _l("现在达标，即将不达标"),
    Gap.WITHOUT_INDICATOR: _l("任务没有对应指标"),
}
NOTHING = {
    Gap.CLOSED_BUT_SHORT: _l("没有任务都已销号而指标仍未达标的情况。"),
    Gap.WITHOUT_TASK: _l("未达标的指标都有任务。"),
    Gap.ABOUT_TO_FALL: _l("现在达标的指标到时仍达标。"),
    Gap.WITHOUT_INDICATOR: _l("每项任务都有对应指标。"),
}


def register(app: Flask) -> None:
    """Offer the words to every template."""
    offer_filters(app, gap_title=gap_title, gap_nothing=gap_nothing, lack_lines=lack_lines, growth_words=growth_words)


def gap_title(gap: Gap) -> str:
    """What a list is called."""
    return str(TITLES[gap])


def gap_nothing(gap: Gap) -> str:
    """What is said where a list is empty."""
    return str(NOTHING[gap])


def lack_lines(gap: ItemGap) -> list[str]:
    """By how much an item is short, a sentence for each condition and each coefficient."""
    of_condition = groupby(gap.lacks, key=lambda lack: lack.condition.code)
    lines = [_condition_line(list(lacks)) for _code, lacks in of_condition]
    lines += [_spread_line(each) for each in gap.spreads]
    return lines or [_("按县级数值判定，没有数量差距")]


def growth_words(each: Growth) -> str:
    """A school that grows: 第一小学 小学 1,980 人增至 2,100 人."""
    return _(
        "%(school)s %(stage)s学生由 %(now)s 人增至 %(then)s 人",
        school=each.school.name,
        stage=word(each.stage),
        now=number(each.now),
        then=number(each.then),
    )


def _condition_line(lacks: list[Lack]) -> str:
    first = lacks[0]
    if first.school is None:
        return _county_line(first)
    named = _("、").join(_school_words(each) for each in lacks[:MOST_NAMED])
    if len(lacks) > MOST_NAMED:
        named += _(" 等")
    return _("%(total)s：%(schools)s", total=_total_words(lacks), schools=named)


def _county_line(lack: Lack) -> str:
    judged = lack.judged
    if judged.value is None or judged.bound is None:
        return _("%(name)s：县级回答为“否”", name=condition_name(lack.condition) or lack.condition.code)
    return _(
        "全县 %(value)s，标准 %(bound)s",
        value=value_words(judged.value, judged.bound),
        bound=value_words(judged.bound),
    )


def _total_words(lacks: list[Lack]) -> str:
    """How many places are short, and of how much where the amounts may be added."""
    first = lacks[0]
    amounts = [each.amount for each in lacks if each.amount is not None]
    if first.figure is None or len(amounts) < len(lacks) or first.condition.sense is not Sense.AT_LEAST:
        return _("%(count)d 处未达标", count=len(lacks))
    what = lacking_words(first.figure, sum(amounts, Decimal(0)))
    return _("%(count)d 处未达标，共差%(what)s", count=len(lacks), what=what)


def _school_words(lack: Lack) -> str:
    name = " ".join(filter(None, (lack.school.name if lack.school else "", word(lack.stage))))
    if lack.figure is None or lack.amount is None:
        return name
    amount = number(lack.amount.to_integral_value(ROUND_CEILING))
    sign = "−" if lack.condition.sense is Sense.AT_LEAST else "+"
    return f"{name} {sign}{amount}{figure_unit(lack.figure)}"


def _spread_line(each: SpreadVerdict) -> str:
    value = each.coefficient.value if each.coefficient else None
    said = {"stage": word(each.stage), "value": value_words(value, each.limit), "limit": value_words(each.limit)}
    return _("%(stage)s校际差异系数 %(value)s，超过 %(limit)s", **said)
