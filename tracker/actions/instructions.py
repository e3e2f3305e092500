"""批示: a leader's word on a task and the units' answers. Both are only ever added, so neither takes a version."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from tracker.actions.moves import RuleRefused, facts_of, note
from tracker.actions.record import Actor
from tracker.models import Instruction, InstructionAnswer, PlanState, Task, Unit, db
from tracker.models.once import insert_once
from tracker.queries.instructions import answerers


def instruct(actor: Actor, task: Task, leader_name: str, text: str, once: str, now: datetime) -> Instruction | None:
    """Write a leader's word on a task, whatever its state; None where this form has already done so.

    Raises RuleRefused('plan_closed').
    """
    refuse_closed_plan(task)
    row = {"task_id": task.id, "leader_name": leader_name, "text": text, "at": now, "once": once}
    added = db.session.execute(insert_once(Instruction).values(**row, account_id=author(actor)))
    if not added.rowcount:  # type: ignore[attr-defined]
        return None
    note(actor, "instruct", task, now, facts_of(task), leader_name=leader_name, text=text)
    return db.session.scalar(sa.select(Instruction).where(Instruction.task_id == task.id, Instruction.once == once))


def answer(
    actor: Actor, instruction: Instruction, units: list[Unit], unit_id: int | None, text: str, once: str, now: datetime
) -> None:
    """Answer an instruction for one of the actor's ``units``; the first answer ends its wait, later ones are kept too.

    Raises RuleRefused('plan_closed'), RuleRefused('not_asked') and RuleRefused('which_unit').
    """
    task = instruction.task
    refuse_closed_plan(task)
    unit = _speaking(answerers(task, units), unit_id)
    row = {"instruction_id": instruction.id, "unit_id": unit.id, "text": text, "at": now, "once": once}
    added = db.session.execute(insert_once(InstructionAnswer).values(**row, account_id=author(actor)))
    if not added.rowcount:  # type: ignore[attr-defined]
        return
    instruction.answered_at = instruction.answered_at or now
    note(actor, "answer_instruction", task, now, facts_of(task), unit=unit.name, text=text)


def refuse_closed_plan(task: Task) -> None:
    """A closed plan is read only. Raises RuleRefused('plan_closed')."""
    if task.plan.state is PlanState.CLOSED:
        raise RuleRefused("plan_closed")


def author(actor: Actor) -> int:
    """The account of the person who speaks. Raises RuntimeError for a job: a job says nothing."""
    if actor.person is None:
        raise RuntimeError("only people speak on a task")
    return actor.person.id


def _speaking(asked: list[Unit], unit_id: int | None) -> Unit:
    """The unit in whose name is answered: the chosen one, or the only one."""
    if not asked:
        raise RuleRefused("not_asked")
    if unit_id is None and len(asked) > 1:
        raise RuleRefused("which_unit")
    found = [unit for unit in asked if unit_id in (None, unit.id)]
    if not found:
        raise RuleRefused("not_asked")
    return found[0]
