"""A task as its page shows it: figures, reports, and one timeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.models import Event, Evidence, Project, ProjectSchool, Report, Task, db

SHOWN_ACTS = ("verify", "close_in_part", "return", "redate")
MOST_ENTRIES = 200


@dataclass(frozen=True)
class Entry:
    """One card of the timeline: a report, or an act of the office."""

    act: str
    at: datetime
    person: str
    unit: str
    report: Report | None = None
    said: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)


def project_of(task: Task) -> Project | None:
    """The figures of a project with its schools and buildings."""
    query = sa.select(Project).where(Project.task_id == task.id)
    wanted = query.options(joinedload(Project.schools).joinedload(ProjectSchool.school), joinedload(Project.buildings))
    return db.session.scalars(wanted).unique().one_or_none()


def reports_of(task: Task) -> Sequence[Report]:
    """The reports of a task, newest first, with their files and authors."""
    query = sa.select(Report).where(Report.task_id == task.id).order_by(Report.id.desc()).limit(MOST_ENTRIES)
    wanted = query.options(joinedload(Report.account), joinedload(Report.unit), joinedload(Report.evidence))
    return db.session.scalars(wanted).unique().all()


def timeline(task: Task, reports: Sequence[Report]) -> list[Entry]:
    """Reports and acts in one line, newest first."""
    query = sa.select(Event).where(
        Event.object_type == "task", Event.object_id == task.key, Event.act.in_(SHOWN_ACTS), Event.allowed
    )
    acts = db.session.scalars(query.order_by(Event.id.desc()).limit(MOST_ENTRIES))
    entries = [
        Entry(
            each.act,
            each.at,
            each.person_name or "",
            each.unit_name or "",
            None,
            _dated(each.after),
            _dated(each.before),
        )
        for each in acts
    ]
    entries += [
        Entry("report", each.at, each.account.name, each.unit.name if each.unit else "", each) for each in reports
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _dated(said: dict[str, Any] | None) -> dict[str, Any]:
    """What an event keeps, with its deadline as a date again."""
    kept = dict(said or {})
    if kept.get("due_on"):
        kept["due_on"] = date.fromisoformat(kept["due_on"])
    return kept


def evidence_file(evidence_id: int) -> Evidence | None:
    """A file with the report that it stands under."""
    return db.session.scalar(sa.select(Evidence).where(Evidence.id == evidence_id).options(joinedload(Evidence.report)))
