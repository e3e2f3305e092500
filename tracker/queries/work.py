"""What waits for a person of a unit: the blocks of my work, each task with what its row says besides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from tracker import clock
from tracker.models import Event, ProjectNode, Report, Situation, Task, TaskKind, db
from tracker.queries.ledger import worst_first
from tracker.queries.lights import is_light
from tracker.queries.parts import BEGIN_A_ROUND
from tracker.queries.rows import TaskRow, task_rows
from tracker.queries.visibility import in_active_plan, visible_to
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light
from tracker.rules.permissions import Person
from tracker.rules.rhythms import Beat, present_period

SOON = timedelta(days=7)
MOST_TASKS = 300
OPEN = (State.NOT_STARTED, State.IN_PROGRESS)
# What decides the block of a task besides what every list of tasks shows.
COLUMNS = (Task.id, Task.difficulty_on, Task.rhythm, Task.rhythm_parts, Task.rhythm_from, Task.due_on, Task.node_due_on)


@dataclass
class Work:
    """The tasks of a person's units, each in exactly one block, worst first."""

    returned: list[TaskRow] = field(default_factory=list)
    overdue: list[TaskRow] = field(default_factory=list)
    week: list[TaskRow] = field(default_factory=list)
    to_update: list[TaskRow] = field(default_factory=list)
    submitted: list[TaskRow] = field(default_factory=list)
    own_done: list[TaskRow] = field(default_factory=list)
    others: list[TaskRow] = field(default_factory=list)
    in_difficulty: set[int] = field(default_factory=set)
    is_cut: bool = False

    @property
    def asked(self) -> list[TaskRow]:
        """The tasks that ask for a word now, in the order of the page."""
        return [*self.returned, *self.overdue, *self.week, *self.to_update]

    def after(self, key: str) -> str | None:
        """The key of the task that asks next after another one, None where no other asks."""
        keys = [task.key for task in self.asked]
        following = keys[keys.index(key) + 1 :] + keys[: keys.index(key)] if key in keys else keys
        return following[0] if following else None


@dataclass(frozen=True)
class NextNode:
    """The node of a project that comes next: of those not done the one with the earliest planned day."""

    name: str
    planned_on: date

    def is_missed(self, today: date) -> bool:
        """Whether its day has passed without it."""
        return self.planned_on < today


@dataclass(frozen=True)
class Returned:
    """Why and when the office gave a task back."""

    at: datetime
    reason: str


@dataclass(frozen=True)
class OwnWord:
    """What the person's own units said last of a task."""

    at: datetime
    situation: Situation


def work_of(person: Person, today: date) -> Work:
    """The tasks of a person's units by what they ask: a word again, something late, something soon, a word this week.

    At most 300, worst first; ``is_cut`` says that there are more.
    """
    query = sa.select(*COLUMNS).where(visible_to(person), in_active_plan(), Task.state != State.SUSPENDED)
    found = db.session.execute(query.order_by(*worst_first(today)).limit(MOST_TASKS + 1)).all()
    wanted = found[:MOST_TASKS]
    ids = [row.id for row in wanted]
    words = own_words(person, ids)
    work = Work(is_cut=len(found) > MOST_TASKS, in_difficulty={row.id for row in wanted if row.difficulty_on})
    for row, task in zip(wanted, task_rows(ids, with_units=False), strict=True):
        _block(work, task, row, today, words.get(task.id)).append(task)
    return work


def needs_a_word(person: Person, today: date) -> sa.ColumnElement[bool]:
    """The tasks of the blocks 被退回 and 逾期, to be counted without reading them."""
    own = sa.and_(Report.task_id == Task.id, Report.unit_id.in_(person.units), Report.withdrawn_at.is_(None))
    answered = sa.exists().where(own, Report.at > Task.returned_at)
    last = sa.select(Report.situation).where(own).order_by(Report.id.desc()).limit(1).correlate(Task).scalar_subquery()
    is_returned = sa.and_(Task.returned_at.is_not(None), ~answered)
    is_late = sa.and_(is_light(Light.OVERDUE, today), last.is_distinct_from(Situation.DONE))
    is_open = sa.and_(Task.state.in_(OPEN), Task.light_fixed.is_(None))
    return sa.and_(visible_to(person), in_active_plan(), is_open, sa.or_(is_returned, is_late))


