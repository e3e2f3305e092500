"""The form that takes a binder of evidence away."""

from __future__ import annotations

from tracker.forms.base import StrictForm


class BinderForm(StrictForm):
    """A button; what it takes stands in the address."""
