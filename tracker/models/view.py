"""Saved views: a list that a person comes back to, kept as the query of its address."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, Key, Name


class SavedView(Base):
    """A named query of the ledger; it is a link and grants nothing."""

    __tablename__ = "saved_views"
    __table_args__ = (sa.UniqueConstraint("account_id", "name"),)

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"))
    name: Mapped[Name]
    query: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
