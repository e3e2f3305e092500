"""批示: who answers, and how long it waits."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.rules.instructions import answering_units, days_waiting
from tracker.rules.parts import Parts

DAY = date(2026, 3, 6)


@pytest.mark.parametrize(
    ("leads", "responsible", "answering"),
    [({1}, {2, 3}, {1}), ({1, 4}, set(), {1, 4}), (set(), {2, 3}, {2, 3}), (set(), set(), set())],
)
def test_a_lead_answers_else_every_responsible_unit(
    leads: set[int], responsible: set[int], answering: set[int]
) -> None:
    parts = Parts(frozenset(leads), frozenset(responsible), done=frozenset({2}))
    assert answering_units(parts) == answering


@pytest.mark.parametrize(("said_on", "days"), [(DAY, 0), (date(2026, 2, 27), 7), (date(2026, 3, 7), 0)])
def test_days_are_counted_on_the_calendar_and_never_backwards(said_on: date, days: int) -> None:
    assert days_waiting(said_on, DAY) == days
