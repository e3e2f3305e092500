"""What is known of a county and not computed from its schools: values over time, who says so, and the files."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.account import Account
from tracker.models.base import Base, Code, Key, Name, RegionCode
from tracker.models.unit import Unit
from tracker.rules.stages import Standing


class CountyValue(Base):
    """A figure of a county from a day on, as somebody says it: a number, or yes or no. Immutable but for its check.

    ``figure`` is a code that a framework names. The value in force on a day is the one with the latest ``on`` up to
    that day, of several the last entered; a withdrawn one does not count.
    """

    __tablename__ = "county_values"
    __table_args__ = (
        sa.Index("ix_county_values_figure", "region_code", "figure", "on", "id"),
        sa.CheckConstraint("(number IS NULL) <> (yes IS NULL)", name="number_or_yes"),
        sa.UniqueConstraint("region_code", "once"),
    )

    id: Mapped[Key]
    region_code: Mapped[RegionCode] = mapped_column(sa.ForeignKey("regions.code"))
    figure: Mapped[Code] = mapped_column(sa.String(80))
    on: Mapped[date]
    number: Mapped[Decimal | None] = mapped_column(sa.Numeric(18, 4))
    yes: Mapped[bool | None]
    standing: Mapped[Standing]
    source: Mapped[Name]
    note: Mapped[str | None]
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"), index=True)
    said_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    said_at: Mapped[datetime]
    checked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    checked_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    once: Mapped[str | None] = mapped_column(sa.String(64))

    unit: Mapped[Unit | None] = relationship()
    said_by: Mapped[Account | None] = relationship(foreign_keys=said_by_id)
    checked_by: Mapped[Account | None] = relationship(foreign_keys=checked_by_id)
    files: Mapped[list[CountyValueFile]] = relationship(back_populates="value", order_by="CountyValueFile.id")


class CountyValueFile(Base):
    """A file that shows a county's value, kept on disk by its SHA-256; the name is for people only."""

    __tablename__ = "county_value_files"

    id: Mapped[Key]
    value_id: Mapped[int] = mapped_column(sa.ForeignKey("county_values.id"), index=True)
    name: Mapped[Name]
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    at: Mapped[datetime]

    value: Mapped[CountyValue] = relationship(back_populates="files")
