"""工地照片: what a building site looked like in a month."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.account import Account
from tracker.models.base import Base, Key, Name
from tracker.models.project import Project


class ProjectPhoto(Base):
    """A photograph of a project, kept on disk by its SHA-256 as it came; a withdrawn one is shown no more."""

    __tablename__ = "project_photos"
    __table_args__ = (
        sa.UniqueConstraint("task_id", "once"),
        sa.Index("ix_project_photos_task", "task_id", "taken_on"),
    )

    id: Mapped[Key]
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("projects.task_id", ondelete="CASCADE"))
    taken_on: Mapped[date]
    caption: Mapped[Name | None]
    name: Mapped[Name]
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    invented: Mapped[bool] = mapped_column(default=False)
    once: Mapped[str] = mapped_column(sa.String(64))

    project: Mapped[Project] = relationship()
    account: Mapped[Account | None] = relationship()
