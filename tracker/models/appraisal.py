"""年度考核: what the frozen issues of a year say of each unit, published with a term for objections."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.account import Account
from tracker.models.base import Base, Key, Name, RegionCode, kept_as_text
from tracker.models.unit import Unit


class AppraisalState(StrEnum):
    """草稿、已公布."""

    DRAFT = "draft"
    PUBLISHED = "published"


class Appraisal(Base):
    """The sheet of a region for a year, from its issues up to ``last_issue_id``; units may object until a day."""

    __tablename__ = "appraisals"
    __table_args__ = (
        sa.UniqueConstraint("region_code", "year"),
        sa.CheckConstraint(
            "state <> 'published' OR (published_at IS NOT NULL AND objections_until IS NOT NULL)",
            name="published_has_term",
        ),
    )

    id: Mapped[Key]
    region_code: Mapped[RegionCode] = mapped_column(sa.ForeignKey("regions.code"))
    year: Mapped[int]
    last_issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issues.id"), index=True)
    state: Mapped[AppraisalState] = mapped_column(kept_as_text(AppraisalState), default=AppraisalState.DRAFT)
    made_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_by: Mapped[Name | None]
    objections_until: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    lines: Mapped[list[AppraisalLine]] = relationship(
        back_populates="appraisal", cascade="all, delete-orphan", order_by="AppraisalLine.position"
    )


class AppraisalLine(Base):
    """The figures of a unit; ``figures`` by the names of ``rules/appraisals.Figure``, ``corrected`` those that differ.

    ``corrected`` holds what the office put right after an objection; what was frozen stays beside it. ``unit_id``
    ``meant`` are the units of the issues that it stands for, as ``id:name``; ``unit_id``
    is None for a unit that nobody knows any more: it was deleted since.
    """

    __tablename__ = "appraisal_lines"
    __table_args__ = (sa.Index("ix_appraisal_lines_appraisal", "appraisal_id", "position"),)

    id: Mapped[Key]
    appraisal_id: Mapped[int] = mapped_column(sa.ForeignKey("appraisals.id", ondelete="CASCADE"))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"), index=True)
    name: Mapped[Name]
    meant: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    position: Mapped[int]
    figures: Mapped[dict[str, int]]
    corrected: Mapped[dict[str, int]] = mapped_column(default=dict, server_default="{}")

    appraisal: Mapped[Appraisal] = relationship(back_populates="lines")
    unit: Mapped[Unit | None] = relationship()
    objections: Mapped[list[Objection]] = relationship(
        back_populates="line", cascade="all, delete-orphan", order_by="Objection.id"
    )


class Objection(Base):
    """A unit's objection to its figures (异议) and the office's answer; both stay on the sheet."""

    __tablename__ = "objections"
    __table_args__ = (
        sa.UniqueConstraint("line_id", "once"),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answer_has_instant"),
    )

    id: Mapped[Key]
    line_id: Mapped[int] = mapped_column(sa.ForeignKey("appraisal_lines.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    text: Mapped[str]
    at: Mapped[datetime]
    once: Mapped[str] = mapped_column(sa.String(64))
    answer: Mapped[str | None]
    upheld: Mapped[bool | None]
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    answered_at: Mapped[datetime | None]

    line: Mapped[AppraisalLine] = relationship(back_populates="objections")
    account: Mapped[Account] = relationship(foreign_keys=[account_id])
    answered_by: Mapped[Account | None] = relationship(foreign_keys=[answered_by_id])
