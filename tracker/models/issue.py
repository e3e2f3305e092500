"""Issues of the weekly overview (期): frozen at a cut-off, worded by the office, signed, and never changed afterwards.

What is frozen points at nothing that lives on: the ids of tasks and units are those of that moment, their names are
kept beside them, and the database refuses every change of an issue that is signed (migration 0007).
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from tracker.models.account import Account
from tracker.models.base import Base, Code, Key, Name, RegionCode, kept_as_text
from tracker.models.searched import Searched
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light, LightRule
from tracker.rules.task_kinds import TaskKind


class IssueState(StrEnum):
    """草稿、已签发."""

    DRAFT = "draft"
    SIGNED = "signed"


class Issue(Searched, Base):
    """A numbered weekly overview of a region: the figures of every task at ``cut_off_at``.

    ``generated`` is the sentence that the rules made, ``sentence`` the one in force; ``asks`` are the office's words on
    what leaders shall decide, by the task's key. ``decide_after``: so many days late a task waited for the leaders'
    decision by the ladder of that moment. ``places`` names the regions and ``plans`` the documents of the lines.
    ``counts`` are the sums over all lines (``rules/issues.counts_of``), for lists over many issues. ``indicators`` say
    how the region stood on each, as ``rules/frozen_indicators.py`` writes and reads them. ``last_event_id`` is the
    newest event that was known.
    """

    __tablename__ = "issues"
    SEARCHED = ("sentence", "generated")
    __table_args__ = (
        sa.UniqueConstraint("region_code", "number"),
        sa.UniqueConstraint("region_code", "week_on"),
        sa.CheckConstraint("state <> 'signed' OR signed_at IS NOT NULL", name="signed_has_instant"),
    )

    id: Mapped[Key]
    region_code: Mapped[RegionCode] = mapped_column(sa.ForeignKey("regions.code"))
    number: Mapped[int]
    week_on: Mapped[date]
    cut_off_at: Mapped[datetime]
    sentence: Mapped[str]
    decide_after: Mapped[int | None]
    generated: Mapped[str] = mapped_column(default="", server_default="")
    asks: Mapped[dict[str, str]] = mapped_column(default=dict, server_default="{}")
    state: Mapped[IssueState] = mapped_column(
        kept_as_text(IssueState), default=IssueState.DRAFT, server_default=IssueState.DRAFT.value
    )
    signed_at: Mapped[datetime | None]
    signed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    signed_by: Mapped[Name | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    last_event_id: Mapped[int] = mapped_column(default=0, server_default="0")
    places: Mapped[dict[str, str]] = mapped_column(default=dict, server_default="{}")
    plans: Mapped[list[dict[str, str]]] = mapped_column(sa.JSON, default=list, server_default="[]")
    counts: Mapped[dict[str, int]] = mapped_column(default=dict, server_default="{}")
    indicators: Mapped[dict[str, Any] | None] = deferred(mapped_column(sa.JSON(none_as_null=True)))

    lines: Mapped[list[IssueLine]] = relationship(back_populates="issue", cascade="all, delete-orphan")
    standings: Mapped[list[IssueStanding]] = relationship(
        back_populates="issue", cascade="all, delete-orphan", order_by="IssueStanding.position"
    )


class IssueLine(Searched, Base):
    """A task as it stood at the cut-off, in words and figures of that moment.

    ``units`` answer for it, ``unit_ids`` in the same order; ``light_before`` is its light in the issue before, None
    where it was in none. ``extensions``, ``redates``, ``returns`` and ``periods_missed`` count from the task's first
    day on, so that two issues tell what happened between them; ``held_days``
    it lay at the office after its deadline. ``project`` is the building project of the line, as
    ``rules/frozen_works.py`` writes it.
    """

    __tablename__ = "issue_lines"
    SEARCHED = ("task_key", "number", "title", "names", "last_words")
    __table_args__ = (
        sa.UniqueConstraint("issue_id", "task_id"),
        sa.Index("ix_issue_lines_light", "issue_id", "light"),
        sa.Index("ix_issue_lines_key", "task_key", "issue_id"),
    )

    id: Mapped[Key]
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issues.id", ondelete="CASCADE"))
    task_id: Mapped[int]
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
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    number: Mapped[Code | None]
    kind: Mapped[TaskKind | None] = mapped_column(kept_as_text(TaskKind))
    region_code: Mapped[RegionCode] = mapped_column(default="", server_default="")
    unit_ids: Mapped[list[int]] = mapped_column(default=list, server_default="[]")
    cooperating: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    waits_for: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    indicators: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    light_before: Mapped[Light | None] = mapped_column(kept_as_text(Light, "light_before"))
    rule: Mapped[LightRule | None] = mapped_column(kept_as_text(LightRule))
    in_difficulty: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    deadline_text: Mapped[Name | None]
    first_due_on: Mapped[date | None]
    expected_on: Mapped[date | None]
    submitted_on: Mapped[date | None]
    returned_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    stale: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    to_decide: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    extensions: Mapped[int] = mapped_column(default=0, server_default="0")
    redates: Mapped[int] = mapped_column(default=0, server_default="0")
    returns: Mapped[int] = mapped_column(default=0, server_default="0")
    periods_missed: Mapped[int] = mapped_column(default=0, server_default="0")
    held_days: Mapped[int] = mapped_column(default=0, server_default="0")
    project: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))

    issue: Mapped[Issue] = relationship(back_populates="lines")

    @property
    def names(self) -> str:
        """The units that answer for the task, as it is searched by."""
        return " ".join(self.units)


class IssueStanding(Base):
    """How a unit, or above counties a region, stood in an issue, in the order of its table; for trends over a year."""

    __tablename__ = "issue_standings"
    __table_args__ = (
        sa.Index("ix_issue_standings_issue", "issue_id", "position"),
        sa.Index("ix_issue_standings_unit", "unit_id", "issue_id"),
    )

    id: Mapped[Key]
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issues.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[Name]
    unit_id: Mapped[int | None]
    region_code: Mapped[RegionCode | None]
    place: Mapped[int | None]
    counts: Mapped[dict[str, int]]

    issue: Mapped[Issue] = relationship(back_populates="standings")


class IssueReading(Base):
    """A person has read an issue (已阅)."""

    __tablename__ = "issue_readings"

    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), primary_key=True, index=True)
    at: Mapped[datetime]

    account: Mapped[Account] = relationship()
