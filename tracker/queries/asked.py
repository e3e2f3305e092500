"""What the report form asks of a task besides the situation and a few words, and what it must say beforehand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from tracker.models import Report, Situation, Task, Unit, db
from tracker.rules.rhythms import Rhythm


@dataclass(frozen=True)
class Asked:
    """The measure of a task with the last number reported, the evidence wanted, and whose last word was unchanged.

    ``is_by_period``: without a deadline, reported period by period, so that nobody can say that it is done.
    """

    quantity_total: Decimal | None = None
    quantity_unit: str = ""
    last_quantity: Decimal | None = None
    evidence_wanted: str = ""
    is_by_period: bool = False
    unchanged_units: frozenset[int] = frozenset()


def asked_of(task_ids: Sequence[int], units: Collection[Unit]) -> dict[int, Asked]:
    """What is asked of each task, for people who speak in the name of these units; three questions at most."""
    query = sa.select(
        *(Task.id, Task.quantity_total, Task.quantity_unit, Task.evidence_wanted, Task.rhythm, Task.due_on)
    ).where(Task.id.in_(task_ids))
    rows = db.session.execute(query).all()
    quantities = last_quantities([row.id for row in rows if row.quantity_total])
    unchanged = _unchanged_units(task_ids, units)
    return {
        row.id: Asked(
            quantity_total=row.quantity_total,
            quantity_unit=row.quantity_unit or "",
            last_quantity=quantities.get(row.id),
            evidence_wanted=row.evidence_wanted or "",
            is_by_period=is_by_period(row.rhythm, row.due_on is not None),
            unchanged_units=frozenset(unchanged.get(row.id, ())),
        )
        for row in rows
    }


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
    )


def is_by_period(rhythm: Rhythm | None, has_deadline: bool) -> bool:
    """Whether a task is reported by period and never as done: it has a rhythm and no end."""
    return rhythm is not None and not has_deadline


def last_quantities(task_ids: Sequence[int]) -> dict[int, Decimal]:
    """The last number reported of each of these tasks."""
    if not task_ids:
        return {}
    newest = (
        sa.select(sa.func.max(Report.id))
        .where(Report.task_id.in_(task_ids), Report.quantity.is_not(None), Report.withdrawn_at.is_(None))
        .group_by(Report.task_id)
    )
    query = sa.select(Report.task_id, Report.quantity).where(Report.id.in_(newest))
    return {task_id: quantity for task_id, quantity in db.session.execute(query) if quantity is not None}


def _unchanged_units(task_ids: Sequence[int], units: Collection[Unit]) -> dict[int, set[int]]:
    """The units whose last word of a task since its last return was 本周无变化."""
    newest = (
        sa.select(sa.func.max(Report.id))
        .join(Task, Task.id == Report.task_id)
        .where(
            Report.task_id.in_(task_ids),
            Report.unit_id.in_([unit.id for unit in units]),
            Report.withdrawn_at.is_(None),
            sa.or_(Task.returned_at.is_(None), Report.at > Task.returned_at),
        )
        .group_by(Report.task_id, Report.unit_id)
    )
    query = sa.select(Report.task_id, Report.unit_id).where(
        Report.id.in_(newest), Report.situation == Situation.NO_CHANGE
    )
    found: dict[int, set[int]] = {}
    for task_id, unit_id in db.session.execute(query):
        if unit_id is not None:
            found.setdefault(task_id, set()).add(unit_id)
    return found
