"""The states of a task and the moves between them."""

from __future__ import annotations

from itertools import product

import pytest

from tracker.rules.lifecycle import TRANSITIONS, Act, MoveRefused, State, allowed_acts, next_state

MOVES = {
    ("not_started", "report"): "in_progress",
    ("in_progress", "report"): "in_progress",
    ("not_started", "submit"): "submitted",
    ("in_progress", "submit"): "submitted",
    ("submitted", "verify"): "closed",
    ("in_progress", "close_in_part"): "closed",
    ("submitted", "return"): "in_progress",
    ("closed", "reopen"): "in_progress",
    ("not_started", "suspend"): "suspended",
    ("in_progress", "suspend"): "suspended",
    ("suspended", "resume"): "in_progress",
    ("submitted", "undo"): "in_progress",
    ("in_progress", "undo"): "in_progress",
    ("submitted", "undo_first"): "not_started",
    ("in_progress", "undo_first"): "not_started",
    ("not_started", "withdraw"): "suspended",
    ("in_progress", "withdraw"): "suspended",
    ("suspended", "withdraw"): "suspended",
    ("suspended", "restore"): "in_progress",
}


@pytest.mark.parametrize(("state", "act"), list(product(State, Act)))
def test_every_act_in_every_state_moves_as_written_or_is_refused(state: State, act: Act) -> None:
    expected = MOVES.get((state.value, act.value))
    if expected:
        assert next_state(state, act) == expected
    else:
        with pytest.raises(MoveRefused) as refused:
            next_state(state, act)
        assert (refused.value.state, refused.value.act) == (state, act)
        assert refused.value.allowed == allowed_acts(state)
        assert act not in refused.value.allowed


def test_what_is_allowed_is_what_the_table_moves() -> None:
    assert allowed_acts(State.SUBMITTED) == [Act.VERIFY, Act.RETURN, Act.UNDO, Act.UNDO_FIRST]
    assert allowed_acts(State.CLOSED) == [Act.REOPEN]
    for state, act in product(State, Act):
        assert (act in allowed_acts(state)) == ((state, act) in TRANSITIONS)


def test_nothing_but_a_verification_closes_what_was_submitted_and_nothing_is_a_dead_end() -> None:
    assert {
        act for (state, act), after in TRANSITIONS.items() if after is State.CLOSED and state is State.SUBMITTED
    } == {Act.VERIFY}
    assert all(allowed_acts(state) for state in State)


def test_what_is_closed_or_suspended_takes_no_report() -> None:
    for state, act in product((State.CLOSED, State.SUSPENDED, State.SUBMITTED), (Act.REPORT, Act.SUBMIT)):
        with pytest.raises(MoveRefused):
            next_state(state, act)
