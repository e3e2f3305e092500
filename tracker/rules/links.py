"""How a task is tied to an indicator: proposed by the plan or by its figures, then confirmed or dismissed."""

from __future__ import annotations

from enum import StrEnum


class LinkState(StrEnum):
    """待确认、已确认、不采用."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
