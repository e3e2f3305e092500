"""A building project as plain values: its figures, nodes, sums of money, schools and what its unit says of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tracker.rules.completion import Completion, NodeFacts, completion, planned_completion
from tracker.rules.lights import Light
from tracker.rules.money import MoneyKind
from tracker.rules.stages import Stage


@dataclass(frozen=True, slots=True)
class HandoverFacts:
    """Seats that are handed over apart from the rest of their school."""

    seats: int
    planned_on: date | None = None
    expected_on: date | None = None
    handed_on: date | None = None


@dataclass(frozen=True, slots=True)
class PartFacts:
    """A school of a project, or one stage of it, with its planned seats and classes; None where the plan says none."""

    school_id: int
    school: str
    stage: Stage | None = None
    seats: int | None = None
    classes: int | None = None
    handovers: tuple[HandoverFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """A project. Land in 亩, areas in m², money in whole yuan; None where nobody has said a figure.

    ``planned``, ``allocated`` and ``paid`` are the sums of the ledger, None without an entry; ``of_year`` the same for
    the running calendar year, where planned is what was planned for it. ``progress`` is in percent, as the unit
    reported it last.
    """

    key: str
    title: str
    category: str
    region: str = ""
    region_name: str = ""
    plan_title: str = ""
    town: str | None = None
    site: str | None = None
    land_mu: Decimal | None = None
    floor_area_m2: Decimal | None = None
    sports_area_m2: Decimal | None = None
    budget_yuan: int | None = None
    light: Light = Light.NORMAL
    starts_on: date | None = None
    issued_on: date | None = None
    deadline_text: str | None = None
    due_on: date | None = None
    needs_redate: bool = False
    expected_on: date | None = None
    closed_on: date | None = None
    suspended: bool = False
    submitted: bool = False
    nodes: tuple[NodeFacts, ...] = ()
    money: dict[MoneyKind, int] = field(default_factory=dict)
    of_year: dict[MoneyKind, int] = field(default_factory=dict)
    parts: tuple[PartFacts, ...] = ()
    progress: int | None = None
    progress_on: date | None = None
    id: int = 0

    @property
    def planned_yuan(self) -> int | None:
        """The investment: what the plan states, else the sum of what was planned in the ledger."""
        return self.budget_yuan if self.budget_yuan is not None else self.money.get(MoneyKind.PLANNED)

    @property
    def deadline(self) -> date | None:
        """The deadline in force; one that must be set anew is none."""
        return None if self.needs_redate else self.due_on

    @property
    def seats(self) -> int | None:
        """The seats of all its schools, None where the plan names none."""
        known = [part.seats for part in self.parts if part.seats is not None]
        return sum(known) if known else None

    @property
    def done_nodes(self) -> int:
        """How many of its nodes are done."""
        return sum(node.done_on is not None for node in self.nodes)

    def completion(self, today: date) -> Completion:
        """When it can be used, as things stand; a suspended project never."""
        if self.suspended:
            return Completion()
        return completion(self.nodes, today, self.deadline, self.expected_on, self.closed_on)

    @property
    def planned_completion(self) -> Completion:
        """When it was to be usable by its plan."""
        return planned_completion(self.nodes, self.deadline)
