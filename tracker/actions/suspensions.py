"""What the office does outside the straight way of a task: reopen what was closed, suspend it, resume it."""

from __future__ import annotations

from datetime import datetime

from tracker.actions.moves import RuleRefused, claim, facts_of, move, note
from tracker.actions.record import Actor
from tracker.models import Task
from tracker.rules.lifecycle import Act


def reopen(actor: Actor, task: Task, version: int, reason: str, now: datetime) -> None:
    """Open a closed task again: its round begins anew, and the days it lay submitted or closed never count as late.

    Raises StaleTask and MoveRefused.
    """
    _move(actor, task, version, Act.REOPEN, reason, now)


def suspend(actor: Actor, task: Task, version: int, reason: str, now: datetime) -> None:
    """Take an open task out of the count (已中止); its deadline stays. Raises StaleTask and MoveRefused."""
    _move(actor, task, version, Act.SUSPEND, reason, now)


def resume(actor: Actor, task: Task, version: int, reason: str, now: datetime) -> None:
    """Take up a suspended task again. Raises StaleTask, MoveRefused and RuleRefused('withdrawn')."""
    if task.withdrawn_on:
        raise RuleRefused("withdrawn")
    _move(actor, task, version, Act.RESUME, reason, now)


def _move(actor: Actor, task: Task, version: int, act: Act, reason: str, now: datetime) -> None:
    before = facts_of(task)
    claim(task, version)
    move(task, act, now)
    task.keep_light_dates()
    note(actor, act.value, task, now, before, reason=reason)
