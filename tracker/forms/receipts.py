"""The forms of receipts: accept a part or all of them, return one to the office, give one to its unit once more."""

from __future__ import annotations

from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional

from tracker.forms.base import LARGEST_VERSION, StrictForm
from tracker.forms.tasks import OfficeForm, ReasonForm
from tracker.translations import lazy as _l

CHOOSE = _l("请选择单位")


class AcceptAllForm(StrictForm):
    """Accept every open part; nothing to fill in."""


class AcceptForm(OfficeForm):
    """Accept the parts of one's units in a task; nothing to fill in."""


class ReturnPartForm(ReasonForm):
    """Return a part to the office with a reason; the unit is asked of those who act for several."""

    refusals = {"which_unit": ("unit", CHOOSE)}
    unit = IntegerField(_l("退回的单位"), validators=[Optional(), NumberRange(1, LARGEST_VERSION, message=CHOOSE)])


class AskAgainForm(ReasonForm):
    """Give a returned part to its unit once more, with a reason."""

    unit = IntegerField(
        _l("交办单位"), validators=[InputRequired(CHOOSE), NumberRange(1, LARGEST_VERSION, message=CHOOSE)]
    )
