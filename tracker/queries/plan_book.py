"""A plan that stands as the rows of a plan book: what the document says of each task, and how it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.models import Indicator, Plan, Region, Task, Unit, db
from tracker.queries.import_comparison import standing_in, words_of_task
from tracker.queries.plan_names import names_in_use
from tracker.rules.plan_rows import (
    BUDGET,
    BUILDINGS,
    CATEGORY,
    CATEGORY_WORDS,
    CODE,
    DEADLINE,
    DOCUMENT,
    DUTY,
    ENDS,
    FLOOR,
    ISSUED,
    ISSUER,
    KEY,
    KIND,
    KIND_WORDS,
    LAND,
    NUMBER,
    OFFICIALS,
    PHASE,
    PLAN_TITLE,
    REQUIREMENT,
    ROLE_HEADS,
    SCHOOLS,
    SECTION,
    SENTENCE,
    SITE,
    SOURCE,
    SPORTS,
    STAGE_WORDS,
    STARTS,
    TARGET,
    TARGET_ON,
    TASK_HEADS,
    TITLE,
    TOWN,
)
from tracker.rules.project_rows import in_wan
from tracker.rules.stages import Stage
from tracker.rules.task_kinds import ProjectCategory, TaskKind

Value = str | int | Decimal | date | None


@dataclass(frozen=True)
class BookPlan:
    """A plan as the sheets of a book; ``tasks`` in the order of the heads, beside the task that each row is."""

    facts: Mapping[str, str | None]
    tasks: Sequence[tuple[Task, list[Value]]]
    phases: Sequence[Sequence[Value]]
    items: Sequence[Sequence[Value]]


def book_plan(plan: Plan) -> BookPlan:
    """All that a plan book says of a plan, in a fixed number of questions."""
    standing, items = standing_in(plan), _own_items(plan)
    numbers, start = {item.number for item in items}, len(plan.code) + 1
    tasks = []
    for task in standing.tasks:
        words = words_of_task(task, standing.projects.get(task.id))
        cells = dict(_cells(words, numbers))
        cells |= {KEY: task.key[start:], SOURCE: task.source_place, SENTENCE: task.source_text}
        tasks.append((task, [cells.get(head) for head in TASK_HEADS]))
    facts = {
        CODE: plan.code,
        PLAN_TITLE: plan.title,
        DOCUMENT: plan.document_number,
        ISSUER: plan.issuer,
        ISSUED: _iso(plan.issued_on),
        STARTS: _iso(plan.starts_on),
        ENDS: _iso(plan.ends_on),
        TARGET: plan.target_text,
        TARGET_ON: _iso(plan.target_on),
    }
    phases = [
        [phase.number, phase.title, _iso(phase.starts_on), _iso(phase.ends_on), phase.summary] for phase in plan.phases
    ]
    return BookPlan(facts, tasks, phases, [_item(item) for item in items])


def unit_names(region: str) -> list[str]:
    """The names of the units of a region that still act."""
    return names_in_use(db.session.scalars(sa.select(Unit).where(Unit.region_code == region)))


def all_unit_names(region: str) -> list[str]:
    """Every name that a unit of a region bears, of those that act no more as well."""
    return list(db.session.scalars(sa.select(Unit.name).where(Unit.region_code == region)))


def region_of_book(region: str) -> Region | None:
    """The region for whose units a template is made."""
    return db.session.get(Region, region)


def _own_items(plan: Plan) -> list[Indicator]:
    """The indicators that the plan itself brought; a list that it shares with others is no part of it."""
    if plan.framework is None or plan.framework.code != plan.code:
        return []
    query = sa.select(Indicator).where(Indicator.framework_id == plan.framework_id).order_by(Indicator.position)
    return list(db.session.scalars(query.options(joinedload(Indicator.national))))


def _item(item: Indicator) -> list[Value]:
    national = item.national.code if item.national else None
    return [item.number, item.group, item.title, item.grade, item.points, national]


def _cells(words: Mapping[str, Any], numbers: set[str]) -> Iterator[tuple[str, Value]]:
    kind = TaskKind(words["kind"])
    yield NUMBER, words["number"]
    yield KIND, KIND_WORDS[kind]
    yield SECTION, " / ".join(words["section"])
    yield TITLE, words["title"]
    yield REQUIREMENT, words["requirement"]
    for role, head in ROLE_HEADS.items():
        yield head, "\n".join(name for name, part in words["units"] if part == role)
    yield OFFICIALS, "\n".join(words["officials"])
    yield DEADLINE, words["deadline"]
    yield PHASE, words["phase"]
    yield DUTY, words["duty_of"] if words["duty_of"] in numbers else None
    if kind is TaskKind.PROJECT and words["project"]:
        yield from _figures(words["project"])


def _figures(project: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
    yield CATEGORY, CATEGORY_WORDS[ProjectCategory(project["category"])]
    yield SITE, project["site"]
    yield TOWN, project["town"]
    for head, name in ((LAND, "land_mu"), (FLOOR, "floor_area_m2"), (SPORTS, "sports_area_m2")):
        yield head, Decimal(project[name]).normalize() if project[name] is not None else None
    yield BUDGET, in_wan(project["budget_yuan"]) if project["budget_yuan"] is not None else None
    yield (
        SCHOOLS,
        "\n".join(_joined(name, _stage(stage), seats, classes) for name, stage, seats, classes in project["schools"]),
    )
    yield BUILDINGS, "\n".join(_joined(use, area) for use, area in project["buildings"])


def _stage(stage: str | None) -> str | None:
    return STAGE_WORDS[Stage(stage)] if stage else None


def _joined(*parts: object) -> str:
    return ":".join("" if part is None else str(part) for part in parts)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
