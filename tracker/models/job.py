"""Runs of jobs: one row per job and period, claimed before the work."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from tracker.models.base import Base, Code, Key

WRONG_CLOCK = "wrong_clock"


class JobRun(Base):
    """A job ran for a period. An unfinished row whose lease has passed is claimed again.

    The row of the period ``WRONG_CLOCK`` says that the job was refused; the next run by a right clock removes it.
    """

    __tablename__ = "job_runs"
    __table_args__ = (sa.UniqueConstraint("job", "period"),)

    id: Mapped[Key]
    job: Mapped[Code]
    period: Mapped[Code]
    started_at: Mapped[datetime]
    lease_until: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    result: Mapped[str | None]
    error: Mapped[str | None]
