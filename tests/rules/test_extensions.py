"""When a later deadline may be asked for, and what the office may answer."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.rules.extensions import Decision, day_granted, is_later, is_shortened, why_not_ask

DUE = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("due_on", "today", "has_pending", "refusal"),
    [
        (DUE, date(2026, 3, 1), False, None),
        (DUE, DUE, False, None),
        (DUE, date(2026, 4, 1), False, "too_late"),
        (DUE, date(2026, 3, 1), True, "pending"),
        (DUE, date(2026, 4, 1), True, "pending"),
        (None, date(2026, 3, 1), False, "no_deadline"),
        (None, date(2026, 3, 1), True, "no_deadline"),
    ],
)
def test_a_request_comes_on_or_before_the_deadline_and_one_at_a_time(
    due_on: date | None, today: date, has_pending: bool, refusal: str | None
) -> None:
    assert why_not_ask(due_on, today, has_pending) == refusal


@pytest.mark.parametrize(("wanted", "later"), [(date(2026, 4, 1), True), (DUE, False), (date(2026, 3, 30), False)])
def test_an_extension_is_later_than_the_deadline_in_force(wanted: date, later: bool) -> None:
    assert is_later(wanted, DUE) is later
    assert not is_later(wanted, None)


@pytest.mark.parametrize(
    ("day", "fits"),
    [(None, False), (DUE, False), (date(2026, 4, 1), True), (date(2026, 4, 29), True), (date(2026, 4, 30), False)],
)
def test_a_shortened_day_lies_between_the_deadline_and_the_wish(day: date | None, fits: bool) -> None:
    assert is_shortened(day, DUE, date(2026, 4, 30)) is fits


def test_each_decision_sets_its_day() -> None:
    wanted, shortened = date(2026, 4, 30), date(2026, 4, 15)
    days = {decision: day_granted(decision, wanted, shortened) for decision in Decision}
    assert days == {Decision.GRANTED: wanted, Decision.SHORTENED: shortened, Decision.REFUSED: None}


@pytest.mark.parametrize(("today", "refusal"), [(date(2026, 4, 10), None), (date(2026, 4, 11), "too_late")])
def test_days_at_the_office_leave_as_many_to_ask(today: date, refusal: str | None) -> None:
    assert why_not_ask(DUE, today, has_pending=False, held_days=10) == refusal
