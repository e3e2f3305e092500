"""What lies ahead of counties: what their tasks bring, the students expected, the schools that open and close."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.models import (
    Addition,
    Contribution,
    Event,
    LinkState,
    Plan,
    PlannedEnrolment,
    PlanState,
    ProjectNode,
    School,
    Task,
)
from tracker.queries.county_facts import plain, rows_of
from tracker.queries.planned_schools import built_schools, planned_schools
from tracker.queries.visibility import within_region
from tracker.rules.completion import Basis, NodeFacts, completion
from tracker.rules.gains import Gain, Meeting, TaskEnd
from tracker.rules.growth import Enrolment
from tracker.rules.lifecycle import State
from tracker.rules.prospects import Ahead
from tracker.rules.school_facts import SchoolFacts
from tracker.rules.stages import Stage

NODE_BASES = {Basis.EXPECTED, Basis.SHIFTED, Basis.PLANNED}


def in_part_at() -> sa.ColumnElement[datetime]:
    """When a closed task was closed with only a part of it done; NULL where it was closed whole, or is not closed."""
    closings = (
        sa.select(sa.case((Event.act == "close_in_part", Event.at)))
        .where(
            Event.object_type == "task",
            Event.object_id == Task.key,
            Event.act.in_(("verify", "close_in_part")),
            Event.allowed,
        )
        .order_by(Event.id.desc())
        .limit(1)
    )
    return sa.case((Task.state == State.CLOSED, closings.correlate(Task).scalar_subquery()))


def counts_as_work() -> sa.ColumnElement[bool]:
    """Whether a task may bring something: any that is closed, none of a plan that is still a draft."""
    return sa.or_(Task.state == State.CLOSED, Plan.state != PlanState.DRAFT)


OF_TASK: tuple[Any, ...] = (
    Task.region_code,
    Task.key,
    Task.title,
    Task.state,
    Task.needs_redate,
    Task.due_on,
    Task.expected_on,
    Task.closed_on,
    Task.submitted_on,
    (Plan.state == PlanState.CLOSED).label("is_read_only"),
    in_part_at().label("in_part_at"),
)


def ahead_of(region: str, today: date) -> Ahead:
    """What lies ahead of one county."""
    return ahead_within(region, today).get(region, Ahead())


def tasks_ahead_of(region: str) -> Ahead:
    """What the tasks of one county bring, without other students and schools that open or close; one question."""
    gains, meetings = _gains(region, {}, date.min)
    return Ahead(tuple(gains.get(region, ())), tuple(meetings.get(region, ())))


def ahead_within(region: str, today: date) -> dict[str, Ahead]:
    """What lies ahead of every county at or below a region, by its code; three questions."""
    (gains, meetings), schools = _gains(region, _nodes(region), today), _schools(region, today)
    found = {}
    for code in dict.fromkeys([*gains, *meetings, *schools]):
        moves = schools.get(code) or _Moves()
        found[code] = Ahead(
            tuple(gains.get(code, ())),
            tuple(meetings.get(code, ())),
            tuple(moves.enrolments),
            tuple(moves.coming),
            moves.closing,
            frozenset(moves.stopped),
        )
    return found


@dataclass
class _Moves:
    """The schools of a county that will not stay as they are."""

    enrolments: list[Enrolment] = field(default_factory=list)
    coming: list[SchoolFacts] = field(default_factory=list)
    closing: dict[int, date] = field(default_factory=dict)
    stopped: set[int] = field(default_factory=set)


def _gains(
    region: str, nodes: Mapping[str, Sequence[NodeFacts]], today: date
) -> tuple[dict[str, list[Gain]], dict[str, list[Meeting]]]:
    """What tasks add and which conditions they meet, by county, in one question; what is not wanted is left away.

    ``nodes`` of building projects by the task's key: a task that has some is expected by them.
    """
    ends: dict[str, TaskEnd] = {}
    gains: dict[str, list[Gain]] = defaultdict(list)
    meetings: dict[str, list[Meeting]] = defaultdict(list)
    for *of_task, number, school, stage, figure, amount, from_on, state, condition, decided_at in rows_of(
        _brought(region)
    ):
        county, key, in_part_at = of_task[0], of_task[1], of_task[-1]
        end = ends.get(key) or ends.setdefault(key, by_nodes(_end(*of_task[1:]), nodes.get(key, ()), today))
        confirmed = state == LinkState.CONFIRMED
        if condition is not None:
            meetings[county].append(Meeting(end, condition, confirmed))
        else:
            stage = None if stage is None else Stage(stage)
            of_part = bool(in_part_at and decided_at and decided_at > in_part_at)
            gains[county].append(Gain(end, figure, amount, school, stage, from_on, confirmed, number, of_part))
    return gains, meetings


def by_nodes(end: TaskEnd, nodes: Sequence[NodeFacts], today: date) -> TaskEnd:
    """An open project ends when its nodes do: as its unit expects, or as the plan of the last one, moved by a slip."""
    if not nodes or not end.is_open:
        return end
    found = completion(nodes, today, end.due_on, end.expected_on)
    return replace(end, expected_on=found.on) if found.basis in NODE_BASES else end


def _nodes(region: str) -> dict[str, list[NodeFacts]]:
    """The nodes of the open projects of a region with their days, by the task's key."""
    days = (ProjectNode.planned_on, ProjectNode.first_planned_on, ProjectNode.expected_on, ProjectNode.done_on)
    query = sa.select(Task.key, ProjectNode.name, *days).join(Task, Task.id == ProjectNode.task_id)
    query = query.where(within_region(Task.region_code, region), Task.state.not_in((State.CLOSED, State.SUSPENDED)))
    found: dict[str, list[NodeFacts]] = defaultdict(list)
    for key, *values in rows_of(query.order_by(ProjectNode.task_id, ProjectNode.position)):
        found[key].append(NodeFacts(*values))
    return found


