"""The weekly overview as it stands now: every figure is a condition of the ledger, counted in the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from tracker.clock import office_day
from tracker.models import AssignmentRole, Issue, IssueLine, Task, db
from tracker.queries.coverage import Conditions, Coverage, covered, latest_issues
from tracker.queries.ladders import ladders
from tracker.queries.ledger import worst_first
from tracker.queries.lights import has_light, light_rank
from tracker.queries.rows import TaskRow, task_rows
from tracker.queries.standings import (
    Standing,
    regions_standing,
    standing_tasks,
    sum_of,
    units_standing,
    waits_for_decision,
    with_light_before,
)
from tracker.queries.visibility import visible_to
from tracker.queries.waits import first_awaited
from tracker.queries.works import Building, ServedIndicator, Works, building_of, indicators_served
from tracker.rules.frozen_indicators import FrozenBoard, read
from tracker.rules.lights import COUNTED, Light
from tracker.rules.overview import (
    MOST_DECISIONS,
    WORST_ROWS,
    OnTime,
    Since,
    Week,
    has_become,
    measured_from,
    shared_by_all,
)
from tracker.rules.permissions import Person

Named = TypeVar("Named")


@dataclass(frozen=True)
class Row:
    """A task among the worst. ``said`` is what the unit said last; ``before`` its light in the issue before.

    ``place`` names its region where several are seen together. It is stuck where its unit says so (``in_difficulty``)
    or waits for others.
    """

    key: str
    title: str
    units: list[str]
    due_on: date | None
    deadline_text: str | None
    days_late: int
    before: Light | None
    light: Light
    said: str | None
    needs_decision: bool
    place: str = ""
    in_difficulty: bool = False
    waits_for: str = ""


@dataclass(frozen=True)
class Figures:
    """The figures of all tasks covered; ``before`` are the counts of the issue before, where one compares."""

    lights: dict[Light, int]
    before: dict[Light, int] | None
    week: Week
    on_time: OnTime
    to_decide: int
    unlinked: int = 0


@dataclass(frozen=True)
class Overview:
    """A week on one page, live or frozen.

    ``decisions`` are the few tasks that have waited longest for the leaders. ``decide_after``: so many days late a task
    waits for them, None for never.
    """

    region: str
    cut_off_at: datetime
    figures: Figures
    worst: list[Row]
    decisions: list[Row]
    units: list[Standing]
    regions: list[Standing]
    last: Issue | None
    decide_after: int | None
    works: list[Works] = field(default_factory=list)
    building: Building | None = None
    indicators: list[ServedIndicator] = field(default_factory=list)
    board: FrozenBoard = field(default_factory=FrozenBoard)

    @property
    def budget_yuan(self) -> int:
        """The money that the plans name for all projects, in yuan."""
        return sum(each.budget_yuan or 0 for each in self.works)

    @property
    def seats(self) -> int:
        """The seats that the plans name for all projects."""
        return sum(each.seats or 0 for each in self.works)

    @property
    def served(self) -> list[ServedIndicator]:
        """The national indicators that tasks serve."""
        return [each for each in self.indicators if each.tasks]

    @property
    def unserved(self) -> list[ServedIndicator]:
        """The national indicators without a task."""
        return [each for each in self.indicators if not each.tasks]

    @property
    def share_served(self) -> int:
        """The share of national indicators with tasks, in per cent, for a bar."""
        return OnTime(len(self.indicators), len(self.served)).percent or 0

    def share_of_budget(self, works: Works) -> int:
        """The share of a category in the money of all projects, in per cent, for a bar."""
        return OnTime(self.budget_yuan, works.budget_yuan or 0).percent or 0


def live_overview(person: Person, coverage: Coverage, now: datetime) -> Overview:
    """The overview of this moment as a person may see it."""
    today = office_day(now)
    where = [visible_to(person), *covered(coverage)]
    issues = latest_issues(coverage.region)
    decide_after = ladders().of(coverage.region).decide_after
    tasks = standing_tasks(where, today, issues, decide_after)
    units = units_standing(tasks) if coverage.is_county else []
    regions = [] if coverage.is_county else regions_standing(tasks, coverage.region, issues)
    week = _week_before(coverage, today, issues)
    building = building_of(where, today)
    worst, decisions = _shown(
        where, today, issues, decide_after, {each.region: each.name for each in regions if each.region}
    )
    return Overview(
        region=coverage.region,
        cut_off_at=now,
        figures=_figures(tasks, week, _lights_before(coverage, issues), units or regions),
        worst=worst,
        decisions=decisions,
        units=units,
        regions=regions,
        last=issues.get(coverage.region),
        decide_after=decide_after,
        works=building.works,
        building=building,
        indicators=indicators_served(where),
        board=_board_of_last(issues.get(coverage.region)) if coverage.is_county else FrozenBoard(),
    )


def _board_of_last(last: Issue | None) -> FrozenBoard:
    """How the indicators stood when the last issue was frozen: their numbers change with a school year."""
    return read(last.indicators, {}) if last else FrozenBoard()


def _figures(tasks: sa.Subquery, week: Week, before: dict[Light, int] | None, standings: list[Standing]) -> Figures:
    """The figures of all tasks from one question: light now by light before."""
    c = tasks.c
    rows = db.session.execute(
        sa.select(
            c.light_now,
            c.light_before,
            sa.func.count().label("tasks"),
            *(sum_of(c[name], name) for name in ("due", "in_time", "stale", "to_decide", "unlinked")),
        ).group_by(c.light_now, c.light_before)
    ).all()
    lights = {light: sum(row.tasks for row in rows if row.light_now == light) for light in Light}
    counted = [row for row in rows if row.light_now != Light.SUSPENDED]
    overdue = _became(Light.OVERDUE, rows)
    return Figures(
        lights=lights,
        before=before,
        week=replace(
            week,
            total=sum(lights[light] for light in COUNTED),
            closed=lights[Light.CLOSED],
            overdue=lights[Light.OVERDUE],
            newly_closed=_became(Light.CLOSED, rows),
            newly_overdue=overdue,
            newly_overdue_of=shared_by_all({each.name: each.newly_overdue for each in standings}, overdue),
            stale=sum(row.stale for row in rows),
        ),
        on_time=OnTime(sum(row.due for row in rows), sum(row.in_time for row in rows)),
        to_decide=sum(row.to_decide for row in rows),
        unlinked=sum(row.unlinked for row in counted),
    )


def _became(light: Light, rows: Iterable[Any]) -> int:
    return sum(row.tasks for row in rows if has_become(light, Light(row.light_now), row.light_before))


def _week_before(coverage: Coverage, today: date, issues: Mapping[str, Issue]) -> Week:
    """What the changes are measured from: a county's own last issue, above counties those of each."""
    if not coverage.is_county:
        return Week(since=Since.EACH_COUNTY if issues else Since.NOTHING)
    last = issues.get(coverage.region)
    last_on = office_day(last.cut_off_at) if last else None
    return Week(since=measured_from(today, last_on), since_on=last_on)


