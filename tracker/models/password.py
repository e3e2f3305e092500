"""Passwords of the past, so that none comes back, and the links that let a person choose a new one."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.account import Account
from tracker.models.base import Base, Key


class OldPassword(Base):
    """The hash of a password that an account had; the newest few may not be chosen again."""

    __tablename__ = "old_passwords"
    __table_args__ = (sa.Index("ix_old_passwords_account", "account_id", "id"),)

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"))
    password_hash: Mapped[str]
    at: Mapped[datetime]


class PasswordReset(Base):
    """A mailed link to choose a new password, known by the hash of its token; it works once and not for long."""

    __tablename__ = "password_resets"
    __table_args__ = (sa.Index("ix_password_resets_account", "account_id", "at"),)

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()
