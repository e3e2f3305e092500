"""年度考核: the forms of drawing a sheet up, publishing it, objecting and answering."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import HiddenField, IntegerField, RadioField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from tracker.forms.base import LONGEST_KEY, RELOAD, StrictForm, VersionedForm, clean_text
from tracker.forms.tasks import new_key
from tracker.rules.appraisals import LONGEST_TERM, STORED, TERM_DAYS, Figure
from tracker.translations import lazy as _l

FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST = 1000
LARGEST_FIGURE = 99_999
UPHELD, REJECTED = "upheld", "rejected"


class MakeForm(StrictForm):
    """Of which year a sheet is drawn up."""

    year = IntegerField(_l("年度"), validators=[InputRequired(RELOAD), NumberRange(FIRST_YEAR, LAST_YEAR, RELOAD)])


class RecomputeForm(VersionedForm):
    """Draw a draft up anew."""


class PublishForm(VersionedForm):
    """Publish a draft, with the term of objections."""

    days = IntegerField(
        _l("异议期（工作日）"),
        default=TERM_DAYS,
        validators=[
            InputRequired(_l("请填写异议期有几个工作日")),
            NumberRange(1, LONGEST_TERM, _l("异议期为1至%(most)d个工作日", most=LONGEST_TERM)),
        ],
        render_kw={"min": 1, "max": LONGEST_TERM},
    )


class ObjectForm(StrictForm):
    """What a unit objects to. With ``typed`` it is the form to show again, without it the one that was sent."""

    objection = TextAreaField(
        _l("异议内容"),
        filters=[clean_text],
        validators=[
            DataRequired(_l("请写明哪个数字、应为多少、依据是什么")),
            Length(max=LONGEST, message=_l("最多1000字")),
        ],
        render_kw={"maxlength": LONGEST, "rows": 4},
    )
    once = HiddenField(filters=[clean_text], validators=[InputRequired(RELOAD), Length(1, LONGEST_KEY, message=RELOAD)])


def blank_objection(typed: Mapping[str, str]) -> ObjectForm:
    """The form to show, with the words of a session that has ended."""
    return ObjectForm(formdata=None, data={"objection": typed.get("objection"), "once": new_key()})


class AnswerFields(StrictForm):
    """What the office answers; ``build_answer_form`` adds a field for each figure."""

    about = IntegerField(validators=[InputRequired(RELOAD)])
    # How many of the unit's objections were answered when the figures were shown.
    answered = IntegerField(validators=[InputRequired(RELOAD)])
    decision = RadioField(
        _l("异议是否成立"),
        choices=[(UPHELD, _l("成立，更正数字")), (REJECTED, _l("不成立，数字不变"))],
        validators=[InputRequired(_l("请选择异议是否成立"))],
    )
    opinion = TextAreaField(
        _l("答复意见"),
        filters=[clean_text],
        validators=[DataRequired(_l("请填写答复意见，单位会收到")), Length(max=LONGEST, message=_l("最多1000字"))],
        render_kw={"maxlength": LONGEST, "rows": 3},
    )

    @property
    def figures(self) -> dict[str, int]:
        """The figures that were typed; an empty one stays as it is."""
        return {figure.value: self[figure.value].data for figure in STORED if self[figure.value].data is not None}


def build_answer_form(
    objection_id: int,
    labels: Mapping[Figure, str],
    figures: Mapping[str, int] | None = None,
    typed: Mapping[str, str] | None = None,
    answered: int = 0,
) -> AnswerFields:
    """The form of an answer: with ``figures`` the one to show, with ``typed`` words in it, without them as sent.

    ``answered`` of the unit's objections stand behind these figures.
    """
    limits = NumberRange(0, LARGEST_FIGURE, _l("请填写0至%(most)d的整数", most=LARGEST_FIGURE))
    fields: dict[str, Any] = {
        figure.value: IntegerField(labels[figure], validators=[Optional(), limits], render_kw={"min": 0})
        for figure in STORED
    }
    kind: Any = type("AnswerForm", (AnswerFields,), fields)
    if figures is None:
        form: AnswerFields = kind()
    else:
        form = kind(formdata=None, data={**figures, **(typed or {}), "about": objection_id, "answered": answered})
    form.name_ids(f"answer-{objection_id}")
    return form
