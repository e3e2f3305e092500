"""延期: when a later deadline may be asked for, and which days the office may answer with."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum


class Decision(StrEnum):
    """What became of the request; ``shortened`` is an earlier day than was asked for."""

    GRANTED = "granted"
    SHORTENED = "shortened"
    REFUSED = "refused"


def why_not_ask(due_on: date | None, today: date, has_pending: bool, held_days: int = 0) -> str | None:
    """Why nobody may ask now, None where they may: on or before the deadline in force, one request at a time.

    Days at the office move the last day, as they move the first day late.
    """
    if due_on is None:
        return "no_deadline"
    if has_pending:
        return "pending"
    return "too_late" if today > due_on + timedelta(days=held_days) else None


def is_later(wanted_on: date, due_on: date | None) -> bool:
    """Whether a day asked for is an extension at all."""
    return due_on is not None and wanted_on > due_on


def day_granted(decision: Decision, wanted_on: date, shortened_to: date | None) -> date | None:
    """The new deadline that a decision sets, None where it sets none."""
    match decision:
        case Decision.GRANTED:
            return wanted_on
        case Decision.SHORTENED:
            return shortened_to
        case _:
            return None


def is_shortened(shortened_to: date | None, due_on: date | None, wanted_on: date) -> bool:
    """Whether a day lies between the deadline in force and the day asked for."""
    return shortened_to is not None and (due_on is None or shortened_to > due_on) and shortened_to < wanted_on
