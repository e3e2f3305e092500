"""Building projects: the figures of a task that builds, and the schools it builds for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base, Key, Name
from tracker.models.school import School
from tracker.models.task import Task
from tracker.rules.stages import Stage
from tracker.rules.task_kinds import ProjectCategory

if TYPE_CHECKING:
    from tracker.models.node import ProjectNode


class Project(Base):
    """The figures of a project: land in 亩, areas in m², money in whole yuan; None where the plan says nothing.

    ``first_site`` is where the plan wanted it, kept once it has moved. Who builds and for how much is known later.
    """

    __tablename__ = "projects"
    __table_args__ = (
        sa.CheckConstraint("budget_yuan >= 0", name="budget_not_negative"),
        sa.CheckConstraint("contract_yuan >= 0", name="contract_not_negative"),
        sa.CheckConstraint("land_mu >= 0 AND floor_area_m2 >= 0 AND sports_area_m2 >= 0", name="areas_not_negative"),
    )

    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True)
    category: Mapped[ProjectCategory]
    site: Mapped[str | None]
    town: Mapped[Name | None]
    land_mu: Mapped[Decimal | None] = mapped_column(sa.Numeric(10, 2))
    floor_area_m2: Mapped[Decimal | None] = mapped_column(sa.Numeric(12, 2))
    sports_area_m2: Mapped[Decimal | None] = mapped_column(sa.Numeric(12, 2))
    budget_yuan: Mapped[int | None] = mapped_column(sa.BigInteger)
    first_site: Mapped[str | None]
    site_reason: Mapped[str | None]
    owner: Mapped[Name | None]
    contractor: Mapped[Name | None]
    supervisor: Mapped[Name | None]
    contract_yuan: Mapped[int | None] = mapped_column(sa.BigInteger)
    contract_from: Mapped[date | None]
    contract_until: Mapped[date | None]

    task: Mapped[Task] = relationship()
    nodes: Mapped[list[ProjectNode]] = relationship(
        back_populates="project", order_by="ProjectNode.position", cascade="all, delete-orphan"
    )
    schools: Mapped[list[ProjectSchool]] = relationship(
        back_populates="project", order_by="ProjectSchool.position", cascade="all, delete-orphan"
    )
    buildings: Mapped[list[ProjectBuilding]] = relationship(
        back_populates="project", order_by="ProjectBuilding.position", cascade="all, delete-orphan"
    )


class ProjectSchool(Base):
    """A school that a project builds or improves, with the seats and classes planned for a stage."""

    __tablename__ = "project_schools"
    __table_args__ = (
        sa.UniqueConstraint("task_id", "school_id", "stage"),
        sa.CheckConstraint("seats >= 0 AND classes >= 0", name="seats_not_negative"),
    )

    id: Mapped[Key]
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("projects.task_id", ondelete="CASCADE"))
    school_id: Mapped[int] = mapped_column(sa.ForeignKey("schools.id"), index=True)
    position: Mapped[int]
    stage: Mapped[Stage | None]
    seats: Mapped[int | None]
    classes: Mapped[int | None]

    project: Mapped[Project] = relationship(back_populates="schools")
    school: Mapped[School] = relationship()
    handovers: Mapped[list[Handover]] = relationship(
        back_populates="part", order_by="Handover.id", cascade="all, delete-orphan"
    )

    @property
    def apart(self) -> int:
        """The seats that are handed over apart."""
        return sum(each.seats for each in self.handovers)

    @property
    def rest(self) -> int | None:
        """The seats that are handed over with the project; None where none are stated."""
        return None if self.seats is None else max(self.seats - self.apart, 0)

    @property
    def is_overfull(self) -> bool:
        """Whether more seats are handed over apart than are planned."""
        return self.seats is not None and self.apart > self.seats


class Handover(Base):
    """Seats of a school that are handed over apart from the rest: when planned, when expected, when it was done."""

    __tablename__ = "handovers"
    __table_args__ = (sa.CheckConstraint("seats > 0 AND classes >= 0", name="seats_count"),)

    id: Mapped[Key]
    project_school_id: Mapped[int] = mapped_column(sa.ForeignKey("project_schools.id", ondelete="CASCADE"), index=True)
    seats: Mapped[int]
    classes: Mapped[int | None]
    planned_on: Mapped[date | None]
    expected_on: Mapped[date | None]
    handed_on: Mapped[date | None]
    note: Mapped[str | None]
    invented: Mapped[bool] = mapped_column(default=False)

    part: Mapped[ProjectSchool] = relationship(back_populates="handovers")


class ProjectBuilding(Base):
    """A building of a project where the plan divides the area by use."""

    __tablename__ = "project_buildings"
    __table_args__ = (sa.UniqueConstraint("task_id", "position"),)

    id: Mapped[Key]
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("projects.task_id", ondelete="CASCADE"))
    position: Mapped[int]
    use: Mapped[Name]
    floor_area_m2: Mapped[Decimal | None] = mapped_column(sa.Numeric(12, 2))

    project: Mapped[Project] = relationship(back_populates="buildings")
