"""Claims of jobs: a row UNIQUE in job, period and region, taken in the transaction of the work.

A run that is killed leaves nothing behind and the next begins from scratch; of two at once one waits for the other and
finds it done.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.models import LATEST, JobRun, db
from tracker.models.once import insert_once

LEASE = timedelta(minutes=30)
EVERYWHERE = ("",)
"""The one region of a claim for all together."""


def claim(job: str, period: str, now: datetime, regions: Sequence[str] = EVERYWHERE) -> list[str]:
    """Take a period for the regions where nobody has finished or holds it; which these are.

    The regions come sorted, so that two processes never wait for each other in a circle.
    """
    lease = {"started_at": now, "lease_until": now + LEASE}
    taken = set(db.session.scalars(_rows(job, period, regions, lease).returning(JobRun.region_code)))
    if len(taken) < len(regions):
        left = sa.update(JobRun).where(
            *_of(job, period, regions), JobRun.finished_at.is_(None), JobRun.lease_until <= now
        )
        again = left.values(**lease).returning(JobRun.region_code).execution_options(synchronize_session=False)
        taken |= set(db.session.scalars(again))
    return [region for region in regions if region in taken]


def keep(job: str, period: str, now: datetime, regions: Sequence[str] = EVERYWHERE, **values: object) -> None:
    """Write what came of a run into its rows, which a job without a claim gets here; what was finished stays."""
    db.session.execute(_rows(job, period, regions, {"started_at": now, "lease_until": now}))
    db.session.execute(
        sa.update(JobRun)
        .where(*_of(job, period, regions), sa.or_(JobRun.finished_at.is_(None), JobRun.period == LATEST))
        .values(started_at=now, **values)
        .execution_options(synchronize_session=False)
    )


def _rows(job: str, period: str, regions: Sequence[str], values: dict[str, Any]) -> Any:
    rows = [{"job": job, "period": period, "region_code": region, **values} for region in regions]
    return insert_once(JobRun).values(rows)


def _of(job: str, period: str, regions: Sequence[str]) -> list[sa.ColumnElement[bool]]:
    return [JobRun.job == job, JobRun.period == period, JobRun.region_code.in_(regions)]
