"""The ladder of reminders."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tracker.rules.lifecycle import State
from tracker.rules.lights import LightFacts
from tracker.rules.parts import Parts
from tracker.rules.reminders import Urgency, asked_units, is_reminded, urgency

DUE = date(2026, 3, 31)
LATE = DUE + timedelta(days=1)
OPEN = LightFacts(State.IN_PROGRESS, None, DUE)


@pytest.mark.parametrize(
    ("facts", "plan_is_active", "reminded"),
    [
        (OPEN, True, True),
        (replace(OPEN, state=State.NOT_STARTED), True, True),
        (OPEN, False, False),
        (replace(OPEN, needs_redate=True), True, False),
        (replace(OPEN, due_on=None), True, False),
        (replace(OPEN, state=State.SUSPENDED), True, False),
        (replace(OPEN, state=State.CLOSED), True, False),
        (replace(OPEN, state=State.SUBMITTED, submitted_on=DUE), True, False),
        (replace(OPEN, state=State.SUBMITTED, submitted_on=LATE), True, False),
    ],
)
def test_only_open_tasks_of_active_plans_with_a_certain_deadline_remind(
    facts: LightFacts, plan_is_active: bool, reminded: bool
) -> None:
    assert is_reminded(facts, plan_is_active) is reminded


@pytest.mark.parametrize(
    ("parts", "asked"),
    [
        (Parts(frozenset({1}), frozenset({2, 3}), frozenset()), {1}),
        (Parts(frozenset(), frozenset({2, 3}), frozenset()), {2, 3}),
        (Parts(frozenset(), frozenset({2, 3}), frozenset({2})), {3}),
        (Parts(frozenset({1}), frozenset({2}), frozenset({1})), {1}),
        (Parts(frozenset(), frozenset(), frozenset()), set()),
    ],
)
def test_leads_are_asked_or_else_every_responsible_unit_that_has_not_said_done(parts: Parts, asked: set[int]) -> None:
    assert asked_units(parts) == asked


@pytest.mark.parametrize(
    ("days_from_due", "expected"),
    [
        (-40, Urgency.LATER),
        (-16, Urgency.LATER),
        (-15, Urgency.FORTNIGHT),
        (-8, Urgency.FORTNIGHT),
        (-7, Urgency.WEEK),
        (0, Urgency.WEEK),
        (1, Urgency.LATE),
    ],
)
def test_a_digest_counts_what_is_late_due_in_a_week_and_due_in_a_fortnight(
    days_from_due: int, expected: Urgency
) -> None:
    assert urgency(DUE, LATE, DUE + timedelta(days=days_from_due)) is expected
