"""Schools that a project is to build anew: named by a plan, and not there yet."""

from __future__ import annotations

import sqlalchemy as sa

from tracker.models import Project, ProjectCategory, ProjectSchool, School, SchoolYear, Task
from tracker.rules.lifecycle import State


def planned_schools() -> sa.Select[int]:
    """The ids of schools that an open project builds anew, of which nobody has said a number or an opening day."""
    numbered = sa.select(SchoolYear.id).where(SchoolYear.school_id == ProjectSchool.school_id).exists()
    return (
        sa.select(ProjectSchool.school_id)
        .join(Project, Project.task_id == ProjectSchool.task_id)
        .join(Task, Task.id == Project.task_id)
        .join(School, School.id == ProjectSchool.school_id)
        .where(
            Project.category == ProjectCategory.NEW, Task.state != State.CLOSED, School.opened_on.is_(None), ~numbered
        )
    )
