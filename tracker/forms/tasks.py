"""The forms of a task: report, return, close in part, re-date."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask_wtf.file import MultipleFileField
from werkzeug.datastructures import MultiDict
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from tracker.forms.base import OnceForm, VersionedForm, clean_text
from tracker.models import Situation, Task, Unit
from tracker.queries.asked import Asked
from tracker.rules.evidence import ACCEPT
from tracker.rules.quantities import MOST_TIMES, read_percent, read_quantity
from tracker.translations import gettext as _
from tracker.translations import lazy as _l

LONGEST_TEXT = 2000
LONGEST_REASON = 500
LONGEST_NUMBER = 20
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)


def new_key() -> str:
    """A key for one form: sent twice, it makes one row."""
    return secrets.token_urlsafe(24)


def chosen_unit(value: Any) -> int | None:
    """The number of a chosen unit, None where none is chosen yet. Raises ValueError for anything else."""
    return int(value) if value else None


def filled(task: Task | None, typed: Mapping[str, str] | None, **values: Any) -> dict[str, Any]:
    """Where a form takes its values from: the request without a task, else what was typed earlier, else ``values``."""
    if task is None:
        return {}
    if typed is None:
        return {"formdata": None, "data": {"version": task.version, **values}}
    return {"formdata": MultiDict({"version": task.version, "once": new_key(), **typed})}


class ReportForm(OnceForm):
    """本周情况: situation, a few words, a number, files. ``kept`` names files that an earlier try has already brought.

    With a task it is the form to show, without one the form that was sent; ``asked`` is what it asks of its task.
    """

    situation = RadioField(
        _l("本周情况"),
        choices=[
            (Situation.ON_PLAN.value, _l("按计划推进")),
            (Situation.DIFFICULTY.value, _l("有困难")),
            (Situation.DONE.value, _l("已完成")),
            (Situation.NO_CHANGE.value, _l("本周无变化")),
        ],
        validators=[InputRequired(_l("请选择本周情况"))],
    )
    text = TextAreaField(
        _l("做了什么、下一步、卡在哪里"),
        filters=[clean_text],
        validators=[Length(max=LONGEST_TEXT, message=_l("最多2000字"))],
    )
    quantity = StringField(
        _l("完成数量"),
        filters=[clean_text],
        validators=[Length(max=LONGEST_NUMBER, message=_l("请填写数字，如 45 或 45.5"))],
    )
    progress = StringField(_l("形象进度（%）"), filters=[clean_text])
    unit = SelectField(_l("填报单位"), coerce=chosen_unit, validators=[InputRequired(_l("请选择填报单位"))])
    files = MultipleFileField(_l("佐证材料"))
    no_evidence_reason = TextAreaField(
        _l("暂无佐证的原因"),
        filters=[clean_text],
        validators=[Length(max=LONGEST_REASON, message=_l("最多500字"))],
    )
    kept = HiddenField()

    accept = ACCEPT

    def __init__(
        self,
        task: Task | None = None,
        speakers: Sequence[Unit] = (),
        typed: Mapping[str, str] | None = None,
        asked: Asked | None = None,
    ) -> None:
        super().__init__(**filled(task, typed, once=new_key()))
        self.name_ids("report")
        self.asked = asked or Asked()
        # Nobody speaks for the first unit of a list by accident.
        self.unit.choices = [("", _l("请选择")), *((unit.id, unit.name) for unit in speakers)]
        if len(speakers) < 2:
            del self.unit
        if self.asked.quantity_total is None:
            del self.quantity
        if not self.asked.is_project:
            del self.progress

    @property
    def number(self) -> Decimal | None:
        """The quantity that was typed, None where none is asked or none was."""
        total = self.asked.quantity_total
        return read_quantity(self.quantity.data, total) if total and self.quantity.data else None

    @property
    def percent(self) -> int | None:
        """How far the building stands, None where it is not asked or was not said."""
        return read_percent(self.progress.data) if "progress" in self and self.progress.data else None

    def validate_situation(self, field: RadioField) -> None:
        """A task without an end is reported by period and never done."""
        if self.asked.is_by_period and field.data == Situation.DONE:
            raise ValidationError(_("长期任务按周期报告，不报“已完成”"))

    def validate_text(self, field: TextAreaField) -> None:
        """A sentence for every situation but an unchanged week, whose own word says it all."""
        if not field.data and self.situation.data != Situation.NO_CHANGE:
            raise ValidationError(_("请写一句话说明情况"))

    def validate_quantity(self, field: StringField) -> None:
        """A plain number that the task can reach."""
        if field.data and self.number is None:
            raise ValidationError(_("请填写不小于0、最多两位小数的数字，且不超过总数的%(times)d倍", times=MOST_TIMES))

    def validate_progress(self, field: StringField) -> None:
        """A whole number of percent, or nothing."""
        if field.data and self.percent is None:
            raise ValidationError(_("形象进度请填写 0 到 100 的整数，如 45"))

    def misses_evidence(self, has_files: bool) -> bool:
        """Whether 已完成 stands without a file and without a reason; the field then says what is missing."""
        if self.situation.data != Situation.DONE or has_files or self.no_evidence_reason.data:
            return False
        if self.asked.evidence_wanted:
            said = _(
                "还没有佐证材料（方案要求：%(wanted)s）。请上传，或在下面说明暂无佐证的原因",
                wanted=self.asked.evidence_wanted,
            )
        else:
            said = _("还没有佐证材料。请上传，或在下面说明暂无佐证的原因")
        self.no_evidence_reason.errors = [said]
        return True


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
