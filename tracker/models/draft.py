"""Drafts: what a person has typed into a form and not yet sent; it outlives the session."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base, Code
from tracker.models.task import Task


class Draft(Base):
    """The words of one form of one task as a person left them; one per person, task and act."""

    __tablename__ = "drafts"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True, index=True)
    act: Mapped[Code] = mapped_column(primary_key=True)
    words: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    saved_at: Mapped[datetime]

    task: Mapped[Task] = relationship()
