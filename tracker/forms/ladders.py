"""提醒设置: the ladder of a region, and its quiet days."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from wtforms import IntegerField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput, TimeInput

from tracker.forms.base import LARGEST_VERSION, RELOAD, StrictForm
from tracker.forms.values import DayField, line, one_line
from tracker.rules.ladders import Ladder, faults
from tracker.rules.quiet import MOST_QUIET_DAYS, QuietFault, quiet_fault
from tracker.translations import lazy as _l

BETWEEN = re.compile(r"[、,;，；\s]+")
NUMBER = re.compile(r"[0-9]{1,4}")
HOUR = re.compile(r"([0-9]{1,2}):([0-9]{2})(:00)?")
LONGEST_NOTE = 60
FAULTS = {
    "days_before": _l("请填1至90之间互不相同的整数，最多6个，用顿号分开，如 15、7、1"),
    "day_after": _l("请填1至30之间的整数"),
    "repeat_every": _l("请填1至90之间的整数"),
    "head_after": _l("请填1至365之间的整数，且不大于“提请领导决定”的天数；不报单位负责人就留空"),
    "decide_after": _l("请填1至365之间的整数，不提请领导决定就留空"),
    "sends_at": _l("应在06:00至21:00之间，如 09:00"),
    "leaders_at": _l("应在06:00至21:00之间，不发就留空"),
}
QUIET_FAULTS = {
    QuietFault.PAST: _l("开始日期已经过去，请选今天或以后的日期"),
    QuietFault.BACKWARDS: _l("结束日期早于开始日期"),
    QuietFault.TOO_MANY: _l("一次最多设置%(count)d天", count=MOST_QUIET_DAYS),
    QuietFault.TOO_FAR: _l("最远设置到两年以内"),
}


class NumbersField(StringField):
    """Whole numbers in a row, largest first; ``numbers`` holds them."""

    numbers: tuple[int, ...] = ()

    def __init__(self, label: str, **kept: Any) -> None:
        super().__init__(label, filters=[one_line], validators=[Length(max=60, message=_l("最多60字"))], **kept)

    def process_data(self, value: Any) -> None:
        """Stored numbers, in a row."""
        self.data = "、".join(map(str, value or ()))

    def pre_validate(self, form: Any) -> None:
        """Read the numbers."""
        words = [word for word in BETWEEN.split(_plain(self.data)) if word]
        if not all(NUMBER.fullmatch(word) for word in words):
            raise ValidationError(FAULTS[self.name])
        self.numbers = tuple(sorted(map(int, words), reverse=True))


class WholeField(StringField):
    """A whole number, or nothing; ``number`` holds it."""

    number: int | None = None

    def __init__(self, label: str, validators: Any = (), **kept: Any) -> None:
        looks = {"inputmode": "numeric"}
        super().__init__(label, filters=[one_line], validators=validators, render_kw=looks, **kept)

    def process_data(self, value: Any) -> None:
        """A stored number."""
        self.data = "" if value is None else str(value)

    def pre_validate(self, form: Any) -> None:
        """Read the number."""
        text = _plain(self.data)
        if text and not NUMBER.fullmatch(text):
            raise ValidationError(FAULTS[self.name])
        self.number = int(text) if text else None


class HourField(StringField):
    """A time of the day to the minute, or nothing; ``hour`` holds it."""

    hour: time | None = None
    widget = TimeInput()

    def __init__(self, label: str, validators: Any = (), **kept: Any) -> None:
        limits = {"min": "06:00", "max": "21:00"}
        super().__init__(label, filters=[one_line], validators=[*validators, Length(max=9)], render_kw=limits, **kept)

    def process_data(self, value: Any) -> None:
        """A stored hour."""
        self.data = f"{value:%H:%M}" if value else ""

    def pre_validate(self, form: Any) -> None:
        """Read the hour."""
        text = _plain(self.data)
        found = HOUR.fullmatch(text)
        if text and not (found and int(found[1]) < 24 and int(found[2]) < 60):
            raise ValidationError(_l("请填写时间，如 09:00"))
        self.hour = time(int(found[1]), int(found[2])) if found else None


class LadderVersionForm(StrictForm):
    """An act on the choice of a region: it carries the version that was read, 0 where there is none."""

    version = IntegerField(
        widget=HiddenInput(), validators=[InputRequired(RELOAD), NumberRange(0, LARGEST_VERSION, message=RELOAD)]
    )


class LadderForm(LadderVersionForm):
    """The ladder of a region; ``ladder`` is what was typed once the form is valid."""

    days_before = NumbersField(_l("时限前提醒（天）"))
    day_after = WholeField(_l("逾期后第几天提醒"), [InputRequired(_l("请填写天数"))])
    repeat_every = WholeField(_l("此后每隔几天提醒"), [InputRequired(_l("请填写天数"))])
    head_after = WholeField(_l("逾期满几天报单位负责人"))
    decide_after = WholeField(_l("逾期满几天提请领导决定"))
    sends_at = HourField(_l("每日汇总发送时间"), [InputRequired(_l("请填写时间"))])
    leaders_at = HourField(_l("领导周览邮件发送时间"))

    def __init__(
        self, ladder: Ladder, version: int, typed: Mapping[str, str] | None = None, sent: bool = False
    ) -> None:
        if sent:
            super().__init__()
            return
        super().__init__(formdata=None, data={**vars(ladder), "version": version})
        for name, text in (typed or {}).items():
            self[name].data = text

    @property
    def ladder(self) -> Ladder:
        """What was typed; the usual value where a required field is missing, which is refused beside it."""
        return Ladder(
            days_before=self.days_before.numbers,
            day_after=self.day_after.number or 0,
            repeat_every=self.repeat_every.number or 0,
            head_after=self.head_after.number,
            decide_after=self.decide_after.number,
            sends_at=self.sends_at.hour or time(0),
            leaders_at=self.leaders_at.hour,
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Read every field and let the rule judge what could be read: all mistakes are told at once."""
        super().validate(extra_validators)
        self.refuse(tuple(name for name in faults(self.ladder) if not self[name].errors))
        return not self.errors

    def refuse(self, names: tuple[str, ...]) -> None:
        """Say beside each of these fields what it may be."""
        for name in names:
            self[name].errors = [FAULTS[name]]

    def show_again(self, version: int) -> None:
        """Offer the form again on the present version, everything typed still in it."""
        self.version.data = version
        self.version.raw_data = None


