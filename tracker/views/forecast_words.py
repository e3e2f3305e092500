"""The words of forecasts: modes, why something is not counted, what-ifs, and what they change."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import ROUND_CEILING

from flask import Flask

from tracker.rules.contrasts import Contrast
from tracker.rules.forecast import Forecast, Lack
from tracker.rules.gains import Gain, Mode, TaskEnd, Why
from tracker.rules.measures import Finding
from tracker.rules.prospects import Change, Drop, Slip, Students
from tracker.rules.school_facts import SchoolFacts
from tracker.rules.self_evaluation import tally_of
from tracker.rules.stages import Stage
from tracker.rules.standards import Sense
from tracker.translations import gettext as _
from tracker.translations import lazy as _l
from tracker.translations import offer_filters
from tracker.views.indicator_list import coefficient_words
from tracker.views.indicator_words import figure_unit, figure_word
from tracker.views.words import day, number, word

MODES = {
    Mode.DEADLINE: _l("按时限"),
    Mode.EXPECTED: _l("按单位预计"),
    Mode.CLOSED: _l("只算已销号"),
}
WHYS = {
    Why.NO_DATE: _l("没有可信的完成日期"),
    Why.LATER: _l("到那天还未完成"),
    Why.OPEN: _l("未销号"),
    Why.UNCONFIRMED: _l("待确认"),
    Why.NO_AMOUNT: _l("没有数量"),
    Why.SUSPENDED: _l("任务已中止"),
    Why.DROPPED: _l("假设取消"),
    Why.ALREADY: _l("已在现有数据中"),
    Why.NO_NUMBER: _l("学校或县没有这项数据，无法相加"),
    Why.NO_EFFECT: _l("学位不改变指标数值"),
    Why.IN_PART: _l("只完成一部分，已完成的数量待推进办填写"),
    Why.SCHOOL_CLOSED: _l("学校已撤并"),
}


def change_words(
    change: Change, tasks: Mapping[str, TaskEnd], schools: Mapping[int, SchoolFacts], seen: Collection[str]
) -> str:
    """A what-if as a sentence; one that points at nothing here says so, a task that the reader may not see no name."""
    match change:
        case Slip(task=key, on=on) if key in tasks and key not in seen:
            return _("其他单位的一项任务改在%(day)s完成", day=day(on))
        case Drop(task=key) if key in tasks and key not in seen:
            return _("其他单位的一项任务取消")
        case Slip(task=key, on=on) if key in tasks:
            return _("“%(task)s”改在%(day)s完成", task=tasks[key].title, day=day(on))
        case Drop(task=key) if key in tasks:
            return _("“%(task)s”取消", task=tasks[key].title)
        case Students(school=school, stage=stage, year=year, students=students) if school in schools:
            return _(
                "%(school)s%(stage)s%(year)d年9月起学生%(count)s人",
                school=schools[school].name,
                stage=word(stage),
                year=year,
                count=f"{students:+d}",
            )
        case _:
            return _("这项假设在本县没有对应的任务或学校，不起作用")


def contrast_words(contrast: Contrast) -> str:
    """What a what-if changes: 小学 R5 多2所未达标."""
    stage = word(contrast.stage) + " " if contrast.stage else ""
    name = f"{stage}{contrast.item.code}"
    if contrast.of_spread:
        return _(
            "%(name)s 差异系数由%(before)s变为%(after)s",
            name=name,
            before=word(contrast.before),
            after=word(contrast.after),
        )
    if contrast.more_short > 0:
        return _("%(name)s 多%(count)d所未达标", name=name, count=contrast.more_short)
    if contrast.more_short < 0:
        return _("%(name)s 少%(count)d所未达标", name=name, count=-contrast.more_short)
    if contrast.more_unknown > 0:
        return _("%(name)s 多%(count)d所未评", name=name, count=contrast.more_unknown)
    if contrast.more_unknown < 0:
        return _("%(name)s 少%(count)d所未评", name=name, count=-contrast.more_unknown)
    return _("%(name)s 由%(before)s变为%(after)s", name=name, before=word(contrast.before), after=word(contrast.after))


def lack_words(lack: Lack, units: Mapping[str, str] | None = None) -> str:
    """How much is wanting of what: 第一小学（小学）差 620 ㎡; rounded up, for half a teacher is one."""
    who = f"{lack.school.name}{_stage_words(lack.school, lack.stage)}" if lack.school else ""
    if lack.amount is None or lack.figure is None:
        return who or _("县尚未答“是”")
    whole = lack.amount.to_integral_value(ROUND_CEILING)
    unit = figure_unit(lack.figure) or (units or {}).get(lack.figure, "")
    over = lack.condition.sense is not Sense.AT_LEAST
    shown = number(max(whole, whole + 1) if over and whole == 0 else whole)
    if over:
        return " ".join(filter(None, (who, _("超 %(amount)s%(unit)s", amount=shown, unit=unit))))
    return " ".join(filter(None, (who, _("差 %(amount)s%(unit)s", amount=shown, unit=unit))))


def _stage_words(school: SchoolFacts, stage: Stage | None) -> str:
    return _("（%(stage)s）", stage=word(stage)) if stage and len(school.compulsory) > 1 else ""


def summary_words(found: Forecast) -> str:
    """The whole in one sentence: how many items are met on the day, short, unknown, and short even when all is done.

    Items that ask nothing of the county are counted apart.
    """
    tally = tally_of(each.then for each in found.items)
    even = sum(each.finished.finding is Finding.SHORT for each in found.items)
    said = _(
        "到%(day)s，%(total)d 项指标中 %(met)d 项达标，%(short)d 项未达标，%(unknown)d 项未评；"
        "全部任务完成后仍有 %(even)d 项未达标。",
        day=day(found.on),
        total=tally.asked,
        met=tally.met,
        short=tally.short,
        unknown=tally.unknown,
        even=even,
    )
    return said + (_("另有 %(count)d 项不适用。", count=tally.none) if tally.none else "")


def why_words(why: Why) -> str:
    """Why something is not counted."""
    return str(WHYS[why])


def mode_words(mode: Mode) -> str:
    """The name of a mode."""
    return str(MODES[mode])


def gain_words(gain: Gain, schools: Mapping[int, SchoolFacts], figures: Mapping[str, str]) -> str:
    """What a task adds to which school: 第一小学 体育运动场地面积 +620㎡; a county's figure by its name there."""
    known = schools.get(gain.school) if gain.school is not None else None
    school = known.name if known else ""
    name = figures.get(gain.figure) or figure_word(gain.figure)
    amount = "" if gain.amount is None else f"+{number(gain.amount)}{figure_unit(gain.figure)}"
    return " ".join(filter(None, (school, word(gain.stage), name, amount)))


def register(app: Flask) -> None:
    """Offer the words to every template."""
    offer_filters(
        app,
        coefficient_words=coefficient_words,
        contrast_words=contrast_words,
        lack_words=lack_words,
        why_words=why_words,
        mode_words=mode_words,
    )
