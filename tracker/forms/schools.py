"""The forms of schools: make and change one, say whom it expects."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from wtforms import Field, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from tracker.documents.yaml_rows import Figures
from tracker.forms.accounts import as_sent
from tracker.forms.base import StrictForm, VersionedForm
from tracker.forms.regions import region_choices
from tracker.forms.units import number_or_none
from tracker.forms.values import AmountField, DayField, line
from tracker.models import PlannedEnrolment, Region, School, SchoolKind, Stage, Unit
from tracker.rules.texts import one_name
from tracker.translations import lazy as _l

LONGEST_NAME = 60
LONGEST_SOURCE = 100
PEOPLE = Figures(Decimal(99_999))
CLASSES = Figures(Decimal(9_999))
SINGLE_STAGES = (Stage.PRIMARY, Stage.JUNIOR, Stage.SENIOR)


def amount_field(form: StrictForm, name: str) -> AmountField:
    """A field of a form that holds an amount. Raises TypeError for another one."""
    field = form[name]
    if not isinstance(field, AmountField):
        raise TypeError(f"{name} holds no amount")
    return field


class SchoolFields(StrictForm):
    """What is known of a school."""

    name = StringField(
        _l("校名"),
        filters=[one_name],
        validators=[InputRequired(_l("请填写校名")), Length(max=LONGEST_NAME, message=_l("校名最多 60 字"))],
    )
    kind = SelectField(_l("类别"), coerce=SchoolKind)
    town = line(_l("所在乡镇"), LONGEST_NAME)
    unit = SelectField(_l("填报单位"), coerce=number_or_none)
    opened_on = DayField(_l("启用日期"))
    closed_on = DayField(_l("撤并日期"))

    def offer(self, kinds: Sequence[tuple[str, str]], units: Sequence[Unit], nobody: str) -> None:
        """Fill the lists to choose from."""
        self.kind.choices = list(kinds)
        self.unit.choices = [("", nobody), *((unit.id, unit.name) for unit in units)]

    def validate_closed_on(self, field: Field) -> None:
        """A school closes after it has opened."""
        if field.data and self.opened_on.data and field.data < self.opened_on.data:
            raise ValidationError(_l("撤并日期早于启用日期"))


class NewSchoolForm(SchoolFields):
    """A new school of a region; the unit that enters its numbers is chosen on its page where there are many regions."""

    region = SelectField(_l("地区"))

    def __init__(self, regions: Sequence[Region], kinds: Sequence[tuple[str, str]], units: Sequence[Unit], nobody: str):
        super().__init__()
        self.region.choices = region_choices(regions)
        self.offer(kinds, units, nobody)


class SchoolForm(SchoolFields, VersionedForm):
    """A school as it is, to be changed."""

    def __init__(
        self,
        school: School,
        kinds: Sequence[tuple[str, str]],
        units: Sequence[Unit],
        nobody: str,
        sent: bool = False,
    ) -> None:
        values = {
            "name": school.name,
            "kind": school.kind,
            "town": school.town,
            "unit": school.unit_id,
            "opened_on": school.opened_on,
            "closed_on": school.closed_on,
            "version": school.version,
        }
        super().__init__(**as_sent(sent), data=values)
        self.offer(kinds, units, nobody)


class EnrolmentFields(VersionedForm):
    """Students and classes that a school expects; ``build_enrolment_form`` adds a pair of fields a stage and year."""

    source = line(_l("来源"), LONGEST_SOURCE, InputRequired(_l("请写明来源，如“招生计划”“户籍人口推算”")))
    places: tuple[tuple[Stage, int], ...] = ()

    def students(self, stage: Stage, year: int) -> AmountField:
        """The field of the students of a stage in a year."""
        return amount_field(self, f"{stage.value}.{year}.students")

    def classes(self, stage: Stage, year: int) -> AmountField:
        """The field of the classes of a stage in a year."""
        return amount_field(self, f"{stage.value}.{year}.classes")

    def validate(self, extra_validators: Any = None) -> bool:
        """Classes are expected of students; students who are expected have a class, where classes are known."""
        is_sound = super().validate(extra_validators)
        for stage, year in self.places:
            students, classes = self.students(stage, year), self.classes(stage, year)
            if students.errors or classes.errors:
                continue
            if students.amount is None and classes.amount is not None:
                students.errors = [_l("请填写学生数，或清空班数")]
            elif students.amount and classes.amount == 0:
                classes.errors = [_l("有学生就至少有一个班；不知道班数的留空")]
            is_sound = is_sound and not students.errors and not classes.errors
        return is_sound


def build_enrolment_form(
    school: School, years: Sequence[int], rows: Collection[PlannedEnrolment], sent: bool = False, typed: Any = None
) -> EnrolmentFields:
    """The form of what a school expects in some years, with what is stored or, where given, what was typed."""
    places = tuple((stage, year) for year in years for stage in SINGLE_STAGES)
    fields: dict[str, Any] = {"places": places}
    for stage, year in places:
        fields[f"{stage.value}.{year}.students"] = AmountField("", PEOPLE)
        fields[f"{stage.value}.{year}.classes"] = AmountField("", CLASSES)
    stored = {(each.stage, each.year): each for each in rows}
    values: dict[str, Any] = {"version": school.version}
    for stage, year in places:
        row = stored.get((stage, year))
        values[f"{stage.value}.{year}.students"] = row.students if row else None
        values[f"{stage.value}.{year}.classes"] = row.classes if row else None
    form: EnrolmentFields = type("EnrolmentForm", (EnrolmentFields,), fields)(
        **(as_sent(sent) if typed is None else {"formdata": typed}), data=values
    )
    return form
