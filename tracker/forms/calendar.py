"""The forms of the calendar: a day or a range by hand, the lines of the official notice, days to take out."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import BooleanField, Field, SelectField, SelectMultipleField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from tracker.forms.base import RELOAD, StrictForm, clean_text
from tracker.forms.values import DayField, line
from tracker.rules.holiday_notice import MOST_DAYS, Notice, read_notice
from tracker.rules.workdays import Days, NamedDay
from tracker.translations import lazy as _l

LONGEST_NOTE = 30
LONGEST_NOTICE = 5000
MOST_TAKEN_OUT = 366


def years_of(today: date) -> range:
    """The years of which days are entered: this one and the next two; one of the past may be entered late."""
    return range(today.year - 1, today.year + 3)


class NeededDayField(DayField):
    """A day that must be given."""

    def __init__(self, label: str, **kept: Any) -> None:
        super().__init__(label, **kept)
        self.validators = [InputRequired(_l("请填写开始日期，如 2027-02-08"))]


class DaysForm(StrictForm):
    """A day, or all days from one to another, that are off or worked."""

    first = NeededDayField(_l("开始日期"))
    last = DayField(_l("结束日期"))
    works = SelectField(_l("安排"), choices=[("0", _l("放假")), ("1", _l("上班"))])
    note = line(_l("说明"), LONGEST_NOTE, InputRequired(_l("请填写说明，如“春节”")))
    replace = BooleanField(_l("替换已录入的安排"))

    def __init__(self, today: date, **values: Any) -> None:
        super().__init__(**values)
        self.years = years_of(today)

    def validate_first(self, field: Field) -> None:
        """A day lies in the years for which a calendar is made."""
        if field.data is not None and field.data.year not in self.years:
            first, last = self.years[0], self.years[-1]
            raise ValidationError(_l("只能录入 %(first)d 至 %(last)d 年的日期，请核对年份", first=first, last=last))

    def validate_last(self, field: Field) -> None:
        """A range ends after its beginning and is no longer than people take at once."""
        if field.data is None or self.first.data is None:
            return
        if field.data < self.first.data:
            raise ValidationError(_l("结束日期早于开始日期"))
        if Days(self.first.data, field.data).count > MOST_DAYS:
            raise ValidationError(_l("一次最多录入 %(count)d 天", count=MOST_DAYS))

    @property
    def days(self) -> list[NamedDay]:
        """The days that the form says."""
        if self.first.data is None:
            return []
        span = Days(self.first.data, self.last.data or self.first.data)
        return [NamedDay(day, self.works.data == "1", self.note.data or "") for day in span.days]


class NoticeForm(StrictForm):
    """The lines of the official notice about a year."""

    year = SelectField(_l("年份"), coerce=int)
    text = TextAreaField(
        _l("通知中的放假安排"),
        filters=[clean_text],
        validators=[
            InputRequired(_l("请粘贴通知中的放假安排")),
            Length(max=LONGEST_NOTICE, message=_l("最多 %(count)d 字", count=LONGEST_NOTICE)),
        ],
    )
    replace = BooleanField(_l("替换已录入的安排"))

    def __init__(self, today: date, **values: Any) -> None:
        super().__init__(**values)
        self.year.choices = [(year, str(year)) for year in years_of(today)]

    @property
    def about(self) -> int:
        """The year of a form that is valid."""
        return self.year.data or 0

    @property
    def notice(self) -> Notice:
        """What the lines say."""
        return read_notice(self.text.data or "", self.about)


def calendar_day(text: Any) -> date:
    """A day in an address or a hidden field. Raises ValueError."""
    return date.fromisoformat(str(text))


class TakeOutForm(StrictForm):
    """Days to take out: the field ``day``, repeated."""

    day = SelectMultipleField(
        _l("日期"), choices=(), coerce=calendar_day, validate_choice=False, validators=[InputRequired(RELOAD)]
    )

    def validate_day(self, field: SelectMultipleField) -> None:
        """Keep one act within bounds."""
        if len(field.data or ()) > MOST_TAKEN_OUT:
            raise ValidationError(RELOAD)

    @property
    def days(self) -> list[date]:
        """The days, which are some once the form is valid."""
        return self.day.data or []
