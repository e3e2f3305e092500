"""The forms of taking in a file of schools' numbers: choose it, then answer what it raises and confirm."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired

from tracker.forms.base import RELOAD, StrictForm
from tracker.forms.values import lines
from tracker.translations import lazy as _l

LONGEST_REASON = 300


class ConfirmForm(StrictForm):
    """What was read from a file, as a signed word, with the answers to what its preview asked."""

    rows = HiddenField(validators=[InputRequired(RELOAD)])
    explained = lines(_l("这些数变化较大的原因"), LONGEST_REASON)
    makes_schools = BooleanField(_l("同时新建这些学校"))
