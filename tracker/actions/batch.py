"""What the office does to many tasks at once: all of them, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tracker.actions.moves import RuleRefused, StaleTask
from tracker.actions.record import Actor
from tracker.actions.tasks import redate
from tracker.models import Task
from tracker.rules.lifecycle import State

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
    actor: Actor, tasks: Sequence[tuple[Task, int]], due_on: date | None, confirm: bool, reason: str, now: datetime
) -> list[tuple[Task, date | None]]:
    """Give (task, version read) pairs one deadline, or confirm those of doubtful ones; returns the old deadlines.

    Raises BatchRefused with every task that is stale or refused; then nothing may be kept.
    """
    refused, moved = [], []
    for task, version in sorted(tasks, key=lambda pair: pair[0].id):  # two acts at once never wait crosswise
        number, title, old = task.number, task.title, task.due_on
        try:
            if confirm and not task.needs_redate:
                raise RuleRefused(NOT_DOUBTFUL)
            redate(actor, task, version, old if confirm else due_on, reason, now)
            moved.append((task, old))
        except StaleTask:
            refused.append(Refused(number, title, STALE))
        except RuleRefused as error:
            refused.append(Refused(number, title, error.reason))
    if refused:
        raise BatchRefused(refused)
    return moved
