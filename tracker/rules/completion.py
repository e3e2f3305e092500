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


PLANS = {Basis.PLANNED, Basis.DEADLINE}


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

    ``late_node`` is the node whose slip of ``slip_days`` moves it, or that was missed and leaves no day;
    ``promised`` are the days of the plan for the same.
    """

    on: date | None = None
    basis: Basis | None = None
    late_node: NodeFacts | None = None
    slip_days: int = 0
    promised: tuple[date, ...] = ()

    @property
    def autumn(self) -> int | None:
        """The year whose school year finds it usable.

        Plans say months: one that names September counts for that September. What is known as a day must be there by
        the first of it, but finishing no later than promised counts for the autumn of the promise.
        """
        if self.on is None:
            return None
        if self.basis in PLANS:
            return delivery_autumn(self.on)
        kept = [delivery_autumn(day) for day in self.promised if self.on <= day]
        return min([opening_autumn(self.on), *kept])


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
    day or a deadline that has passed says nothing, nor does a planned day of the last node that was missed.
    """
    last = nodes[-1] if nodes else NodeFacts("")
    promised = _promised(last, planned_completion(nodes, due_on).on)
    if last.done_on or closed_on:
        return Completion(last.done_on or closed_on, Basis.DONE, promised=promised)
    late = max(still_open(nodes), key=lambda node: node.slip(today), default=last)
    slip = late.slip(today)
    late_node = late if slip else None
    expected = last.expected_on or expected_on
    behind = expected_behind(nodes, expected)
    if expected and expected >= today and behind is None:
        return Completion(expected, Basis.EXPECTED, late_node, slip, promised)
    if last.is_missed(today):
        return Completion(None, None, last, last.slip(today), promised)
    if last.planned_on:
        basis = Basis.SHIFTED if slip else Basis.PLANNED
        return Completion(last.planned_on + timedelta(days=slip), basis, late_node, slip, promised)
    if due_on and due_on >= today:
        return Completion(due_on, Basis.DEADLINE, late_node, slip, promised)
    return Completion(promised=promised)


def still_open(nodes: Sequence[NodeFacts]) -> Sequence[NodeFacts]:
    """The nodes behind the last one done; what was left open before it was forgotten and holds nothing up."""
    done = [place for place, node in enumerate(nodes) if node.done_on]
    return nodes[done[-1] + 1 :] if done else nodes


def expected_behind(nodes: Sequence[NodeFacts], expected_on: date | None) -> NodeFacts | None:
    """The open node before the last one that is expected latest, where that is after the day expected of the whole."""
    if expected_on is None:
        return None
    ahead = [node for node in still_open(nodes)[:-1] if node.expected_on and node.expected_on > expected_on]
    return max(ahead, key=lambda node: node.expected_on or expected_on, default=None)


def planned_completion(nodes: Sequence[NodeFacts], due_on: date | None) -> Completion:
    """When a project was to be usable by its plan: the first planned day of its last node, else the deadline."""
    if nodes and nodes[-1].first_planned_on:
        return Completion(nodes[-1].first_planned_on, Basis.PLANNED)
    return Completion(due_on, Basis.DEADLINE) if due_on else Completion()


def _promised(last: NodeFacts, planned_on: date | None) -> tuple[date, ...]:
    """The days for which the plan wanted it: the first one, and the one that it was moved to."""
    return tuple(dict.fromkeys(day for day in (planned_on, last.planned_on) if day))
