"""Take a task out of its plan and bring it back; a task of a draft may be removed altogether."""

from __future__ import annotations

from datetime import datetime

from tracker.actions.moves import RuleRefused, claim, facts_of, move, note
from tracker.actions.plan_states import remove_tasks
from tracker.actions.record import Actor, record
from tracker.actions.task_words import units_of
from tracker.clock import office_day
from tracker.models import PlanState, Task
from tracker.rules.lifecycle import Act


def withdraw(actor: Actor, task: Task, version: int, reason: str, now: datetime) -> None:
    """Take a task out of its plan; it stays readable and counts nowhere. Raises StaleTask, MoveRefused, RuleRefused."""
    before = facts_of(task)
    claim(task, version)
    if task.withdrawn_on:
        raise RuleRefused("withdrawn")
    move(task, Act.WITHDRAW, now)
    task.withdrawn_on = office_day(now)
    task.keep_light_dates()
    note(actor, "withdraw", task, now, before, reason=reason)


def restore(actor: Actor, task: Task, version: int, reason: str, now: datetime) -> None:
    """Bring a withdrawn task back. Raises StaleTask, MoveRefused and RuleRefused('not_withdrawn')."""
    before = facts_of(task)
    claim(task, version)
    if task.withdrawn_on is None:
        raise RuleRefused("not_withdrawn")
    task.withdrawn_on = None
    move(task, Act.RESTORE, now)
    task.keep_light_dates()
    note(actor, "restore", task, now, before, reason=reason)


def delete_task(actor: Actor, task: Task, version: int, now: datetime) -> None:
    """Remove a task of a draft on which nobody has reported.

    Raises StaleTask, RuleRefused('plan_state') and RuleRefused('task_in_use').
    """
    claim(task, version)
    if task.plan.state is not PlanState.DRAFT:
        raise RuleRefused("plan_state")
    before = {"title": task.title, "number": task.number, "deadline": task.deadline_text, **units_of(task)}
    key, region = task.key, task.region_code
    remove_tasks([task])
    record(actor, "delete_task", now, obj=("task", key), region=region, before=before, after={})
