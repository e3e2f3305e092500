"""The words of what tasks bring: figures, conditions and stages to choose from, the lists of the desk."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from flask import Flask
from flask_babel import gettext as _

from tracker.models import Addition, Contribution, LinkState, Task
from tracker.queries.links import Choices, Question, Shown, TaskLinks, is_confirmable, questions_of
from tracker.rules.links import why_not_counted
from tracker.rules.proposals import SERVES
from tracker.rules.school_figures import ADDABLE
from tracker.rules.stages import Stage
from tracker.translations import ENGLISH, chosen_language, in_language, offer_filters
from tracker.translations import lazy as _l
from tracker.views.indicator_words import figure_word
from tracker.views.words import word

Options = list[tuple[str, str]]
LISTS = {
    Shown.WAITING: _l("待确认"),
    Shown.WITHOUT_AMOUNT: _l("缺数量"),
    Shown.WITHOUT_LINK: _l("没有对应指标"),
    Shown.CONFIRMED: _l("已确认"),
}
NOTHING = {
    Shown.WAITING: _l("没有待确认的内容。"),
    Shown.WITHOUT_AMOUNT: _l("没有缺数量的内容。"),
    Shown.WITHOUT_LINK: _l("每项任务都有对应指标。"),
    Shown.CONFIRMED: _l("还没有确认过的内容。"),
}


def register(app: Flask) -> None:
    """Offer the words to every template."""
    offer_filters(app, is_confirmable=is_confirmable, waiting_links=waiting_links, wants_amount_only=wants_amount_only)
    offer_filters(app, served_by=served_by)
    app.jinja_env.globals.update(
        addable_choices=addable_choices,
        county_or_school_figure=county_or_school_figure,
        desk_empty=desk_empty,
        desk_lists=desk_lists,
        indicator_choices=indicator_choices,
        question_choices=question_choices,
        question_word=question_word,
        stage_choices=stage_choices,
    )


def desk_lists() -> list[tuple[Shown, str]]:
    """The lists of the desk with their words, in their order."""
    return [(shown, str(title)) for shown, title in LISTS.items()]


def desk_empty(shown: Shown) -> str:
    """What is said where a list of the desk is empty."""
    return str(NOTHING[shown])


def waiting_links(task: Task) -> int:
    """How many proposals of a task may be confirmed as they stand."""
    return TaskLinks(task).waiting


def wants_amount_only(row: Addition) -> bool:
    """Whether a proposal says everything but its amount."""
    reason = why_not_counted(row.figure, row.school_id is not None, row.stage, Decimal(1), {row.figure})
    return row.state is LinkState.PROPOSED and row.amount is None and row.school is not None and reason is None


def served_by(figure: str) -> tuple[str, ...]:
    """The codes of the national indicators that a figure of a school serves."""
    return SERVES.get(figure, ())


def county_or_school_figure(code: str, choices: Choices) -> str:
    """The name of a figure: a school's, or one that a framework asks of the county."""
    names = choices.figures.get(code)
    return _in_language(*names) if names else figure_word(code)


def addable_choices(choices: Choices) -> Options:
    """What a task may add: figures of schools, then those of the county."""
    schools = [(code, figure_word(code)) for code in ADDABLE]
    county = [(code, _("全县：%(name)s", name=_in_language(*names))) for code, names in choices.figures.items()]
    return [*schools, *county]


def indicator_choices(choices: Choices) -> Options:
    """The national indicators to choose from."""
    return [(each.code, f"{each.code} {in_language(each, 'title')}") for each in choices.indicators]


def question_choices(questions: Sequence[Question]) -> Options:
    """The yes/no conditions to choose from, each behind its indicator."""
    return [(each.code, f"{each.indicator} {in_language(each, 'name')}") for each in questions]


def question_word(link: Contribution) -> str:
    """The name of the condition that a link meets; one that its indicator asks no more keeps its code."""
    asked = (each for each in questions_of([link.indicator]) if each.code == link.condition)
    return next((in_language(each, "name") for each in asked), link.condition or "")


def stage_choices(stages: Sequence[Stage]) -> Options:
    """The stages to choose from."""
    return [(stage.value, word(stage)) for stage in stages]


def _in_language(chinese: str, english: str | None) -> str:
    return english if english and chosen_language() == ENGLISH else chinese
