"""A task as its page shows it: figures and reports. Its timeline is in ``queries/timeline.py``."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from tracker.models import Evidence, MoneyEntry, Project, ProjectNode, ProjectPhoto, ProjectSchool, Report, Task, db

MOST_ENTRIES = 200


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


def has_records(project: Project) -> bool:
    """Whether a project has nodes, money or photographs, which do not go when the plan changes its mind."""
    kinds = (ProjectNode, MoneyEntry, ProjectPhoto)
    found = (sa.select(kind.id).where(kind.task_id == project.task_id).exists() for kind in kinds)
    return bool(db.session.scalar(sa.select(sa.or_(*found))))


def reports_of(task: Task) -> Sequence[Report]:
    """The reports of a task, newest first, with their files and authors."""
    query = sa.select(Report).where(Report.task_id == task.id).order_by(Report.id.desc()).limit(MOST_ENTRIES + 1)
    wanted = query.options(joinedload(Report.account), joinedload(Report.unit), joinedload(Report.evidence))
    return db.session.scalars(wanted).unique().all()


def evidence_file(evidence_id: int) -> Evidence | None:
    """A file with the report that it stands under."""
    return db.session.scalar(sa.select(Evidence).where(Evidence.id == evidence_id).options(joinedload(Evidence.report)))
