"""催办: what is left out, and how soon a unit is chased again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tracker.rules.lifecycle import State
from tracker.rules.urges import Skip, is_too_soon, skip_of

DAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    ("state", "needs_redate", "draft", "closed", "skip"),
    [
        (State.NOT_STARTED, False, False, False, None),
        (State.IN_PROGRESS, False, False, False, None),
        (State.IN_PROGRESS, True, False, False, Skip.REDATE),
        (State.SUBMITTED, False, False, False, Skip.SUBMITTED),
        (State.CLOSED, True, False, False, Skip.CLOSED),
        (State.SUSPENDED, False, False, False, Skip.SUSPENDED),
        (State.IN_PROGRESS, False, True, False, Skip.DRAFT),
        (State.CLOSED, False, True, False, Skip.DRAFT),
        (State.IN_PROGRESS, False, False, True, Skip.PLAN_CLOSED),
    ],
)
def test_only_open_tasks_of_active_plans_with_a_deadline_that_nobody_doubts_are_urged(
    state: State, needs_redate: bool, draft: bool, closed: bool, skip: Skip | None
) -> None:
    assert skip_of(state, needs_redate, plan_is_draft=draft, plan_is_closed=closed) is skip


@pytest.mark.parametrize(("days", "soon"), [(-1, True), (0, True), (1, True), (2, True), (3, False), (30, False)])
def test_a_unit_is_left_in_peace_for_three_days(days: int, soon: bool) -> None:
    assert is_too_soon(DAY - timedelta(days=days), DAY) is soon


def test_who_was_never_urged_may_be_urged() -> None:
    assert not is_too_soon(None, DAY)
