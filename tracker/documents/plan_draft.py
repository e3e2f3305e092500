"""What was understood of a document: a plan with its tasks, each with its place, before anybody has agreed to it.

Names, numbers and deadlines are the document's own words; nothing that it does not say is filled in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tracker.documents.paper import Place
from tracker.documents.plan_shape import GoalSeed, PhaseSeed, ProjectSeed
from tracker.rules.reading.doubts import ReadingDoubt
from tracker.rules.task_kinds import AssignmentRole, TaskKind


@dataclass(frozen=True)
class DraftUnit:
    """A unit as the document writes it, with its part."""

    name: str
    role: AssignmentRole


@dataclass(frozen=True)
class DraftTask:
    """A task as it was understood.

    ``key`` is unique in the draft and made from the structure (m-01, a1-03); ``deadline`` the words of its deadline,
    ``other_deadlines`` further ones of the same task; ``source`` its place in words a person finds (附件1 第2行),
    ``sentence`` what stands there.
    """

    key: str
    kind: TaskKind
    title: str
    requirement: str
    place: Place
    source: str
    sentence: str
    number: str | None = None
    section: tuple[str, ...] = ()
    units: tuple[DraftUnit, ...] = ()
    officials: tuple[str, ...] = ()
    deadline: str | None = None
    other_deadlines: tuple[str, ...] = ()
    phase: str | None = None
    duty_of: str | None = None
    project: ProjectSeed | None = None


@dataclass(frozen=True)
class DraftPart:
    """A part of an indicator: its number, its text, its points."""

    number: str
    text: str
    points: Decimal | None = None


@dataclass(frozen=True)
class DraftIndicator:
    """An indicator that the document lists; ``kind`` is its A or B, ``floors`` its thresholds by stage (小学 → 4.2)."""

    number: str
    title: str
    place: Place
    group: str = ""
    kind: str | None = None
    points: Decimal | None = None
    units: tuple[DraftUnit, ...] = ()
    parts: tuple[DraftPart, ...] = ()
    floors: tuple[tuple[str, Decimal], ...] = ()
    national: str | None = None


@dataclass(frozen=True)
class DraftHeading:
    """A heading of the document, to see gaps and repeats: its rank in the outline from 1, its number as written."""

    rank: int
    number: str
    title: str
    place: Place


@dataclass(frozen=True)
class DraftHead:
    """What the document says of itself; ``region`` is the name of the place whose plan it is."""

    title: str | None = None
    document_number: str | None = None
    issuer: str | None = None
    issued_on: date | None = None
    region: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    target_text: str | None = None
    target_on: date | None = None


@dataclass(frozen=True)
class DraftDoubt:
    """What a person has to look at: the kind, its place, the words it is about, and its place in words (三（二）1)."""

    kind: ReadingDoubt
    place: Place | None
    words: str = ""
    source: str = ""


@dataclass(frozen=True)
class PlanDraft:
    """Everything that was understood of a document."""

    head: DraftHead
    tasks: tuple[DraftTask, ...] = ()
    phases: tuple[PhaseSeed, ...] = ()
    goals: tuple[GoalSeed, ...] = ()
    indicators: tuple[DraftIndicator, ...] = ()
    vetoes: tuple[tuple[str, str], ...] = ()
    headings: tuple[DraftHeading, ...] = ()
    doubts: tuple[DraftDoubt, ...] = field(default=())
