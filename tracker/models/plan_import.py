"""Imports of plans (导入): a document that was read, what was understood of it row by row, and what became of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from tracker.models.account import Account
from tracker.models.base import Base, Code, Key, Name, RegionCode, kept_as_text
from tracker.models.plan import Plan
from tracker.models.task import Task
from tracker.models.unit import Unit
from tracker.rules.reading.papers import PaperKind
from tracker.rules.unit_kinds import UnitKind


class ImportState(StrEnum):
    """核对中、已导入、已撤回、已放弃; an open one has stored nothing of a plan yet."""

    OPEN = "open"
    ADOPTED = "adopted"
    WITHDRAWN = "withdrawn"
    DROPPED = "dropped"


class PlanImport(Base):
    """A document on its way to a plan, for one region.

    ``digest`` is the SHA-256 of the file or the pasted text: one region takes the same one once (open or adopted).
    ``against_id`` is the plan that stands and that a re-issue is compared with, ``plan_id`` the one that came of it.
    ``head`` holds what the document says of itself and the code that the plan gets, ``parts`` its goals, phases,
    indicators, vetoes, headings and doubts (``documents/draft_words.py``), ``paper`` the blocks of the document and the
    notes of the reader (``documents/paper.py``).
    """

    __tablename__ = "plan_imports"
    __table_args__ = (
        sa.Index(
            "uq_plan_imports_digest",
            "region_code",
            "digest",
            unique=True,
            sqlite_where=sa.text("state IN ('open', 'adopted')"),
            postgresql_where=sa.text("state IN ('open', 'adopted')"),
        ),
        sa.Index("ix_plan_imports_region", "region_code", "created_at"),
    )

    id: Mapped[Key]
    region_code: Mapped[RegionCode] = mapped_column(sa.ForeignKey("regions.code"))
    digest: Mapped[str] = mapped_column(sa.String(64))
    file_name: Mapped[Name]
    kind: Mapped[PaperKind] = mapped_column(kept_as_text(PaperKind))
    head: Mapped[dict[str, Any]]
    parts: Mapped[dict[str, Any]] = deferred(mapped_column(sa.JSON, nullable=False))
    paper: Mapped[dict[str, Any]] = deferred(mapped_column(sa.JSON, nullable=False))
    state: Mapped[ImportState] = mapped_column(kept_as_text(ImportState), default=ImportState.OPEN)
    against_id: Mapped[int | None] = mapped_column(sa.ForeignKey("plans.id", ondelete="SET NULL"), index=True)
    plan_id: Mapped[int | None] = mapped_column(sa.ForeignKey("plans.id", ondelete="SET NULL"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    created_at: Mapped[datetime]
    adopted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    adopted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    rows: Mapped[list[ImportRow]] = relationship(
        back_populates="batch", order_by="ImportRow.position", cascade="all, delete-orphan"
    )
    names: Mapped[list[ImportName]] = relationship(
        back_populates="batch", order_by="ImportName.id", cascade="all, delete-orphan"
    )
    against: Mapped[Plan | None] = relationship(foreign_keys=[against_id])
    plan: Mapped[Plan | None] = relationship(foreign_keys=[plan_id])
    created_by: Mapped[Account | None] = relationship(foreign_keys=[created_by_id])
    adopted_by: Mapped[Account | None] = relationship(foreign_keys=[adopted_by_id])


class ImportRow(Base):
    """A task as it was understood, and as the office mended it; ``words`` as ``documents/draft_words.py`` writes them.

    ``first_words`` are those of the recogniser, None for a row that a person added. ``block`` and ``block_row`` are its
    place in the paper. ``task_id`` is the task that it matches in the plan that stands, or that came of it;
    ``task_version`` that task's version right after the adoption, ``before`` its words before it.
    """

    __tablename__ = "import_rows"
    __table_args__ = (
        sa.Index("ix_import_rows_import", "import_id", "position"),
        sa.UniqueConstraint("import_id", "key"),
    )

    id: Mapped[Key]
    import_id: Mapped[int] = mapped_column(sa.ForeignKey("plan_imports.id", ondelete="CASCADE"))
    position: Mapped[int]
    key: Mapped[Code]
    words: Mapped[dict[str, Any]]
    first_words: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    block: Mapped[int | None]
    block_row: Mapped[int | None]
    source: Mapped[Name]
    sentence: Mapped[str]
    dropped: Mapped[bool] = mapped_column(default=False)
    accepted: Mapped[bool] = mapped_column(default=True)
    task_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tasks.id", ondelete="SET NULL"), index=True)
    task_version: Mapped[int | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    batch: Mapped[PlanImport] = relationship(back_populates="rows")
    task: Mapped[Task | None] = relationship()


class ImportName(Base):
    """A unit's name in the document, and what the office says it means: a known unit, or a new one of a kind.

    While neither is said the import cannot be adopted: no unit is made silently.
    """

    __tablename__ = "import_names"
    __table_args__ = (
        sa.UniqueConstraint("import_id", "name"),
        sa.CheckConstraint("unit_id IS NULL OR new_kind IS NULL", name="known_or_new"),
    )

    id: Mapped[Key]
    import_id: Mapped[int] = mapped_column(sa.ForeignKey("plan_imports.id", ondelete="CASCADE"))
    name: Mapped[Name]
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"), index=True)
    new_kind: Mapped[UnitKind | None] = mapped_column(kept_as_text(UnitKind, "new_kind"))
    new_name: Mapped[Name | None]

    batch: Mapped[PlanImport] = relationship(back_populates="names")
    unit: Mapped[Unit | None] = relationship()
