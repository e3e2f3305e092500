"""分批交付: what may be said of seats that are handed over apart from the rest of their school."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

MOST_HANDOVERS = 20  # of one school and stage


@dataclass(frozen=True, slots=True)
class Planned:
    """A batch as somebody plans it: its seats and classes, when planned, when expected."""

    seats: int
    classes: int | None = None
    planned_on: date | None = None
    expected_on: date | None = None
    note: str | None = None


def why_not_planned(said: Planned, expected_before: date | None, today: date) -> str | None:
    """Why a batch cannot be planned so, as a stable word; an expected day that stood there before may have passed."""
    if said.expected_on and said.expected_on < today and said.expected_on != expected_before:
        return "expected_past"
    return None


def why_not_handed(handed_on: date | None, reason: str | None, today: date) -> str | None:
    """Why a batch cannot be handed over on a day, as a stable word; no day takes it back and needs a reason."""
    if handed_on is None:
        return None if reason else "reason_missing"
    return "handed_ahead" if handed_on > today else None
