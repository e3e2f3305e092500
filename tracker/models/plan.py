"""Plans: issued documents with their goals and phases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from tracker.models.base import Base, Code, Key, Name, RegionCode
from tracker.models.framework import Framework, Indicator
from tracker.models.region import Region


class PlanState(StrEnum):
    """A draft mails nobody; a closed plan is read only."""

    DRAFT = "draft"
    ACTIVE = "active"
    CLOSED = "closed"


class Plan(Base):
    """An issued implementation plan of a region.

    ``headings`` is the outline of its document as [rank, number, title], None where nobody has read it.
    """

    __tablename__ = "plans"

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    region_code: Mapped[RegionCode] = mapped_column(sa.ForeignKey("regions.code"), index=True)
    framework_id: Mapped[int | None] = mapped_column(sa.ForeignKey("frameworks.id"))
    title: Mapped[Name]
    document_number: Mapped[Name | None]
    issuer: Mapped[Name | None]
    issued_on: Mapped[date | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    target_text: Mapped[Name | None]
    target_on: Mapped[date | None]
    state: Mapped[PlanState] = mapped_column(default=PlanState.DRAFT)
    headings: Mapped[list[Any] | None] = deferred(mapped_column(sa.JSON(none_as_null=True)))
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    region: Mapped[Region] = relationship()
    framework: Mapped[Framework | None] = relationship()
    goals: Mapped[list[PlanGoal]] = relationship(
        back_populates="plan", order_by="PlanGoal.position", cascade="all, delete-orphan"
    )
    phases: Mapped[list[Phase]] = relationship(
        back_populates="plan", order_by="Phase.position", cascade="all, delete-orphan"
    )
    reported_values: Mapped[list[ReportedValue]] = relationship(back_populates="plan", cascade="all, delete-orphan")


class PlanGoal(Base):
    """A dated goal of a plan."""

    __tablename__ = "plan_goals"
    __table_args__ = (sa.UniqueConstraint("plan_id", "position"),)

    id: Mapped[Key]
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plans.id", ondelete="CASCADE"))
    position: Mapped[int]
    text: Mapped[str]
    deadline_text: Mapped[Name | None]
    due_on: Mapped[date | None]

    plan: Mapped[Plan] = relationship(back_populates="goals")


class Phase(Base):
    """A dated stage of a plan."""

    __tablename__ = "phases"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "number"),
        sa.CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
    )

    id: Mapped[Key]
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plans.id", ondelete="CASCADE"))
    position: Mapped[int]
    number: Mapped[Code]
    title: Mapped[Name]
    summary: Mapped[str | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]

    plan: Mapped[Plan] = relationship(back_populates="phases")


class ReportedValue(Base):
    """What a plan itself reports of an indicator: a value with the decimals that it writes, or whether it is met."""

    __tablename__ = "reported_values"

    id: Mapped[Key]
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plans.id", ondelete="CASCADE"), index=True)
    indicator_id: Mapped[int | None] = mapped_column(sa.ForeignKey("indicators.id"), index=True)
    subject: Mapped[Name | None]
    stage: Mapped[Code | None]
    measure: Mapped[Code | None]
    value: Mapped[Decimal | None] = mapped_column(sa.Numeric(14, 6))
    decimals: Mapped[int | None]
    met: Mapped[bool | None]
    note: Mapped[str | None]

    plan: Mapped[Plan] = relationship(back_populates="reported_values")
    indicator: Mapped[Indicator | None] = relationship()
