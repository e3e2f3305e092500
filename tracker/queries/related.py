"""Related tasks: others of the same plan for the same school or site, the same duty item or the same indicators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.models import Contribution, Project, ProjectSchool, Task, TaskKind, db
from tracker.queries.ledger import worst_first
from tracker.queries.visibility import visible_to
from tracker.rules.lights import Light, LightDates, light_on
from tracker.rules.permissions import Person

MOST_SHOWN = 6


class Bond(StrEnum):
    """What two tasks have in common, the closest first."""

    SCHOOL = "school"
    DUTY = "duty"
    INDICATOR = "indicator"


@dataclass(frozen=True)
class RelatedTask:
    """A task beside another one, with its light and what binds them."""

    key: str
    number: str | None
    title: str
    light: Light
    bond: Bond


def related_to(person: Person, task: Task, today: date) -> list[RelatedTask]:
    """At most six other tasks of the plan that a person sees, closest first, then worst first; one question."""
    bonds = _bonds(task)
    if not bonds:
        return []
    bond = sa.case(*((condition, kind.value) for kind, condition in bonds.items()), else_="")
    nearness = sa.case(*((condition, place) for place, condition in enumerate(bonds.values())), else_=len(Bond))
    query = (
        sa.select(
            *(Task.key, Task.number, Task.title, bond),
            *(Task.light_fixed, Task.late_from, Task.soon_from, Task.normal_from),
        )
        .where(Task.plan_id == task.plan_id, Task.id != task.id, Task.withdrawn_on.is_(None), visible_to(person))
        .where(sa.or_(*bonds.values()))
        .order_by(nearness, *worst_first(today))
        .limit(MOST_SHOWN)
    )
    return [
        RelatedTask(key, number, title, light_on(LightDates(*dates), today), Bond(kind))
        for key, number, title, kind, *dates in db.session.execute(query)
    ]


def _bonds(task: Task) -> dict[Bond, sa.ColumnElement[bool]]:
    """What binds any task to this one, as conditions."""
    found: dict[Bond, sa.ColumnElement[bool]] = {}
    if task.kind is TaskKind.PROJECT:
        found[Bond.SCHOOL] = sa.or_(Task.id.in_(_with_its_schools(task)), Task.id.in_(_on_its_site(task)))
    if task.duty_of_id is not None:
        found[Bond.DUTY] = Task.duty_of_id == task.duty_of_id
    indicators = [each.indicator_id for each in task.contributions]
    if indicators:
        serving = sa.select(Contribution.task_id).where(Contribution.indicator_id.in_(indicators))
        found[Bond.INDICATOR] = Task.id.in_(serving)
    return found


def _with_its_schools(task: Task) -> sa.Select[Any]:
    own = aliased(ProjectSchool)
    schools = sa.select(own.school_id).where(own.task_id == task.id)
    return sa.select(ProjectSchool.task_id).where(ProjectSchool.school_id.in_(schools))


def _on_its_site(task: Task) -> sa.Select[Any]:
    own = aliased(Project)
    site = sa.select(own.site).where(own.task_id == task.id, own.site.is_not(None))
    return sa.select(Project.task_id).where(Project.site.in_(site))
