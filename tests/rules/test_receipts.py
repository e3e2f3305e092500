"""How a unit stands to its part of a task."""

from __future__ import annotations

import pytest

from tracker.rules.lifecycle import State
from tracker.rules.receipts import PartState, Verdict, asks_for_receipts, may_return, part_state


@pytest.mark.parametrize(
    ("newest", "has_reported", "state", "returnable"),
    [
        (None, False, PartState.OPEN, True),
        (None, True, PartState.ACCEPTED, False),
        (Verdict.ACCEPTED, False, PartState.ACCEPTED, True),
        (Verdict.ACCEPTED, True, PartState.ACCEPTED, False),
        (Verdict.RETURNED, False, PartState.RETURNED, False),
        (Verdict.RETURNED, True, PartState.ACCEPTED, False),
        (Verdict.ASKED_AGAIN, False, PartState.OPEN, True),
        (Verdict.ASKED_AGAIN, True, PartState.ACCEPTED, False),
    ],
)
def test_the_newest_word_counts_and_a_report_accepts(
    newest: Verdict | None, has_reported: bool, state: PartState, returnable: bool
) -> None:
    assert part_state(newest, has_reported) is state
    assert may_return(newest, has_reported) is returnable


def test_only_open_tasks_of_active_plans_ask_for_receipts() -> None:
    asking = {(state, active) for state in State for active in (True, False) if asks_for_receipts(state, active)}
    assert asking == {(State.NOT_STARTED, True), (State.IN_PROGRESS, True)}
