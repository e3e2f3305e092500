"""Marks on the database itself: what it is, not what it holds."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, Code

DEMONSTRATION = "demonstration"
# The id of the event by which somebody said last that the clock is right.
CLOCK_ACCEPTED = "clock_accepted"
# How often the sender has run; a copy of the database that lags behind the file beside it was restored.
SENDER_RUNS = "sender_runs"
# When it ran last, in ISO 8601: people and other jobs are at work in a restored database too, this tells them apart.
SENDER_RAN_AT = "sender_ran_at"
# The SHA-256 of the framework files that were read last: a start reads them again only where they changed.
FRAMEWORKS_READ = "frameworks_read"


class Mark(Base):
    """A fact about the whole database, such as that its progress is invented."""

    __tablename__ = "marks"

    name: Mapped[Code] = mapped_column(primary_key=True)
    value: Mapped[str]
