"""补录: what belongs to a week that was frozen and was entered after its cut-off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class LateKind(StrEnum):
    """What may be entered late: a report, a node that was done, money, a photograph."""

    REPORT = "report"
    NODE = "node"
    MONEY = "money"
    PHOTO = "photo"


@dataclass(frozen=True)
class Closing:
    """How a frozen week was closed: the instant and day of its cut-off, and the instant at which the week ended."""

    at: datetime
    on: date
    ends_at: datetime


def is_late(at: datetime, on: date | None, closings: Iterable[Closing]) -> bool:
    """Whether something belongs to a week that was closed before it was entered at an instant.

    What tells of a day belongs to the weeks closed on or after it. A report tells of no day: it belongs to the week
    in which it is made, and is late from the cut-off until that week ends.
    """
    if on is None:
        return any(each.at < at < each.ends_at for each in closings)
    return any(each.at < at and on <= each.on for each in closings)
