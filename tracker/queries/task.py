"""A task as its page shows it: figures and reports. Its timeline is in ``queries/timeline.py``."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from tracker.models import (
    Evidence,
    Handover,
    MoneyEntry,
    Project,
    ProjectNode,
    ProjectPhoto,
    ProjectSchool,
    Report,
    Task,
    db,
)

MOST_ENTRIES = 200
SAID_OF_A_PROJECT = (
    Project.owner,
    Project.contractor,
    Project.supervisor,
    Project.contract_yuan,
    Project.contract_from,
    Project.contract_until,
    Project.first_site,
)


def project_of(task: Task) -> Project | None:
    """The figures of a project with its schools and buildings; it holds its task, which is not asked for again."""
    query = sa.select(Project).where(Project.task_id == task.id)
    schools = joinedload(Project.schools)
    parts = (schools.joinedload(ProjectSchool.school), schools.joinedload(ProjectSchool.handovers))
    wanted = query.options(*parts, joinedload(Project.buildings))
    project = db.session.scalars(wanted).unique().one_or_none()
    if project is not None:
        # The task stays at hand with all that was loaded with it.
        set_committed_value(project, "task", task)
    return project


def has_records(task_ids: Collection[int]) -> bool:
    """Whether people have said something of projects that goes with them and stands nowhere else.

    That are nodes, money, photographs, seats handed over in batches, who builds by which contract, and a moved site.
    """
    kinds = (ProjectNode, MoneyEntry, ProjectPhoto)
    found = [sa.select(kind.id).where(kind.task_id.in_(task_ids)).exists() for kind in kinds]
    batches = sa.select(Handover.id).join(ProjectSchool, ProjectSchool.id == Handover.project_school_id)
    said = sa.or_(*(column.is_not(None) for column in SAID_OF_A_PROJECT))
    found.append(batches.where(ProjectSchool.task_id.in_(task_ids)).exists())
    found.append(sa.select(Project.task_id).where(Project.task_id.in_(task_ids), said).exists())
    return bool(db.session.scalar(sa.select(sa.or_(*found))))


def reports_of(task: Task) -> Sequence[Report]:
    """The reports of a task, newest first, with their files and authors."""
    query = sa.select(Report).where(Report.task_id == task.id).order_by(Report.id.desc()).limit(MOST_ENTRIES + 1)
    wanted = query.options(joinedload(Report.account), joinedload(Report.unit), joinedload(Report.evidence))
    return db.session.scalars(wanted).unique().all()


def evidence_file(evidence_id: int) -> Evidence | None:
    """A file with the report that it stands under."""
    return db.session.scalar(sa.select(Evidence).where(Evidence.id == evidence_id).options(joinedload(Evidence.report)))
