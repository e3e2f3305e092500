"""Tasks with their assignments, officials and the indicators they serve."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.clock import office_day
from tracker.models.base import Base, Code, Key, Name, RegionCode
from tracker.models.framework import Indicator
from tracker.models.plan import Phase, Plan
from tracker.models.searched import Searched
from tracker.models.unit import Unit
from tracker.rules.deadlines import Doubt, Precision
from tracker.rules.expectations import days_behind
from tracker.rules.lifecycle import State
from tracker.rules.lights import (
    Light,
    LightDates,
    LightFacts,
    LightRule,
    days_overdue,
    light_dates,
    light_on,
    light_rule,
)
from tracker.rules.links import LinkState
from tracker.rules.rhythms import Rhythm
from tracker.rules.task_kinds import AssignmentRole, TaskKind

if TYPE_CHECKING:
    from tracker.models.addition import Addition


class Task(Searched, Base):
    """One thing that a plan asks for.

    ``due_on`` is in force, ``first_due_on`` is what the document said, ``expected_on`` when its unit expects to end,
    ``node_due_on`` the earliest planned day of a project's nodes that are not done. ``source_place`` is where it stands
    in the document, ``source_text`` the sentence that stands there.
    """

    __tablename__ = "tasks"
    SEARCHED = ("key", "number", "title", "requirement")
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "position"),
        sa.CheckConstraint("held_days >= 0", name="held_days_not_negative"),
        sa.CheckConstraint("rhythm_parts >= 1", name="rhythm_has_parts"),
        sa.CheckConstraint("rhythm IS NULL OR rhythm_from IS NOT NULL", name="rhythm_has_start"),
        sa.CheckConstraint("withdrawn_on IS NULL OR state = 'suspended'", name="withdrawn_is_suspended"),
        sa.CheckConstraint("state <> 'submitted' OR submitted_on IS NOT NULL", name="submitted_has_day"),
        sa.CheckConstraint("state <> 'closed' OR closed_on IS NOT NULL", name="closed_has_day"),
        # The list of a region and its counts read these columns alone.
        sa.Index(
            "ix_tasks_lights",
            "region_code",
            "light_fixed",
            "late_from",
            "soon_from",
            "normal_from",
            "due_on",
            "position",
            "id",
        ),
        sa.Index("ix_tasks_plan_state", "plan_id", "state"),
        # The nodes of which the digest of the day speaks.
        sa.Index("ix_tasks_node_due", "node_due_on"),
        # A form that adds a task and is sent twice makes one row.
        sa.Index("uq_tasks_once", "once", unique=True),
        # The same over many regions, and the tasks that the nightly job notices.
        sa.Index(
            "ix_tasks_late",
            "light_fixed",
            "late_from",
            "soon_from",
            "normal_from",
            "due_on",
            "plan_id",
            "position",
            "id",
        ),
    )

    id: Mapped[Key]
    key: Mapped[Code] = mapped_column(unique=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plans.id"))
    region_code: Mapped[RegionCode] = mapped_column(sa.ForeignKey("regions.code"))
    phase_id: Mapped[int | None] = mapped_column(sa.ForeignKey("phases.id"))
    duty_of_id: Mapped[int | None] = mapped_column(sa.ForeignKey("indicators.id"), index=True)
    position: Mapped[int]
    number: Mapped[Code | None]
    kind: Mapped[TaskKind]
    section: Mapped[list[str]]
    title: Mapped[Name]
    requirement: Mapped[str]
    source_place: Mapped[Name | None]
    source_text: Mapped[str | None]
    evidence_wanted: Mapped[str | None]
    quantity_total: Mapped[Decimal | None] = mapped_column(sa.Numeric(14, 2))
    quantity_unit: Mapped[str | None] = mapped_column(sa.String(20))
    no_indicator_reason: Mapped[str | None]

    deadline_text: Mapped[Name | None]
    deadline_precision: Mapped[Precision]
    deadline_doubt: Mapped[Doubt | None]
    deadline_inherited: Mapped[bool] = mapped_column(default=False)
    alternative_due_on: Mapped[date | None]
    starts_on: Mapped[date | None]
    first_due_on: Mapped[date | None]
    due_on: Mapped[date | None]
    needs_redate: Mapped[bool] = mapped_column(default=False)
    rhythm: Mapped[Rhythm | None]
    rhythm_parts: Mapped[int] = mapped_column(default=1, server_default="1")
    rhythm_from: Mapped[date | None]

    state: Mapped[State] = mapped_column(default=State.NOT_STARTED)
    submitted_on: Mapped[date | None]
    in_time: Mapped[bool | None]
    returned_on: Mapped[date | None]
    returned_at: Mapped[datetime | None]
    closed_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    expected_on: Mapped[date | None]
    held_days: Mapped[int] = mapped_column(default=0)
    difficulty_on: Mapped[date | None]
    unchanged_on: Mapped[date | None]
    node_due_on: Mapped[date | None]
    last_reported_at: Mapped[datetime | None]
    last_words: Mapped[str | None]

    light_fixed: Mapped[Light | None]
    late_from: Mapped[date | None]
    soon_from: Mapped[date | None]
    normal_from: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    once: Mapped[str | None] = mapped_column(sa.String(64))

    plan: Mapped[Plan] = relationship()
    phase: Mapped[Phase | None] = relationship()
    duty_of: Mapped[Indicator | None] = relationship()
    assignments: Mapped[list[Assignment]] = relationship(
        back_populates="task", order_by="Assignment.position", cascade="all, delete-orphan"
    )
    officials: Mapped[list[TaskOfficial]] = relationship(
        back_populates="task", order_by="TaskOfficial.position", cascade="all, delete-orphan"
    )
    contributions: Mapped[list[Contribution]] = relationship(back_populates="task", cascade="all, delete-orphan")
    additions: Mapped[list[Addition]] = relationship(
        viewonly=True, order_by="(Addition.school_id, Addition.stage, Addition.figure, Addition.id)"
    )

    @property
    def light_facts(self) -> LightFacts:
        """What the light depends on."""
        return LightFacts(
            state=self.state,
            starts_on=self.starts_on,
            due_on=self.due_on,
            needs_redate=self.needs_redate,
            submitted_on=self.submitted_on,
            held_days=self.held_days or 0,
            difficulty_on=self.difficulty_on,
            unchanged_on=self.unchanged_on,
            rhythm=self.rhythm,
            rhythm_parts=self.rhythm_parts or 1,
            rhythm_from=self.rhythm_from,
            reported_on=office_day(self.last_reported_at) if self.last_reported_at else None,
            node_due_on=self.node_due_on,
        )

    @property
    def unit_names(self) -> list[str]:
        """The units that answer for the task: its leads, or the responsible units where none leads."""
        by_role = {
            role: [each.unit.name for each in self.assignments if each.role is role]
            for role in (AssignmentRole.LEAD, AssignmentRole.RESPONSIBLE)
        }
        return by_role[AssignmentRole.LEAD] or by_role[AssignmentRole.RESPONSIBLE]

    @property
    def days_behind(self) -> int:
        """By how many days its unit expects to have done it after the deadline."""
        return days_behind(self.expected_on, self.due_on)

    @property
    def plan_title(self) -> str:
        """The title of its plan."""
        return self.plan.title

    def keep_light_dates(self) -> None:
        """Write the timetable of the light; every act that changes a fact ends with it."""
        dates = light_dates(self.light_facts)
        self.light_fixed, self.late_from, self.soon_from, self.normal_from = (
            dates.fixed,
            dates.late_from,
            dates.soon_from,
            dates.normal_from,
        )

    @property
    def timetable(self) -> LightDates:
        """The kept timetable of its light."""
        return LightDates(self.light_fixed, self.late_from, self.soon_from, self.normal_from)

    def light(self, day: date) -> Light:
        """The light of a day, from the kept timetable."""
        return light_on(self.timetable, day)

    def rule(self, day: date) -> LightRule:
        """Which rule lights the task on a day."""
        return light_rule(self.light_facts, day)

    def days_overdue(self, day: date) -> int:
        """Days late on a day; a long-term task counts from the end of the period that was missed."""
        return days_overdue(self.light_facts, self.late_from, day)


class Assignment(Base):
    """A unit's part in a task, with the name that the plan uses for it, and who in the unit handles it (经办人)."""

    __tablename__ = "assignments"
    __table_args__ = (
        sa.UniqueConstraint("task_id", "unit_id", "role"),
        sa.Index("ix_assignments_unit", "unit_id", "role", "task_id"),
    )

    id: Mapped[Key]
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    role: Mapped[AssignmentRole]
    position: Mapped[int]
    name_in_plan: Mapped[Name]
    handler_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)

    task: Mapped[Task] = relationship(back_populates="assignments")
    unit: Mapped[Unit] = relationship()


