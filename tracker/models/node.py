"""节点: the dated steps of a building project, every move of a planned day, and the lists that counties use."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.account import Account
from tracker.models.base import Base, Key, Name, RegionCode
from tracker.models.project import Project
from tracker.rules.completion import NodeFacts
from tracker.rules.task_kinds import ProjectCategory

if TYPE_CHECKING:
    from tracker.models.project_file import ProjectFile


class ProjectNode(Base):
    """A step of a project: ``planned_on`` is in force, ``first_planned_on`` was said first, None is not planned yet.

    ``expected_on`` is what the unit expects, ``done_on`` the day on which it was done. The last node makes the
    project usable.
    """

    __tablename__ = "project_nodes"
    __table_args__ = (
        sa.UniqueConstraint("task_id", "name"),
        sa.CheckConstraint("(planned_on IS NULL) = (first_planned_on IS NULL)", name="planned_was_first_planned"),
        # The nodes that are due in a month, and those that have passed.
        sa.Index("ix_project_nodes_due", "planned_on", "task_id"),
    )

    id: Mapped[Key]
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("projects.task_id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[Name]
    first_planned_on: Mapped[date | None]
    planned_on: Mapped[date | None]
    expected_on: Mapped[date | None]
    done_on: Mapped[date | None]
    note: Mapped[str | None]
    invented: Mapped[bool] = mapped_column(default=False)

    project: Mapped[Project] = relationship(back_populates="nodes")
    moves: Mapped[list[NodeMove]] = relationship(
        back_populates="node", order_by="NodeMove.id", cascade="all, delete-orphan"
    )
    files: Mapped[list[ProjectFile]] = relationship(back_populates="node", order_by="ProjectFile.id")

    @property
    def facts(self) -> NodeFacts:
        """The node as a plain value."""
        return NodeFacts(self.name, self.planned_on, self.first_planned_on, self.expected_on, self.done_on, self.id)

    @property
    def is_untouched(self) -> bool:
        """Whether nothing has happened to it yet: it is not done, was never moved and has no files."""
        return not (self.done_on or self.moves or self.files)


class NodeMove(Base):
    """A planned day was moved: from where to where, why, and by whom; never overwritten."""

    __tablename__ = "node_moves"

    id: Mapped[Key]
    node_id: Mapped[int] = mapped_column(sa.ForeignKey("project_nodes.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    old_on: Mapped[date]
    new_on: Mapped[date | None]
    reason: Mapped[str]
    at: Mapped[datetime]

    node: Mapped[ProjectNode] = relationship(back_populates="moves")
    account: Mapped[Account | None] = relationship()


class NodeList(Base):
    """The names of the nodes that a region uses for a category of projects, in their order; else the usual eight."""

    __tablename__ = "node_lists"
    __table_args__ = (sa.UniqueConstraint("region_code", "category"),)

    id: Mapped[Key]
    region_code: Mapped[RegionCode] = mapped_column(sa.ForeignKey("regions.code"))
    category: Mapped[ProjectCategory]
    names: Mapped[list[str]]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
