"""What the finders of the recognition hand over: tasks without keys yet, what else they saw, and what they doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from tracker.documents.paper import Place
from tracker.documents.plan_draft import DraftDoubt, DraftIndicator, DraftTask


class Origin(StrEnum):
    """From what sort of passage a task comes; the value begins its key."""

    MEASURE = "m"  # a numbered paragraph with its units in brackets or lines
    TABLE = "a"  # a row of a table
    LISTED = "d"  # an item with label lines under it (责任分解)
    POLICY = "p"  # an item of a list of documents to be issued
    UNIT_DUTY = "u"  # what a unit is told to do (教育局：…)
    WORK = "e"  # a heading of the main tasks without any unit
    TARGET = "c"  # a sentence with a date of its own


@dataclass(frozen=True)
class FoundTask:
    """A task with its origin; ``annex`` is the number of the annex it stands in. Its key is given at the end."""

    origin: Origin
    task: DraftTask
    annex: str = ""


@dataclass(frozen=True)
class Found:
    """What a finder found; ``used`` are the places that it understood, so that no other finder reads them again."""

    tasks: tuple[FoundTask, ...] = ()
    indicators: tuple[DraftIndicator, ...] = ()
    vetoes: tuple[tuple[str, str], ...] = ()
    doubts: tuple[DraftDoubt, ...] = ()
    used: frozenset[Place] = field(default=frozenset())


def together(parts: Sequence[Found]) -> Found:
    """Several finds as one, in their order."""
    return Found(
        tuple(task for part in parts for task in part.tasks),
        tuple(item for part in parts for item in part.indicators),
        tuple(veto for part in parts for veto in part.vetoes),
        tuple(doubt for part in parts for doubt in part.doubts),
        frozenset(place for part in parts for place in part.used),
    )


def with_keys(found: Sequence[FoundTask]) -> tuple[DraftTask, ...]:
    """The tasks in the order of the document, each with a key of its own: m-01, a1-03."""
    counts: dict[str, int] = {}
    keyed = []
    for each in sorted(found, key=lambda each: (each.task.place.block, each.task.place.row or 0)):
        start = f"{each.origin.value}{each.annex if each.annex.isdigit() else ''}"
        counts[start] = counts.get(start, 0) + 1
        keyed.append(replace(each.task, key=f"{start}-{counts[start]:02d}"))
    return tuple(keyed)