class SpanForm(StrictForm):
    """Some days in a row."""

    first_on = DayField(_l("开始日期"))
    last_on = DayField(_l("结束日期"))

    def validate(self, extra_validators: Any = None) -> bool:
        """A span begins on some day."""
        super().validate(extra_validators)
        if self.first_on.data is None and not self.first_on.errors:
            self.first_on.errors = [_l("请填写开始日期")]
        return not self.errors

    @property
    def span(self) -> tuple[date, date]:
        """The first and the last day; of one day both are that day."""
        first = self.first_on.data or date.min
        return first, self.last_on.data or first


class QuietForm(SpanForm):
    """Days on which no reminder is sent, and why."""

    note = line(_l("事由"), LONGEST_NOTE, InputRequired(_l("请填写事由")))

    def __init__(self, today: date, typed: Mapping[str, str] | None = None, sent: bool = False) -> None:
        self.today = today
        super().__init__(**({} if sent else {"formdata": None}))
        for name, text in (typed or {}).items():
            self[name].raw_data = [text]
            self[name].data = text

    def validate(self, extra_validators: Any = None) -> bool:
        """Judge the days beside the rest: all mistakes are told at once."""
        super().validate(extra_validators)
        if not self.first_on.errors and not self.last_on.errors and (fault := quiet_fault(*self.span, self.today)):
            self.refuse(fault)
        return not self.errors

    def refuse(self, fault: QuietFault) -> None:
        """Say beside the day what is wrong with it."""
        field = self.first_on if fault is QuietFault.PAST else self.last_on
        field.errors = [QUIET_FAULTS[fault]]


def _plain(text: str | None) -> str:
    """What was typed, with full-width digits and colons read as plain ones."""
    return unicodedata.normalize("NFKC", text or "")
