"""批示: which units a leader's word asks for an answer, and since how many days it waits for one."""

from __future__ import annotations

from datetime import date

from tracker.rules.parts import Parts

LONGEST = 500


def answering_units(parts: Parts) -> frozenset[int]:
    """The units that are to answer: the leads, or every responsible unit where none is named."""
    return parts.leads or parts.responsible


def days_waiting(said_on: date, today: date) -> int:
    """Since how many days a word waits; a clock that was put back makes no negative count."""
    return max(0, (today - said_on).days)
