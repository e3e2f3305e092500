"""催办: the office chases a unit about a task."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.account import Account
from tracker.models.base import Base, Key
from tracker.models.task import Task
from tracker.models.unit import Unit


class Urge(Base):
    """One unit was chased about one task. ``once`` is the key of the act, which may chase many."""

    __tablename__ = "urges"
    __table_args__ = (
        sa.UniqueConstraint("once", "task_id", "unit_id"),
        sa.Index("ix_urges_task_unit", "task_id", "unit_id", "at"),
    )

    id: Mapped[Key]
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    text: Mapped[str]
    at: Mapped[datetime]
    once: Mapped[str] = mapped_column(sa.String(64))

    task: Mapped[Task] = relationship()
    unit: Mapped[Unit] = relationship()
    account: Mapped[Account] = relationship()
