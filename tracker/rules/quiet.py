"""Whether reminders are sent in a region on a day: offices work, and nobody has asked for silence there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum

MOST_QUIET_DAYS = 92  # a whole summer
FARTHEST_QUIET = timedelta(days=2 * 365)


class SendingDay(StrEnum):
    """What a day is to the reminders of a region; the values are the words that the ledger of the jobs keeps."""

    SENDS = "sends"
    REST = "rest_day"
    QUIET = "quiet_day"


def sending_day(region: str, works: bool, quiet: Collection[str]) -> SendingDay:
    """What a day is to a region: ``works`` whether offices work there, ``quiet`` the regions that asked for silence.

    A quiet day holds for a region and for all below it.
    """
    if not works:
        return SendingDay.REST
    return SendingDay.QUIET if any(region.startswith(above) for above in quiet) else SendingDay.SENDS


class QuietFault(StrEnum):
    """Why certain days cannot become quiet days."""

    PAST = "past"
    BACKWARDS = "backwards"
    TOO_MANY = "too_many"
    TOO_FAR = "too_far"


def quiet_fault(first_on: date, last_on: date, today: date) -> QuietFault | None:
    """Why the days from one to another cannot become quiet, None where they can."""
    if last_on < first_on:
        return QuietFault.BACKWARDS
    if first_on < today:
        return QuietFault.PAST
    if last_on - first_on >= timedelta(days=MOST_QUIET_DAYS):
        return QuietFault.TOO_MANY
    return QuietFault.TOO_FAR if last_on - today > FARTHEST_QUIET else None
