"""The form that takes the audit log away: the filters of the list that is shown."""

from __future__ import annotations

from wtforms import HiddenField

from tracker.forms.base import StrictForm


class ExportForm(StrictForm):
    """A button; its hidden fields are the filters under the names of the address."""

    act = HiddenField()
    who = HiddenField()
    subject = HiddenField()
    result = HiddenField()
    since = HiddenField()
    until = HiddenField()
