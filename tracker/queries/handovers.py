"""A school of a building project, and seats that are handed over apart."""

from __future__ import annotations

import sqlalchemy as sa

from tracker.models import Handover, Project, ProjectSchool, db


def part_of(project: Project, part_id: int) -> ProjectSchool | None:
    """A school of this project."""
    query = sa.select(ProjectSchool).where(ProjectSchool.task_id == project.task_id, ProjectSchool.id == part_id)
    return db.session.scalar(query)


def handover_of(project: Project, handover_id: int) -> Handover | None:
    """A batch of this project."""
    query = sa.select(Handover).join(ProjectSchool, ProjectSchool.id == Handover.project_school_id)
    return db.session.scalar(query.where(ProjectSchool.task_id == project.task_id, Handover.id == handover_id))
