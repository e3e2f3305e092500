"""Read a plan from a seed file (seeds/plans/*.yaml) into plain values, with every fault named by place and mend."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from tracker.models import AssignmentRole, ProjectCategory, Stage, TaskKind, UnitKind


class SeedError(ValueError):
    """A seed file cannot be used; the message lists every fault with file, place and mend. Nothing was stored."""


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


@dataclass(frozen=True)
class IndicatorSeed:
    """An item of the plan's own list."""

    code: str
    number: str
    title: str
    group: str
    national: str | None
    grade: str | None
    points: Decimal | None
    parts: list[PartSeed]


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
    """A task as the plan has it; ``units`` holds names as written."""

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
    source: str | None


@dataclass(frozen=True)
class PlanSeed:
    """A whole plan."""

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
    goals: list[GoalSeed] = field(default_factory=list)
    units: list[UnitSeed] = field(default_factory=list)
    phases: list[PhaseSeed] = field(default_factory=list)
    indicators: list[IndicatorSeed] = field(default_factory=list)
    vetoes: list[tuple[str, str]] = field(default_factory=list)
    reported: list[ReportedSeed] = field(default_factory=list)
    tasks: list[TaskSeed] = field(default_factory=list)


def read_plan_seed(path: Path) -> PlanSeed:
    """The plan in a seed file. Raises SeedError with every fault found."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SeedError(f"{path.name}: not readable as YAML in UTF-8: {error}") from error
    faults: list[str] = []
    row = Row(path.name, content if isinstance(content, dict) else {}, faults)
    row.only("plan", "units", "phases", "indicators", "vetoes", "reported", "tasks")
    plan = _plan(row)
    faults += [f"{path.name}: {fault}" for fault in contradictions(plan)]
    if faults:
        raise SeedError("\n".join(faults))
    return plan


class Row:
    """One mapping of the file with its place; what is unusable is noted as a fault, and reading goes on."""

    def __init__(self, place: str, content: Any, faults: list[str]) -> None:
        self.place = place
        self.faults = faults
        self.content: dict[str, Any] = content if isinstance(content, dict) else {}
        if not isinstance(content, dict):
            self.fault(None, "is not a mapping: write «name: value» lines")

    def fault(self, name: str | None, text: str) -> None:
        """Note a fault at a field."""
        self.faults.append(f"{self.place}{f', {name}' if name else ''}: {text}")

    def only(self, *names: str) -> None:
        """Refuse fields that nobody reads."""
        for name in self.content.keys() - set(names):
            self.fault(str(name), f"unknown field; known are {', '.join(names)}")

    def text(self, name: str, *, required: bool = False) -> str | None:
        """A text, or None."""
        value = self.content.get(name)
        if value is None or value == "":
            if required:
                self.fault(name, "is missing: add it")
            return None
        if isinstance(value, dict | list | bool):
            self.fault(name, "is not a text: put it in quotes")
            return None
        return str(value)

    def needed(self, name: str) -> str:
        """A text that must be there."""
        return self.text(name, required=True) or ""

    def day(self, name: str) -> date | None:
        """A date, or None."""
        value = self.content.get(name)
        if value is None:
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fault(name, f"{value!r} is no date: write it as 2023-11-23")
            return None

    def amount(self, name: str) -> Decimal | None:
        """A number that is not negative, or None."""
        value = self.content.get(name)
        if value is None:
            return None
        try:
            amount = Decimal(str(value))
        except InvalidOperation:
            amount = Decimal("NaN")
        if isinstance(value, bool) or not amount.is_finite():
            self.fault(name, f"{value!r} is no number: write digits only")
            return None
        if amount < 0:
            self.fault(name, f"{value!r} is negative: leave it out where the plan says nothing")
            return None
        return amount

    def whole(self, name: str) -> int | None:
        """A whole number that is not negative, or None."""
        amount = self.amount(name)
        if amount is not None and amount != int(amount):
            self.fault(name, f"{amount} is not whole: give it in units without a fraction")
            return None
        return None if amount is None else int(amount)

    def choice(self, name: str, kind: type[Any]) -> Any:
        """A member of an enumeration; None, with a fault noted, for any other word."""
        value = self.content.get(name)
        try:
            return kind(value)
        except ValueError:
            self.fault(name, f"{value!r} is unknown; choose one of {', '.join(kind)}")
            return None

    def names(self, name: str) -> list[str]:
        """A list of texts."""
        value = self.content.get(name) or []
        if not isinstance(value, list) or any(isinstance(each, dict | list) for each in value):
            self.fault(name, "is not a list of names: write [a, b]")
            return []
        return [str(each) for each in value]

    def rows(self, name: str, label: str = "") -> Iterator[Row]:
        """The mappings of a list, each with its own place."""
        value = self.content.get(name) or []
        if not isinstance(value, list):
            self.fault(name, "is not a list: begin each entry with «- »")
            return
        for count, content in enumerate(value, start=1):
            known_by = content.get(label) if isinstance(content, dict) and label else None
            yield Row(f"{self.place}, {name} {count}{f' ({known_by})' if known_by else ''}", content, self.faults)

    def below(self, name: str) -> Row:
        """A mapping inside this one."""
        return Row(f"{self.place}, {name}", self.content.get(name) or {}, self.faults)


def _plan(row: Row) -> PlanSeed:
    head = row.below("plan")
    head.only("code", "region", "title", "document_number", "issuer", "issued_on", "starts_on", "ends_on", "target", "goals")
    target = head.below("target")
    return PlanSeed(
        code=head.needed("code"),
        region=head.needed("region"),
        title=head.needed("title"),
        document_number=head.text("document_number"),
        issuer=head.text("issuer"),
        issued_on=head.day("issued_on"),
        starts_on=head.day("starts_on"),
        ends_on=head.day("ends_on"),
        target_text=target.text("text"),
        target_on=target.day("on"),
        goals=[GoalSeed(goal.needed("text"), goal.text("deadline")) for goal in head.rows("goals")],
        units=[_unit(each) for each in row.rows("units", "name")],
        phases=[_phase(each) for each in row.rows("phases", "number")],
        indicators=[_indicator(each) for each in row.rows("indicators", "code")],
        vetoes=[(veto.needed("number"), veto.needed("title")) for veto in row.rows("vetoes", "number")],
        reported=[_reported(each) for each in row.rows("reported")],
        tasks=[_task(each) for each in row.rows("tasks", "key")],
    )


def _unit(row: Row) -> UnitSeed:
    row.only("name", "full_name", "kind", "aliases", "members")
    return UnitSeed(row.needed("name"), row.choice("kind", UnitKind), row.text("full_name"), row.names("aliases"), row.names("members"))


def _phase(row: Row) -> PhaseSeed:
    row.only("number", "title", "summary", "starts_on", "ends_on")
    return PhaseSeed(row.needed("number"), row.needed("title"), row.text("summary"), row.day("starts_on"), row.day("ends_on"))


def _indicator(row: Row) -> IndicatorSeed:
    row.only("code", "number", "title", "group", "national", "kind", "points", "parts")
    return IndicatorSeed(
        code=row.needed("code"),
        number=row.text("number") or "",
        title=row.needed("title"),
        group=row.needed("group"),
        national=row.text("national"),
        grade=row.text("kind"),
        points=row.amount("points"),
        parts=[PartSeed(part.text("number") or "", part.needed("text"), part.amount("points")) for part in row.rows("parts", "number")],
    )


def _reported(row: Row) -> ReportedSeed:
    row.only("indicator", "subject", "stage", "measure", "value", "met", "note")
    met = row.content.get("met")
    return ReportedSeed(
        indicator=row.text("indicator"),
        subject=row.text("subject"),
        stage=row.text("stage"),
        measure=row.text("measure"),
        value=row.amount("value"),
        met=met if isinstance(met, bool) else None,
        note=row.text("note"),
    )


def _task(row: Row) -> TaskSeed:
    row.only(
        "key", "number", "kind", "section", "title", "requirement", "units", "officials", "phase", "deadline",
        "duty_of", "project", "indicators", "no_indicator", "source",
    )  # fmt: skip
    units = row.below("units")
    units.only(*AssignmentRole)
    kind = row.choice("kind", TaskKind)
    if (kind is TaskKind.PROJECT) != bool(row.content.get("project")):
        row.fault("project", "a task of kind project needs its figures, and only such a task has them")
    indicators = row.below("indicators")
    return TaskSeed(
        key=row.needed("key"),
        number=row.text("number"),
        kind=kind,
        section=row.names("section"),
        title=row.needed("title"),
        requirement=row.needed("requirement"),
        units={role: units.names(role) for role in AssignmentRole},
        officials=row.names("officials"),
        phase=row.text("phase"),
        deadline=row.text("deadline"),
        duty_of=row.text("duty_of"),
        project=_project(row.below("project")) if kind is TaskKind.PROJECT else None,
        indicators={str(code): indicators.needed(code) for code in indicators.content},
        no_indicator=row.text("no_indicator"),
        source=row.text("source"),
    )


def _project(row: Row) -> ProjectSeed:
    row.only("category", "site", "town", "land_mu", "floor_area_m2", "sports_area_m2", "budget_yuan", "schools", "buildings")
    return ProjectSeed(
        category=row.choice("category", ProjectCategory),
        site=row.text("site"),
        town=row.text("town"),
        land_mu=row.amount("land_mu"),
        floor_area_m2=row.amount("floor_area_m2"),
        sports_area_m2=row.amount("sports_area_m2"),
        budget_yuan=row.whole("budget_yuan"),
        schools=[
            SchoolSeed(
                school.needed("name"),
                school.choice("stage", Stage) if school.content.get("stage") else None,
                school.whole("seats"),
                school.whole("classes"),
            )
            for school in row.rows("schools", "name")
        ],
        buildings=[(building.needed("use"), building.amount("floor_area_m2")) for building in row.rows("buildings")],
    )


def contradictions(plan: PlanSeed) -> Iterator[str]:
    """What cannot stand together inside one plan: double names, unknown units, phases, indicators and keys."""
    yield from _doubles("unit", [name for unit in plan.units for name in (unit.name, *unit.aliases)], "one name means one unit: join the two or rename one")
    yield from _doubles("task key", [task.key for task in plan.tasks], "give each task a key of its own")
    yield from _doubles("indicator", [item.code for item in plan.indicators], "give each indicator a code of its own")
    known = {name for unit in plan.units for name in (unit.name, *unit.aliases)}
    phases = {phase.number for phase in plan.phases}
    items = {item.code for item in plan.indicators}
    for unit in plan.units:
        for member in unit.members:
            if member not in known:
                yield f"units ({unit.name}), members: {member!r} is unknown: add it to units"
    for count, task in enumerate(plan.tasks, start=1):
        place = f"tasks {count} ({task.key})"
        for role, names in task.units.items():
            for name in names:
                if name not in known:
                    yield f"{place}, units.{role}: {name!r} is unknown: add it to units, as a name or an alias"
            yield from _doubles(f"{place}, units.{role}", names, "name it once")
        if task.phase and task.phase not in phases:
            yield f"{place}, phase: {task.phase!r} is unknown: add it to phases"
        if task.duty_of and task.duty_of not in items:
            yield f"{place}, duty_of: {task.duty_of!r} is unknown: add it to indicators"
        if not task.indicators and not task.no_indicator:
            yield f"{place}, indicators: name the national indicators it serves, or say why none in no_indicator"


def _doubles(what: str, names: list[str], mend: str) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield f"{what}: {name!r} stands twice: {mend}"
        seen.add(name)
