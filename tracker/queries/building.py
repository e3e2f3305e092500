"""What the sums of building projects rest on, in one question however many projects there are.

The leaders' page asks many things already; the other pages read projects whole (``queries/project_facts.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from tracker.models import Handover, MoneyEntry, Project, ProjectNode, ProjectSchool, Task, TaskKind, db
from tracker.queries.lights import has_light
from tracker.rules.completion import NodeFacts
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light
from tracker.rules.money import MoneyKind
from tracker.rules.project_facts import HandoverFacts, PartFacts, ProjectFacts
from tracker.rules.stages import Stage

Conditions = Sequence[sa.ColumnElement[bool]]
PROJECT, NODE, PART, MONEY = range(4)
NO_DAY = sa.cast(sa.null(), sa.Date())
NO_NUMBER = sa.cast(sa.null(), sa.BigInteger())
NO_WORDS = sa.cast(sa.null(), sa.String())


class Piece(NamedTuple):
    """A project, a node, a school with a batch of seats, or a sum of money; each uses the columns in its own way."""

    task_id: int
    what: int
    place: int
    words: str | None
    light: str | None
    number: int | None
    other: int | None
    day: Any
    expected: Any
    done: Any
    first: Any


@dataclass
class _Parts:
    """The pieces of one project."""

    facts: ProjectFacts
    nodes: list[NodeFacts] = field(default_factory=list)
    schools: dict[int, PartFacts] = field(default_factory=dict)
    money: dict[MoneyKind, int] = field(default_factory=dict)


def building_facts(where: Conditions, today: date) -> list[ProjectFacts]:
    """The projects among some tasks with their days, nodes, seats and sums of money, and nothing else.

    Their light says whether they are late, closed, suspended or to be dated anew, else that they are in work; those
    whose plan has no figures have no category.
    """
    within = sa.select(Task.id).where(*where, Task.kind == TaskKind.PROJECT)
    pieces = sa.union_all(_projects(within, today), _nodes(within), _schools(within), _money(within))
    found: dict[int, _Parts] = {}
    for row in sorted((Piece(*row) for row in db.session.execute(pieces)), key=lambda piece: piece[1:3]):
        if row.what == PROJECT:
            found[row.task_id] = _Parts(_project(row))
        else:
            _add(found[row.task_id], row)
    return [
        replace(each.facts, nodes=tuple(each.nodes), parts=tuple(each.schools.values()), money=each.money)
        for each in found.values()
    ]


def _project(row: Piece) -> ProjectFacts:
    light = Light(row.light) if row.light else Light.NORMAL
    return ProjectFacts(
        key="",
        title="",
        category=row.words or "",
        id=row.task_id,
        light=light,
        suspended=light is Light.SUSPENDED,
        submitted=row.other is not None,
        needs_redate=bool(row.place),
        budget_yuan=row.number,
        due_on=row.day,
        expected_on=row.expected,
        closed_on=row.done,
    )


def _add(to: _Parts, row: Piece) -> None:
    if row.what == NODE:
        to.nodes.append(NodeFacts(row.words or "", row.day, row.first, row.expected, row.done))
    elif row.what == MONEY:
        to.money[MoneyKind(row.words or "")] = row.number or 0
    else:
        part = to.schools.setdefault(row.place, PartFacts(0, "", Stage(row.words) if row.words else None, row.number))
        if row.other is not None:
            apart = HandoverFacts(row.other, row.day, row.expected, row.done)
            to.schools[row.place] = replace(part, handovers=(*part.handovers, apart))


def _projects(within: sa.Select[int], today: date) -> sa.Select[Any]:
    closed_on = sa.case((Task.closed_on.is_not(None), sa.func.coalesce(Task.submitted_on, Task.closed_on)))
    is_late = sa.case((has_light([Light.OVERDUE], today), sa.literal(Light.OVERDUE.value)))
    return (
        _piece(
            Task.id,
            PROJECT,
            sa.case((Task.needs_redate, 1), else_=0),
            words=sa.type_coerce(Project.category, sa.String()),
            light=sa.func.coalesce(sa.type_coerce(Task.light_fixed, sa.String()), is_late),
            number=sa.cast(Project.budget_yuan, sa.BigInteger()),
            other=sa.cast(sa.case((Task.state == State.SUBMITTED, 1)), sa.BigInteger()),
            days=(Task.due_on, Task.expected_on, closed_on, NO_DAY),
        )
        .outerjoin(Project, Project.task_id == Task.id)
        .where(Task.id.in_(within))
    )


def _nodes(within: sa.Select[int]) -> sa.Select[Any]:
    node = ProjectNode
    days = (node.planned_on, node.expected_on, node.done_on, node.first_planned_on)
    return _piece(node.task_id, NODE, node.position, words=node.name, days=days).where(node.task_id.in_(within))


def _schools(within: sa.Select[int]) -> sa.Select[Any]:
    return (
        _piece(
            ProjectSchool.task_id,
            PART,
            ProjectSchool.id,
            words=sa.type_coerce(ProjectSchool.stage, sa.String()),
            number=sa.cast(ProjectSchool.seats, sa.BigInteger()),
            other=sa.cast(Handover.seats, sa.BigInteger()),
            days=(Handover.planned_on, Handover.expected_on, Handover.handed_on, NO_DAY),
        )
        .outerjoin(Handover, Handover.project_school_id == ProjectSchool.id)
        .where(ProjectSchool.task_id.in_(within))
    )


def _money(within: sa.Select[int]) -> sa.Select[Any]:
    return (
        _piece(
            MoneyEntry.task_id,
            MONEY,
            sa.literal(0),
            words=sa.type_coerce(MoneyEntry.kind, sa.String()),
            number=sa.cast(sa.func.sum(MoneyEntry.amount_yuan), sa.BigInteger()),
        )
        .where(MoneyEntry.task_id.in_(within), MoneyEntry.withdrawn_at.is_(None))
        .group_by(MoneyEntry.task_id, MoneyEntry.kind)
    )


def _piece(
    task_id: Any,
    what: int,
    place: Any,
    words: Any = NO_WORDS,
    light: Any = NO_WORDS,
    number: Any = NO_NUMBER,
    other: Any = NO_NUMBER,
    days: Sequence[Any] = (NO_DAY, NO_DAY, NO_DAY, NO_DAY),
) -> sa.Select[Any]:
    return sa.select(task_id, sa.literal(what), place, words, light, number, other, *days)
