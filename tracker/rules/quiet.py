"""Whether reminders are sent in a region on a day: offices work, and nobody has asked for silence there."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum


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
