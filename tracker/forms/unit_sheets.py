"""The forms of taking in a file: choose it, then confirm what was read from it."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import HiddenField
from wtforms.validators import InputRequired

from tracker.forms.base import RELOAD, StrictForm
from tracker.translations import lazy as _l


class SheetForm(StrictForm):
    """One Excel file."""

    file = FileField(_l("Excel 文件"))


class ConfirmForm(StrictForm):
    """What was read from a file, as a signed word."""

    rows = HiddenField(validators=[InputRequired(RELOAD)])
