"""Units: who is asked. One unit has one name and any number of aliases; a collective unit has members."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base, Key, Name, RegionCode
from tracker.models.searched import Searched
from tracker.rules.unit_kinds import UnitKind


class Unit(Searched, Base):
    """A department, township, school, company or group of a region."""

    __tablename__ = "units"
    SEARCHED = ("name", "full_name")
    __table_args__ = (sa.UniqueConstraint("region_code", "name"),)

    id: Mapped[Key]
    region_code: Mapped[RegionCode] = mapped_column(sa.ForeignKey("regions.code"))
    name: Mapped[Name]
    full_name: Mapped[Name | None]
    kind: Mapped[UnitKind]
    mailbox: Mapped[str | None] = mapped_column(sa.String(254))
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"), index=True)
    disabled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    aliases: Mapped[list[UnitAlias]] = relationship(back_populates="unit", cascade="all, delete-orphan")
    members: Mapped[list[Unit]] = relationship(
        secondary="unit_members",
        primaryjoin="Unit.id == unit_members.c.collective_id",
        secondaryjoin="Unit.id == unit_members.c.member_id",
        back_populates="collectives",
    )
    collectives: Mapped[list[Unit]] = relationship(
        secondary="unit_members",
        primaryjoin="Unit.id == unit_members.c.member_id",
        secondaryjoin="Unit.id == unit_members.c.collective_id",
        back_populates="members",
    )


class UnitAlias(Searched, Base):
    """Another way in which documents write a unit; unique in its region, so that a name never means two."""

    __tablename__ = "unit_aliases"
    SEARCHED = ("alias",)
    __table_args__ = (sa.UniqueConstraint("region_code", "alias"),)

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id", ondelete="CASCADE"), index=True)
    region_code: Mapped[RegionCode]
    alias: Mapped[Name]

    unit: Mapped[Unit] = relationship(back_populates="aliases")


class UnitMember(Base):
    """A unit belongs to a collective unit (a township to 各乡镇)."""

    __tablename__ = "unit_members"

    collective_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id", ondelete="CASCADE"), primary_key=True, index=True)
