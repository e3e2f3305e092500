"""What has happened since to what came of an import."""

from __future__ import annotations

import sqlalchemy as sa

from tracker.models import Event, ImportRow, Plan, PlanImport, Task, db

ADOPTED = "adopt_import"


def touched_rows(batch: PlanImport) -> int:
    """How many tasks of an adopted import are gone, or are another version by now."""
    query = (
        sa.select(sa.func.count())
        .select_from(ImportRow)
        .outerjoin(Task, Task.id == ImportRow.task_id)
        .where(ImportRow.import_id == batch.id, ImportRow.task_version.is_not(None))
        .where(sa.or_(Task.id.is_(None), Task.version != ImportRow.task_version))
    )
    return db.session.scalar(query) or 0


def acts_since(batch: PlanImport) -> bool:
    """Whether a person has acted since on the tasks of an adopted import, or on its plan."""
    of_import = sa.and_(Event.object_type == "import", Event.object_id == str(batch.id), Event.act == ADOPTED)
    adopted = db.session.scalar(sa.select(sa.func.max(Event.id)).where(of_import)) or 0
    later = sa.and_(Event.id > adopted, Event.allowed, Event.account_id.is_not(None))
    tasks = sa.select(Task.key).join(ImportRow, ImportRow.task_id == Task.id)
    tasks = tasks.where(ImportRow.import_id == batch.id, ImportRow.task_version.is_not(None))
    if batch.against_id is None:
        tasks = sa.select(Task.key).where(Task.plan_id == batch.plan_id)
    on_tasks = sa.and_(Event.object_type == "task", Event.object_id.in_(tasks))
    codes = sa.select(Plan.code).where(Plan.id == batch.plan_id)
    on_plan = sa.and_(Event.object_type == "plan", Event.object_id.in_(codes))
    return bool(db.session.scalar(sa.select(sa.exists().where(later, sa.or_(on_tasks, on_plan)))))
