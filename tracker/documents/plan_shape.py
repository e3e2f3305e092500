"""The shape of a plan as it is read from a document, before anything is stored: plain values, names as written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.models import AssignmentRole, ProjectCategory, Stage, TaskKind, UnitKind


@dataclass(frozen=True)
class UnitSeed:
    """A unit with its other names and, for a collective one, its members."""

    name: str
    kind: UnitKind
    full_name: str | None
    aliases: list[str]
    members: list[str]


@dataclass(frozen=True)
class GoalSeed:
    """A goal of the plan."""

    text: str
    deadline: str | None


@dataclass(frozen=True)
class PhaseSeed:
    """A dated stage of the plan."""

    number: str
    title: str
    summary: str | None
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True)
class PartSeed:
    """A part of a local indicator."""

    number: str
    text: str
    points: Decimal | None
    condition: str | None = None


@dataclass(frozen=True)
class IndicatorSeed:
    """An item of a framework; ``conditions`` is JSON, None takes those of the national item."""

    code: str
    number: str
    title: str
    group: str
    national: str | None
    grade: str | None
    points: Decimal | None
    parts: list[PartSeed] = field(default_factory=list)
    title_en: str | None = None
    group_en: str | None = None
    requirement: str | None = None
    requirement_en: str | None = None
    words: list[str] = field(default_factory=list)
    conditions: list[dict[str, Any]] | None = None


@dataclass(frozen=True)
class FrameworkSeed:
    """A whole framework, and the name of the file that it was read from; ``terms`` and ``figures`` are JSON."""

    file: str
    code: str
    name: str
    name_en: str | None = None
    terms: dict[str, Any] = field(default_factory=dict)
    figures: list[dict[str, Any]] = field(default_factory=list)
    indicators: list[IndicatorSeed] = field(default_factory=list)
    vetoes: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class ReportedSeed:
    """What the plan itself reports of an indicator or another subject."""

    indicator: str | None
    subject: str | None
    stage: str | None
    measure: str | None
    value: Decimal | None
    met: bool | None
    note: str | None


@dataclass(frozen=True)
class SchoolSeed:
    """A school of a project."""

    name: str
    stage: Stage | None
    seats: int | None
    classes: int | None


@dataclass(frozen=True)
class ProjectSeed:
    """The figures of a project: money in yuan, areas in m², land in 亩."""

    category: ProjectCategory
    site: str | None
    town: str | None
    land_mu: Decimal | None
    floor_area_m2: Decimal | None
    sports_area_m2: Decimal | None
    budget_yuan: int | None
    schools: list[SchoolSeed]
    buildings: list[tuple[str, Decimal | None]]


@dataclass(frozen=True)
class TaskSeed:
    """A task as the plan has it, read from a file or typed into a form; ``units`` holds names as written.

    ``source`` is its place in the document, ``sentence`` what stands there.
    """

    key: str
    number: str | None
    kind: TaskKind
    section: list[str]
    title: str
    requirement: str
    units: dict[AssignmentRole, list[str]]
    officials: list[str]
    phase: str | None
    deadline: str | None
    duty_of: str | None
    project: ProjectSeed | None
    indicators: dict[str, str]
    no_indicator: str | None
    source: str | None = None
    sentence: str | None = None
    evidence: str | None = None
    quantity_total: Decimal | None = None
    quantity_unit: str | None = None


@dataclass(frozen=True)
class PlanSeed:
    """A whole plan, and the name of the file that it was read from.

    It judges by the framework of a code, by a list of its own (``indicators`` and ``vetoes``), or by the national one.
    ``headings`` is the outline of the document: rank, number as written, title.
    """

    file: str
    code: str
    region: str
    title: str
    document_number: str | None
    issuer: str | None
    issued_on: date | None
    starts_on: date | None
    ends_on: date | None
    target_text: str | None
    target_on: date | None
    framework: str | None = None
    goals: list[GoalSeed] = field(default_factory=list)
    units: list[UnitSeed] = field(default_factory=list)
    phases: list[PhaseSeed] = field(default_factory=list)
    indicators: list[IndicatorSeed] = field(default_factory=list)
    vetoes: list[tuple[str, str]] = field(default_factory=list)
    reported: list[ReportedSeed] = field(default_factory=list)
    tasks: list[TaskSeed] = field(default_factory=list)
    headings: list[tuple[int, str, str]] = field(default_factory=list)
