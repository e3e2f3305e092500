"""Files that show that money moved or that a node was done."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base, Key, Name
from tracker.models.money import MoneyEntry
from tracker.models.node import ProjectNode


class ProjectFile(Base):
    """A file under an entry of money or under a node, kept on disk by its SHA-256; the name is for people only."""

    __tablename__ = "project_files"
    __table_args__ = (sa.CheckConstraint("(entry_id IS NULL) <> (node_id IS NULL)", name="of_one_thing"),)

    id: Mapped[Key]
    entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("money_entries.id", ondelete="CASCADE"), index=True)
    node_id: Mapped[int | None] = mapped_column(sa.ForeignKey("project_nodes.id", ondelete="CASCADE"), index=True)
    name: Mapped[Name]
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    at: Mapped[datetime]

    entry: Mapped[MoneyEntry | None] = relationship(back_populates="files")
    node: Mapped[ProjectNode | None] = relationship(back_populates="files")

    @property
    def task_id(self) -> int:
        """The task of its project."""
        owner = self.entry or self.node
        assert owner is not None  # the CHECK of the table says so
        return owner.task_id
