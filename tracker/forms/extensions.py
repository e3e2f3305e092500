"""The forms of extensions: a unit asks for a later deadline, the office decides."""

from __future__ import annotations

from typing import Any

from wtforms import DateField, IntegerField, RadioField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from tracker.forms.base import LARGEST_VERSION, OnceForm, clean_text
from tracker.forms.tasks import FIRST_DAY, LAST_DAY, OfficeForm, ReasonForm
from tracker.rules.extensions import Decision
from tracker.translations import lazy as _l

LIMITS = {"min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()}
NOT_A_DAY = _l("请填写日期，如 2026-03-31")
TOO_LONG = _l("最多500字")
CHOOSE = _l("请选择单位")


def within_the_century(_form: Any, field: DateField) -> None:
    """Keep a day to the years that plans speak of."""
    if field.data and not FIRST_DAY <= field.data <= LAST_DAY:
        raise ValidationError(_l("时限应在 2000-01-01 至 2100-12-31 之间"))


class ExtensionForm(ReasonForm, OnceForm):
    """A request for a later deadline with its reason and the state of work."""

    refusals = {
        "which_unit": ("unit", CHOOSE),
        "not_later": ("wanted_on", _l("申请的日期应晚于现行时限")),
    }
    unit = IntegerField(_l("申请单位"), validators=[Optional(), NumberRange(1, LARGEST_VERSION)])
    wanted_on = DateField(_l("申请延至"), validators=[DataRequired(NOT_A_DAY), within_the_century], render_kw=LIMITS)
    work_state = TextAreaField(
        _l("目前进展"),
        filters=[clean_text],
        validators=[DataRequired(_l("请写明目前进展")), Length(max=500, message=TOO_LONG)],
    )


class DecideForm(OfficeForm):
    """The decision on a request; the day counts for a shortened one alone."""

    refusals = {
        "not_between": ("shortened_to", _l("请填写晚于现行时限、早于申请日期的日期")),
        "not_later": ("decision", _l("现行时限已不早于申请的日期，只能不同意")),
    }
    decision = RadioField(
        _l("批复"),
        choices=[
            (Decision.GRANTED.value, _l("同意")),
            (Decision.SHORTENED.value, _l("缩短后同意")),
            (Decision.REFUSED.value, _l("不同意")),
        ],
        validators=[InputRequired(_l("请选择批复"))],
    )
    shortened_to = DateField(_l("缩短至"), validators=[Optional(), within_the_century], render_kw=LIMITS)
    opinion = TextAreaField(
        _l("批复意见"),
        filters=[clean_text],
        validators=[DataRequired(_l("请填写批复意见")), Length(max=500, message=TOO_LONG)],
    )

    def validate_shortened_to(self, field: DateField) -> None:
        """A shortened request has a day of its own."""
        if self.decision.data == Decision.SHORTENED and not field.data:
            field.errors = [NOT_A_DAY]
