"""延期: a unit asks for a later deadline, the office decides. Asking does not stop the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from tracker.actions.moves import RuleRefused, claim, facts_of, note
from tracker.actions.record import Actor
from tracker.actions.tasks import set_deadline
from tracker.clock import office_day
from tracker.models import Extension, Task, db
from tracker.queries.extensions import DECIDED_IN, extension_sent_as, pending_extension
from tracker.queries.parts import parts_of
from tracker.rules.extensions import Decision, day_granted, is_later, is_shortened, why_not_ask
from tracker.rules.lifecycle import State


@dataclass(frozen=True)
class Wish:
    """What a unit fills into the request. ``once`` is the form's own key; sent again it adds nothing."""

    unit_id: int | None
    wanted_on: date
    reason: str
    work_state: str
    once: str
    version: int


@dataclass(frozen=True)
class Ruling:
    """What the office fills into its decision; ``shortened_to`` counts for a shortened request alone."""

    decision: Decision
    answer: str
    version: int
    shortened_to: date | None = None


def ask(actor: Actor, task: Task, wish: Wish, now: datetime) -> Extension:
    """Ask for a later deadline in the name of a unit that answers for the task.

    Raises StaleTask and RuleRefused: not_answering, not_worked_on, no_deadline, too_late, pending, not_later.
    """
    earlier = extension_sent_as(task, wish.once)
    if earlier:
        return earlier
    before = facts_of(task)
    claim(task, wish.version)
    _refuse_asking(task, wish, office_day(now))
    asked = _stored(actor, task, wish, now)
    said = {"unit": asked.unit.name, "wanted_on": wish.wanted_on, "reason": wish.reason, "work": wish.work_state}
    note(actor, "ask_extension", task, now, before, **said)
    return asked


def decide(actor: Actor, task: Task, ruling: Ruling, now: datetime) -> Extension:
    """Grant, shorten or refuse the pending request; a new deadline takes the same way as one set by hand.

    Raises StaleTask and RuleRefused: decided, own_request, closed, not_later, not_between.
    """
    before = facts_of(task)
    claim(task, ruling.version)
    pending = pending_extension(task)
    if pending is None:
        raise RuleRefused("decided")
    if actor.person and pending.account_id == actor.person.id:
        raise RuleRefused("own_request")
    granted_on = _granted(task, pending, ruling)
    pending.decision, pending.answer, pending.granted_on = ruling.decision, ruling.answer, granted_on
    pending.decided_at, pending.decided_by_id = now, actor.person.id if actor.person else None
    if granted_on:
        set_deadline(actor, task, granted_on, ruling.answer, now, extension_id=pending.id)
    said = {"unit": pending.unit.name, "wanted_on": pending.wanted_on, "reason": ruling.answer}
    note(actor, "decide_extension", task, now, before, decision=ruling.decision.value, **said)
    return pending


def _refuse_asking(task: Task, wish: Wish, today: date) -> None:
    if wish.unit_id not in parts_of(task, []).answering:
        raise RuleRefused("not_answering")
    if task.state not in {State.NOT_STARTED, State.IN_PROGRESS}:
        raise RuleRefused("not_worked_on")
    refusal = why_not_ask(task.due_on, today, pending_extension(task) is not None, task.held_days)
    if refusal is None and not is_later(wish.wanted_on, task.due_on):
        refusal = "not_later"
    if refusal:
        raise RuleRefused(refusal)


def _stored(actor: Actor, task: Task, wish: Wish, now: datetime) -> Extension:
    """The row of a request; of two that arrive at once the index lets one in."""
    asked = Extension(
        task_id=task.id,
        unit_id=wish.unit_id,
        account_id=actor.person.id if actor.person else None,
        due_on=task.due_on,
        wanted_on=wish.wanted_on,
        reason=wish.reason,
        work_state=wish.work_state,
        once=wish.once,
        at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(asked)
            db.session.flush()
    except IntegrityError:
        raise RuleRefused("pending") from None
    return asked


def _granted(task: Task, pending: Extension, ruling: Ruling) -> date | None:
    """The new deadline of a decision. Raises RuleRefused where the day or the task does not allow it."""
    if ruling.decision is Decision.SHORTENED and not is_shortened(ruling.shortened_to, task.due_on, pending.wanted_on):
        raise RuleRefused("not_between")
    granted_on = day_granted(ruling.decision, pending.wanted_on, ruling.shortened_to)
    if granted_on and task.state not in DECIDED_IN:
        raise RuleRefused("closed")
    if granted_on and task.due_on and not is_later(granted_on, task.due_on):
        raise RuleRefused("not_later")
    return granted_on
