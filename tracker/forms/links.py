"""The forms of what a task brings: its indicators and what it adds; chosen values are checked by the act."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, IntegerField, SelectField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from tracker.documents.plan_limits import figures, longest
from tracker.forms.base import LARGEST_VERSION, RELOAD, OnceForm
from tracker.forms.tasks import OfficeForm, ReasonForm
from tracker.forms.values import AmountField, DayField, line
from tracker.models import Addition, Contribution, School
from tracker.queries.links import STAGES
from tracker.rules.stages import Stage
from tracker.translations import lazy as _l

LINK, ADDITION = "link", "addition"


def chosen_stage(value: Any) -> Stage | None:
    """A chosen stage, None where none is chosen. Raises ValueError for anything else."""
    return Stage(value) if value else None


def about() -> IntegerField:
    """Which of the task's links or additions a form is about."""
    return IntegerField(validators=[InputRequired(RELOAD), NumberRange(1, LARGEST_VERSION, message=RELOAD)])


class ConfirmForm(OfficeForm):
    """Confirm one proposal, or without one all that are complete."""

    what = HiddenField(validators=[Length(max=20, message=RELOAD)])

    def ids_of(self, kind: str) -> list[int] | None:
        """The proposals of a kind that are named; None where none is named at all."""
        name, _colon, number = (self.what.data or "").partition(":")
        if not name:
            return None
        return [int(number)] if name == kind and number.isdecimal() else []


class LinkForm(ReasonForm):
    """That a task serves an indicator, and which condition of the county it meets."""

    refusals = {
        "indicator_unknown": ("indicator", _l("请选择国家指标")),
        "link_stands": ("indicator", _l("已有这项指标，请修改原有的一条")),
        "condition_unknown": ("condition", _l("该指标没有这个问题，请重新选择")),
    }
    indicator = line(_l("指标"), longest(Contribution.condition), DataRequired(_l("请选择国家指标")))
    condition = line(_l("完成后即满足的条件"), longest(Contribution.condition))


class ChangeLinkForm(ReasonForm):
    """Another reason or condition of a link."""

    refusals = {"condition_unknown": ("condition", _l("该指标没有这个问题，请重新选择"))}
    about = about()
    condition = line(_l("完成后即满足的条件"), longest(Contribution.condition))


class RemoveLinkForm(ReasonForm):
    """Take a link away; of the last one the reason says why the task serves no indicator."""

    about = about()


class AdditionFields(ReasonForm):
    """What a task adds: an amount of a figure, to which school and stage, not before when."""

    refusals = {
        "figure_unknown": ("figure", _l("请选择增加的数据")),
        "amount_missing": ("amount", _l("请填写大于0的数量")),
        "amount_not_whole": ("amount", _l("请填整数")),
        "school_unknown": ("school", _l("本地区没有这所学校，请从列表中选择")),
        "school_missing": ("school", _l("请填写学校")),
        "school_not_asked": ("school", _l("这是全县的数据，不用填学校和学段")),
        "stage_missing": ("stage", _l("请选择学段")),
    }
    figure = line(_l("增加的数据"), longest(Addition.figure), DataRequired(_l("请选择增加的数据")))
    school = line(_l("学校"), longest(School.name))
    stage = SelectField(_l("学段"), choices=[("", ""), *((stage.value, "") for stage in STAGES)], coerce=chosen_stage)
    amount = AmountField(_l("数量"), figures(Addition.amount))
    from_on = DayField(_l("最早自何日起算"))


class AdditionForm(AdditionFields, OnceForm):
    """Something that a task adds, sent once."""


class ChangeAdditionForm(AdditionFields):
    """Other values of an addition."""

    about = about()


class DismissForm(ReasonForm):
    """A proposed addition that the task does not bring."""

    about = about()
