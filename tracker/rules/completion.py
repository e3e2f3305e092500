"""When a building project can be used: the day that its nodes, its unit or its deadline give, and what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.rules.projects import delivery_autumn
from tracker.rules.school_years import first_day


class Basis(StrEnum):
    """What a day rests on: it is done, the unit expects it, the plan shifted by a late node, the plan, the deadline."""

    DONE = "done"
    EXPECTED = "expected"
    SHIFTED = "shifted"
    PLANNED = "planned"
    DEADLINE = "deadline"


@dataclass(frozen=True, slots=True)
class NodeFacts:
    """A node with its days: planned now and at first, expected by the unit, done."""

    name: str
    planned_on: date | None = None
    first_planned_on: date | None = None
    expected_on: date | None = None
    done_on: date | None = None
    id: int = 0

    def slip(self, today: date) -> int:
        """By how many days it is, or will be, later than planned; nothing once it is done."""
        if self.planned_on is None or self.done_on:
            return 0
        return max(0, (max(self.expected_on or self.planned_on, today) - self.planned_on).days)

    def is_missed(self, today: date) -> bool:
        """Whether its planned day has passed without it."""
        return self.done_on is None and self.planned_on is not None and self.planned_on < today


@dataclass(frozen=True, slots=True)
class Completion:
    """The day on which a project can be used, None where nothing credible says one.

    ``late_node`` is the node whose slip of ``slip_days`` moves it.
    """

    on: date | None = None
    basis: Basis | None = None
    late_node: NodeFacts | None = None
    slip_days: int = 0

    @property
    def autumn(self) -> int | None:
        """The year whose school year finds it usable."""
        if self.on is None:
            return None
        return delivery_autumn(self.on) if self.basis is Basis.DEADLINE else opening_autumn(self.on)


def opening_autumn(day: date) -> int:
    """The year whose school year finds on its first day what is ready on a day."""
    return day.year if day <= first_day(day.year) else day.year + 1


def completion(
    nodes: Sequence[NodeFacts],
    today: date,
    due_on: date | None = None,
    expected_on: date | None = None,
    closed_on: date | None = None,
) -> Completion:
    """When a project can be used; the last of its nodes says so.

    What the unit expects counts before the plan, the plan moved by its latest node before the deadline. An expected
    day or a deadline that has passed says nothing.
    """
    last = nodes[-1] if nodes else NodeFacts("")
    if last.done_on or closed_on:
        return Completion(last.done_on or closed_on, Basis.DONE)
    late = max(nodes, key=lambda node: node.slip(today), default=None)
    slip = late.slip(today) if late else 0
    late_node = late if slip else None
    expected = last.expected_on or expected_on
    if expected and expected >= today:
        return Completion(expected, Basis.EXPECTED, late_node, slip)
    if last.planned_on:
        basis = Basis.SHIFTED if slip else Basis.PLANNED
        return Completion(last.planned_on + timedelta(days=slip), basis, late_node, slip)
    if due_on and due_on >= today:
        return Completion(due_on, Basis.DEADLINE, late_node, slip)
    return Completion(None, None, late_node, slip)


def planned_completion(nodes: Sequence[NodeFacts], due_on: date | None) -> Completion:
    """When a project was to be usable by its plan: the first planned day of its last node, else the deadline."""
    if nodes and nodes[-1].first_planned_on:
        return Completion(nodes[-1].first_planned_on, Basis.PLANNED)
    return Completion(due_on, Basis.DEADLINE) if due_on else Completion()
