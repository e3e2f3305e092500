"""The form that takes the audit log away: the filters of the list that is shown."""

from __future__ import annotations

from wtforms import HiddenField

from tracker.forms.base import StrictForm, clean_text

LONGEST_SEARCH = 100


def searched(text: str | None) -> str:
    """A filter as it is asked and kept, no longer than a search."""
    return clean_text(text)[:LONGEST_SEARCH]


class ExportForm(StrictForm):
    """A button; its hidden fields are the filters under the names of the address."""

    act = HiddenField(filters=[searched])
    who = HiddenField(filters=[searched])
    subject = HiddenField(filters=[searched])
    result = HiddenField(filters=[searched])
    since = HiddenField(filters=[searched])
    until = HiddenField(filters=[searched])
