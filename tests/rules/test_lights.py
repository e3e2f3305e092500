"""The light of a task: a table of facts and days, and what must hold for every task on every day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tracker.rules.deadlines import days_held, days_late
from tracker.rules.lifecycle import State
from tracker.rules.lights import (
    COUNTED,
    SOON_DAYS,
    WORST_FIRST,
    Light,
    LightFacts,
    LightRule,
    days_overdue,
    light_dates,
    light_on,
    light_rule,
    missed,
)
from tracker.rules.rhythms import Rhythm

DUE = date(2026, 3, 31)
DAY = timedelta(days=1)
NOT_STARTED = LightFacts(State.NOT_STARTED, starts_on=None, due_on=DUE)
WORKED_ON = replace(NOT_STARTED, state=State.IN_PROGRESS)
IN_TIME = replace(WORKED_ON, state=State.SUBMITTED, submitted_on=DUE)
TOO_LATE = replace(IN_TIME, submitted_on=DUE + 5 * DAY)


def light(facts: LightFacts, day: date) -> Light:
    """The light of a day."""
    return light_on(light_dates(facts), day)


# Monthly from the end of January: the first period is January.
MONTHLY = replace(WORKED_ON, rhythm=Rhythm.MONTHLY, rhythm_from=date(2026, 1, 31), due_on=date(2026, 12, 31))
LONG_TERM = replace(MONTHLY, due_on=None)

CASES = [
    (NOT_STARTED, DUE - 16 * DAY, Light.NOT_DUE, LightRule.NOT_STARTED),
    (NOT_STARTED, DUE - 15 * DAY, Light.SOON, LightRule.DUE_SOON),
    (NOT_STARTED, DUE, Light.SOON, LightRule.DUE_SOON),
    (NOT_STARTED, DUE + DAY, Light.OVERDUE, LightRule.PAST_DUE),
    (replace(NOT_STARTED, starts_on=date(2026, 1, 1)), date(2025, 12, 31), Light.NOT_DUE, LightRule.NOT_STARTED),
    (replace(NOT_STARTED, starts_on=date(2026, 1, 1)), date(2026, 1, 1), Light.NORMAL, LightRule.ON_PLAN),
    (WORKED_ON, DUE - 16 * DAY, Light.NORMAL, LightRule.ON_PLAN),
    (WORKED_ON, DUE - 15 * DAY, Light.SOON, LightRule.DUE_SOON),
    (WORKED_ON, DUE + DAY, Light.OVERDUE, LightRule.PAST_DUE),
    (replace(WORKED_ON, difficulty_on=DUE - 60 * DAY), DUE - 61 * DAY, Light.NORMAL, LightRule.ON_PLAN),
    (replace(WORKED_ON, difficulty_on=DUE - 60 * DAY), DUE - 60 * DAY, Light.SOON, LightRule.DIFFICULTY),
    (replace(WORKED_ON, difficulty_on=DUE - 60 * DAY), DUE - 15 * DAY, Light.SOON, LightRule.DUE_SOON),
    (replace(WORKED_ON, difficulty_on=DUE + DAY), DUE + DAY, Light.OVERDUE, LightRule.PAST_DUE),
    (replace(WORKED_ON, due_on=None), DUE, Light.NOT_DUE, LightRule.NO_DEADLINE),
    (replace(WORKED_ON, due_on=None, difficulty_on=DUE), DUE, Light.SOON, LightRule.DIFFICULTY),
    (replace(NOT_STARTED, due_on=None), DUE, Light.NOT_DUE, LightRule.NO_DEADLINE),
    (IN_TIME, DUE - 10 * DAY, Light.NORMAL, LightRule.AWAITING),
    (IN_TIME, DUE + 300 * DAY, Light.NORMAL, LightRule.AWAITING),
    (replace(IN_TIME, due_on=None), DUE, Light.NORMAL, LightRule.AWAITING),
    (replace(IN_TIME, difficulty_on=DUE - 60 * DAY), DUE, Light.NORMAL, LightRule.AWAITING),
    (TOO_LATE, DUE + 5 * DAY, Light.OVERDUE, LightRule.PAST_DUE),
    (TOO_LATE, DUE + 90 * DAY, Light.OVERDUE, LightRule.PAST_DUE),
    (replace(WORKED_ON, needs_redate=True), DUE + 90 * DAY, Light.REDATE, LightRule.REDATE),
    (replace(IN_TIME, needs_redate=True), DUE, Light.REDATE, LightRule.REDATE),
    (replace(WORKED_ON, state=State.CLOSED, needs_redate=True), DUE + DAY, Light.CLOSED, LightRule.CLOSED),
    (replace(WORKED_ON, state=State.CLOSED), DUE + 90 * DAY, Light.CLOSED, LightRule.CLOSED),
    (replace(WORKED_ON, state=State.SUSPENDED, needs_redate=True), DUE, Light.SUSPENDED, LightRule.SUSPENDED),
    (replace(WORKED_ON, unchanged_on=DUE - 60 * DAY), DUE - 61 * DAY, Light.NORMAL, LightRule.ON_PLAN),
    (replace(WORKED_ON, unchanged_on=DUE - 60 * DAY), DUE - 60 * DAY, Light.SOON, LightRule.UNCHANGED),
    (replace(WORKED_ON, unchanged_on=DUE - 60 * DAY), DUE - 15 * DAY, Light.SOON, LightRule.DUE_SOON),
    (replace(WORKED_ON, unchanged_on=DUE, due_on=None), DUE, Light.SOON, LightRule.UNCHANGED),
    (
        *(replace(WORKED_ON, unchanged_on=DUE - 60 * DAY, difficulty_on=DUE - 50 * DAY), DUE - 50 * DAY),
        *(Light.SOON, LightRule.DIFFICULTY),
    ),
    (replace(IN_TIME, unchanged_on=DUE - 60 * DAY), DUE - 60 * DAY, Light.NORMAL, LightRule.AWAITING),
    (MONTHLY, date(2026, 2, 1), Light.NORMAL, LightRule.ON_PLAN),
    (MONTHLY, date(2026, 2, 28), Light.NORMAL, LightRule.ON_PLAN),
    (MONTHLY, date(2026, 3, 1), Light.SOON, LightRule.MISSED_PERIODS),
    (MONTHLY, date(2027, 1, 1), Light.OVERDUE, LightRule.PAST_DUE),
    (replace(MONTHLY, reported_on=date(2026, 1, 1)), date(2026, 3, 31), Light.NORMAL, LightRule.ON_PLAN),
    (replace(MONTHLY, reported_on=date(2026, 1, 1)), date(2026, 4, 1), Light.SOON, LightRule.MISSED_PERIODS),
    (replace(MONTHLY, reported_on=date(2026, 4, 1)), date(2026, 6, 30), Light.NORMAL, LightRule.ON_PLAN),
    (replace(MONTHLY, reported_on=date(2025, 12, 31)), date(2026, 3, 1), Light.SOON, LightRule.MISSED_PERIODS),
    (
        *(replace(MONTHLY, state=State.SUBMITTED, submitted_on=date(2026, 1, 31)), date(2026, 6, 1)),
        *(Light.NORMAL, LightRule.AWAITING),
    ),
    (LONG_TERM, date(2026, 1, 31), Light.NOT_DUE, LightRule.NO_DEADLINE),
    (LONG_TERM, date(2026, 2, 1), Light.OVERDUE, LightRule.PERIOD_MISSED),
    (replace(LONG_TERM, reported_on=date(2026, 1, 31)), date(2026, 2, 28), Light.NOT_DUE, LightRule.NO_DEADLINE),
    (replace(LONG_TERM, reported_on=date(2026, 1, 31)), date(2026, 3, 1), Light.OVERDUE, LightRule.PERIOD_MISSED),
    (replace(LONG_TERM, reported_on=date(2026, 3, 1)), date(2026, 3, 1), Light.NOT_DUE, LightRule.NO_DEADLINE),
    (replace(LONG_TERM, difficulty_on=date(2026, 1, 31)), date(2026, 1, 31), Light.SOON, LightRule.DIFFICULTY),
    (replace(LONG_TERM, state=State.CLOSED), date(2026, 6, 1), Light.CLOSED, LightRule.CLOSED),
    (replace(LONG_TERM, rhythm_parts=5), date(2026, 6, 1), Light.NOT_DUE, LightRule.NO_DEADLINE),
    (replace(LONG_TERM, rhythm=Rhythm.ONCE), date(2026, 6, 1), Light.NOT_DUE, LightRule.NO_DEADLINE),
    (replace(MONTHLY, rhythm=Rhythm.ONCE), date(2026, 11, 1), Light.NORMAL, LightRule.ON_PLAN),
]


@pytest.mark.parametrize(("facts", "day", "expected", "rule"), CASES)
def test_the_light_of_a_day_and_the_rule_that_lit_it(
    facts: LightFacts, day: date, expected: Light, rule: LightRule
) -> None:
    assert light(facts, day) is expected
    assert light_rule(facts, day) is rule


def after_return(submitted_on: date, returned_on: date) -> LightFacts:
    """A task that was submitted and returned once."""
    return replace(WORKED_ON, held_days=days_held(DUE, submitted_on, returned_on))


def test_a_return_after_the_deadline_lights_a_task_that_was_in_time_from_the_next_day() -> None:
    returned = after_return(DUE - DAY, DUE + 20 * DAY)
    assert light(returned, DUE + 20 * DAY) is Light.SOON
    assert light(returned, DUE + 21 * DAY) is Light.OVERDUE


def test_a_return_before_the_deadline_gives_no_more_time() -> None:
    returned = after_return(DUE - 30 * DAY, DUE - 20 * DAY)
    assert light(returned, DUE) is Light.SOON
    assert light(returned, DUE + DAY) is Light.OVERDUE


def test_a_task_that_was_late_before_its_return_stays_late() -> None:
    returned = after_return(DUE + 5 * DAY, DUE + 10 * DAY)
    assert light(returned, DUE + 10 * DAY) is Light.OVERDUE
    again = replace(returned, state=State.SUBMITTED, submitted_on=DUE + 10 * DAY)
    assert light(again, DUE + 11 * DAY) is Light.OVERDUE


def test_a_task_submitted_again_on_the_day_of_its_return_is_as_much_in_time_as_before() -> None:
    returned = after_return(DUE, DUE + 20 * DAY)
    again = replace(returned, state=State.SUBMITTED, submitted_on=DUE + 20 * DAY)
    assert light(again, DUE + 40 * DAY) is Light.NORMAL
    assert light(replace(again, submitted_on=DUE + 21 * DAY), DUE + 40 * DAY) is Light.OVERDUE


@pytest.mark.parametrize("held", [0, 1, 7])
@pytest.mark.parametrize("submitted", [None, *range(-2, 12)])
def test_overdue_says_the_same_as_the_count_of_days_late(held: int, submitted: int | None) -> None:
    submitted_on = None if submitted is None else DUE + submitted * DAY
    state = State.IN_PROGRESS if submitted is None else State.SUBMITTED
    facts = replace(WORKED_ON, state=state, submitted_on=submitted_on, held_days=held)
    for number in range(max(submitted or 0, 0), 20):
        day = DUE + number * DAY
        assert (light(facts, day) is Light.OVERDUE) == (days_late(DUE, day, submitted_on, held) > 0)


def test_days_before_a_deadline_are_calendar_days() -> None:
    assert SOON_DAYS == 15
    assert light_dates(WORKED_ON).soon_from == date(2026, 3, 16)


def test_nothing_but_an_act_turns_a_light_back() -> None:
    """As the days pass a light only ever gets worse: the timetable has one order."""
    order = [Light.NOT_DUE, Light.NORMAL, Light.SOON, Light.OVERDUE]
    for facts in (
        NOT_STARTED,
        replace(NOT_STARTED, starts_on=date(2026, 1, 1)),
        WORKED_ON,
        IN_TIME,
        TOO_LATE,
        MONTHLY,
        LONG_TERM,
    ):
        lights = [order.index(light(facts, date(2025, 12, 1) + number * DAY)) for number in range(200)]
        assert lights == sorted(lights)


def test_every_light_has_one_place_in_the_order_and_only_suspended_tasks_are_outside_the_total() -> None:
    assert sorted(WORST_FIRST) == sorted(Light)
    assert set(Light) - set(COUNTED) == {Light.SUSPENDED}
    assert WORST_FIRST[0] is Light.OVERDUE


def test_a_long_term_task_is_late_since_the_end_of_the_period_that_was_missed() -> None:
    late_from = light_dates(LONG_TERM).late_from
    assert missed(LONG_TERM) == (date(2026, 1, 1), date(2026, 1, 31))
    days = (date(2026, 1, 31), date(2026, 2, 1), date(2026, 3, 6))
    assert [days_overdue(LONG_TERM, late_from, day) for day in days] == [0, 1, 34]
    assert days_overdue(replace(LONG_TERM, rhythm=None), None, DUE) == 0
    assert days_overdue(WORKED_ON, None, DUE + 3 * DAY) == 3
