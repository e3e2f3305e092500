"""The lines of a frozen issue: read narrow and once, and chosen from by what a reader asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.models import Issue, IssueLine, TaskKind, db
from tracker.queries.visibility import within_region
from tracker.rules.frozen_works import read
from tracker.rules.lifecycle import State
from tracker.rules.lights import WORST_FIRST, Light, LightRule
from tracker.rules.overview import has_become
from tracker.rules.project_facts import ProjectFacts
from tracker.rules.schedules import NodesAsked, nodes_asked

WITHOUT_INDICATOR = "none"


@dataclass(frozen=True, slots=True)
class Line:
    """A task as an issue froze it; every field is the column of ``IssueLine`` with its name."""

    task_id: int
    task_key: str
    plan_code: str
    region_code: str
    position: int
    number: str | None
    kind: TaskKind | None
    title: str
    units: list[str]
    unit_ids: list[int]
    cooperating: list[str]
    waits_for: list[str]
    indicators: list[str]
    light: Light
    light_before: Light | None
    rule: LightRule | None
    in_difficulty: bool
    state: State
    due_on: date | None
    first_due_on: date | None
    deadline_text: str | None
    expected_on: date | None
    submitted_on: date | None
    returned_on: date | None
    closed_on: date | None
    withdrawn_on: date | None
    days_late: int
    fallen_due: bool
    in_time: bool
    stale: bool
    to_decide: bool
    extensions: int
    redates: int
    returns: int
    periods_missed: int
    last_words: str | None
    last_reported_at: datetime | None
    project: dict[str, Any] | None
    held_days: int = 0


COLUMNS = [getattr(IssueLine, each.name) for each in fields(Line)]


@dataclass(frozen=True)
class Part:
    """What of an issue is looked at: one plan of it, one region below it, or all."""

    plan: str | None = None
    region: str | None = None


WHOLE = Part()


@dataclass(frozen=True)
class LineFilters:
    """What a reader asks of the lines of an issue; every field stands in the address under its own name."""

    plan: str | None = None
    place: str | None = None
    light: tuple[Light, ...] = ()
    unit_name: str | None = None
    changed: Light | None = None
    late_for: int | None = None
    decide: bool = False
    stale: bool = False
    due_by_now: bool = False
    in_time: bool = False
    waiting: bool = False
    waits_for_name: str | None = None
    kind: TaskKind | None = None
    category: str | None = None
    indicator: str | None = None
    node: NodesAsked | None = None

    @property
    def part(self) -> Part:
        """The part of the issue in which is looked."""
        return Part(self.plan, self.place)


def lines_of(issue: Issue, part: Part = WHOLE) -> list[Line]:
    """The lines of an issue, or of a part of it, worst first."""
    query = sa.select(*COLUMNS).where(IssueLine.issue_id == issue.id)
    if part.plan:
        query = query.where(IssueLine.plan_code == part.plan)
    if part.region:
        query = query.where(within_region(IssueLine.region_code, part.region))
    lines = [Line(*row) for row in db.session.execute(query)]
    return sorted(lines, key=lambda line: (WORST_FIRST.index(line.light), line.due_on or date.max, line.position))


def chosen(lines: Iterable[Line], filters: LineFilters, day: date) -> Sequence[Line]:
    """The lines that a reader asks for as of the day of the cut-off, by the rules that the ledger goes by."""
    return [
        line
        for line in lines
        if (not filters.light or line.light in filters.light)
        and (filters.unit_name is None or filters.unit_name in line.units)
        and (filters.changed is None or has_become(filters.changed, line.light, line.light_before))
        and (filters.late_for is None or _is_late_for(line, filters.late_for))
        and (not filters.decide or line.to_decide)
        and (not filters.stale or line.stale)
        and (not filters.due_by_now or line.fallen_due)
        and (not filters.in_time or line.in_time)
        and (not filters.waiting or any(name != filters.unit_name for name in line.waits_for))
        and (filters.waits_for_name is None or filters.waits_for_name in line.waits_for)
        and (filters.kind is None or line.kind is filters.kind)
        and (filters.category is None or (line.project or {}).get("category") == filters.category)
        and (filters.indicator is None or _serves(line, filters.indicator))
        and (filters.node is None or _has_nodes(line, filters.node, day))
    ]


def _is_late_for(line: Line, days: int) -> bool:
    """Late by so many days and not at the office, as the ledger has it."""
    return line.light is Light.OVERDUE and line.state is not State.SUBMITTED and line.days_late >= days


def _serves(line: Line, code: str) -> bool:
    return not line.indicators if code == WITHOUT_INDICATOR else code in line.indicators


def _has_nodes(line: Line, asked: NodesAsked, day: date) -> bool:
    """Whether a building project has open nodes that a list asks for."""
    return line.project is not None and bool(nodes_asked(read(line.project), asked, day))


def project_of(line: Line) -> ProjectFacts | None:
    """The building project of a line as plain values."""
    return read(line.project, line.task_key, line.title) if line.project is not None else None
