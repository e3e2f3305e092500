"""The ground of every act on a task: take its next version, move its state (the only writer), keep the event."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from tracker.actions.record import Actor, record
from tracker.clock import office_day
from tracker.models import Plan, PlanState, Project, Task, db
from tracker.rules.deadlines import days_held, days_late
from tracker.rules.lifecycle import Act, State, next_state
from tracker.rules.rhythms import Rhythm
from tracker.rules.task_days import written


class StaleTask(Exception):
    """Somebody else saved the task after this form was opened."""


class RuleRefused(Exception):
    """A rule refuses the act; ``reason`` is a stable word that the page puts into the reader's language.

    ``named`` is what the sentence names where it must: a school that stands in the way.
    """

    def __init__(self, reason: str, named: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.named = named


def hold_tasks(task_ids: Collection[int]) -> None:
    """Take the rows of many tasks in one order before the first of them is claimed.

    The first event takes the lock of the chain until the end. Whoever has claimed another of these tasks waits for that
    lock, so their task must not be waited for afterwards. On SQLite the writing transaction sees to it.
    """
    rows = sa.select(Task.id).where(Task.id.in_(task_ids)).order_by(Task.id)
    db.session.execute(rows.with_for_update(key_share=True))


def hold_projects(task_ids: Collection[int]) -> None:
    """Let what others add to projects wait before it is asked whether they may go; what was begun is waited for."""
    rows = sa.select(Project.task_id).where(Project.task_id.in_(task_ids)).order_by(Project.task_id)
    db.session.execute(rows.with_for_update())


def stay_project(task_id: int) -> None:
    """Keep a project from going while something is added to it. Raises RuleRefused('project_gone')."""
    row = sa.select(Project.task_id).where(Project.task_id == task_id)
    if db.session.scalar(row.with_for_update(read=True, key_share=True)) is None:
        raise RuleRefused("project_gone")


def hold_open(task: Task) -> None:
    """Let a task and its plan stay as they are until an act that claims no version is kept.

    Raises RuleRefused: plan_closed, withdrawn. The state is asked anew: others may have changed it since it was read.
    """
    # Shared, so that all who add to the tasks of a plan go on together, and only who closes it waits.
    state = sa.select(Plan.state).where(Plan.id == task.plan_id).with_for_update(read=True)
    if db.session.scalar(state) is PlanState.CLOSED:
        raise RuleRefused("plan_closed")
    hold_tasks([task.id])
    if db.session.scalar(sa.select(Task.withdrawn_on).where(Task.id == task.id)):
        raise RuleRefused("withdrawn")


def claim(task: Task, version: int) -> None:
    """Take the next version of the task: of all who read one version exactly one gets it.

    Raises StaleTask, and RuleRefused('plan_closed'): a closed plan is read only.
    """
    if task.plan.state is PlanState.CLOSED:
        raise RuleRefused("plan_closed")
    claimed = db.session.execute(
        sa.update(Task)
        .where(Task.id == task.id, Task.version == version)
        .values(version=version + 1)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise StaleTask
    db.session.refresh(task)


def move(task: Task, act: Act, now: datetime) -> None:
    """Move the state as ``rules/lifecycle.py`` says, with the days that belong to it. Raises MoveRefused."""
    state, today = next_state(task.state, act), office_day(now)
    if act is Act.SUBMIT:
        # Kept as it was: a deadline that moves later changes nothing about a submission that was late.
        task.submitted_on, task.in_time = today, days_late(task.due_on, today, held_days=task.held_days) == 0
    if act in {Act.RETURN, Act.REOPEN} and task.submitted_on:
        task.held_days += days_held(task.due_on, task.submitted_on, today)
        task.returned_on, task.returned_at = today, now
        task.submitted_on, task.in_time, task.difficulty_on, task.unchanged_on = None, None, None, None
    task.closed_on = today if state is State.CLOSED else None
    if act in {Act.UNDO, Act.UNDO_FIRST}:
        task.submitted_on, task.in_time = None, None
    if act in {Act.RETURN, Act.REOPEN, Act.RESUME, Act.RESTORE} and task.rhythm_from and task.rhythm is not Rhythm.ONCE:
        # What lay still, or at the office, owes no report for the periods that passed meanwhile.
        task.rhythm_from = max(today, task.rhythm_from)
    task.state = state


def facts_of(task: Task) -> dict[str, object]:
    """What an event keeps of a task before and after; ``light`` lets its light of any past day be read from events."""
    return {"state": task.state.value, "due_on": task.due_on, "version": task.version, "light": written(task.timetable)}


def note(actor: Actor, act: str, task: Task, now: datetime, before: dict[str, object], **said: object) -> None:
    """Keep the event of an act with what was said."""
    db.session.flush()
    record(
        actor,
        act,
        now,
        obj=("task", task.key),
        region=task.region_code,
        before=before,
        after={**facts_of(task), **said},
    )
