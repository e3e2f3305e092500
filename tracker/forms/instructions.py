"""批示: the forms of a leader's word and of a unit's answer."""

from __future__ import annotations

from collections.abc import Mapping

from wtforms import HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from tracker.forms.base import OnceForm, clean_text
from tracker.forms.tasks import filled, new_key
from tracker.models import Task
from tracker.rules.instructions import LONGEST
from tracker.translations import lazy as _l

LONGEST_NAME = 40
LONGEST_ANSWER = 1000


class InstructForm(OnceForm):
    """A leader's word on a task. Its version is not claimed: an instruction takes nothing from anybody's save.

    With a task it is the form to show, without one the form that was sent.
    """

    instruction = TextAreaField(
        _l("批示内容"),
        filters=[clean_text],
        validators=[DataRequired(_l("请填写批示内容")), Length(max=LONGEST, message=_l("最多500字"))],
        render_kw={"maxlength": LONGEST, "rows": 3},
    )

    def __init__(self, task: Task | None = None, typed: Mapping[str, str] | None = None) -> None:
        super().__init__(**filled(task, typed, once=new_key()))
        self.name_ids("instruct")


class RecordInstructionForm(InstructForm):
    """The same, recorded by the office: whose word it is must be said."""

    leader_name = StringField(
        _l("批示领导"),
        filters=[lambda text: " ".join(clean_text(text).split())],
        validators=[DataRequired(_l("请填写领导姓名")), Length(max=LONGEST_NAME, message=_l("最多40字"))],
        render_kw={"maxlength": LONGEST_NAME, "autocomplete": "off"},
    )


class AnswerForm(OnceForm):
    """What a unit answers; ``about`` says which instruction the words belong to when they come back."""

    answer = TextAreaField(
        _l("答复内容"),
        filters=[clean_text],
        validators=[DataRequired(_l("请填写答复内容")), Length(max=LONGEST_ANSWER, message=_l("最多1000字"))],
    )
    unit = IntegerField(_l("答复单位"), validators=[Optional()])
    about = HiddenField(validators=[Length(max=20)])

    def __init__(self, task: Task | None = None, typed: Mapping[str, str] | None = None) -> None:
        super().__init__(**filled(task, typed, once=new_key()))
        self.name_ids("answer")
