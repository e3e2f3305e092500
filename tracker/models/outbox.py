"""The outbox: mails written in the transaction of their cause, sent later."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, Key, Name, RegionCode


class MailState(StrEnum):
    """queued → leased → sent, or back to queued, or dead; a mail that lost its reason is dropped, a newer digest supersedes an older."""

    QUEUED = "queued"
    LEASED = "leased"
    SENT = "sent"
    DEAD = "dead"
    DROPPED = "dropped"
    SUPERSEDED = "superseded"


class OutboxMail(Base):
    """One mail to one recipient. ``reason`` names kind, person and period and is unique; the Message-ID is fixed here."""

    __tablename__ = "outbox_mails"
    __table_args__ = (sa.Index("ix_outbox_mails_due", "state", "not_before", "id"), sa.Index("ix_outbox_mails_account", "account_id", "kind", "state"))

    id: Mapped[Key]
    kind: Mapped[Name]
    reason: Mapped[Name] = mapped_column(unique=True)
    region_code: Mapped[RegionCode]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    address: Mapped[str] = mapped_column(sa.String(254))
    message_id: Mapped[Name] = mapped_column(unique=True)
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    task_ids: Mapped[list[int]]
    state: Mapped[MailState] = mapped_column(default=MailState.QUEUED)
    queued_at: Mapped[datetime]
    not_before: Mapped[datetime]
    expires_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    last_answer: Mapped[str | None]
