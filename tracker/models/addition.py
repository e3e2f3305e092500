"""What a task adds: an amount of something to a school's stage, a whole school or the county, from a date."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base, Code, Key
from tracker.models.school import School
from tracker.models.task import Task
from tracker.rules.links import LinkState
from tracker.rules.stages import Stage


class Origin(StrEnum):
    """Where an addition comes from: the figures of a project, or a person."""

    PROJECT = "project"
    HAND = "hand"


class Addition(Base):
    """An amount that a task adds to a figure; without an amount it still waits for one.

    ``from_on`` is a day before which it does not count, however early the task ends. A school's figure has a school,
    a figure of a stage a stage as well; a figure of the county has neither. A dismissed one stays, so that the same
    figures of a project do not propose it again.
    """

    __tablename__ = "additions"
    __table_args__ = (
        sa.Index("ix_additions_task", "task_id"),
        sa.Index("ix_additions_school", "school_id", "state"),
        sa.CheckConstraint("amount > 0", name="amount_counts"),
        sa.CheckConstraint("stage <> 'nine_year'", name="stage_is_one"),
        sa.CheckConstraint("state <> 'confirmed' OR amount IS NOT NULL", name="confirmed_has_amount"),
        sa.UniqueConstraint("task_id", "once"),
    )

    id: Mapped[Key]
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id", ondelete="CASCADE"))
    school_id: Mapped[int | None] = mapped_column(sa.ForeignKey("schools.id"))
    stage: Mapped[Stage | None]
    figure: Mapped[Code] = mapped_column(sa.String(80))
    amount: Mapped[Decimal | None] = mapped_column(sa.Numeric(16, 2))
    from_on: Mapped[date | None]
    reason: Mapped[str]
    state: Mapped[LinkState] = mapped_column(default=LinkState.PROPOSED)
    origin: Mapped[Origin]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    decided_at: Mapped[datetime | None]
    once: Mapped[str | None] = mapped_column(sa.String(64))

    task: Mapped[Task] = relationship()
    school: Mapped[School | None] = relationship()

    @property
    def anchor(self) -> str:
        """Where it stands on a page."""
        return f"addition-{self.id}"
