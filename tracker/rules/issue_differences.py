"""What became of every task between two issues: one reason for each, and the sums that explain every changed figure.

A task that came to a group and one that left it are counted where they belong, so that over all reasons the effects on
a group are exactly its change between the two issues, whatever the lines say (proved by a test over any lines).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from tracker.rules.issue_reasons import (
    ACTED_ON,
    ACTS,
    CAUSES,
    QUIET_CAUSES,
    REASONS,
    Facet,
    Line,
    Reason,
    differs,
    has_reported,
    have_other_units,
)
from tracker.rules.lights import COUNTED, WORST_FIRST, Light
from tracker.rules.overview import has_become


@dataclass(frozen=True)
class Item:
    """A task that differs: its lines in both issues, None where it stood in none, and the one reason.

    ``also`` are acts that happened as well and explain no light.
    """

    was: Line | None
    now: Line | None
    reason: Reason
    also: tuple[Reason, ...] = ()

    @property
    def line(self) -> Line:
        """The task as it was seen last."""
        line = self.now or self.was
        assert line is not None
        return line

    @cached_property
    def effect(self) -> dict[Light, int]:
        """What it adds to the six groups: −1 where it left, +1 where it came."""
        lights = [(self.was, -1), (self.now, 1)]
        if self.was and self.now and self.was.light is self.now.light:
            return {}
        return {line.light: sign for line, sign in lights if line and line.light in COUNTED}

    @property
    def facets(self) -> list[Facet]:
        """What else is otherwise."""
        return [facet for facet in Facet if self.was and self.now and differs(facet, self.was, self.now)]

    @property
    def units_changed(self) -> bool:
        """Whether other units answer for it; a new name of the same unit is no change of the task."""
        return bool(self.was and self.now) and have_other_units(self.was, self.now)  # type: ignore[arg-type]

    @property
    def words_changed(self) -> bool:
        """Whether its unit has spoken since."""
        return bool(self.was and self.now) and has_reported(self.was, self.now)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Row:
    """A reason with the number of its tasks and what they add to the six groups together."""

    reason: Reason
    count: int
    effect: Mapping[Light, int]

    @property
    def total(self) -> int:
        """What they add to the number of all tasks."""
        return sum(self.effect.values())


@dataclass(frozen=True)
class Difference:
    """Two issues by item: ``items`` change a group, ``quiet`` ones differ without changing any.

    ``lights_then`` and ``lights_now`` are the numbers of tasks by light that the items explain.
    """

    items: list[Item] = field(default_factory=list)
    quiet: list[Item] = field(default_factory=list)
    lights_then: Mapping[Light, int] = field(default_factory=dict)
    lights_now: Mapping[Light, int] = field(default_factory=dict)

    @cached_property
    def rows(self) -> list[Row]:
        """The reasons that change a group, in their order."""
        return _rows(self.items)

    @cached_property
    def quiet_rows(self) -> list[Row]:
        """The reasons of what changes no group."""
        return _rows(self.quiet)

    @cached_property
    def sums(self) -> dict[Light, int]:
        """What all reasons add to the six groups: the changes that the page of the issue shows."""
        return _sum(self.items)

    @property
    def total(self) -> int:
        """By how many tasks there are more, without suspended ones."""
        return sum(self.sums.values())

    def moved(self, light: Light) -> int:
        """How many tasks came to a group or left it; it may be as large as ever nevertheless."""
        return sum(light in item.effect for item in self.items)

    def total_of(self, lights: Mapping[Light, int]) -> int:
        """The tasks in the six groups of one side."""
        return sum(lights.get(light, 0) for light in COUNTED)

    @cached_property
    def newly_late(self) -> dict[Reason, int]:
        """The tasks that the sentence of the week calls newly late, by the reason under which they stand here."""
        late = [
            item.reason
            for item in self.items
            if item.was and item.now and has_become(Light.OVERDUE, item.now.light, item.was.light)
        ]
        return {reason: count for reason in Reason if (count := late.count(reason))}


def difference(before: Iterable[Line], after: Iterable[Line]) -> Difference:
    """Every task that differs between the lines of two issues, worst first within its reason."""
    then = {_same(line): line for line in before}
    now = {_same(line): line for line in after}
    pairs = ((then.get(key), now.get(key)) for key in {**now, **then})
    items = sorted((item for was, line in pairs if (item := compared(was, line))), key=_order)
    return Difference(
        [item for item in items if item.effect],
        [item for item in items if not item.effect],
        *(Counter(line.light for line in side.values()) for side in (then, now)),
    )


def compared(was: Line | None, now: Line | None) -> Item | None:
    """A task in two issues; None where nothing is told of it."""
    if was is None or now is None:
        return None if was is now else Item(was, now, Reason.LEFT if now is None else Reason.ADDED)
    causes = CAUSES if ACTED_ON(was) != ACTED_ON(now) else QUIET_CAUSES
    reason = next((reason for reason, holds in causes if holds(was, now)), None)
    if reason is None:
        return None
    return Item(was, now, reason, tuple(act for act, holds in ACTS if act is not reason and holds(was, now)))


def _same(line: Line) -> tuple[int, str]:
    """By what a task is known again; a database may give the id of a deleted one to another."""
    return line.task_id, line.task_key


def _order(item: Item) -> tuple[int, int, int, int]:
    line = item.line
    return REASONS.index(item.reason), WORST_FIRST.index(line.light), -line.days_late, line.position


def _rows(items: Sequence[Item]) -> list[Row]:
    by_reason: dict[Reason, list[Item]] = {}
    for item in items:
        by_reason.setdefault(item.reason, []).append(item)
    return [Row(reason, len(own), _sum(own)) for reason, own in by_reason.items()]


def _sum(items: Iterable[Item]) -> dict[Light, int]:
    found: Counter[Light] = Counter()
    for item in items:
        for light, sign in item.effect.items():
            found[light] += sign
    return {light: found[light] for light in COUNTED}
