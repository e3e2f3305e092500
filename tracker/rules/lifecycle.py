"""The states of a task and the moves between them: one table, one writer (``actions/moves.py``)."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """办理状态: what people set. Overdue is not a state; it is a light."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    CLOSED = "closed"
    SUSPENDED = "suspended"


class Act(StrEnum):
    """What a person does to a task that may move its state."""

    REPORT = "report"
    SUBMIT = "submit"
    VERIFY = "verify"
    CLOSE_IN_PART = "close_in_part"
    RETURN = "return"
    REOPEN = "reopen"
    SUSPEND = "suspend"
    RESUME = "resume"
    UNDO = "undo"
    UNDO_FIRST = "undo_first"
    WITHDRAW = "withdraw"
    RESTORE = "restore"


TRANSITIONS: dict[tuple[State, Act], State] = {
    (State.NOT_STARTED, Act.REPORT): State.IN_PROGRESS,
    (State.IN_PROGRESS, Act.REPORT): State.IN_PROGRESS,
    (State.NOT_STARTED, Act.SUBMIT): State.SUBMITTED,
    (State.IN_PROGRESS, Act.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Act.VERIFY): State.CLOSED,
    (State.IN_PROGRESS, Act.CLOSE_IN_PART): State.CLOSED,
    (State.SUBMITTED, Act.RETURN): State.IN_PROGRESS,
    (State.CLOSED, Act.REOPEN): State.IN_PROGRESS,
    (State.NOT_STARTED, Act.SUSPEND): State.SUSPENDED,
    (State.IN_PROGRESS, Act.SUSPEND): State.SUSPENDED,
    (State.SUSPENDED, Act.RESUME): State.IN_PROGRESS,
    # A report taken back within its few minutes; the first one leaves the task as if nobody had spoken.
    (State.SUBMITTED, Act.UNDO): State.IN_PROGRESS,
    (State.IN_PROGRESS, Act.UNDO): State.IN_PROGRESS,
    (State.SUBMITTED, Act.UNDO_FIRST): State.NOT_STARTED,
    (State.IN_PROGRESS, Act.UNDO_FIRST): State.NOT_STARTED,
    # Taken out of its plan: it stays readable and stands outside every total, like what is suspended.
    (State.NOT_STARTED, Act.WITHDRAW): State.SUSPENDED,
    (State.IN_PROGRESS, Act.WITHDRAW): State.SUSPENDED,
    (State.SUSPENDED, Act.WITHDRAW): State.SUSPENDED,
    (State.SUSPENDED, Act.RESTORE): State.IN_PROGRESS,
}


class MoveRefused(Exception):
    """The act does not fit the state. ``allowed`` lists what does."""

    def __init__(self, state: State, act: Act) -> None:
        super().__init__(f"{act} is not possible while a task is {state}")
        self.state = state
        self.act = act
        self.allowed = allowed_acts(state)


def next_state(state: State, act: Act) -> State:
    """The state after an act. Raises MoveRefused where the table has no such move."""
    try:
        return TRANSITIONS[(state, act)]
    except KeyError:
        raise MoveRefused(state, act) from None


def allowed_acts(state: State) -> list[Act]:
    """The acts that the table allows in a state, in the table's order."""
    return [act for (origin, act) in TRANSITIONS if origin is state]
