"""The words of schools: what a number of a stage is called, what is odd about one, which school year."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask
from flask_babel import gettext as _

from tracker.models import SchoolYear
from tracker.rules.jumps import Doubt, Oddity, figures_by_name, named
from tracker.rules.school_figures import SCHOOL_FIGURES, FigureUnit, Number
from tracker.rules.stages import Stage, Standing
from tracker.translations import offer_filters
from tracker.views.indicator_words import FIGURES, figure_unit, figure_word
from tracker.views.words import money, number, word

EXPECTED = "expected"


def register(app: Flask) -> None:
    """Offer the words to every template."""
    offer_filters(
        app,
        number_name=number_name,
        doubt_text=doubt_text,
        figure_value=figure_value,
        change_text=change_text,
        school_year_text=school_year_text,
        stages_text=stages_text,
    )
    app.jinja_env.globals.update(Standing=Standing)


def number_name(name: str) -> str:
    """What a number of a school's year is called: 小学学生数, 音乐教室; another name stays as it is."""
    head, _dot, rest = name.partition(".")
    if head == EXPECTED:
        stage, _dot, year = rest.partition(".")
        return _("%(year)s学年预计在校生（%(stage)s）", year=year, stage=word(Stage(stage)))
    if rest in FIGURES and head in set(Stage):
        return _("%(stage)s%(figure)s", stage=word(Stage(head)), figure=figure_word(rest))
    return figure_word(name)


def names_of_numbers() -> dict[str, str]:
    """What every number of a school's year is called, by its name, in the order of entry."""
    return {name: number_name(name) for name in figures_by_name()}


def figure_value(value: Number | None, code: str) -> str:
    """A number with its unit, money in 万元; a dash where it is unknown."""
    if value is None:
        return "—"
    figure = SCHOOL_FIGURES.get(code)
    if figure and figure.unit is FigureUnit.MONEY:
        return _("%(amount)s 万元", amount=money(int(value)) or "0")
    return _("%(amount)s %(unit)s", amount=number(value), unit=figure_unit(code))


def change_text(value: Number | None, code: str) -> str:
    """A change with its sign, nothing where it is unknown or none."""
    if not value:
        return ""
    figure = SCHOOL_FIGURES.get(code)
    amount = value if value > 0 else -value
    text = money(int(amount)) if figure and figure.unit is FigureUnit.MONEY else number(amount)
    return f"+{text}" if value > 0 else f"−{text}"


def doubt_text(doubt: Doubt) -> str:
    """What is odd, in one sentence."""
    code, name = doubt.figure, number_name(doubt.name)
    now, against = figure_value(doubt.now, code), figure_value(doubt.against, code)
    match doubt.why:
        case Oddity.JUMPED:
            return _("%(name)s：上年 %(was)s，本次 %(now)s，变化较大", name=name, was=against, now=now)
        case Oddity.APPEARED:
            return _("%(name)s：上年为零，本次 %(now)s", name=name, now=now)
        case Oddity.VANISHED:
            return _("%(name)s：上年 %(was)s，本次没有", name=name, was=against)
        case Oddity.EXCEEDS:
            other = number_name(named(doubt.other or "", doubt.stage))
            return _("%(name)s（%(now)s）多于%(other)s（%(all)s）", name=name, now=now, other=other, all=against)
        case Oddity.NO_CLASSES:
            return _("%(name)s：有学生，却没有班", name=name)
        case Oddity.NO_STUDENTS:
            return _("%(name)s：有班，却没有学生", name=name)
        case Oddity.ABOVE_ALL:
            return _("%(name)s（%(now)s）多于学生数（%(all)s）", name=name, now=now, all=against)
        case Oddity.BELOW_MEAN:
            return _(
                "平均每班至少 %(least)s 人，最大班额不会是 %(now)s 人",
                least=number(doubt.against),
                now=number(doubt.now),
            )


def school_year_text(year: int) -> str:
    """2026—2027 学年."""
    return _("%(year)d—%(next)d 学年", year=year, next=year + 1)


def stages_text(row: SchoolYear | None) -> str:
    """The stages of a school by its numbers; a nine-year school by that name."""
    return stage_names([each.stage for each in row.stages] if row else [])


def stage_names(stages: Sequence[Stage]) -> str:
    """Stages in words; primary and junior together are a nine-year school."""
    rest = [stage for stage in Stage if stage in stages]
    if {Stage.PRIMARY, Stage.JUNIOR} <= {*rest}:
        rest = [Stage.NINE_YEAR, *(stage for stage in rest if stage is Stage.SENIOR)]
    return _("、").join(word(stage) for stage in rest)
