"""Two schedulers on one database: what one does the other does not do again, and where one dies the other goes on."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.conftest import Templates
from tests.factories import World
from tests.torture.conftest import FULL, Keep, copied
from tests.torture.counts import Count, rows
from tests.torture.processes import Nursery, Place, Sender, until
from tests.torture.server import Server
from tests.torture.snapshots import differences, keys_before, snapshot
from tests.torture.test_killed_jobs import EVENING, work_for_every_job
from tracker.jobs.leadership import LOCK
from tracker.jobs.schedule import TIMETABLE
from tracker.models import JobRun, db
from tracker.models.engine import reading_only

ROUNDS = 50 if FULL else 5
DAY = timedelta(days=1)
MOST_SECONDS_WITHOUT = 60
SOON = 0.01
BEGINNING_SECONDS = 5


def test_two_schedulers_at_the_same_second_do_the_work_of_one(
    app: Flask,
    database: str,
    nursery: Nursery,
    templates: Templates,
    place: Place,
    world: World,
    server: Server,
    keep: Keep,
    tmp_path: Path,
) -> None:
    """Every job, round after round, each round a day later; then compared with one scheduler alone."""
    work_for_every_job(world)
    before = keys_before()
    with copied(nursery, templates, app, database, tmp_path / "alone") as (other, alone, alone_server):
        with alone.sender() as sender:
            rounds_of(sender)
        with other.app_context():
            expected = snapshot(before)
    with place.sender() as first, place.sender() as second:
        rounds_of(first, second)
    assert differences(expected, snapshot(before)) == []
    assert len(server.kept) == len(alone_server.kept) > 0
    ids = [each.message_id for each in server.kept]
    digests = [mail for mail in rows() if mail.kind == "digest"]
    assert len({mail.reason for mail in digests}) == len(digests)
    renamed = len(set(ids) - {mail.message_id for mail in rows()})
    lost = len({mail.message_id for mail in rows()} - set(ids))
    note = f"{ROUNDS} rounds, {run_count()} runs kept"
    keep("T092 two schedulers at once", Count(len(rows()), lost, len(ids) - len(set(ids)), renamed), note=note)


def rounds_of(*schedulers: Sender) -> None:
    """Every job on so many days, in all the processes at the same instant."""
    for number in range(ROUNDS):
        for job in TIMETABLE:
            at = time.monotonic() + SOON
            for each in schedulers:
                each.tell(job.name, EVENING + number * DAY, at=at)
            for each in schedulers:
                assert each.heard()["error"] is None, f"{job.name}: {each.printed()}"


def run_count() -> int:
    """How many runs the ledger of jobs has; by its key each (job, period, region) stands once."""
    with reading_only():
        found = db.session.scalar(sa.select(sa.func.count()).select_from(JobRun)) or 0
        db.session.rollback()
    return found


def test_another_process_leads_soon_after_the_leader_was_killed(place: Place, keep: Keep) -> None:
    with place.sender() as first, place.sender() as second:
        first.tell("lead")
        assert first.heard() == {"leads": True}
        second.tell("lead")
        first.kill()
        begun = time.monotonic()
        assert second.heard(MOST_SECONDS_WITHOUT) == {"leads": True}
        seconds = time.monotonic() - begun
    keep("take-over of a killed leader", Count(0, 0, 0, 0), kills=1, note=f"after {seconds:.1f} s of asking")


@pytest.mark.skipif(not FULL, reason="a scheduler wakes once a minute")
@pytest.mark.parametrize("database", ["postgres"])
def test_a_whole_scheduler_takes_over_within_a_minute(place: Place, keep: Keep) -> None:
    """Real schedulers, which ask whether anybody leads when they wake."""
    names = ("first", "second")
    with (
        place.server("--scheduler-only", PGAPPNAME=names[0]) as first,
        place.server("--scheduler-only", PGAPPNAME=names[1]) as second,
    ):
        schedulers = dict(zip(names, (first, second), strict=True))
        leader = until(leading, said="one leads")
        until(lambda: all("at work" in each.printed() for each in schedulers.values()), said="both are at work")
        # The other asked when it began, and was refused: it asks again when it wakes.
        time.sleep(BEGINNING_SECONDS)
        other = next(name for name in names if name != leader)
        schedulers[leader].kill()
        begun = time.monotonic()
        until(lambda: leading() == other, MOST_SECONDS_WITHOUT + 5, f"{other} leads")
        seconds = time.monotonic() - begun
    assert seconds <= MOST_SECONDS_WITHOUT
    keep("take-over by a whole scheduler", Count(0, 0, 0, 0), kills=1, note=f"after {seconds:.0f} s")


def leading() -> str:
    """The name of the process that leads on PostgreSQL, empty where none does."""
    holders = sa.text(
        "SELECT application_name FROM pg_stat_activity JOIN pg_locks USING (pid)"
        " WHERE locktype = 'advisory' AND granted AND objid = :lock"
    )
    found = db.session.scalar(holders, {"lock": LOCK})
    db.session.rollback()
    return found or ""
