"""督办单: the form of a supervision slip."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from wtforms import DateField, RadioField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from tracker.forms.base import OnceForm, clean_text
from tracker.forms.tasks import FIRST_DAY, LAST_DAY, filled, new_key
from tracker.models import Task
from tracker.rules.slips import LONGEST_DEMAND, Colour
from tracker.translations import lazy as _l


class SlipForm(OnceForm):
    """Colour, what is demanded, until when; with a task it is the form to show, without one the form that was sent."""

    colour = RadioField(
        _l("颜色"),
        choices=[
            (Colour.BLUE.value, _l("蓝色（提醒）")),
            (Colour.YELLOW.value, _l("黄色（警示）")),
            (Colour.RED.value, _l("红色（最后一次）")),
        ],
        validators=[InputRequired(_l("请选择颜色"))],
    )
    demand = TextAreaField(
        _l("督办要求"),
        filters=[clean_text],
        validators=[DataRequired(_l("请写明督办要求")), Length(max=LONGEST_DEMAND, message=_l("最多240字"))],
        render_kw={"maxlength": LONGEST_DEMAND, "rows": 3},
    )
    answer_by = DateField(
        _l("办结时间"), render_kw={"min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat(), "required": True}
    )

    def __init__(
        self, task: Task | None = None, typed: Mapping[str, str] | None = None, colour: Colour = Colour.BLUE
    ) -> None:
        super().__init__(**filled(task, typed, once=new_key(), colour=colour.value))
        self.name_ids("slip")

    def validate_answer_by(self, field: DateField) -> None:
        """Say what a date looks like where the browser offers no calendar, and keep to a century."""
        if not isinstance(field.data, date):
            field.errors = [_l("请填写日期，如 2026-03-31")]
        elif not FIRST_DAY <= field.data <= LAST_DAY:
            raise ValidationError(_l("日期应在 2000-01-01 至 2100-12-31 之间"))
