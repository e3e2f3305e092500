"""Reports: what a unit said on a day, with the files that show it. Immutable; corrections are appended.

A report may be withdrawn by its author for a few minutes: its words stay, and it counts no more.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.account import Account
from tracker.models.base import Base, Key, Name, kept_as_text
from tracker.models.searched import Searched
from tracker.models.task import Task
from tracker.models.unit import Unit
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light


class Situation(StrEnum):
    """本周情况: 按计划推进、无变化、有困难、已完成."""

    ON_PLAN = "on_plan"
    NO_CHANGE = "no_change"
    DIFFICULTY = "difficulty"
    DONE = "done"


class Report(Searched, Base):
    """What was said of a task. ``once`` is the form's own key: a repeated POST makes one row.

    ``progress_percent`` is how far a building stands in the unit's own judgement (形象进度), in percent.
    """

    __tablename__ = "reports"
    SEARCHED = ("text",)
    __table_args__ = (
        sa.Index("ix_reports_task", "task_id", "at"),
        # What a person said lately: to take it back, and to be thanked for it in a digest.
        sa.Index("ix_reports_account", "account_id", "at"),
        sa.UniqueConstraint("task_id", "once"),
        sa.CheckConstraint("progress_percent BETWEEN 0 AND 100", name="progress_is_share"),
    )

    id: Mapped[Key]
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id"))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"), index=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    on_behalf: Mapped[bool] = mapped_column(default=False)
    situation: Mapped[Situation]
    text: Mapped[str]
    at: Mapped[datetime]
    due_on: Mapped[date | None]
    light_before: Mapped[Light] = mapped_column(kept_as_text(Light, "light_before"))
    light_after: Mapped[Light] = mapped_column(kept_as_text(Light, "light_after"))
    state_before: Mapped[State | None] = mapped_column(kept_as_text(State, "state_before"))
    quantity: Mapped[Decimal | None] = mapped_column(sa.Numeric(14, 2))
    progress_percent: Mapped[int | None]
    no_evidence_reason: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    invented: Mapped[bool] = mapped_column(default=False)
    once: Mapped[str] = mapped_column(sa.String(64))

    task: Mapped[Task] = relationship()
    unit: Mapped[Unit | None] = relationship()
    account: Mapped[Account] = relationship()
    evidence: Mapped[list[Evidence]] = relationship(back_populates="report", order_by="Evidence.id")


class Evidence(Base):
    """A file under a report, kept on disk by its SHA-256; the name is for people only."""

    __tablename__ = "evidence"

    id: Mapped[Key]
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("reports.id"), index=True)
    name: Mapped[Name]
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    at: Mapped[datetime]

    report: Mapped[Report] = relationship(back_populates="evidence")
