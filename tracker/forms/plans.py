"""The forms of plans: make one, change what it says, end it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import (
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, Length

from tracker.actions.plan_facts import PlanFacts
from tracker.documents.plan_limits import longest
from tracker.documents.plan_shape import PhaseSeed
from tracker.documents.yaml_rows import CODE
from tracker.forms.base import StrictForm, VersionedForm, clean_text
from tracker.forms.regions import region_choices
from tracker.forms.values import DayField, line, one_line
from tracker.models import Phase, Plan, PlanState, Region
from tracker.translations import lazy as _l

LONGEST_CODE = 32  # leaves room for the number of a task behind it
BLANK_PHASES = 3
MOST_PHASES = 40
RESERVED = {"new"}


def reason_field() -> TextAreaField:
    """Why what is in force changes."""
    return TextAreaField(
        _l("理由"),
        filters=[clean_text],
        validators=[DataRequired(_l("请填写理由")), Length(max=500, message=_l("最多500字"))],
    )


class PlanFields(StrictForm):
    """What a plan says of itself."""

    title = line(_l("标题"), longest(Plan.title), DataRequired(_l("请填写标题")))
    document_number = line(_l("文号"), longest(Plan.document_number))
    issuer = line(_l("发文单位"), longest(Plan.issuer))
    issued_on = DayField(_l("发文日期"))
    starts_on = DayField(_l("实施起"))
    ends_on = DayField(_l("实施止"))
    target_text = line(_l("目标期限（原文）"), longest(Plan.target_text))
    target_on = DayField(_l("目标期限（日期）"))

    def validate_ends_on(self, field: Field) -> None:
        """A plan ends after it begins."""
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_l("止日不能早于起日"))

    def validate_target_text(self, field: Field) -> None:
        """The words of the target and the day they mean go together."""
        if (field.data is None) != (self.target_on.data is None) and not self.target_on.errors:
            raise ValidationError(_l("目标期限的原文和日期要么都填，要么都不填"))

    @property
    def facts(self) -> PlanFacts:
        """What was typed."""
        return PlanFacts(**{name: self[name].data for name in PlanFacts.__dataclass_fields__})


class NewPlanForm(PlanFields):
    """A new plan; its code stands in the addresses of its tasks."""

    code = StringField(_l("编号"), filters=[one_line], validators=[DataRequired(_l("请填写编号"))])
    region = SelectField(_l("地区"))

    def __init__(self, regions: Sequence[Region], code: str) -> None:
        super().__init__(data={"code": code})
        self.region.choices = region_choices(regions)

    def validate_code(self, field: Field) -> None:
        """Refuse what cannot stand in an address."""
        code = field.data or ""
        if not CODE.fullmatch(code) or len(code) > LONGEST_CODE or code in RESERVED:
            raise ValidationError(_l("编号用字母、数字、点、横线，以字母或数字开头，最多32位"))


class PhaseFields(Form):
    """One phase in a row; a row without number and title is none. ``was`` is the number of a stored one."""

    was = HiddenField(filters=[one_line], validators=[Length(max=longest(Phase.number))])
    number = line(_l("阶段编号"), longest(Phase.number))
    title = line(_l("阶段名称"), longest(Phase.title))
    starts_on = DayField(_l("起"))
    ends_on = DayField(_l("止"))

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed."""
        typed = (self.number, self.title, self.starts_on, self.ends_on)
        return not any(field.raw_data and str(field.raw_data[0]).strip() for field in typed)

    def validate_number(self, field: Field) -> None:
        """A phase has a number and a title."""
        if not self.is_blank and not field.data:
            raise ValidationError(_l("请填写阶段编号，或清空整行"))

    def validate_title(self, field: Field) -> None:
        """A phase has a number and a title."""
        if not self.is_blank and not field.data:
            raise ValidationError(_l("请填写阶段名称，或清空整行"))

    def validate_ends_on(self, field: Field) -> None:
        """A phase ends after it begins."""
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_l("止日不能早于起日"))


class PlanForm(PlanFields, VersionedForm):
    """What a stored plan says, with its phases in rows; in force a change needs a reason."""

    phases = FieldList(FormField(PhaseFields), max_entries=MOST_PHASES)
    reason = reason_field()

    def __init__(self, plan: Plan, sent: bool) -> None:
        if sent:
            super().__init__()
        else:
            super().__init__(formdata=None, data=_values_of(plan))
        if plan.state is not PlanState.ACTIVE:
            del self.reason

    def validate_phases(self, field: FieldList[Any]) -> None:
        """One number, one phase."""
        numbers = [row.form.number.data for row in field if row.form.number.data]
        for row in field:
            if numbers.count(row.form.number.data) > 1:
                row.form.number.errors = [*row.form.number.errors, _l("编号重复")]
        if len(set(numbers)) < len(numbers):
            raise ValidationError(_l("阶段编号重复"))

    @property
    def phase_seeds(self) -> list[tuple[str | None, PhaseSeed | None]]:
        """(the number that a stored phase had, the phase as typed); None in its place where its row was emptied."""
        rows = ((row.form.was.data, _phase_of(row.form)) for row in self.phases)
        return [(was, seed) for was, seed in rows if was or seed]


def _phase_of(row: PhaseFields) -> PhaseSeed | None:
    if row.is_blank:
        return None
    return PhaseSeed(row.number.data or "", row.title.data or "", None, row.starts_on.data, row.ends_on.data)


def _values_of(plan: Plan) -> dict[str, Any]:
    facts = {name: getattr(plan, name) for name in PlanFacts.__dataclass_fields__}
    names = ("number", "title", "starts_on", "ends_on")
    rows = [{"was": each.number} | {name: getattr(each, name) for name in names} for each in plan.phases]
    return {**facts, "version": plan.version, "phases": [*rows, *({} for _ in range(BLANK_PHASES))]}


class PlanActForm(VersionedForm):
    """An act on a plan that needs no words."""


class PlanReasonForm(PlanActForm):
    """An act on a plan that needs a reason."""

    reason = reason_field()
