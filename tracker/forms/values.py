"""Fields that people type plans into: days of the calendar, amounts with their limits, names in a row."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from wtforms import DateField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.documents.yaml_rows import Figures
from tracker.forms.base import clean_text
from tracker.rules.deadlines import FIRST_YEAR, LAST_YEAR
from tracker.rules.names import split_names
from tracker.translations import lazy as _l

AMOUNT = re.compile(r"[0-9]{1,18}(\.[0-9]{1,6})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LONGEST_AMOUNT = 40


def one_line(text: str | None) -> str | None:
    """A cleaned text in one line, None for nothing."""
    return " ".join(clean_text(text).split()) or None


def some_lines(text: str | None) -> str | None:
    """A cleaned text, None for nothing."""
    return clean_text(text) or None


def line(label: str, longest: int, *validators: Any, **kept: Any) -> StringField:
    """A field of one line."""
    message = _l("最多%(count)d字", count=longest)
    return StringField(
        label, filters=[one_line], validators=[*validators, Length(max=longest, message=message)], **kept
    )


def lines(label: str, longest: int, *validators: Any, **kept: Any) -> TextAreaField:
    """A field of several lines."""
    limits = [*validators, Length(max=longest, message=_l("最多%(count)d字", count=longest))]
    return TextAreaField(label, filters=[some_lines], validators=limits, **kept)


class DayField(DateField):
    """A day that a plan can mean, or none."""

    def __init__(self, label: str, **kept: Any) -> None:
        limits = {"min": f"{FIRST_YEAR}-01-01", "max": f"{LAST_YEAR}-12-31"}
        super().__init__(label, validators=[Optional()], render_kw=limits, **kept)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read a day; say what one looks like where the browser offers no calendar."""
        self.data = None
        text = clean_text(valuelist[0]) if valuelist else ""
        if not text:
            return
        try:
            read = date.fromisoformat(text) if DAY.fullmatch(text) else None
        except ValueError:
            read = None
        if read is None or not FIRST_YEAR <= read.year <= LAST_YEAR:
            raise ValidationError(
                str(
                    _l(
                        "请填写 %(first)d 至 %(last)d 年间的日期，如 2026-03-31",
                        first=FIRST_YEAR,
                        last=LAST_YEAR,
                    )
                )
            )
        self.data = read

    def _value(self) -> str:
        """What was typed, also where it is no day."""
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.isoformat() if self.data else ""


class AmountField(StringField):
    """A number that is not negative and can be stored, or none; 1,200.50 and full-width digits are read."""

    def __init__(self, label: str, held: Figures, **kept: Any) -> None:
        self.held = held
        self.amount: Decimal | None = None
        super().__init__(label, validators=[Length(max=LONGEST_AMOUNT)], filters=[one_line], **kept)

    def process_data(self, value: Any) -> None:
        """A stored number without idle zeros."""
        text = "" if value is None else f"{value}"
        self.data = text.rstrip("0").rstrip(".") if "." in text else text

    def pre_validate(self, form: Any) -> None:
        """Read the number."""
        text = unicodedata.normalize("NFKC", self.data or "").replace(",", "").replace(" ", "")
        if not text:
            return
        if not AMOUNT.fullmatch(text):
            raise ValidationError(_l("请只填数字，不能为负"))
        amount = Decimal(text)
        if amount > self.held.largest:
            raise ValidationError(_l("数字过大，请核对单位"))
        if len(text.partition(".")[2].rstrip("0")) > self.held.decimals:
            if self.held.decimals:
                raise ValidationError(_l("小数最多%(count)d位", count=self.held.decimals))
            raise ValidationError(_l("请填整数"))
        self.amount = amount

    @property
    def whole(self) -> int | None:
        """The number where it has no fraction."""
        return None if self.amount is None else int(self.amount)


class NamesField(StringField):
    """Names in a row, 、 between them; ``names`` holds each once."""

    def __init__(self, label: str, longest: int, **kept: Any) -> None:
        self.longest = longest
        super().__init__(label, filters=[one_line], validators=[Length(max=2000, message=_l("最多2000字"))], **kept)

    @property
    def names(self) -> list[str]:
        """The names in their order."""
        return split_names(self.data)

    def process_data(self, value: Any) -> None:
        """Names that are stored, in a row."""
        self.data = "、".join(value or ())

    def pre_validate(self, form: Any) -> None:
        """Refuse a name that no column holds."""
        for name in self.names:
            if len(name) > self.longest:
                raise ValidationError(
                    _l("“%(name)s…”过长，每个名称最多%(count)d字", name=name[:20], count=self.longest)
                )


class ChosenNames(SelectMultipleField):
    """Names to tick; which ones are offered follows from what was typed beside them."""

    def __init__(self, label: str, **kept: Any) -> None:
        super().__init__(
            label,
            choices=[],
            coerce=one_line,
            validate_choice=False,
            widget=ListWidget(prefix_label=False),
            option_widget=CheckboxInput(),
            **kept,
        )

    def offer(self, names: list[str]) -> None:
        """Offer these names; those ticked before stay ticked."""
        self.choices = [(name, name) for name in names]
