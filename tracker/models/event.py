"""Events: every change and every refusal, append-only and hash-chained."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, Code, Key, Name, RegionCode


class Event(Base):
    """Who did what to which object, from where, before and after. ``hash`` covers the row and the hash before it."""

    __tablename__ = "events"
    __table_args__ = (sa.Index("ix_events_object", "object_type", "object_id", "id"), sa.Index("ix_events_at", "at"))

    id: Mapped[Key]
    at: Mapped[datetime]
    act: Mapped[Code]
    allowed: Mapped[bool] = mapped_column(default=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    person_name: Mapped[Name | None]
    role: Mapped[Code | None]
    unit_name: Mapped[str | None]
    address: Mapped[Name | None]
    region_code: Mapped[RegionCode | None]
    object_type: Mapped[Code | None]
    object_id: Mapped[Code | None]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    previous_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
