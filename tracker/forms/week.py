"""The week in one table: a row for each task, filled in or left empty."""

from __future__ import annotations

from typing import Any

from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from tracker.forms.base import OnceForm, clean_text
from tracker.forms.tasks import LONGEST_TEXT
from tracker.models import Situation
from tracker.translations import gettext as _
from tracker.translations import lazy as _l


class WeekRow(OnceForm):
    """One task of the table. The token stands once on the page; the names of the fields begin with the task's key."""

    situation = SelectField(
        _l("本周情况"),
        choices=[
            ("", _l("不填")),
            (Situation.ON_PLAN.value, _l("按计划推进")),
            (Situation.DIFFICULTY.value, _l("有困难")),
            (Situation.NO_CHANGE.value, _l("本周无变化")),
        ],
        validators=[Optional()],
    )
    text = StringField(
        _l("做了什么、下一步、卡在哪里"),
        filters=[clean_text],
        validators=[Length(max=LONGEST_TEXT, message=_l("最多2000字"))],
    )
    unit = SelectField(_l("填报单位"), coerce=int, validators=[InputRequired(_l("请选择填报单位"))])

    def __init__(self, key: str, units: list[tuple[int, str]], **values: Any) -> None:
        super().__init__(prefix=f"{key}:", meta={"csrf": False}, **values)
        self.unit.choices = units
        if len(units) < 2:
            del self.unit
        for field in self:
            field.id = f"week-{field.name.replace(':', '-')}"

    @property
    def is_filled(self) -> bool:
        """Whether anything was said in this row."""
        return bool(self.situation.data or self.text.data)

    def fault(self) -> str:
        """What must be mended in a row that was filled in, empty where it is sound."""
        if not self.validate():
            return next(str(error) for field in self for error in field.errors)
        if not self.situation.data:
            return _("请选择本周情况")
        if not self.text.data and self.situation.data != Situation.NO_CHANGE:
            return _("请写一句话说明情况")
        return ""
