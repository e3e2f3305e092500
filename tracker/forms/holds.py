"""The forms that let a held outbox go on and clear a refused address."""

from __future__ import annotations

from wtforms import HiddenField
from wtforms.validators import AnyOf

from tracker.forms.base import StrictForm

GIVE_UP, SEND = "give_up", "send"


class ReleaseForm(StrictForm):
    """Let the outbox go on: what becomes of the mails that waited."""

    waiting = HiddenField(validators=[AnyOf([GIVE_UP, SEND])])