def _brought(region: str) -> sa.CompoundSelect[Any]:
    """The additions of tasks, and under the same columns the conditions that tasks meet."""
    nothing = sa.cast(sa.null(), sa.String)
    of_gain = (
        Addition.id,
        Addition.school_id,
        plain(Addition.stage),
        Addition.figure,
        Addition.amount,
        Addition.from_on,
        plain(Addition.state),
        nothing,
        Addition.decided_at,
    )
    of_meeting = (
        Contribution.id,
        sa.cast(sa.null(), sa.Integer),
        nothing,
        nothing,
        sa.cast(sa.null(), Addition.amount.type),
        sa.cast(sa.null(), sa.Date),
        plain(Contribution.state),
        Contribution.condition,
        Contribution.decided_at,
    )
    added = _of_tasks(region, of_gain).join(Addition, Addition.task_id == Task.id)
    met = _of_tasks(region, of_meeting).join(Contribution, Contribution.task_id == Task.id)
    return sa.union_all(
        added.where(Addition.state != LinkState.DISMISSED),
        met.where(Contribution.condition.is_not(None)),
    ).order_by(sa.text(str(len(OF_TASK) + 1)))


def _of_tasks(region: str, columns: tuple[Any, ...]) -> sa.Select[Any]:
    query: sa.Select[Any] = sa.select(*OF_TASK, *columns).select_from(Task).join(Plan, Plan.id == Task.plan_id)
    return query.where(within_region(Task.region_code, region), counts_as_work())


def _schools(region: str, today: date) -> dict[str, _Moves]:
    """The students expected in later years, the schools that are not open yet, and the days on which others close."""
    expected = (
        PlannedEnrolment.stage,
        PlannedEnrolment.year,
        PlannedEnrolment.students,
        PlannedEnrolment.classes,
    )
    columns = (School.id, School.region_code, School.name, School.kind, School.town, School.opened_on, School.closed_on)
    is_planned, is_built = School.id.in_(planned_schools()), School.id.in_(built_schools())
    is_asked = (PlannedEnrolment.id.is_not(None), School.opened_on > today, School.closed_on.is_not(None), is_planned)
    query = (
        sa.select(*columns, is_planned.label("is_planned"), is_built.label("is_built"), *expected)
        .outerjoin(PlannedEnrolment, PlannedEnrolment.school_id == School.id)
        .where(within_region(School.region_code, region), sa.or_(*is_asked))
        .order_by(School.id, PlannedEnrolment.year, PlannedEnrolment.id)
    )
    found: dict[str, _Moves] = defaultdict(_Moves)
    last = 0
    for row in rows_of(query):
        moves = found[row.region_code]
        if row.year is not None:
            moves.enrolments.append(Enrolment(row.id, row.stage, row.year, row.students, row.classes))
        if row.id != last and (row.is_planned or (row.opened_on and row.opened_on > today)):
            moves.coming.append(SchoolFacts(row.id, row.region_code, row.name, row.kind, row.town, row.opened_on))
        if row.closed_on:
            moves.closing[row.id] = row.closed_on
        if row.is_planned and not row.is_built:
            moves.stopped.add(row.id)
        last = row.id
    return found


def _end(
    key: str,
    title: str,
    state: State,
    needs_redate: bool,
    due_on: date | None,
    expected_on: date | None,
    closed_on: date | None,
    submitted_on: date | None,
    is_read_only: bool,
    in_part_at: datetime | None,
) -> TaskEnd:
    """When a task ends; a deadline that must be set anew is none, and a closed plan's open tasks end no more."""
    is_closed = state is State.CLOSED
    suspended = state is State.SUSPENDED or (is_read_only and not is_closed)
    return TaskEnd(
        key,
        title,
        None if needs_redate else due_on,
        expected_on,
        closed_on if is_closed else None,
        suspended,
        submitted_on if is_closed else None,
        in_part_at is not None,
    )