def returns_of(tasks: Sequence[TaskRow]) -> dict[str, Returned]:
    """The last return of each task, or its reopening, by key."""
    if not tasks:
        return {}
    keys = [task.key for task in tasks]
    newest = (
        sa.select(sa.func.max(Event.id))
        .where(Event.object_type == "task", Event.object_id.in_(keys), Event.act.in_(BEGIN_A_ROUND))
        .group_by(Event.object_id)
    )
    query = sa.select(Event.object_id, Event.at, Event.after).where(Event.id.in_(newest))
    return {key: Returned(at, (after or {}).get("reason") or "") for key, at, after in db.session.execute(query)}


def next_nodes(tasks: Sequence[TaskRow]) -> dict[int, NextNode]:
    """The next node of each task that builds and has one planned, by its id; asks nothing where nobody builds."""
    ids = [task.id for task in tasks if task.kind is TaskKind.PROJECT]
    if not ids:
        return {}
    query = sa.select(ProjectNode.task_id, ProjectNode.name, ProjectNode.planned_on).where(
        ProjectNode.task_id.in_(ids), ProjectNode.done_on.is_(None), ProjectNode.planned_on.is_not(None)
    )
    found: dict[int, NextNode] = {}
    for task_id, name, planned_on in db.session.execute(query.order_by(ProjectNode.planned_on, ProjectNode.position)):
        if planned_on:
            found.setdefault(task_id, NextNode(name, planned_on))
    return found


class AskedSince(NamedTuple):
    """The day since which a word is asked for, None where none is; and whether the task's rhythm says so."""

    day: date | None
    by_rhythm: bool


def _asked_since(row: Any, today: date) -> AskedSince:
    if row.rhythm is None:
        return AskedSince(today - timedelta(days=today.weekday()), by_rhythm=False)
    period = present_period(Beat(row.rhythm, row.rhythm_parts, row.rhythm_from, row.due_on), today)
    return AskedSince(period.starts_on if period else None, by_rhythm=True)


def own_words(person: Person, task_ids: Sequence[int]) -> dict[int, OwnWord]:
    """What the person's own units said last of each task: what another unit said does not do their part."""
    newest = (
        sa.select(sa.func.max(Report.id))
        .where(Report.task_id.in_(task_ids), Report.unit_id.in_(person.units), Report.withdrawn_at.is_(None))
        .group_by(Report.task_id)
    )
    query = sa.select(Report.task_id, Report.at, Report.situation).where(Report.id.in_(newest))
    return {task_id: OwnWord(at, situation) for task_id, at, situation in db.session.execute(query)}


def _is_node_unanswered(node_due_on: date | None, today: date, own: OwnWord | None) -> bool:
    """Whether the planned day of a node has passed and the unit has said nothing since."""
    if node_due_on is None or node_due_on >= today:
        return False
    return own is None or own.at < clock.at_office(node_due_on + timedelta(days=1), 0)


def _block(work: Work, task: TaskRow, row: Any, today: date, own: OwnWord | None) -> list[TaskRow]:
    asked = _asked_since(row, today)
    if task.state is State.SUBMITTED:
        return work.submitted
    if task.state is State.CLOSED or task.needs_redate:
        return work.others
    if task.returned_at and (own is None or own.at <= task.returned_at):
        return work.returned
    if own and own.situation is Situation.DONE:
        return work.own_done
    if task.light(today) is Light.OVERDUE:
        return work.overdue
    if (task.due_on or task.period_ends_on or date.max) <= today + SOON:
        return work.week
    if _is_node_unanswered(row.node_due_on, today, own):
        return work.to_update
    is_silent = asked.day is not None and (own is None or own.at < clock.at_office(asked.day, 0))
    # Work that has begun is asked for a word every week, what has a rhythm once in each of its periods.
    is_asked = asked.by_rhythm or task.light(today) in {Light.SOON, Light.NORMAL}
    return work.to_update if is_silent and is_asked else work.others
