"""The form of the weekly overview."""

from __future__ import annotations

from tracker.forms.base import StrictForm


class FreezeForm(StrictForm):
    """Freeze the week: it asks nothing but that it was sent from our own page."""
