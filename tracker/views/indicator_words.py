"""The words of figures, findings and numbers of indicators, the same on every page."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from flask import Flask

from tracker.rules.measures import Finding
from tracker.rules.rounding import shown
from tracker.rules.school_figures import ADDABLE, SCHOOL_FIGURES, SEATS, FigureUnit
from tracker.rules.stages import Standing
from tracker.translations import gettext as _
from tracker.translations import lazy as _l
from tracker.translations import offer_filters
from tracker.views.words import number

FIGURES = {
    "students": _l("学生数"),
    "classes": _l("班数"),
    "largest_class": _l("最大班额"),
    "full_time_teachers": _l("专任教师"),
    "qualified_teachers": _l("高于规定学历教师"),
    "backbone_teachers": _l("县级以上骨干教师"),
    "arts_teachers": _l("体育、艺术专任教师"),
    "licensed_teachers": _l("持证专任教师"),
    "trained_teachers": _l("完成培训学时的专任教师"),
    "kindergarten_children": _l("附设幼儿班人数"),
    "teaching_area_m2": _l("教学及辅助用房面积"),
    "indoor_sports_m2": _l("室内体育用房面积"),
    "sports_ground_m2": _l("体育运动场地面积"),
    "equipment_yuan": _l("教学仪器设备值"),
    "multimedia_rooms": _l("网络多媒体教室"),
    "music_rooms": _l("音乐教室"),
    "large_music_rooms": _l("96㎡以上的音乐教室"),
    "art_rooms": _l("美术教室"),
    "large_art_rooms": _l("90㎡以上的美术教室"),
    "operating_funds_yuan": _l("年度公用经费"),
    "training_funds_yuan": _l("教师培训经费"),
    "payroll_yuan": _l("教师工资总额"),
    "seats": _l("学位"),
}
UNITS = {
    FigureUnit.PERSONS: _l("人"),
    FigureUnit.CLASSES: _l("个班"),
    FigureUnit.ROOMS: _l("间"),
    FigureUnit.AREA: _l("㎡"),
    FigureUnit.MONEY: _l("元"),
    FigureUnit.SEATS: _l("个学位"),
}
LETTERS = {Standing.CHECKED: _l("核"), Standing.REPORTED: _l("报"), Standing.ESTIMATED: _l("估")}


def figure_word(code: str) -> str:
    """The name of a school's figure; another code, a county's, stays as it is."""
    return str(FIGURES.get(code, code))


def figure_unit(code: str) -> str:
    """The unit of a school's figure, the empty text for another one."""
    figure = (SCHOOL_FIGURES | ADDABLE | {SEATS.code: SEATS}).get(code)
    return str(UNITS[figure.unit]) if figure else ""


def lacking_words(code: str, amount: Decimal) -> str:
    """How much of a figure is wanting, rounded up: 体育、艺术专任教师 3人."""
    whole = amount.to_integral_value(ROUND_CEILING)
    return _("%(figure)s %(amount)s%(unit)s", amount=number(whole), unit=figure_unit(code), figure=figure_word(code))


def value_words(value: Decimal | None, bound: Decimal | None = None, places: int = 2) -> str:
    """A value as it is shown beside its bound; a dash where it is unknown."""
    return "—" if value is None else number(shown(value, bound, places))


def standing_letter(standing: Standing) -> str:
    """The letter that stands beside a number: checked, reported, estimated."""
    return str(LETTERS[standing])


def register(app: Flask) -> None:
    """Offer the words to every template."""
    app.jinja_env.globals["Finding"] = Finding
    offer_filters(
        app,
        figure_word=figure_word,
        figure_unit=figure_unit,
        value_words=value_words,
        standing_letter=standing_letter,
    )
