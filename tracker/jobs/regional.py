"""Run a regional job: many regions in one transaction, none stopped by another.

Beside the rows of the regions stands one of the period ``latest`` for all: its ``started_at`` is the job's sign of
life, its ``finished_at`` the last time when nothing was amiss.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from tracker.jobs.claims import claim, keep
from tracker.jobs.job import JobFailed, Outcome, RegionalJob, error_of
from tracker.models import LATEST, db
from tracker.queries.jobs import runs_of
from tracker.rules.timetable import sum_of

RETRY = timedelta(minutes=10)

logger = logging.getLogger(__name__)


def run_regions(job: RegionalJob, period: str, now: datetime, *, patient: bool) -> Outcome:
    """Serve the regions that are due and not served; commits. The patient leave alone what failed a short while ago."""
    due = due_regions(job, period, now, patient=patient)
    db.session.rollback()
    results: dict[str, str] = {}
    for first in range(0, len(due), job.batch):
        results |= _serve(job, period, now, due[first : first + job.batch])
    total = _total(results)
    failing = [run for run in runs_of(job.name, period) if run.error and not run.finished_at]
    error = f"regions_failed={len(failing)} {failing[0].error}" if failing else None
    if failing:
        keep(job.name, LATEST, now, result=total, error=error)
    else:
        keep(job.name, LATEST, now, result=total, error=None, finished_at=now)
    db.session.commit()
    if results:
        logger.info("job %s %s: %s", job.name, period, total)
    return Outcome(period, result=total, error=error)


def due_regions(job: RegionalJob, period: str, now: datetime, *, patient: bool = False) -> list[str]:
    """The due regions without those that were served or, for the patient, failed a short while ago."""
    regions = job.regions(now)
    if not regions:
        return []
    settled = {
        run.region_code
        for run in runs_of(job.name, period)
        if run.finished_at or (patient and run.error and abs(now - run.started_at) < RETRY)
    }
    return [region for region in regions if region not in settled]


def _serve(job: RegionalJob, period: str, now: datetime, regions: list[str]) -> dict[str, str]:
    """Serve regions in one transaction, or, where that fails, each in its own; the results of those that worked."""
    try:
        mine = claim(job.name, period, now, regions)
        said = job.run(now, mine) if mine else {}
        results = {region: said[region] for region in mine}
        for result, alike in _alike(results).items():
            keep(job.name, period, now, alike, result=result, error=None, finished_at=now)
        db.session.commit()
    except Exception as error:
        db.session.rollback()
        if len(regions) == 1:
            _keep_error(job.name, period, now, regions[0], error)
            return {}
        logger.warning("job %s %s: a batch of %d regions is repeated one by one", job.name, period, len(regions))
        served = [_serve(job, period, now, [region]) for region in regions]
        return {region: result for each in served for region, result in each.items()}
    return results


def _keep_error(name: str, period: str, now: datetime, region: str, error: Exception) -> None:
    """Keep the error of a region in its row, free for the next try. Raises where the database takes nothing."""
    logger.error("job %s %s, region %r: %s", name, period, region, error, exc_info=not isinstance(error, JobFailed))
    keep(name, period, now, [region], error=error_of(error), lease_until=now)
    db.session.commit()


def _alike(results: Mapping[str, str]) -> dict[str, list[str]]:
    """The regions by their result: rows that say the same are written together."""
    alike: dict[str, list[str]] = defaultdict(list)
    for region, result in results.items():
        alike[result].append(region)
    return alike


def _total(results: Mapping[str, str]) -> str | None:
    """How many regions were served and what came of them together, None where none was."""
    return f"regions={len(results)} {sum_of(results.values())}" if results else None
