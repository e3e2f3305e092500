"""Leaders' instructions: on a task, and those that still wait for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.clock import office_day
from tracker.models import (
    Account,
    Assignment,
    AssignmentRole,
    Instruction,
    InstructionAnswer,
    Plan,
    PlanState,
    Task,
    Unit,
    db,
)
from tracker.queries.parts import parts_of
from tracker.queries.routing import Recipient, is_refused
from tracker.queries.rows import answering_units as names_of_units
from tracker.queries.visibility import visible_to
from tracker.rules.instructions import answering_units, days_waiting
from tracker.rules.mail_addresses import is_mail_address
from tracker.rules.permissions import Person, Role

MOST_SHOWN = 50
OFFICE = "推进办"


@dataclass(frozen=True)
class OpenInstruction:
    """An instruction that no unit has answered, with the task that it is about."""

    id: int
    task_id: int
    key: str
    version: int
    title: str
    leader_name: str
    by_office: bool
    text: str
    at: datetime
    unit_names: list[str] = field(default_factory=list)

    def days(self, today: date) -> int:
        """Since how many days it waits."""
        return days_waiting(office_day(self.at), today)


def task_to_instruct(key: str) -> Task | None:
    """A task with its plan, as far as a leader's word on it asks."""
    return db.session.scalar(sa.select(Task).where(Task.key == key).options(joinedload(Task.plan)))


def instructions_on(task: Task) -> Sequence[Instruction]:
    """The instructions on a task, newest first, with who wrote them and every answer."""
    query = sa.select(Instruction).where(Instruction.task_id == task.id).order_by(Instruction.id.desc())
    answers = joinedload(Instruction.answers)
    wanted = query.limit(MOST_SHOWN).options(
        joinedload(Instruction.account),
        answers.joinedload(InstructionAnswer.account),
        answers.joinedload(InstructionAnswer.unit),
    )
    return db.session.scalars(wanted).unique().all()


def instruction_on(task: Task, instruction_id: int) -> Instruction | None:
    """An instruction by its number, of this task alone."""
    query = sa.select(Instruction).where(Instruction.id == instruction_id, Instruction.task_id == task.id)
    return db.session.scalar(query)


def answerers(task: Task, units: Sequence[Unit]) -> list[Unit]:
    """Those of some units that are to answer for a task: a collective unit answers like its members."""
    asked = answering_units(parts_of(task, []))
    groups = {each.unit_id for each in task.assignments if asked & {member.id for member in each.unit.members}}
    return [unit for unit in units if unit.id in asked | groups]


def open_instructions(person: Person) -> list[OpenInstruction]:
    """What waits for an answer, longest first: for staff of their own units, for others of all that they see."""
    query = (
        sa.select(
            *(Instruction.id, Task.id, Task.key, Task.version, Task.title, Instruction.leader_name),
            *(Account.role == Role.PLAN_OFFICE, Instruction.text, Instruction.at),
        )
        .join(Task, Task.id == Instruction.task_id)
        .join(Plan, Plan.id == Task.plan_id)
        .join(Account, Account.id == Instruction.account_id)
        .where(Instruction.answered_at.is_(None), Plan.state != PlanState.CLOSED, visible_to(person))
    )
    if person.role is Role.UNIT_STAFF:
        query = query.where(_asks(person))
    rows = db.session.execute(query.order_by(Instruction.id).limit(MOST_SHOWN)).all()
    names = names_of_units([row[1] for row in rows]) if rows and person.role is not Role.UNIT_STAFF else {}
    return [OpenInstruction(*row, unit_names=names.get(row[1], [])) for row in rows]


def has_open_instruction(task_id: int) -> bool:
    """Whether an instruction on a task still waits for an answer."""
    waits = sa.exists().where(Instruction.task_id == task_id, Instruction.answered_at.is_(None))
    return bool(db.session.scalar(sa.select(waits)))


def office_recipients(task: Task) -> list[Recipient]:
    """The people of the region's plan office whom mail can reach; nobody while the plan is not active."""
    if task.plan.state is not PlanState.ACTIVE:
        return []
    query = sa.select(Account.id, Account.name, Account.email).where(
        Account.role == Role.PLAN_OFFICE,
        Account.region_code == task.region_code,
        Account.disabled_at.is_(None),
        Account.email.is_not(None),
        ~is_refused(Account.email),
    )
    return [
        Recipient(account_id, name, email or "", task.region_code, OFFICE)
        for account_id, name, email in db.session.execute(query.order_by(Account.id))
        if is_mail_address(email or "")
    ]


def _asks(person: Person) -> sa.ColumnElement[bool]:
    """Whether a task asks one of the person's units: its leads, or the responsible ones where none leads."""

    def has_part(role: AssignmentRole, *own: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
        return sa.exists().where(Assignment.task_id == Task.id, Assignment.role == role, *own)

    own = Assignment.unit_id.in_(person.units)
    is_responsible = sa.and_(has_part(AssignmentRole.RESPONSIBLE, own), ~has_part(AssignmentRole.LEAD))
    return sa.or_(has_part(AssignmentRole.LEAD, own), is_responsible)
