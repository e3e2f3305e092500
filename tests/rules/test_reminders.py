"""The ladder of reminders."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tracker.rules.lifecycle import State
from tracker.rules.lights import LightFacts
from tracker.rules.parts import Parts
from tracker.rules.reminders import LONGEST_STEP, Urgency, asked_units, is_reminded, step_on, urgency

DUE = date(2026, 3, 31)
LATE = DUE + timedelta(days=1)
OPEN = LightFacts(State.IN_PROGRESS, None, DUE)


@pytest.mark.parametrize(
    ("days_from_due", "step_from_due"),
    [
        (-40, None),
        (-16, None),
        (-15, -15),
        (-8, -15),
        (-7, -7),
        (-2, -7),
        (-1, -1),
        (0, -1),
        (1, 1),
        (7, 1),
        (8, 8),
        (14, 8),
        (15, 15),
        (100, 99),
    ],
)
def test_the_ladder_stands_at_15_7_and_1_before_then_every_seventh_day_late(
    days_from_due: int, step_from_due: int | None
) -> None:
    expected = None if step_from_due is None else DUE + timedelta(days=step_from_due)
    assert step_on(DUE, LATE, DUE + timedelta(days=days_from_due)) == expected


def test_after_a_return_the_ladder_begins_again_on_the_next_day() -> None:
    returned_on = DUE + timedelta(days=10)
    begins = returned_on + timedelta(days=1)
    assert step_on(DUE, begins, returned_on) is None
    assert step_on(DUE, begins, begins) == begins
    assert step_on(DUE, begins, begins + timedelta(days=7)) == begins + timedelta(days=7)


def test_no_step_is_present_for_longer_than_the_query_looks_back() -> None:
    for offset in range(-15, 60):
        day = DUE + timedelta(days=offset)
        step = step_on(DUE, LATE, day)
        assert step is not None
        assert day - step <= LONGEST_STEP


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
    [(-15, Urgency.FORTNIGHT), (-8, Urgency.FORTNIGHT), (-7, Urgency.WEEK), (0, Urgency.WEEK), (1, Urgency.LATE)],
)
def test_a_digest_counts_what_is_late_due_in_a_week_and_due_in_a_fortnight(
    days_from_due: int, expected: Urgency
) -> None:
    assert urgency(DUE, LATE, DUE + timedelta(days=days_from_due)) is expected
