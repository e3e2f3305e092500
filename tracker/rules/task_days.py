"""A task on a past day: what it is today with everything taken back that happened since.

Every act keeps what stood before it, so that the facts of any instant are those of today under the later acts'
``before``. The light of a day follows from the timetable that stood then (``rules/lights.py``); acts of the time before
the timetable was kept say nothing of it, and then nobody may guess.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tracker.rules.lights import Light, LightDates

TIMETABLE = "light"
EDITS = ("edit_task", "assign")
NAMED = ("title", "lead", "responsible", "cooperating")  # what an edit keeps under these names
MOVED = ("state", "due_on")  # what every act keeps
LEAVING, COMING_BACK = "withdraw", "restore"


@dataclass(frozen=True)
class Happened:
    """An act on a task, with what stood before and after as its event keeps it."""

    at: datetime
    act: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def written(dates: LightDates) -> list[str | None]:
    """The timetable of a light as an event keeps it."""
    days = (dates.late_from, dates.soon_from, dates.normal_from)
    return [dates.fixed.value if dates.fixed else None, *(each.isoformat() if each else None for each in days)]


def read(kept: Sequence[str | None]) -> LightDates:
    """The timetable that an event keeps."""
    fixed, *days = kept
    return LightDates(Light(fixed) if fixed else None, *(date.fromisoformat(each) if each else None for each in days))


def facts_at(today: Mapping[str, Any], happened: Sequence[Happened], until: datetime) -> dict[str, Any]:
    """The facts of a task at the end of an instant; ``happened`` in the order of the acts.

    Days are texts as in events. What no later act has changed is as today.
    """
    found = dict(today)
    for each in reversed([each for each in happened if each.at > until]):
        names = (*NAMED, "due_on") if each.act in EDITS else MOVED if _moves(each) else ()
        found |= {name: each.before[name] for name in names if name in each.before}
    return found


def timetable_at(today: LightDates, happened: Sequence[Happened], until: datetime) -> LightDates | None:
    """The timetable of the light at the end of an instant, None where the acts of that time kept none."""
    later = next((each for each in happened if each.at > until and _moves(each)), None)
    if later is None:
        return today
    return read(later.before[TIMETABLE]) if TIMETABLE in later.before else None


def was_withdrawn(is_withdrawn: bool, happened: Sequence[Happened], until: datetime) -> bool:
    """Whether a task stood outside its plan at the end of an instant; ``is_withdrawn`` says it of today."""
    later = next((each for each in happened if each.at > until and each.act in {LEAVING, COMING_BACK}), None)
    return later.act == COMING_BACK if later else is_withdrawn


def _moves(each: Happened) -> bool:
    """Whether an act may have changed state, deadline or light."""
    if each.act == "edit_task":
        return TIMETABLE in each.before or bool({"deadline", "due_on"} & each.before.keys())
    return "state" in each.before or "state" in each.after
