"""Regions: places by their GB/T 2260 code."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, Name, RegionCode


class Region(Base):
    """A place; the prefix of its code is the hierarchy (36, 3607, 360732)."""

    __tablename__ = "regions"

    code: Mapped[RegionCode] = mapped_column(primary_key=True)
    name: Mapped[Name]
