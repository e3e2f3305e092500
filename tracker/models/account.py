"""People, their units, their login sessions and the count of failed attempts."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base, Code, Key, Name, RegionCode
from tracker.models.unit import Unit
from tracker.rules.permissions import Role
from tracker.rules.routing import Duty


class Account(Base):
    """An account. It has one role, or none until the security administrator grants it; region '' is the country."""

    __tablename__ = "accounts"

    id: Mapped[Key]
    username: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    role: Mapped[Role | None]
    region_code: Mapped[RegionCode]
    email: Mapped[str | None] = mapped_column(sa.String(254))
    phone: Mapped[str | None] = mapped_column(sa.String(40))
    password_hash: Mapped[str]
    password_changed_at: Mapped[datetime | None]
    must_change_password: Mapped[bool] = mapped_column(default=True)
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    units: Mapped[list[Unit]] = relationship(secondary="account_units", order_by=Unit.id)


class AccountUnit(Base):
    """A person works for a unit, and what they are to it."""

    __tablename__ = "account_units"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), primary_key=True, index=True)
    duty: Mapped[Duty] = mapped_column(default=Duty.STAFF, server_default=Duty.STAFF.value)


class LoginSession(Base):
    """One sign-in on one device, known by the hash of its token; ended by the person, an administrator or time."""

    __tablename__ = "login_sessions"

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    address: Mapped[Name]

    account: Mapped[Account] = relationship()


class LoginAttempt(Base):
    """A failed sign-in, counted by account and by address; kept in the database so that a restart forgives nothing."""

    __tablename__ = "login_attempts"
    __table_args__ = (sa.Index("ix_login_attempts_subject", "subject", "at"),)

    id: Mapped[Key]
    subject: Mapped[Name]
    at: Mapped[datetime]
