"""催办: which tasks the office may chase a unit about, and how soon again."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from tracker.rules.lifecycle import State
from tracker.rules.reminders import REMINDED_STATES

# A unit is not chased about one task twice within three days, counted on the office's calendar.
PAUSE = timedelta(days=3)
MOST_TASKS = 500
LONGEST = 200
# Mails are in Chinese for every reader.
USUAL_WORDS = "请抓紧办理，并更新进展；有困难请写明卡在哪里。"


class Skip(StrEnum):
    """Why a task, or one unit of it, is left out when many are urged."""

    DRAFT = "draft"
    PLAN_CLOSED = "plan_closed"
    SUBMITTED = "submitted"
    CLOSED = "closed"
    SUSPENDED = "suspended"
    REDATE = "redate"
    NOBODY_ASKED = "nobody_asked"
    URGED = "urged"
    NO_CONTACT = "no_contact"


_BY_STATE = {State.SUBMITTED: Skip.SUBMITTED, State.CLOSED: Skip.CLOSED, State.SUSPENDED: Skip.SUSPENDED}


def skip_of(state: State, needs_redate: bool, *, plan_is_draft: bool, plan_is_closed: bool) -> Skip | None:
    """Why a task may not be urged at all, None where it may: an open task of an active plan, its deadline undoubted."""
    if plan_is_draft:
        return Skip.DRAFT
    if plan_is_closed:
        return Skip.PLAN_CLOSED
    if state not in REMINDED_STATES:
        return _BY_STATE[state]
    return Skip.REDATE if needs_redate else None


def is_too_soon(urged_on: date | None, today: date) -> bool:
    """Whether a unit was urged about a task so lately that it is left in peace."""
    return urged_on is not None and today - urged_on < PAUSE
