"""What the office does to many tasks at once: all of them, or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tracker.actions.links import confirm
from tracker.actions.moves import RuleRefused, StaleTask, hold_tasks
from tracker.actions.periods import Chosen, set_rhythm
from tracker.actions.record import Actor
from tracker.actions.tasks import redate
from tracker.models import Task
from tracker.rules.lifecycle import State

Versions = Sequence[tuple[Task, int]]
"""Tasks, each with the version that was read."""
STALE = "stale"
NOT_DOUBTFUL = "not_doubtful"


@dataclass(frozen=True)
class Refused:
    """A task of the act that stands against it, and why in a stable word."""

    number: str | None
    title: str
    reason: str


class BatchRefused(Exception):
    """Some tasks cannot follow; the caller undoes the others."""

    def __init__(self, refused: Sequence[Refused]) -> None:
        super().__init__(f"{len(refused)} tasks refused")
        self.refused = refused


def may_be_redated(state: State) -> bool:
    """Whether a task in this state has a deadline that may be moved."""
    return state not in {State.CLOSED, State.SUSPENDED}


def redate_many(
    actor: Actor, tasks: Versions, due_on: date | None, confirm: bool, reason: str, now: datetime
) -> list[tuple[Task, date | None]]:
    """Give tasks one deadline, or confirm those of doubtful ones; returns the deadlines before. Raises BatchRefused."""
    before = [(task, task.due_on) for task, _version in tasks]

    def do(task: Task, version: int) -> None:
        if confirm and not task.needs_redate:
            raise RuleRefused(NOT_DOUBTFUL)
        redate(actor, task, version, task.due_on if confirm else due_on, reason, now)

    _all_or_none(tasks, do)
    return before


def set_rhythm_of_many(actor: Actor, tasks: Versions, chosen: Chosen, reason: str, now: datetime) -> None:
    """Give tasks one rhythm of reporting, or none. Raises BatchRefused."""
    _all_or_none(tasks, lambda task, version: set_rhythm(actor, task, version, chosen, reason, now))


def confirm_links_of_many(actor: Actor, tasks: Versions, now: datetime) -> int:
    """Confirm every complete proposal of tasks; returns how many. Raises BatchRefused."""
    counts: list[int] = []
    _all_or_none(tasks, lambda task, version: counts.append(confirm(actor, task, version, now)))
    return sum(counts)


def _all_or_none(tasks: Versions, do: Callable[[Task, int], None]) -> None:
    """Act on every task with the version read.

    Raises BatchRefused with every task that is stale or refused; then nothing may be kept.
    """
    hold_tasks([task.id for task, _version in tasks])
    refused = []
    for task, version in tasks:
        number, title = task.number, task.title
        try:
            do(task, version)
        except StaleTask:
            refused.append(Refused(number, title, STALE))
        except RuleRefused as error:
            refused.append(Refused(number, title, error.reason))
    if refused:
        raise BatchRefused(refused)
