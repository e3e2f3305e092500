"""等待配合: a lead says that its task waits for a co-operating unit, so that blame goes where it belongs."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.account import Account
from tracker.models.base import Base, Key
from tracker.models.task import Task
from tracker.models.unit import Unit


class Wait(Base):
    """A task waits for a unit since a day, as the unit that answers for it says; one open row per task and unit."""

    __tablename__ = "waits"
    __table_args__ = (
        sa.Index(
            "uq_waits_open",
            "task_id",
            "unit_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.Index("ix_waits_unit", "unit_id", "ended_at", "task_id"),
    )

    id: Mapped[Key]
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    by_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    since: Mapped[date]
    reason: Mapped[str]
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))

    task: Mapped[Task] = relationship()
    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    by_unit: Mapped[Unit] = relationship(foreign_keys=[by_unit_id])
    account: Mapped[Account] = relationship(foreign_keys=[account_id])
