"""Whose word completes a task: a lead's where leads are named, else that of every responsible unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.rules.lifecycle import Act


@dataclass(frozen=True)
class Parts:
    """The units whose 已完成 counts (members, not their collective), and those that said it since a return."""

    leads: frozenset[int]
    responsible: frozenset[int]
    done: frozenset[int]

    @property
    def has_lead(self) -> bool:
        """Whether the plan names a lead."""
        return bool(self.leads)

    @property
    def answering(self) -> frozenset[int]:
        """The units that answer for the task: its leads, or the responsible units where none leads."""
        return self.leads or self.responsible

    @property
    def said(self) -> frozenset[int]:
        """Responsible units that have said done; the word of a co-operating unit completes nothing."""
        return self.responsible & self.done

    @property
    def missing(self) -> frozenset[int]:
        """Responsible units that have not said done; empty where a lead speaks for all."""
        return frozenset() if self.leads else self.responsible - self.done


def difficulty_since(words: Iterable[tuple[int | None, bool, date]]) -> date | None:
    """Since when some unit has been in difficulty, None when none is.

    ``words`` are (unit, in difficulty, day), oldest first; each unit's latest word counts, and only its own ends it.
    """
    since: dict[int | None, date] = {}
    for unit_id, in_difficulty, day in words:
        if in_difficulty:
            since.setdefault(unit_id, day)
        else:
            since.pop(unit_id, None)
    return min(since.values(), default=None)


def unchanged_since(words: Iterable[tuple[int | None, bool, date]]) -> date | None:
    """Since when some unit has said 本周无变化 in a second week, one after another, None when none has.

    ``words`` are (unit, no change, day), oldest first; the first week is free however often it was said in it, and any
    other word of the unit ends it.
    """
    first: dict[int | None, date] = {}
    since: dict[int | None, date] = {}
    for unit_id, no_change, day in words:
        if not no_change:
            first.pop(unit_id, None)
            since.pop(unit_id, None)
        elif unit_id not in first:
            first[unit_id] = day
        elif day - timedelta(days=day.weekday()) > first[unit_id]:
            since.setdefault(unit_id, day)
    return min(since.values(), default=None)


def act_of_done(parts: Parts, unit_id: int | None) -> Act:
    """What a unit's 已完成 does to the task: submits it, or counts as a report of its own part."""
    if parts.leads:
        return Act.SUBMIT if unit_id in parts.leads else Act.REPORT
    return Act.SUBMIT if parts.missing <= {unit_id} else Act.REPORT
