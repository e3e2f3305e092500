"""Commands of ``flask --app wsgi``: one file per subject."""

from __future__ import annotations

from flask import Flask

from tracker.commands import accounts, demonstration, jobs, plans


def register(app: Flask) -> None:
    """Attach every command."""
    for part in (plans, accounts, jobs, demonstration):
        part.register(app)
