"""Runs of jobs: one row per job, period and region, claimed before the work."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, Code, Key, RegionCode

WRONG_CLOCK = "wrong_clock"
LATEST = "latest"


class JobRun(Base):
    """A job ran for a period, for one region or with an empty code for all.

    An unfinished row whose lease has passed is claimed again.
    The row of the period ``LATEST`` is the sign of life of what wakes every minute: ``started_at`` when it last did,
    ``finished_at`` when all was last well.
    The row of the period ``WRONG_CLOCK`` says that the job was refused; the next run by a right clock removes it.
    """

    __tablename__ = "job_runs"
    __table_args__ = (sa.UniqueConstraint("job", "period", "region_code"),)

    id: Mapped[Key]
    job: Mapped[Code]
    period: Mapped[Code]
    region_code: Mapped[RegionCode] = mapped_column(default="", server_default="")
    started_at: Mapped[datetime]
    lease_until: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    result: Mapped[str | None]
    error: Mapped[str | None]
