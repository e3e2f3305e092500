"""预计完成: a unit, or the office, says when a task is expected to be done; the deadline stays what it is."""

from __future__ import annotations

from datetime import date, datetime

from tracker.actions.moves import RuleRefused, claim, facts_of, note
from tracker.actions.record import Actor
from tracker.clock import office_day
from tracker.models import Task
from tracker.queries.nodes import last_node
from tracker.rules.expectations import EXPECTED_IN, why_not_expected
from tracker.rules.nodes import why_not_expect


def expect(actor: Actor, task: Task, version: int, expected_on: date | None, reason: str, now: datetime) -> None:
    """Keep the day on which a task is expected to be done, or take it back; the event keeps the one before.

    Of a building project it is the day that is expected of its last node.
    Raises StaleTask and RuleRefused: not_expected, expected_past, node_late_reason.
    """
    if task.state not in EXPECTED_IN:
        raise RuleRefused("not_expected")
    before = facts_of(task) | {"expected_on": task.expected_on}
    claim(task, version)
    today, last = office_day(now), last_node(task)
    is_open = last is not None and last.done_on is None
    refusal = why_not_expected(expected_on, today)
    if last and is_open:
        refusal = refusal or why_not_expect(expected_on, last.planned_on, None, today, reason)
    if refusal:
        raise RuleRefused(refusal)
    task.expected_on = expected_on
    if last and is_open:
        last.expected_on, last.invented = expected_on, False
    note(actor, "expect", task, now, before, expected_on=expected_on, reason=reason)
