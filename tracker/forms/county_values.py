"""The form in which a value of a county is said: a number, yes or no, or points, with its day, source and files."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask_wtf.file import MultipleFileField
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, RadioField, SelectField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length

from tracker.documents.yaml_rows import Figures
from tracker.forms.base import LONGEST_KEY, RELOAD, StrictForm, clean_text
from tracker.forms.values import AmountField, DayField, line, lines
from tracker.models import Unit
from tracker.rules.county_values import Asked, FigureKind
from tracker.rules.evidence import ACCEPT
from tracker.rules.stages import Standing
from tracker.translations import lazy as _l

NUMBERS = Figures(Decimal("99999999999999"), 4)
POINTS = Figures(Decimal(1000), 2)
LONGEST_SOURCE, LONGEST_NOTE = 200, 1000
YES, NO = "yes", "no"
OFFICE = ""


class NeededDay(DayField):
    """A day that must be there."""

    def __init__(self, label: str, **kept: Any) -> None:
        super().__init__(label, **kept)
        self.validators = [InputRequired(_l("请填写日期，如 2026-03-31"))]


class DecisionForm(StrictForm):
    """A button that says nothing but its act."""


class ValueForm(StrictForm):
    """A new value of a figure."""

    region = HiddenField(filters=[clean_text])
    framework = HiddenField(filters=[clean_text])
    number = AmountField(_l("数值"), NUMBERS)
    yes = RadioField(_l("回答"), choices=[(YES, _l("是")), (NO, _l("否"))], validators=[InputRequired(_l("请选择"))])
    on = NeededDay(_l("哪一天的情况"))
    source = line(_l("数据来源"), LONGEST_SOURCE, DataRequired(_l("请填写来源，如“人社局工资统计表”")))
    standing = SelectField(
        _l("数据状态"),
        choices=[(Standing.REPORTED.value, _l("单位填报")), (Standing.ESTIMATED.value, _l("推算"))],
        validators=[InputRequired(RELOAD)],
    )
    unit = SelectField(_l("填报单位"))
    note = lines(_l("说明"), LONGEST_NOTE)
    files = MultipleFileField(_l("佐证材料"))
    kept = HiddenField()
    once = HiddenField(filters=[clean_text], validators=[InputRequired(RELOAD), Length(1, LONGEST_KEY, message=RELOAD)])

    accept = ACCEPT

    def __init__(
        self,
        asked: Asked,
        region: str,
        today: date,
        units: Sequence[Unit],
        is_office: bool,
        typed: Mapping[str, str] | None = None,
    ) -> None:
        self.asked, self.today = asked, today
        usual = {"region": region, "on": today, "standing": Standing.REPORTED.value, "once": secrets.token_urlsafe(16)}
        if typed is None:
            super().__init__(data=usual)
        else:
            super().__init__(formdata=MultiDict({name: str(value) for name, value in usual.items()} | dict(typed)))
        own = [(OFFICE, _l("推进办"))] if is_office else []
        self.unit.choices = [*own, *((str(unit.id), unit.name) for unit in units)]
        if asked.kind is FigureKind.QUESTION:
            del self.number
        else:
            del self.yes
            self.number.held = POINTS if asked.kind is FigureKind.POINTS else NUMBERS

    @property
    def amount(self) -> Decimal | None:
        """The number that was typed, None for a question."""
        return self.number.amount if "number" in self else None

    @property
    def answer(self) -> bool | None:
        """The answer that was chosen, None for a number."""
        return self.yes.data == YES if "yes" in self else None

    @property
    def unit_id(self) -> int | None:
        """The unit that says so; None for the office itself."""
        return int(self.unit.data) if self.unit.data else None

    def validate_number(self, field: AmountField) -> None:
        """A number there must be, and of points no more than the part has."""
        most = self.asked.most
        if field.amount is None:
            raise ValidationError(_l("请填写数值"))
        if most is not None and field.amount > most:
            raise ValidationError(_l("最多 %(most)s 分", most=f"{most.normalize():f}"))

    def validate_on(self, field: DayField) -> None:
        """A day up to today: what will be is not known."""
        if field.data and field.data > self.today:
            raise ValidationError(_l("不能晚于今天"))

    def validate_note(self, field: Any) -> None:
        """Lost points want a reason."""
        most = self.asked.most
        if most is not None and not field.data and self.amount is not None and self.amount < most:
            raise ValidationError(_l("扣了分，请写明原因"))
