"""Bulletins (通报): a paper with the figures of an issue, worded by the office, settled as Word and kept."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from tracker.models.base import Base, Code, Key, Name, RegionCode, kept_as_text
from tracker.models.issue import Issue
from tracker.models.searched import Searched
from tracker.rules.bulletins import BulletinKind, BulletinState


class Bulletin(Searched, Base):
    """A paper drawn from an issue; ``number`` is the 期号 that the office gives it, never a document number.

    ``plan_code`` and ``unit_names`` narrow what it speaks of. ``blocks`` are its paragraphs in their order, each
    ``{"key", "heading", "generated", "text"}``. ``reported_to``, ``sent_to`` and ``issued_to`` stand at the end of a
    brief. ``file`` is the Word file as it was settled.
    """

    __tablename__ = "bulletins"
    SEARCHED = ("title", "words")
    __table_args__ = (
        sa.Index("ix_bulletins_region", "region_code", "id"),
        sa.UniqueConstraint("region_code", "once"),
        sa.CheckConstraint("state <> 'settled' OR settled_at IS NOT NULL", name="settled_has_instant"),
    )

    id: Mapped[Key]
    region_code: Mapped[RegionCode] = mapped_column(sa.ForeignKey("regions.code"))
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issues.id"), index=True)
    kind: Mapped[BulletinKind] = mapped_column(kept_as_text(BulletinKind))
    number: Mapped[int | None]
    plan_code: Mapped[Code | None]
    unit_names: Mapped[list[str]] = mapped_column(default=list)
    title: Mapped[Name]
    addressee: Mapped[str]
    issuer: Mapped[Name]
    dated_on: Mapped[date]
    reported_to: Mapped[Name] = mapped_column(default="", server_default="")
    sent_to: Mapped[Name] = mapped_column(default="", server_default="")
    issued_to: Mapped[Name] = mapped_column(default="", server_default="")
    blocks: Mapped[list[dict[str, str]]] = mapped_column(sa.JSON, default=list)
    state: Mapped[BulletinState] = mapped_column(kept_as_text(BulletinState), default=BulletinState.DRAFT)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    made_at: Mapped[datetime]
    settled_by: Mapped[Name | None]
    settled_at: Mapped[datetime | None]
    file: Mapped[bytes | None] = deferred(mapped_column(sa.LargeBinary))
    sha256: Mapped[str | None] = mapped_column(sa.String(64))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    once: Mapped[str] = mapped_column(sa.String(64))

    issue: Mapped[Issue] = relationship()

    @property
    def words(self) -> str:
        """All its paragraphs, as it is searched by."""
        return "\n".join(block["text"] for block in self.blocks or [])
