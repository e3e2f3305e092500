"""The audit log taken away as a file: an act of the auditor like any other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tracker.actions.record import Actor, record
from tracker.models import Event


def note_export(actor: Actor, region: str, said: Mapping[str, Any], now: datetime) -> Event:
    """Keep that the log was taken away: how many rows, and by which filters they were found."""
    return record(actor, "export_events", now, region=region, after=said)
