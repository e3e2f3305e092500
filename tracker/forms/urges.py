"""催办: the tasks that are chosen, and the words that go with the mails."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import HiddenField, SelectMultipleField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from tracker.forms.base import LONGEST_KEY, RELOAD, StrictForm, clean_text
from tracker.forms.tasks import new_key
from tracker.rules.urges import LONGEST, MOST_TASKS, USUAL_WORDS
from tracker.translations import lazy as _l


class ChosenTasksForm(StrictForm):
    """Some tasks by their keys: the field ``key``, repeated."""

    key = SelectMultipleField(
        _l("任务"), choices=(), coerce=str, validate_choice=False, validators=[DataRequired(_l("请先选择任务"))]
    )

    def validate_key(self, field: SelectMultipleField) -> None:
        """Keep one act within bounds."""
        if len(field.data or ()) > MOST_TASKS:
            raise ValidationError(_l("一次最多选择500项任务"))


class UrgeForm(ChosenTasksForm):
    """The same with the words of the mail; with keys it is the form to show, without the form that was sent."""

    text = TextAreaField(
        _l("催办内容"),
        filters=[clean_text],
        validators=[DataRequired(_l("请填写催办内容")), Length(max=LONGEST, message=_l("最多200字"))],
        render_kw={"maxlength": LONGEST, "rows": 2},
    )
    once = HiddenField(filters=[clean_text], validators=[InputRequired(RELOAD), Length(1, LONGEST_KEY, message=RELOAD)])

    def __init__(self, keys: Sequence[str] | None = None) -> None:
        shown = {"key": list(keys or ()), "text": USUAL_WORDS, "once": new_key()}
        super().__init__(**({} if keys is None else {"formdata": None, "data": shown}))
