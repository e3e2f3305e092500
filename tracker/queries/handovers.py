"""The schools of a building project with the seats that are handed over apart."""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from tracker.models import Handover, Project, ProjectSchool, db


def parts_of(project: Project) -> list[ProjectSchool]:
    """The schools of a project in their order, each with its batches; one question."""
    query = sa.select(Handover).join(ProjectSchool, ProjectSchool.id == Handover.project_school_id)
    own: dict[int, list[Handover]] = defaultdict(list)
    for row in db.session.scalars(query.where(ProjectSchool.task_id == project.task_id).order_by(Handover.id)):
        own[row.project_school_id].append(row)
    for part in project.schools:
        set_committed_value(part, "handovers", own[part.id])
    return project.schools


def part_of(project: Project, part_id: int) -> ProjectSchool | None:
    """A school of this project."""
    query = sa.select(ProjectSchool).where(ProjectSchool.task_id == project.task_id, ProjectSchool.id == part_id)
    return db.session.scalar(query)


def handover_of(project: Project, handover_id: int) -> Handover | None:
    """A batch of this project."""
    query = sa.select(Handover).join(ProjectSchool, ProjectSchool.id == Handover.project_school_id)
    return db.session.scalar(query.where(ProjectSchool.task_id == project.task_id, Handover.id == handover_id))
