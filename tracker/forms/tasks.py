"""The forms of a task: report, return, close in part, re-date."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_wtf.file import MultipleFileField
from werkzeug.datastructures import MultiDict
from wtforms import DateField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from tracker.forms.base import OnceForm, VersionedForm, clean_text
from tracker.models import Situation, Task, Unit
from tracker.rules.evidence import ACCEPT
from tracker.translations import lazy as _l

LONGEST_TEXT = 2000
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)


def new_key() -> str:
    """A key for one form: sent twice, it makes one row."""
    return secrets.token_urlsafe(24)


def filled(task: Task | None, typed: Mapping[str, str] | None, **values: Any) -> dict[str, Any]:
    """Where a form takes its values from: the request without a task, else what was typed earlier, else ``values``."""
    if task is None:
        return {}
    if typed is None:
        return {"formdata": None, "data": {"version": task.version, **values}}
    return {"formdata": MultiDict({"version": task.version, "once": new_key(), **typed})}


class ReportForm(OnceForm):
    """本周情况: situation, a few words, files. ``kept`` names files that an earlier try has already brought.

    With a task it is the form to show, without one the form that was sent.
    """

    situation = RadioField(
        _l("本周情况"),
        choices=[
            (Situation.ON_PLAN.value, _l("按计划推进")),
            (Situation.DIFFICULTY.value, _l("有困难")),
            (Situation.DONE.value, _l("已完成")),
        ],
        validators=[InputRequired(_l("请选择本周情况"))],
    )
    text = TextAreaField(
        _l("做了什么、下一步、卡在哪里"),
        filters=[clean_text],
        validators=[DataRequired(_l("请写一句话说明情况")), Length(max=LONGEST_TEXT, message=_l("最多2000字"))],
    )
    unit = SelectField(_l("填报单位"), coerce=int, validators=[InputRequired(_l("请选择填报单位"))])
    files = MultipleFileField(_l("佐证材料"))
    kept = HiddenField()

    accept = ACCEPT

    def __init__(
        self, task: Task | None = None, speakers: Sequence[Unit] = (), typed: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(**filled(task, typed, once=new_key()))
        self.name_ids("report")
        self.unit.choices = [(unit.id, unit.name) for unit in speakers]
        if len(speakers) < 2:
            del self.unit


class OfficeForm(VersionedForm):
    """An act of the office on a task; several of these forms stand on one page.

    With a task it is the form to show, without one the form that was sent.
    """

    ids = "act"

    def __init__(self, task: Task | None = None, typed: Mapping[str, str] | None = None, **values: Any) -> None:
        super().__init__(**filled(task, typed, **values))
        self.name_ids(self.ids)


class ReasonForm(OfficeForm):
    """An act of the office that needs a reason."""

    ids = "reason"
    reason = TextAreaField(
        _l("理由"),
        filters=[clean_text],
        validators=[DataRequired(_l("请填写理由")), Length(max=500, message=_l("最多500字"))],
    )


class VerifyForm(OfficeForm):
    """Close a task; nothing to fill in."""

    ids = "verify"


class RedateForm(ReasonForm):
    """A new deadline in force, or the same one confirmed; empty means without an end."""

    ids = "redate"
    due_on = DateField(
        _l("新时限"), validators=[Optional()], render_kw={"min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()}
    )

    def validate_due_on(self, field: DateField) -> None:
        """Say what a date looks like where the browser offers no calendar, and keep to a century."""
        if field.raw_data and field.raw_data[0] and field.data is None:
            field.errors = [_l("请填写日期，如 2026-03-31")]
        elif field.data and not FIRST_DAY <= field.data <= LAST_DAY:
            raise ValidationError(_l("时限应在 2000-01-01 至 2100-12-31 之间"))
