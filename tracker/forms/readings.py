"""The form of 标为已阅."""

from __future__ import annotations

from tracker.forms.base import StrictForm


class MarkReadForm(StrictForm):
    """Say that an issue was read: it asks nothing but that it was sent from our own page."""
