"""The base of every form: a token, and no field that the form does not know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import abort, request
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, MultipleFileField
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import Field, FieldList, FormField, HiddenField, IntegerField
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from tracker.rules.texts import clean_text as clean_text
from tracker.translations import lazy as _l

LARGEST_VERSION = 2**31 - 1
LONGEST_KEY = 64
RELOAD = _l("请刷新页面后重试")


class StrictForm(FlaskForm):
    """A form that answers 400 to a field that it does not have: nothing is assigned by accident."""

    class Meta(FlaskForm.Meta):
        """WTForms' own messages are written by us, in the source language."""

        locales = ("zh",)

        def wrap_formdata(self, form: BaseForm, formdata: Any) -> Any:
            """What was posted as a form: no JSON, and files for the fields that take files, for others read texts."""
            if formdata is None or isinstance(formdata, MultiDict):
                return formdata
            if request.method != "POST" or not (request.form or request.files):
                return None
            taken = _names_of_files(form)
            files: MultiDict[str, Any] = MultiDict(each for each in request.files.items(multi=True) if each[0] in taken)
            return CombinedMultiDict[str, Any]([files, request.form])

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)  # type: ignore[no-untyped-call]

    def name_ids(self, prefix: str) -> None:
        """Give every field an id of its own where a page holds several forms."""
        for field in self:
            field.id = f"{prefix}-{field.name}"
            field.label.field_id = field.id

    def is_sent(self) -> bool:
        """Whether the form was sent and is valid. Aborts with 400 on unknown fields."""
        if request.method != "POST":
            return False
        known = {name for field in self for name in _names(field)} | {"csrf_token"}
        unknown = (set(request.form) - known) | (set(request.files) - _names_of_files(self))
        if unknown:
            abort(400, description=_l("表单含有未知字段：%(names)s", names="、".join(sorted(unknown))[:200]))
        return bool(self.validate())


def _names_of_files(form: BaseForm) -> set[str]:
    return {field.name for field in form if isinstance(field, FileField | MultipleFileField)}


def _names(field: Field) -> Iterator[str]:
    """The name of a field, or those of the fields inside it where it stands for several."""
    inner = field.entries if isinstance(field, FieldList) else field.form if isinstance(field, FormField) else None
    if inner is None:
        yield field.name
    for each in inner or ():
        yield from _names(each)


class VersionedForm(StrictForm):
    """A form about a row that others may save meanwhile: it carries the version that was read."""

    # Refusals of a rule that are a matter of one field: its name and what to say there.
    refusals: Mapping[str, tuple[str, str]] = {}
    version = IntegerField(
        widget=HiddenInput(), validators=[InputRequired(RELOAD), NumberRange(1, LARGEST_VERSION, message=RELOAD)]
    )

    def takes(self, refusal: str) -> bool:
        """Whether a refusal of a rule belongs to one of the fields; it is said there."""
        if refusal not in self.refusals:
            return False
        name, words = self.refusals[refusal]
        self[name].errors = [words]
        return True

    def show_again(self, version: int) -> None:
        """Offer the form again on the present version, everything typed still in it."""
        self.version.data = version
        self.version.raw_data = None


class OnceForm(VersionedForm):
    """A form whose repeated submission must make one row: it carries a key of its own."""

    once = HiddenField(filters=[clean_text], validators=[InputRequired(RELOAD), Length(1, LONGEST_KEY, message=RELOAD)])
