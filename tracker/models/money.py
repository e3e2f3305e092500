"""资金: the ledger of a building project, appended to and never overwritten; a wrong entry is withdrawn and stays."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.account import Account
from tracker.models.base import Base, Key, Name
from tracker.models.project import Project
from tracker.rules.money import MoneyKind, MoneySource

if TYPE_CHECKING:
    from tracker.models.project_file import ProjectFile


class MoneyEntry(Base):
    """Money of a project in whole yuan: planned (for a year), allocated or paid on a day; less than zero gives back.

    Without a source the document names none. ``once`` is the form's own key, or that of a row of a file.
    """

    __tablename__ = "money_entries"
    __table_args__ = (
        sa.UniqueConstraint("task_id", "once"),
        sa.CheckConstraint("amount_yuan <> 0", name="amount_counts"),
        sa.CheckConstraint("kind = 'planned' OR \"on\" IS NOT NULL", name="money_moves_on_a_day"),
        sa.CheckConstraint("kind = 'planned' OR for_year IS NULL", name="only_plans_have_years"),
        sa.Index("ix_money_entries_task", "task_id", "kind", "on"),
    )

    id: Mapped[Key]
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("projects.task_id", ondelete="CASCADE"))
    kind: Mapped[MoneyKind]
    amount_yuan: Mapped[int] = mapped_column(sa.BigInteger)
    on: Mapped[date | None]
    for_year: Mapped[int | None]
    source: Mapped[MoneySource | None]
    payee: Mapped[Name | None]
    note: Mapped[str | None]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    withdrawn_reason: Mapped[str | None]
    invented: Mapped[bool] = mapped_column(default=False)
    once: Mapped[str] = mapped_column(sa.String(64))

    project: Mapped[Project] = relationship()
    account: Mapped[Account | None] = relationship(foreign_keys=account_id)
    withdrawn_by: Mapped[Account | None] = relationship(foreign_keys=withdrawn_by_id)
    files: Mapped[list[ProjectFile]] = relationship(back_populates="entry", order_by="ProjectFile.id")
