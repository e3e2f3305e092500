"""签收: how a unit stands to its part of a task, from the newest word on it and from what the unit has reported."""

from __future__ import annotations

from enum import StrEnum

from tracker.rules.lifecycle import State

# A task that is submitted, closed or set aside asks nobody to accept it any more.
ACCEPTED_IN = (State.NOT_STARTED, State.IN_PROGRESS)


class Verdict(StrEnum):
    """What was said of a part: accepted, returned to the office, or given to the unit once more by the office."""

    ACCEPTED = "accepted"
    RETURNED = "returned"
    ASKED_AGAIN = "asked_again"


class PartState(StrEnum):
    """How a unit stands to its part: not yet accepted, accepted, or returned to the office."""

    OPEN = "open"
    ACCEPTED = "accepted"
    RETURNED = "returned"


def asks_for_receipts(state: State, plan_is_active: bool) -> bool:
    """Whether the units of a task are asked to accept their parts."""
    return plan_is_active and state in ACCEPTED_IN


def part_state(newest: Verdict | None, has_reported: bool) -> PartState:
    """The state of a part. ``has_reported``: the unit has reported on the task since the newest verdict, or ever."""
    if has_reported or newest is Verdict.ACCEPTED:
        return PartState.ACCEPTED
    return PartState.RETURNED if newest is Verdict.RETURNED else PartState.OPEN


def may_return(newest: Verdict | None, has_reported: bool) -> bool:
    """Whether a unit may return its part: until it reports, also one that it accepted with all the others."""
    return not has_reported and newest is not Verdict.RETURNED