def _lights_before(coverage: Coverage, issues: Mapping[str, Issue]) -> dict[Light, int] | None:
    """The counts as the last issue of a county printed them; above counties there is no one issue to compare with."""
    last = issues.get(coverage.region) if coverage.is_county else None
    if last is None:
        return None
    query = sa.select(IssueLine.light, sa.func.count().label("tasks")).where(IssueLine.issue_id == last.id)
    if coverage.plan:
        query = query.where(IssueLine.plan_code == coverage.plan)
    return {row.light: row.tasks for row in db.session.execute(query.group_by(IssueLine.light))}


def _shown(
    where: Conditions, today: date, issues: Mapping[str, Issue], decide_after: int | None, names: Mapping[str, str]
) -> tuple[list[Row], list[Row]]:
    """The ten worst of the tasks that are late or soon due, and the few that wait for a decision; one question.

    Both longest due first. What waits for a decision need not be among the worst: those may lie at the office.
    """
    to_decide = waits_for_decision(decide_after, today)
    order: tuple[Any, ...] = (light_rank(today), Task.due_on, Task.plan_id, Task.position)
    columns: list[Any] = [
        Task.id,
        IssueLine.light.label("before"),
        to_decide.label("to_decide"),
        Task.difficulty_on,
        first_awaited().label("awaited"),
        *(each.label(f"order_{place}") for place, each in enumerate(order)),
    ]
    query = with_light_before(sa.select(*columns).select_from(Task), issues)
    query = query.where(*where, has_light([Light.OVERDUE, Light.SOON], today))
    query = query.order_by(*worst_first(today))
    parts = [query.limit(WORST_ROWS)]
    if decide_after is not None:
        parts.append(query.where(to_decide == 1).limit(MOST_DECISIONS))
    pieces = sa.union_all(*(sa.select(part.subquery()) for part in parts))
    found = {row.id: row for row in db.session.execute(pieces)}
    ordered = sorted(found.values(), key=_in_order)
    rows = [
        replace(
            _row(task, kept.before, bool(kept.to_decide), today),
            place=_place(task, names),
            in_difficulty=kept.difficulty_on is not None,
            waits_for=kept.awaited or "",
        )
        for task, kept in zip(task_rows([row.id for row in ordered]), ordered, strict=True)
    ]
    return rows[:WORST_ROWS], [row for row in rows if row.needs_decision][:MOST_DECISIONS]


def _in_order(row: Any) -> tuple[Any, ...]:
    """The order of every list: worst light, longest due, then as in the plans."""
    return row.order_0, row.order_1 is None, row.order_1 or date.max, row.order_2, row.order_3


def _place(task: TaskRow, names: Mapping[str, str]) -> str:
    """The name of the nearest region around a task; empty where none of those named holds it."""
    around = [code for code in names if task.region_code.startswith(code)]
    return names[max(around, key=len)] if around else ""


def _row(task: TaskRow, before: Light | None, to_decide: bool, today: date) -> Row:
    return Row(
        key=task.key,
        title=task.title,
        units=task.unit_names,
        due_on=task.due_on,
        deadline_text=task.deadline_text,
        days_late=task.days_overdue(today),
        before=before,
        light=task.light(today),
        said=task.last_words,
        needs_decision=to_decide,
    )


def answering(units: Iterable[tuple[AssignmentRole, Named]]) -> list[Named]:
    """The units that answer for a task, as they are named: its leads, or the responsible ones where none leads."""
    named = list(units)
    leads = [each for role, each in named if role is AssignmentRole.LEAD]
    return leads or [each for role, each in named if role is AssignmentRole.RESPONSIBLE]
