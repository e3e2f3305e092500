"""签收: a unit accepts its part of a task or returns it to the office."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.account import Account
from tracker.models.base import Base, Key
from tracker.models.task import Task
from tracker.models.unit import Unit
from tracker.rules.receipts import Verdict


class Receipt(Base):
    """What was said of a unit's part in a task. Rows are appended; the newest of a task and unit counts."""

    __tablename__ = "receipts"
    __table_args__ = (
        sa.Index("ix_receipts_task_unit", "task_id", "unit_id", "id"),
        sa.CheckConstraint("verdict = 'accepted' OR reason IS NOT NULL", name="refusal_has_reason"),
    )

    id: Mapped[Key]
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    verdict: Mapped[Verdict]
    reason: Mapped[str | None]
    at: Mapped[datetime]

    task: Mapped[Task] = relationship()
    unit: Mapped[Unit] = relationship()
    account: Mapped[Account] = relationship()
