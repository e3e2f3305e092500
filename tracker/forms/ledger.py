"""The forms of the ledger: the tasks chosen in it, a deadline for many of them, a view to be saved."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from tracker.forms.base import LARGEST_VERSION, StrictForm, clean_text
from tracker.forms.periods import RhythmForm
from tracker.forms.tasks import FIRST_DAY, LAST_DAY
from tracker.translations import lazy as _l

LONGEST_NAME = 40
LONGEST_REASON = 500
MOVE, CONFIRM = "move", "confirm"


class ChosenForm(StrictForm):
    """Tasks ticked in the ledger by their keys, or all of the list."""

    key = SelectMultipleField(validate_choice=False)
    all = BooleanField()

    @property
    def keys(self) -> list[str]:
        """The keys, each once."""
        return list(dict.fromkeys(clean_text(key) for key in self.key.data or []))


class ManyForm(StrictForm):
    """An act on many tasks, each with the version that was read."""

    task = SelectMultipleField(validate_choice=False)

    @property
    def versions(self) -> dict[str, int]:
        """The version that was read of each task, by its key. Raises ValueError for what names no version."""
        found = {}
        for each in self.task.data or []:
            key, _, version = each.rpartition(":")
            if not (version.isascii() and version.isdigit() and len(version) <= len(str(LARGEST_VERSION))):
                raise ValueError(each)
            found[clean_text(key)] = int(version)
        return found


class RedateManyForm(ManyForm):
    """One deadline for many tasks, or the deadlines of doubtful ones confirmed."""

    act = RadioField(
        _l("如何调整"),
        choices=[(MOVE, _l("全部改为新时限")), (CONFIRM, _l("按已识别的时限确认（仅限待重定时限）"))],
        validators=[InputRequired(_l("请选择如何调整"))],
    )
    due_on = DateField(_l("新时限"), render_kw={"min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()})
    reason = TextAreaField(
        _l("理由"),
        filters=[clean_text],
        validators=[DataRequired(_l("请填写理由")), Length(max=LONGEST_REASON, message=_l("最多500字"))],
    )

    def validate_due_on(self, field: DateField) -> None:
        """A new deadline is a day of this century; a confirmation needs none."""
        field.errors = []
        if self.act.data == CONFIRM:
            return
        if field.data is None:
            raise ValidationError(_l("请填写日期，如 2026-03-31"))
        if not _is_kept(field.data):
            raise ValidationError(_l("时限应在 2000-01-01 至 2100-12-31 之间"))


class RhythmManyForm(ManyForm, RhythmForm):
    """One rhythm of reporting for many tasks, or none."""

    version = None  # type: ignore[assignment]  # each task brings its own

    def __init__(self, **values: Any) -> None:
        StrictForm.__init__(self, **values)


class SaveViewForm(StrictForm):
    """The present filters and columns under a name."""

    name = StringField(
        _l("名称"),
        filters=[clean_text],
        validators=[DataRequired(_l("请填写名称")), Length(max=LONGEST_NAME, message=_l("最多40字"))],
    )
    query = HiddenField(validators=[Length(max=2000)])


class DropViewForm(StrictForm):
    """Drop a saved view; nothing to fill in."""


def _is_kept(day: date) -> bool:
    return FIRST_DAY <= day <= LAST_DAY