class TaskOfficial(Base):
    """An official whom the plan names as responsible for a task (责任领导)."""

    __tablename__ = "task_officials"
    __table_args__ = (sa.UniqueConstraint("task_id", "name"),)

    id: Mapped[Key]
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[Name]

    task: Mapped[Task] = relationship(back_populates="officials")


class Contribution(Base):
    """A task serves a national indicator, and why; with a ``condition`` it meets that one when it is done.

    A link that the office does not want is deleted, with an event; one that stands is proposed or confirmed.
    """

    __tablename__ = "contributions"
    __table_args__ = (
        sa.UniqueConstraint("task_id", "indicator_id"),
        sa.Index("ix_contributions_indicator", "indicator_id", "task_id"),
    )

    id: Mapped[Key]
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id", ondelete="CASCADE"))
    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("indicators.id"))
    reason: Mapped[str]
    condition: Mapped[Code | None]
    state: Mapped[LinkState] = mapped_column(default=LinkState.PROPOSED, server_default=LinkState.PROPOSED.value)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    decided_at: Mapped[datetime | None]

    task: Mapped[Task] = relationship(back_populates="contributions")
    indicator: Mapped[Indicator] = relationship()


class DeadlineChange(Base):
    """A deadline was moved or confirmed: the dates before and after, the reason and who; never overwritten."""

    __tablename__ = "deadline_changes"

    id: Mapped[Key]
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    extension_id: Mapped[int | None] = mapped_column(sa.ForeignKey("extensions.id"), index=True)
    old_due_on: Mapped[date | None]
    new_due_on: Mapped[date | None]
    reason: Mapped[str]
    at: Mapped[datetime]


class OverdueNotice(Base):
    """The day on which the job noticed that a deadline in force had passed; once per task and deadline."""

    __tablename__ = "overdue_notices"

    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    noticed_on: Mapped[date]
