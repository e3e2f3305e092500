"""The form that names who in a unit handles its part of a task."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import InputRequired, Regexp

from tracker.forms.tasks import OfficeForm
from tracker.translations import lazy as _l


class HandlerForm(OfficeForm):
    """A part and a person of its unit, or nobody: ``12:34`` and ``12:``."""

    ids = "handler"
    handler = StringField(
        _l("经办人"),
        validators=[InputRequired(_l("请选择经办人")), Regexp(r"^[0-9]{1,9}:[0-9]{0,9}$", message=_l("请选择经办人"))],
    )

    @property
    def part_id(self) -> int:
        """The part of the task."""
        return int((self.handler.data or "0:").partition(":")[0])

    @property
    def account_id(self) -> int | None:
        """The person, None for nobody."""
        chosen = (self.handler.data or "").partition(":")[2]
        return int(chosen) if chosen else None
