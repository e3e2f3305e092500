"""Schools and a year's raw numbers of their parts by stage."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base, Key, Name, RegionCode
from tracker.models.searched import Searched


class Stage(StrEnum):
    """小学、初中、高中、九年一贯制."""

    PRIMARY = "primary"
    JUNIOR = "junior"
    SENIOR = "senior"
    NINE_YEAR = "nine_year"


class School(Searched, Base):
    """A school of a region."""

    __tablename__ = "schools"
    SEARCHED = ("name",)
    __table_args__ = (sa.UniqueConstraint("region_code", "name"),)

    id: Mapped[Key]
    region_code: Mapped[RegionCode] = mapped_column(sa.ForeignKey("regions.code"))
    name: Mapped[Name]

    years: Mapped[list[SchoolYear]] = relationship(back_populates="school", cascade="all, delete-orphan")


class SchoolYear(Base):
    """Raw numbers of one stage of a school in the school year that begins in ``year``; None is unknown, never zero."""

    __tablename__ = "school_years"
    __table_args__ = (
        sa.UniqueConstraint("school_id", "stage", "year"),
        sa.CheckConstraint("students >= 0 AND classes >= 0", name="counts_not_negative"),
    )

    id: Mapped[Key]
    school_id: Mapped[int] = mapped_column(sa.ForeignKey("schools.id", ondelete="CASCADE"))
    stage: Mapped[Stage]
    year: Mapped[int]
    students: Mapped[int | None]
    classes: Mapped[int | None]
    largest_class: Mapped[int | None]
    qualified_teachers: Mapped[int | None]
    backbone_teachers: Mapped[int | None]
    arts_teachers: Mapped[int | None]
    teaching_area_m2: Mapped[Decimal | None] = mapped_column(sa.Numeric(12, 2))
    sports_area_m2: Mapped[Decimal | None] = mapped_column(sa.Numeric(12, 2))
    equipment_yuan: Mapped[int | None] = mapped_column(sa.BigInteger)
    multimedia_rooms: Mapped[int | None]
    source: Mapped[Name]

    school: Mapped[School] = relationship(back_populates="years")
