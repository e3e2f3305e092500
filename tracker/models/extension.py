"""延期: a unit asks for a later deadline, the office decides. Asking does not stop the clock."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.account import Account
from tracker.models.base import Base, Key
from tracker.models.task import Task
from tracker.models.unit import Unit
from tracker.rules.extensions import Decision


class Extension(Base):
    """A request for a later deadline with its reason and the state of work. A task has one pending at a time."""

    __tablename__ = "extensions"
    __table_args__ = (
        sa.Index("ix_extensions_task", "task_id", "id"),
        sa.Index(
            "uq_extensions_pending",
            "task_id",
            unique=True,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        ),
        sa.UniqueConstraint("task_id", "once"),
        sa.CheckConstraint("wanted_on > due_on", name="wanted_is_later"),
        sa.CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decision_has_instant"),
    )

    id: Mapped[Key]
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    due_on: Mapped[date]
    wanted_on: Mapped[date]
    reason: Mapped[str]
    work_state: Mapped[str]
    at: Mapped[datetime]
    once: Mapped[str] = mapped_column(sa.String(64))
    decision: Mapped[Decision | None]
    granted_on: Mapped[date | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str | None]

    task: Mapped[Task] = relationship()
    unit: Mapped[Unit] = relationship()
    account: Mapped[Account] = relationship(foreign_keys=[account_id])
    decided_by: Mapped[Account | None] = relationship(foreign_keys=[decided_by_id])
