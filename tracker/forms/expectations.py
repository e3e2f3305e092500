"""The form of 预计完成: when a task is expected to be done, and why then."""

from __future__ import annotations

from tracker.forms.tasks import ReasonForm
from tracker.forms.values import DayField
from tracker.translations import lazy as _l


class ExpectForm(ReasonForm):
    """The day on which a task is expected to be done; none takes an earlier one back."""

    refusals = {"expected_past": ("expected_on", _l("预计完成日期不能早于今天"))}
    expected_on = DayField(_l("预计完成"))
