"""批示: a leader's word on a task, and what the units answer."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.account import Account
from tracker.models.base import Base, Key, Name
from tracker.models.task import Task
from tracker.models.unit import Unit


class Instruction(Base):
    """A leader's word on a task; ``leader_name`` is whose word it is where the office recorded it."""

    __tablename__ = "instructions"
    __table_args__ = (
        sa.Index("ix_instructions_task", "task_id", "id"),
        sa.Index("ix_instructions_open", "answered_at", "task_id"),
        sa.UniqueConstraint("task_id", "once"),
    )

    id: Mapped[Key]
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id"))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    leader_name: Mapped[Name]
    text: Mapped[str]
    at: Mapped[datetime]
    once: Mapped[str] = mapped_column(sa.String(64))
    answered_at: Mapped[datetime | None]

    task: Mapped[Task] = relationship()
    account: Mapped[Account] = relationship()
    answers: Mapped[list[InstructionAnswer]] = relationship(
        back_populates="instruction", order_by="InstructionAnswer.id"
    )


class InstructionAnswer(Base):
    """What a unit answers to an instruction."""

    __tablename__ = "instruction_answers"
    __table_args__ = (sa.UniqueConstraint("instruction_id", "once"),)

    id: Mapped[Key]
    instruction_id: Mapped[int] = mapped_column(sa.ForeignKey("instructions.id"))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"), index=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    text: Mapped[str]
    at: Mapped[datetime]
    once: Mapped[str] = mapped_column(sa.String(64))

    instruction: Mapped[Instruction] = relationship(back_populates="answers")
    unit: Mapped[Unit | None] = relationship()
    account: Mapped[Account] = relationship()
