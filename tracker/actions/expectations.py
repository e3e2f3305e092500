"""预计完成: a unit, or the office, says when a task is expected to be done; the deadline stays what it is."""

from __future__ import annotations

from datetime import date, datetime

from tracker.actions.moves import RuleRefused, claim, facts_of, note
from tracker.actions.record import Actor
from tracker.clock import office_day
from tracker.models import Task
from tracker.queries.nodes import last_node
from tracker.rules.expectations import EXPECTED_IN, why_not_expected


def expect(actor: Actor, task: Task, version: int, expected_on: date | None, reason: str, now: datetime) -> None:
    """Keep the day on which a task is expected to be done, or take it back; the event keeps the one before.

    Of a building project it is the day that is expected of its last node.
    Raises StaleTask and RuleRefused: not_expected, expected_past.
    """
    if task.state not in EXPECTED_IN:
        raise RuleRefused("not_expected")
    before = facts_of(task) | {"expected_on": task.expected_on}
    claim(task, version)
    refusal = why_not_expected(expected_on, office_day(now))
    if refusal:
        raise RuleRefused(refusal)
    task.expected_on = expected_on
    last = last_node(task)
    if last and last.done_on is None:
        last.expected_on = expected_on
    note(actor, "expect", task, now, before, expected_on=expected_on, reason=reason)
