"""When a region reminds its units and its leaders; a row is the office's own choice, without one the default holds."""

from __future__ import annotations

from datetime import date, time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, Key, Name, RegionCode


class ReminderLadder(Base):
    """The ladder of a region; a place without a row of its own follows the nearest one above it."""

    __tablename__ = "reminder_ladders"
    __table_args__ = (
        sa.CheckConstraint("day_after >= 1", name="day_after_counts"),
        sa.CheckConstraint("repeat_every >= 1", name="repeat_every_counts"),
    )

    region_code: Mapped[RegionCode] = mapped_column(primary_key=True)
    days_before: Mapped[list[int]]
    day_after: Mapped[int]
    repeat_every: Mapped[int]
    head_after: Mapped[int | None]
    decide_after: Mapped[int | None]
    sends_at: Mapped[time]
    leaders_at: Mapped[time | None]
    version: Mapped[int] = mapped_column(default=1)


class QuietDay(Base):
    """A day on which no reminder is sent at or below a region, though its offices work."""

    __tablename__ = "quiet_days"
    __table_args__ = (sa.UniqueConstraint("day", "region_code"),)

    id: Mapped[Key]
    region_code: Mapped[RegionCode]
    day: Mapped[date]
    note: Mapped[Name]
