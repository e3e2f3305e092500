"""The form that sets how often a task is to be reported."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from wtforms import DateField, IntegerField, SelectField
from wtforms.validators import NumberRange, Optional, ValidationError

from tracker.forms.tasks import FIRST_DAY, LAST_DAY, ReasonForm
from tracker.models import Task
from tracker.rules.rhythms import MOST_PARTS, Rhythm, is_possible, suggested
from tracker.translations import gettext as _
from tracker.translations import lazy as _l

WRONG_PARTS = _l("每周期次数须为1至12的整数")


class RhythmForm(ReasonForm):
    """How often a task is reported and from when; without a rhythm the two other fields say nothing."""

    ids = "rhythm"
    rhythm = SelectField(
        _l("填报周期"),
        choices=[
            ("", _l("不按周期")),
            (Rhythm.WEEKLY.value, _l("每周")),
            (Rhythm.MONTHLY.value, _l("每月")),
            (Rhythm.QUARTERLY.value, _l("每季度")),
            (Rhythm.HALF_YEARLY.value, _l("每半年")),
            (Rhythm.YEARLY.value, _l("每年")),
            (Rhythm.SCHOOL_YEAR.value, _l("每学年")),
            (Rhythm.ONCE.value, _l("一次（至时限）")),
        ],
    )
    parts = IntegerField(
        _l("每周期次数"),
        validators=[Optional(), NumberRange(1, MOST_PARTS, message=WRONG_PARTS)],
        render_kw={"inputmode": "numeric", "min": 1, "max": MOST_PARTS},
    )
    begins_on = DateField(
        _l("起算日"), validators=[Optional()], render_kw={"min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()}
    )

    @property
    def chosen(self) -> Rhythm | None:
        """The rhythm, None for none."""
        return next((each for each in Rhythm if each == self.rhythm.data), None)

    def validate_rhythm(self, field: SelectField) -> None:
        """A rhythm begins on some day."""
        if self.chosen and not any(self.begins_on.raw_data or ()):
            raise ValidationError(_("请填写起算日"))

    def validate_parts(self, field: IntegerField) -> None:
        """Say what a count looks like, and that it must cut the span into whole months."""
        if field.raw_data and field.raw_data[0] and field.data is None:
            field.errors = [WRONG_PARTS]
        elif self.chosen and not is_possible(self.chosen, field.data or 1):
            raise ValidationError(_("该周期不能平均分成这么多次；每月、每周和一次只能填1"))

    def validate_begins_on(self, field: DateField) -> None:
        """A rhythm begins on a day of this century."""
        if field.raw_data and field.raw_data[0] and field.data is None:
            field.errors = [_("请填写日期，如 2026-03-31")]
        elif field.data and not FIRST_DAY <= field.data <= LAST_DAY:
            raise ValidationError(_("起算日应在 2000-01-01 至 2100-12-31 之间"))


def rhythm_form(task: Task, typed: Mapping[str, str] | None, today: date) -> RhythmForm:
    """The form on a page: what is set, else what the plan's words propose, which only the office can make so."""
    proposal = suggested(f"{task.deadline_text or ''} {task.title} {task.requirement}") if task.rhythm is None else None
    rhythm, parts = proposal or (task.rhythm, task.rhythm_parts)
    return RhythmForm(
        task, typed, rhythm=rhythm.value if rhythm else "", parts=parts, begins_on=task.rhythm_from or today
    )
