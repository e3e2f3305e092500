"""Frameworks of evaluation: the national standard and the lists of the plans, whose items point at national ones."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base, Code, Key, Name, RegionCode

NATIONAL = "national"


class Framework(Base):
    """An evaluation standard: the national one, a plan's own list, or an office's adjusted copy of either.

    ``terms`` says how schools and the whole are judged, ``figures`` which values of the county it asks for, both in
    the form that ``rules/standard_reading.py`` reads. A shared one has no region.
    """

    __tablename__ = "frameworks"

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    name_en: Mapped[Name | None]
    region_code: Mapped[RegionCode | None] = mapped_column(sa.ForeignKey("regions.code"), index=True)
    copied_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("frameworks.id"), index=True)
    terms: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    figures: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list, server_default="[]")
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    indicators: Mapped[list[Indicator]] = relationship(back_populates="framework", order_by="Indicator.position")


class Indicator(Base):
    """An item of a framework; a local item points at the national one that it is.

    ``conditions`` are in the form that ``rules/standard_reading.py`` reads; None takes those of the national item.
    ``words`` are the words of a task by which the item is proposed for it.
    """

    __tablename__ = "indicators"
    __table_args__ = (
        sa.UniqueConstraint("framework_id", "code"),
        sa.CheckConstraint("points >= 0", name="points_not_negative"),
        sa.CheckConstraint("grade IN ('A', 'B')", name="grade"),
    )

    id: Mapped[Key]
    framework_id: Mapped[int] = mapped_column(sa.ForeignKey("frameworks.id"))
    national_id: Mapped[int | None] = mapped_column(sa.ForeignKey("indicators.id"), index=True)
    code: Mapped[Code]
    number: Mapped[Code]
    position: Mapped[int]
    title: Mapped[str]
    title_en: Mapped[str | None]
    group: Mapped[Name]
    group_en: Mapped[Name | None]
    requirement: Mapped[str | None]
    requirement_en: Mapped[str | None]
    grade: Mapped[str | None] = mapped_column(sa.String(1))
    points: Mapped[Decimal | None] = mapped_column(sa.Numeric(6, 2))
    conditions: Mapped[list[dict[str, Any]] | None] = mapped_column(sa.JSON(none_as_null=True))
    words: Mapped[list[str]] = mapped_column(default=list, server_default="[]")

    framework: Mapped[Framework] = relationship(back_populates="indicators")
    national: Mapped[Indicator | None] = relationship(remote_side="Indicator.id", back_populates="locals")
    locals: Mapped[list[Indicator]] = relationship(back_populates="national")
    parts: Mapped[list[IndicatorPart]] = relationship(
        back_populates="indicator", order_by="IndicatorPart.position", cascade="all, delete-orphan"
    )

    @property
    def as_national(self) -> Indicator | None:
        """The national item that this is: of the national standard itself, of a list the one that it points at."""
        return self if self.framework.code == NATIONAL else self.national


class IndicatorPart(Base):
    """A part of an item, with its points where the framework scores by part; ``condition`` is the one that it is.

    The county answers it under its ``code``, which lasts whatever becomes of the parts beside it; without one, as in
    the shared lists, under its number.
    """

    __tablename__ = "indicator_parts"
    __table_args__ = (sa.UniqueConstraint("indicator_id", "position"),)

    id: Mapped[Key]
    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("indicators.id", ondelete="CASCADE"))
    position: Mapped[int]
    number: Mapped[Code]
    text: Mapped[str]
    points: Mapped[Decimal | None] = mapped_column(sa.Numeric(6, 2))
    condition: Mapped[Code | None]
    code: Mapped[Code | None]

    indicator: Mapped[Indicator] = relationship(back_populates="parts")


class Veto(Base):
    """A reason for which a framework refuses recognition whatever else is met."""

    __tablename__ = "vetoes"
    __table_args__ = (sa.UniqueConstraint("framework_id", "number"),)

    id: Mapped[Key]
    framework_id: Mapped[int] = mapped_column(sa.ForeignKey("frameworks.id"))
    number: Mapped[Code]
    title: Mapped[str]
