"""Reporting periods: a task with a rhythm is reported period by period and never cloned."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base, Key
from tracker.models.report import Report
from tracker.models.task import Task


class ReportingPeriod(Base):
    """A period in which a task is to be reported, both days included, and the first report that did."""

    __tablename__ = "reporting_periods"
    __table_args__ = (
        sa.UniqueConstraint("task_id", "starts_on"),
        sa.CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        sa.Index("ix_reporting_periods_report", "report_id"),
    )

    id: Mapped[Key]
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id", ondelete="CASCADE"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    opened_at: Mapped[datetime]
    report_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reports.id"))

    task: Mapped[Task] = relationship()
    report: Mapped[Report | None] = relationship()
