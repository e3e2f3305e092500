"""What an administrator knows of the official calendar that the installed package does not."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from tracker.models.base import Base, Key, Name, RegionCode


class CalendarDay(Base):
    """A holiday, or a weekend day on which offices work, at and below a region."""

    __tablename__ = "calendar_days"
    __table_args__ = (sa.UniqueConstraint("day", "region_code"),)

    id: Mapped[Key]
    region_code: Mapped[RegionCode]
    day: Mapped[date]
    is_workday: Mapped[bool]
    note: Mapped[Name]
