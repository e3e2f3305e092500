"""Issues of the weekly overview (期): frozen at a cut-off, never changed afterwards."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base, Code, Key, Name, RegionCode
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light


class Issue(Base):
    """A numbered weekly overview of a region: the figures of every task at ``cut_off_at``.

    ``decide_after``: so many days late a task waited for the leaders' decision by the ladder of that moment.
    """

    __tablename__ = "issues"
    __table_args__ = (sa.UniqueConstraint("region_code", "number"), sa.UniqueConstraint("region_code", "week_on"))

    id: Mapped[Key]
    region_code: Mapped[RegionCode] = mapped_column(sa.ForeignKey("regions.code"))
    number: Mapped[int]
    week_on: Mapped[date]
    cut_off_at: Mapped[datetime]
    sentence: Mapped[str]
    decide_after: Mapped[int | None]

    lines: Mapped[list[IssueLine]] = relationship(back_populates="issue", cascade="all, delete-orphan")


class IssueLine(Base):
    """A task as it stood at the cut-off, in words and figures of that moment."""

    __tablename__ = "issue_lines"
    __table_args__ = (sa.UniqueConstraint("issue_id", "task_id"), sa.Index("ix_issue_lines_light", "issue_id", "light"))

    id: Mapped[Key]
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issues.id", ondelete="CASCADE"))
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id"))
    task_key: Mapped[Code]
    plan_code: Mapped[Code]
    title: Mapped[Name]
    units: Mapped[list[str]]
    light: Mapped[Light]
    state: Mapped[State]
    due_on: Mapped[date | None]
    days_late: Mapped[int]
    fallen_due: Mapped[bool] = mapped_column(default=False)
    in_time: Mapped[bool] = mapped_column(default=False)
    last_words: Mapped[str | None]
    last_reported_at: Mapped[datetime | None]

    issue: Mapped[Issue] = relationship(back_populates="lines")
