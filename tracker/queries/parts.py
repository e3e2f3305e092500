"""Which units have said that their part of a task is done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from tracker.models import AssignmentRole, Event, Report, Situation, Task, Unit, db
from tracker.rules.parts import Parts

BEGIN_A_ROUND = ("return", "reopen")


def parts_of(task: Task, reports: Sequence[Report] | None = None) -> Parts:
    """The parts of a task: each unit's latest living word since the last return counts. Reports come newest first."""
    units: dict[AssignmentRole, list[Unit]] = {role: [] for role in AssignmentRole}
    for assignment in task.assignments:
        units[assignment.role].append(assignment.unit)
    return Parts(
        leads=frozenset(_speakers(units[AssignmentRole.LEAD])),
        responsible=frozenset(_speakers(units[AssignmentRole.RESPONSIBLE])),
        done=frozenset(_done(task, words_of_round(task) if reports is None else _since_return(task, reports))),
    )


def words_of_round(task: Task) -> list[Report]:
    """The living reports since the last return, newest first."""
    query = sa.select(Report).where(Report.task_id == task.id, Report.withdrawn_at.is_(None)).order_by(Report.id.desc())
    return _since_return(task, db.session.scalars(query).all())


def submitters_of(task: Task) -> list[str]:
    """The units whose 已完成 the last return cleared: their latest word of the round that it ended.

    A round begins with a return or with a reopening.
    """
    if task.returned_at is None:
        return []
    earlier = sa.select(sa.func.max(Event.at)).where(
        Event.object_type == "task",
        Event.object_id == task.key,
        Event.act.in_(BEGIN_A_ROUND),
        Event.at < task.returned_at,
    )
    began = db.session.scalar(earlier)
    query = sa.select(Report.unit_id, Unit.name, Report.situation).join(Unit, Unit.id == Report.unit_id)
    query = query.where(Report.task_id == task.id, Report.at <= task.returned_at, Report.withdrawn_at.is_(None))
    if began:
        query = query.where(Report.at > began)
    latest = {unit_id: (name, situation) for unit_id, name, situation in db.session.execute(query.order_by(Report.id))}
    answering = parts_of(task, []).answering
    return [
        name for unit_id, (name, situation) in latest.items() if situation is Situation.DONE and unit_id in answering
    ]


def _speakers(units: Iterable[Unit]) -> Iterable[int]:
    """A collective unit speaks through its members where they are known."""
    for unit in units:
        yield from (member.id for member in unit.members) if unit.members else (unit.id,)


def speakers_of(task: Task) -> list[Unit]:
    """The units that may speak of a task in their own name: its units, members instead of a collective."""
    found: dict[int, Unit] = {}
    for assignment in task.assignments:
        for unit in assignment.unit.members or [assignment.unit]:
            found.setdefault(unit.id, unit)
    return list(found.values())


def _since_return(task: Task, reports: Sequence[Report]) -> list[Report]:
    return [
        report
        for report in reports
        if report.withdrawn_at is None and (task.returned_at is None or report.at > task.returned_at)
    ]


def _done(task: Task, reports: Sequence[Report]) -> Iterable[int]:
    """Units whose latest report says done; the word of a collective unit itself stands for its members."""
    latest: dict[int, Situation] = {}
    for report in reports:
        if report.unit_id is not None:
            latest.setdefault(report.unit_id, report.situation)
    members = {each.unit_id: [member.id for member in each.unit.members] for each in task.assignments}
    for unit_id, situation in latest.items():
        if situation is Situation.DONE:
            yield unit_id
            yield from members.get(unit_id, ())
