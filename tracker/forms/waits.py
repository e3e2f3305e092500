"""The forms of waits: a task waits for a unit, and does so no more."""

from __future__ import annotations

from wtforms import DateField, IntegerField
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional

from tracker.forms.base import LARGEST_VERSION
from tracker.forms.extensions import CHOOSE, LIMITS, NOT_A_DAY, within_the_century
from tracker.forms.tasks import OfficeForm, ReasonForm
from tracker.translations import lazy as _l


class WaitForm(ReasonForm):
    """For which unit a task waits, since when and for what."""

    refusals = {
        "which_unit": ("by_unit", CHOOSE),
        "wait_ahead": ("since", _l("起始日期不能晚于今天")),
        "wait_before_plan": ("since", _l("起始日期不能早于方案印发日")),
        "not_assigned": ("unit", _l("请选择承担本任务的其他单位")),
    }
    unit = IntegerField(
        _l("等待的单位"), validators=[InputRequired(CHOOSE), NumberRange(1, LARGEST_VERSION, message=CHOOSE)]
    )
    by_unit = IntegerField(_l("本单位"), validators=[Optional(), NumberRange(1, LARGEST_VERSION)])
    since = DateField(_l("自何日起"), validators=[DataRequired(NOT_A_DAY), within_the_century], render_kw=LIMITS)


class EndWaitForm(OfficeForm):
    """The wait for a unit is over; nothing to fill in."""

    unit = IntegerField(validators=[InputRequired(CHOOSE), NumberRange(1, LARGEST_VERSION, message=CHOOSE)])
