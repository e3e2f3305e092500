"""A plan as plain values for its check-up: the same whether it is stored or was only read from a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tracker.rules.checkup import About, Code, Figure, Finding, Severity
from tracker.rules.deadlines import Doubt, Precision
from tracker.rules.task_kinds import AssignmentRole, TaskKind


@dataclass(frozen=True)
class UnitPart:
    """A unit's part in a task: the name in the plan, its role, and the unit that it means where that is known."""

    name: str
    role: AssignmentRole
    unit: str = ""


@dataclass(frozen=True)
class TaskFacts:
    """A task. ``serves`` are the codes of national indicators, None where nobody has looked for them yet.

    ``duty_of`` is the code of the indicator that it repeats.
    """

    about: About
    kind: TaskKind
    number: str | None = None
    section: tuple[str, ...] = ()
    requirement: str = ""
    units: tuple[UnitPart, ...] = ()
    deadline: str | None = None
    precision: Precision = Precision.UNSPECIFIED
    doubt: Doubt | None = None
    due_on: date | None = None
    alternative_on: date | None = None
    inherited: bool = False
    serves: tuple[str, ...] | None = None
    duty_of: str | None = None

    @property
    def words(self) -> str:
        """Its title and requirement."""
        return f"{self.about.title}。{self.requirement}"


@dataclass(frozen=True)
class ItemFacts:
    """An indicator of the plan's own list; ``national`` is the code of the national one that it is.

    ``other_terms`` tells that it asks for something else than the national one.
    """

    code: str
    number: str
    title: str
    words: str = ""
    national: str | None = None
    grade: str | None = None
    points: Decimal | None = None
    part_points: tuple[Decimal, ...] = ()
    other_terms: bool = False


@dataclass(frozen=True)
class HeadingFacts:
    """A heading of the document: its rank, its number as written, its title."""

    rank: int
    number: str
    title: str


@dataclass(frozen=True)
class GoalFacts:
    """A goal of the plan: its words, those of its deadline, and the day that they mean."""

    words: str
    deadline: str | None
    due_on: date | None


@dataclass(frozen=True)
class ReportedFacts:
    """What a plan reports of itself: of an indicator (by its national code) or of another subject.

    ``limit`` is what a coefficient between schools may be at most.
    """

    national: str | None
    subject: str | None
    value: Decimal | None
    met: bool | None
    stage: str | None = None
    note: str = ""
    limit: Decimal | None = None


@dataclass(frozen=True)
class PlanFacts:
    """A plan. ``national`` are the titles of the national indicators by code.

    ``members`` says how many members each collective unit has, by its name; absent where nobody knows. What names no
    year lies in ``year``.
    """

    document_number: str | None
    issued_on: date | None
    tasks: tuple[TaskFacts, ...]
    items: tuple[ItemFacts, ...] = ()
    headings: tuple[HeadingFacts, ...] = ()
    goals: tuple[GoalFacts, ...] = ()
    reported: tuple[ReportedFacts, ...] = ()
    national: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, int] = field(default_factory=dict)
    year: int | None = None


def finding_about(code: Code, severity: Severity, tasks: Iterable[TaskFacts], **evidence: Figure) -> Iterator[Finding]:
    """One finding about all of some tasks; none where there are none."""
    about = tuple(task.about for task in tasks)
    if about:
        yield Finding(code, severity, about, evidence={"count": len(about), **evidence})
