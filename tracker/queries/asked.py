"""What the report form asks of a task besides the situation and a few words, and what it must say beforehand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, aliased

from tracker.models import Report, Situation, Task, TaskKind, Unit, db
from tracker.rules.rhythms import Rhythm


@dataclass(frozen=True)
class Asked:
    """The measure of a task with the last number reported, the evidence wanted, and whose last word was unchanged.

    ``is_by_period``: without a deadline, reported period by period, so that nobody can say that it is done.
    ``is_project``: how far the building stands is asked too, in percent; ``last_progress`` was said last.
    """

    quantity_total: Decimal | None = None
    quantity_unit: str = ""
    last_quantity: Decimal | None = None
    evidence_wanted: str = ""
    is_by_period: bool = False
    unchanged_units: frozenset[int] = frozenset()
    is_project: bool = False
    last_progress: int | None = None


def asked_of(task_ids: Sequence[int], units: Collection[Unit]) -> dict[int, Asked]:
    """What is asked of each task, for people who speak in the name of these units; in one question."""
    query = sa.select(
        *(Task.id, Task.quantity_total, Task.quantity_unit, Task.evidence_wanted, Task.rhythm, Task.due_on),
        Task.kind,
        _last(Report.quantity).label("last_quantity"),
        _last(Report.progress_percent).label("last_progress"),
        Report.unit_id.label("unchanged_unit"),
    ).outerjoin(Report, sa.and_(Report.task_id == Task.id, *_says_unchanged(task_ids, units)))
    found: dict[int, Asked] = {}
    for row in db.session.execute(query.where(Task.id.in_(task_ids))):
        earlier = found[row.id].unchanged_units if row.id in found else frozenset()
        found[row.id] = Asked(
            quantity_total=row.quantity_total,
            quantity_unit=row.quantity_unit or "",
            last_quantity=row.last_quantity,
            evidence_wanted=row.evidence_wanted or "",
            is_by_period=is_by_period(row.rhythm, row.due_on is not None),
            unchanged_units=earlier | ({row.unchanged_unit} if row.unchanged_unit else frozenset()),
            is_project=row.kind is TaskKind.PROJECT,
            last_progress=row.last_progress,
        )
    return found


def asked_from(task: Task, reports: Sequence[Report], units: Collection[Unit]) -> Asked:
    """The same for one task whose reports, newest first, are at hand already; it asks the database nothing."""
    living = [report for report in reports if report.withdrawn_at is None]
    latest: dict[int | None, Situation] = {}
    for report in living:
        if task.returned_at is None or report.at > task.returned_at:
            latest.setdefault(report.unit_id, report.situation)
    return Asked(
        quantity_total=task.quantity_total,
        quantity_unit=task.quantity_unit or "",
        last_quantity=next((each.quantity for each in living if each.quantity is not None), None),
        evidence_wanted=task.evidence_wanted or "",
        is_by_period=is_by_period(task.rhythm, task.due_on is not None),
        unchanged_units=frozenset(unit.id for unit in units if latest.get(unit.id) is Situation.NO_CHANGE),
        is_project=task.kind is TaskKind.PROJECT,
        last_progress=next((each.progress_percent for each in living if each.progress_percent is not None), None),
    )


def is_by_period(rhythm: Rhythm | None, has_deadline: bool) -> bool:
    """Whether a task is reported by period and never as done: it has a rhythm and no end."""
    return rhythm is not None and not has_deadline


def _last(figure: InstrumentedAttribute[Any]) -> sa.ScalarSelect[Any]:
    """The last value of a figure that was reported of the task in question."""
    query = sa.select(figure).where(Report.task_id == Task.id, figure.is_not(None), Report.withdrawn_at.is_(None))
    return query.order_by(Report.id.desc()).limit(1).correlate(Task).scalar_subquery()


def _says_unchanged(task_ids: Sequence[int], units: Collection[Unit]) -> list[sa.ColumnElement[bool]]:
    """Reports of 本周无变化 that are the last word of one of these units on a task since its last return."""
    said, task = aliased(Report), aliased(Task)
    newest = (
        sa.select(sa.func.max(said.id))
        .join(task, task.id == said.task_id)
        .where(
            said.task_id.in_(task_ids),
            said.unit_id.in_([unit.id for unit in units]),
            said.withdrawn_at.is_(None),
            sa.or_(task.returned_at.is_(None), said.at > task.returned_at),
        )
        .group_by(said.task_id, said.unit_id)
    )
    return [Report.id.in_(newest), Report.situation == Situation.NO_CHANGE]
