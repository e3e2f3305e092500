"""The forms of documents that become plans: choose one, say what it is and whom it names, adopt it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf.file import FileField
from wtforms import Field, FieldList, Form, FormField, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from tracker.documents.plan_limits import longest
from tracker.forms.base import LARGEST_VERSION, StrictForm, VersionedForm
from tracker.forms.plans import PlanFields
from tracker.forms.regions import region_choices
from tracker.forms.values import line, lines, one_line
from tracker.models import Plan, Region, Unit, UnitKind
from tracker.translations import lazy as _l

LONGEST_PASTED = 400_000  # characters; a form of more than two megabytes is not read at all
LONGEST_ROWS = 60  # names on a page, with room for a stale page


class NewImportForm(StrictForm):
    """A document to be read: a file, or its text pasted, for a region, compared with a plan or not."""

    file = FileField(_l("方案文件"))
    pasted = lines(_l("或粘贴文字"), LONGEST_PASTED)
    region = SelectField(_l("地区"))
    against = SelectField(_l("与已有计划比较"))

    def __init__(self, regions: Sequence[Region], plans: Sequence[Plan], **values: Any) -> None:
        super().__init__(**values)
        self.region.choices = region_choices(regions)
        self.against.choices = [
            ("", _l("不比较，作为新计划")),
            *((each.code, f"{each.title}（{each.code}）") for each in plans),
        ]

    def validate_pasted(self, field: Field) -> None:
        """A document is a file or a text."""
        if not field.data and not self.file.data:
            self.file.errors = [_l("请选择文件，或在下面粘贴文字")]
            field.errors = []


class ImportActForm(VersionedForm):
    """An act on an import that needs no words."""


class HeadForm(PlanFields, VersionedForm):
    """What a document says of itself, and the code that its plan gets; what lacks is said before the adoption."""

    code = StringField(_l("编号"), filters=[one_line], validators=[Length(max=longest(Plan.code))])
    title = line(_l("标题"), longest(Plan.title))


class NameFields(Form):
    """What one name means: ``choice`` is u and the id of a unit, ``other`` for a typed one, ``new``, or nothing.

    ``was`` is what it meant when the page was made.
    """

    row = HiddenField(filters=[one_line], validators=[Length(max=20)])
    was = HiddenField(filters=[one_line], validators=[Length(max=300)])
    choice = StringField(filters=[one_line], validators=[Length(max=20)])
    other = line(_l("其他单位"), longest(Unit.name))
    kind = SelectField(_l("新单位的类别"), validate_choice=False)
    new_name = line(_l("新单位的名称"), longest(Unit.name))


class NamesForm(StrictForm):
    """What the names of one page of an import mean."""

    names = FieldList(FormField(NameFields), max_entries=LONGEST_ROWS)


class AcceptForm(VersionedForm):
    """Whether what a re-issue says in a row is taken."""

    accepted = SelectField(choices=[("yes", "yes"), ("no", "no")])


class RowActForm(VersionedForm):
    """An act on a row that needs no words; ``next`` is the row behind it, for joining, with its version.

    ``only`` is the filter of the page, so that it stays.
    """

    next = IntegerField(widget=HiddenInput(), validators=[Optional(), NumberRange(1, LARGEST_VERSION)])
    next_version = IntegerField(widget=HiddenInput(), validators=[Optional(), NumberRange(1, LARGEST_VERSION)])
    only = HiddenField(filters=[one_line], validators=[Length(max=10)])


def kind_choices(word: Any) -> list[tuple[str, str]]:
    """The kinds that a new unit may be of."""
    return [(kind.value, word(kind)) for kind in UnitKind]
