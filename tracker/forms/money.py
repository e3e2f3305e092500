"""The forms of a project's money: an amount as people write it, an entry of the ledger, the withdrawal of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from flask_wtf.file import MultipleFileField
from wtforms import Field, HiddenField, IntegerField, RadioField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from tracker.documents.plan_limits import longest
from tracker.forms.base import OnceForm
from tracker.forms.tasks import ReasonForm, filled, new_key
from tracker.forms.values import DayField, line, lines, one_line
from tracker.models import MoneyEntry, Task
from tracker.rules.deadlines import FIRST_YEAR, LAST_YEAR
from tracker.rules.evidence import ACCEPT
from tracker.rules.money import (
    AmountFault,
    AmountRefused,
    MoneyKind,
    MoneySource,
    amount_typed,
    entry_refusal,
    read_amount,
)
from tracker.rules.project_rows import LONGEST_NOTE
from tracker.translations import lazy as _l

LONGEST_TYPED = 60  # beyond it nothing is an amount
KINDS = (MoneyKind.ALLOCATED, MoneyKind.PAID, MoneyKind.PLANNED)  # the most frequent first
Words = Callable[[StrEnum], str]
FAULTS = {
    AmountFault.UNREADABLE: _l("看不懂这个金额，请写成“3400万元”“1.2亿元”或“56000元”"),
    AmountFault.FRACTION: _l("金额精确到元，不能带角、分"),
    AmountFault.TOO_LARGE: _l("金额超过一万亿元，请核对单位"),
}


class YuanField(StringField):
    """An amount of money or none, read as people write it; ``yuan`` holds it in whole yuan."""

    def __init__(self, label: str, **kept: Any) -> None:
        self.yuan: int | None = None
        limit = Length(max=LONGEST_TYPED, message=FAULTS[AmountFault.UNREADABLE])
        super().__init__(label, validators=[limit], filters=[one_line], **kept)

    def process_data(self, value: Any) -> None:
        """A stored amount in 万元, what was typed as it was."""
        self.data = amount_typed(value) if isinstance(value, int) else value

    def pre_validate(self, form: Any) -> None:
        """Read the amount; say how to write one. What is too long is spoken of by its limit."""
        if not self.data or len(self.data) > LONGEST_TYPED:
            return
        try:
            self.yuan = read_amount(self.data)
        except AmountRefused as refused:
            raise ValidationError(FAULTS[refused.fault]) from None


class YearField(StringField):
    """A calendar year or none."""

    def __init__(self, label: str, **kept: Any) -> None:
        self.year: int | None = None
        super().__init__(label, filters=[one_line], validators=[Length(max=20)], **kept)

    def pre_validate(self, form: Any) -> None:
        """Read four digits."""
        text = (self.data or "").removesuffix("年")
        if not text:
            return
        is_year = text.isascii() and text.isdigit() and len(text) == 4
        if not is_year or not FIRST_YEAR <= int(text) <= LAST_YEAR:
            raise ValidationError(_l("请填写年份，如 2026"))
        self.year = int(text)


def chosen_source(value: Any) -> MoneySource | None:
    """A chosen source, None where none is. Raises ValueError for anything else."""
    return MoneySource(value) if value else None


class EntryForm(OnceForm):
    """An entry of the ledger; the version is not claimed, so that two people at once are both kept.

    With a task it is the form to show, without one the form that was sent.
    """

    refusals = {
        "amount_zero": ("amount", _l("金额不能为零")),
        "day_missing": ("on", _l("请填写到位或支付的日期")),
        "day_ahead": ("on", _l("不能晚于今天；还没有到位或支付的，请记为计划")),
        "year_unasked": ("for_year", _l("只有计划资金分年度，到位和支付的请留空")),
    }
    kind = RadioField(_l("资金类别"), validators=[InputRequired(_l("请选择资金类别"))])
    amount = YuanField(_l("金额（万元）"))
    on = DayField(_l("到位或支付日期"))
    source = SelectField(_l("资金来源"), coerce=chosen_source)
    payee = line(_l("收款单位"), longest(MoneyEntry.payee))
    for_year = YearField(_l("计划年度"))
    note = lines(_l("备注"), LONGEST_NOTE)
    files = MultipleFileField(_l("凭证或文件"))
    kept = HiddenField()

    accept = ACCEPT

    def __init__(
        self, word: Words, today: date, task: Task | None = None, typed: Mapping[str, str] | None = None
    ) -> None:
        usual = {"kind": MoneyKind.ALLOCATED.value, "source": None, "once": new_key()}
        super().__init__(**filled(task, typed, **usual))
        self.today = today
        self.kind.choices = [(each.value, word(each)) for each in KINDS]
        self.source.choices = [("", _l("文件未注明")), *((each.value, word(each)) for each in MoneySource)]

    @property
    def money_kind(self) -> MoneyKind:
        """The chosen kind."""
        return MoneyKind(self.kind.data)

    def validate_amount(self, field: YuanField) -> None:
        """An amount there must be; one that cannot be read has been spoken of."""
        if field.yuan is None and not field.data:
            raise ValidationError(_l("请填写金额"))

    def validate_payee(self, field: Field) -> None:
        """Only what is paid goes to somebody."""
        if field.data and self.kind.data != MoneyKind.PAID:
            raise ValidationError(_l("只有支付的资金填收款单位"))

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Besides the fields: what the ledger takes."""
        if not super().validate(extra_validators):
            return False
        refusal = entry_refusal(self.money_kind, self.amount.yuan or 0, self.on.data, self.for_year.year, self.today)
        return not (refusal and self.takes(refusal))


class WithdrawEntryForm(ReasonForm):
    """Why an entry was wrong; ``entry`` finds its row again where the form comes back."""

    entry = IntegerField(validators=[Optional()])
