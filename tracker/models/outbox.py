"""The outbox: mails written in the transaction of their cause, sent later."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.account import Account
from tracker.models.base import Base, Key, Name, RegionCode
from tracker.models.robot import Robot
from tracker.models.task import Task

# The kind of mail that holds a link for which its owner waits now, and no later.
PASSWORD_RESET = "password_reset"
# What a mail that found no working server until its last day keeps as its answer.
EXPIRED = "expired"
# What a mail keeps that could not be written: its address, the sender's or its words were at fault.
UNREADABLE = "unreadable"


# What a mail keeps that asks nothing of its recipient any more.
NOTHING_LEFT = "nothing_left"
# What a mail keeps that somebody took out of the queue.
TAKEN_OUT = "taken_out"
# What a mail keeps that waited while its outbox was held, and was given up with the hold.
GIVEN_UP = "given_up"
# What a mail keeps that waited while the server refused its address for good: it never left.
ADDRESS_REFUSED = "address_refused"


class MailState(StrEnum):
    """queued → leased → sent, queued again, or dead; dropped without its reason, superseded by a newer digest."""

    QUEUED = "queued"
    LEASED = "leased"
    SENT = "sent"
    DEAD = "dead"
    DROPPED = "dropped"
    SUPERSEDED = "superseded"


# What people did to a mail, and may undo by sending it again.
UNDONE_BY_SENDING = (TAKEN_OUT, GIVEN_UP)


class HoldReason(StrEnum):
    """Why an outbox sends nothing: a backup was restored, or somebody stopped it."""

    RESTORED = "restored"
    BY_HAND = "by_hand"


class OutboxMail(Base):
    """One mail to one recipient. ``reason`` (unique) names kind, person and period; the Message-ID is fixed here.

    With a robot it is a message to a unit's group instead, under the same rules.
    """

    __tablename__ = "outbox_mails"
    __table_args__ = (
        sa.Index("ix_outbox_mails_due", "state", "not_before", "id"),
        sa.Index("ix_outbox_mails_account", "account_id", "kind", "state"),
    )

    id: Mapped[Key]
    kind: Mapped[Name]
    reason: Mapped[Name] = mapped_column(unique=True)
    region_code: Mapped[RegionCode]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    robot_id: Mapped[int | None] = mapped_column(sa.ForeignKey("robots.id"), index=True)
    address: Mapped[str] = mapped_column(sa.String(254))
    message_id: Mapped[Name] = mapped_column(unique=True)
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    state: Mapped[MailState] = mapped_column(default=MailState.QUEUED)
    queued_at: Mapped[datetime]
    not_before: Mapped[datetime]
    expires_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    last_answer: Mapped[str | None]

    @property
    def may_be_resent(self) -> bool:
        """Whether people may send it again: it failed, or they took it out or gave it up, and somebody waits for it."""
        if self.kind == PASSWORD_RESET:
            return False
        is_undone = self.state is MailState.DROPPED and self.last_answer in UNDONE_BY_SENDING
        return self.state is MailState.DEAD or is_undone

    account: Mapped[Account | None] = relationship()
    robot: Mapped[Robot | None] = relationship()
    items: Mapped[list[OutboxItem]] = relationship(
        back_populates="mail", order_by="OutboxItem.position", cascade="all, delete-orphan"
    )


class OutboxItem(Base):
    """A task of which a mail speaks: the deadline and the step that a digest announces, or the words of an act."""

    __tablename__ = "outbox_items"
    __table_args__ = (
        sa.Index("ix_outbox_items_task", "task_id"),
        sa.Index("ix_outbox_items_step", "step_on", "task_id"),
    )

    mail_id: Mapped[int] = mapped_column(sa.ForeignKey("outbox_mails.id", ondelete="CASCADE"), primary_key=True)
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int]
    due_on: Mapped[date | None]
    step_on: Mapped[date | None]
    old_due_on: Mapped[date | None]
    words: Mapped[str | None]

    mail: Mapped[OutboxMail] = relationship(back_populates="items")
    task: Mapped[Task] = relationship()


class OutboxHold(Base):
    """Nothing is sent at or below a region until an administrator lets it go on."""

    __tablename__ = "outbox_holds"

    region_code: Mapped[RegionCode] = mapped_column(primary_key=True)
    reason: Mapped[HoldReason]
    held_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))


class RefusedAddress(Base):
    """An address that a mail server refused for good: nobody is asked through it until it is cleared or replaced."""

    __tablename__ = "refused_addresses"

    address: Mapped[str] = mapped_column(sa.String(254), primary_key=True)
    answer: Mapped[str]
    refused_at: Mapped[datetime]
