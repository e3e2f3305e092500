"""Schools that a project is to build anew: named by a plan, and not there yet."""

from __future__ import annotations

import sqlalchemy as sa

from tracker.models import Plan, PlanState, Project, ProjectCategory, ProjectSchool, School, SchoolYear, Task
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


def built_schools() -> sa.Select[int]:
    """Those of them that a project of a plan in force builds, one that is not suspended."""
    running = (Plan.state == PlanState.ACTIVE, Task.state != State.SUSPENDED)
    return planned_schools().join(Plan, Plan.id == Task.plan_id).where(*running)
