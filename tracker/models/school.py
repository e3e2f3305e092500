"""Schools, a year's raw numbers of the whole school and of its parts by stage, and the students expected later."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.account import Account
from tracker.models.base import Base, Key, Name, RegionCode
from tracker.models.searched import Searched
from tracker.models.unit import Unit
from tracker.rules.stages import SchoolKind, Stage, Standing


class School(Searched, Base):
    """A school of a region; ``unit_id`` is the unit whose staff enter its numbers, beside the plan office."""

    __tablename__ = "schools"
    SEARCHED = ("name",)
    __table_args__ = (
        sa.UniqueConstraint("region_code", "name"),
        sa.CheckConstraint("closed_on >= opened_on", name="closed_after_opened"),
    )

    id: Mapped[Key]
    region_code: Mapped[RegionCode] = mapped_column(sa.ForeignKey("regions.code"))
    name: Mapped[Name]
    kind: Mapped[SchoolKind] = mapped_column(default=SchoolKind.SCHOOL, server_default=SchoolKind.SCHOOL.value)
    town: Mapped[Name | None]
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"), index=True)
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    unit: Mapped[Unit | None] = relationship()
    years: Mapped[list[SchoolYear]] = relationship(back_populates="school", cascade="all, delete-orphan")
    enrolments: Mapped[list[PlannedEnrolment]] = relationship(back_populates="school", cascade="all, delete-orphan")


class SchoolYear(Base):
    """Raw numbers of a whole school in the school year that begins in ``year``; None is unknown, never zero.

    ``counted_on`` is the day of which the numbers tell. All have the row's standing and source but those that
    ``exceptions`` names: {"primary.students" or "equipment_yuan": {"standing": …, "source": …, "on": "2026-09-01"}}.
    """

    __tablename__ = "school_years"
    __table_args__ = (
        sa.UniqueConstraint("school_id", "year"),
        sa.CheckConstraint(
            "teaching_area_m2 >= 0 AND indoor_sports_m2 >= 0 AND sports_ground_m2 >= 0", name="areas_not_negative"
        ),
        sa.Index("ix_school_years_year", "year", "school_id"),
    )

    id: Mapped[Key]
    school_id: Mapped[int] = mapped_column(sa.ForeignKey("schools.id", ondelete="CASCADE"))
    year: Mapped[int]
    counted_on: Mapped[date]
    kindergarten_children: Mapped[int | None]
    teaching_area_m2: Mapped[Decimal | None] = mapped_column(sa.Numeric(12, 2))
    indoor_sports_m2: Mapped[Decimal | None] = mapped_column(sa.Numeric(12, 2))
    sports_ground_m2: Mapped[Decimal | None] = mapped_column(sa.Numeric(12, 2))
    equipment_yuan: Mapped[int | None] = mapped_column(sa.BigInteger)
    multimedia_rooms: Mapped[int | None]
    music_rooms: Mapped[int | None]
    large_music_rooms: Mapped[int | None]
    art_rooms: Mapped[int | None]
    large_art_rooms: Mapped[int | None]
    operating_funds_yuan: Mapped[int | None] = mapped_column(sa.BigInteger)
    training_funds_yuan: Mapped[int | None] = mapped_column(sa.BigInteger)
    payroll_yuan: Mapped[int | None] = mapped_column(sa.BigInteger)
    standing: Mapped[Standing]
    source: Mapped[Name]
    exceptions: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    jumps_explained: Mapped[str | None]
    entered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    entered_at: Mapped[datetime | None]
    checked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    checked_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    school: Mapped[School] = relationship(back_populates="years")
    entered_by: Mapped[Account | None] = relationship(foreign_keys=entered_by_id)
    checked_by: Mapped[Account | None] = relationship(foreign_keys=checked_by_id)
    stages: Mapped[list[StageYear]] = relationship(back_populates="school_year", cascade="all, delete-orphan")


class StageYear(Base):
    """Raw numbers of one stage of a school in a year; None is unknown, never zero."""

    __tablename__ = "stage_years"
    __table_args__ = (
        sa.UniqueConstraint("school_year_id", "stage"),
        sa.CheckConstraint("stage <> 'nine_year'", name="stage_is_one"),
        sa.CheckConstraint("students >= 0 AND classes >= 0", name="counts_not_negative"),
    )

    id: Mapped[Key]
    school_year_id: Mapped[int] = mapped_column(sa.ForeignKey("school_years.id", ondelete="CASCADE"))
    stage: Mapped[Stage]
    students: Mapped[int | None]
    classes: Mapped[int | None]
    largest_class: Mapped[int | None]
    full_time_teachers: Mapped[int | None]
    qualified_teachers: Mapped[int | None]
    backbone_teachers: Mapped[int | None]
    arts_teachers: Mapped[int | None]
    licensed_teachers: Mapped[int | None]
    trained_teachers: Mapped[int | None]

    school_year: Mapped[SchoolYear] = relationship(back_populates="stages")


class PlannedEnrolment(Base):
    """The students whom a stage of a school expects in the school year that begins in ``year``."""

    __tablename__ = "planned_enrolments"
    __table_args__ = (
        sa.UniqueConstraint("school_id", "stage", "year"),
        sa.CheckConstraint("stage <> 'nine_year'", name="stage_is_one"),
        sa.CheckConstraint("students >= 0 AND classes >= 0", name="counts_not_negative"),
    )

    id: Mapped[Key]
    school_id: Mapped[int] = mapped_column(sa.ForeignKey("schools.id", ondelete="CASCADE"))
    stage: Mapped[Stage]
    year: Mapped[int]
    students: Mapped[int]
    classes: Mapped[int | None]
    source: Mapped[Name]

    school: Mapped[School] = relationship(back_populates="enrolments")
