"""Jobs that are killed anywhere and run again leave the same rows and mails as one run that nobody disturbed."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from flask import Flask

from tests.conftest import Templates
from tests.factories import World, make_account, make_task, make_unit
from tests.torture.conftest import FULL, Keep, copied
from tests.torture.counts import count, rows
from tests.torture.processes import Nursery, Place
from tests.torture.scenes import AFTER_LEASE, FRIDAY
from tests.torture.server import Server
from tests.torture.snapshots import differences, keys_before, snapshot
from tracker import clock
from tracker.jobs.job import Period
from tracker.jobs.schedule import TIMETABLE
from tracker.models import db
from tracker.rules.permissions import Role
from tracker.rules.rhythms import Rhythm

KILLS = 10 if FULL else 2
# Everything is due on a Friday evening.
EVENING = clock.at_office(FRIDAY, 17)
# What sends, each minute, and goes on from where it was.
SENDING = {job.name for job in TIMETABLE if job.period is Period.EACH_TIME}


def work_for_every_job(world: World, units: int = 6) -> None:
    """Late tasks, tasks about to be late and tasks with a rhythm, in several units, committed."""
    for number in range(units):
        unit = make_unit()
        make_task(world.plan, lead=[unit], due_on=FRIDAY + timedelta(days=number - 3))
        make_task(world.plan, lead=[unit], rhythm=Rhythm.MONTHLY, rhythm_parts=1, rhythm_from=date(2026, 1, 1))
        for _ in range(2):
            make_account(Role.UNIT_STAFF, units=[unit])
    db.session.commit()


def test_jobs_that_are_killed_and_run_again_leave_what_one_clean_run_leaves(
    app: Flask,
    database: str,
    nursery: Nursery,
    templates: Templates,
    place: Place,
    world: World,
    server: Server,
    chance: Random,
    keep: Keep,
    tmp_path: Path,
) -> None:
    work_for_every_job(world)
    before = keys_before()
    with copied(nursery, templates, app, database, tmp_path / "clean") as (other, clean, clean_server):
        steps = run_once(clean, EVENING)
        with other.app_context():
            expected = snapshot(before)
    assert clean_server.kept, "there are mails to send"
    kills, now = killed_again_and_again(place, steps, chance)
    found = snapshot(before)
    assert differences(expected, found) == []
    assert {each.recipient for each in server.kept} == {each.recipient for each in clean_server.kept}
    run_once(place, now)
    assert differences(found, snapshot(before)) == [], "a second run changes nothing"
    most_doubled = kills["deliver_outbox"]
    keep("T093 jobs killed, then run again", count(rows(), server.kept), kills=kills.total(), most_doubled=most_doubled)


def run_once(place: Place, now: datetime) -> dict[str, int]:
    """Run every job of the timetable once; the statements and commits of each."""
    steps = {}
    with place.sender() as sender:
        for job in TIMETABLE:
            answer = sender.do(job.name, now)
            assert answer["error"] is None, f"{job.name}: {sender.printed()}"
            steps[job.name] = int(answer["steps"])
    return steps


def killed_again_and_again(place: Place, steps: dict[str, int], chance: Random) -> tuple[Counter[str], datetime]:
    """Run every job, killed at random points before it comes to its end; how often each, and when it was done."""
    kills: Counter[str] = Counter()
    now = EVENING
    for name, all_steps in steps.items():
        # A point late in the whole is not reached again.
        furthest = max(1, all_steps // KILLS) if name in SENDING else all_steps
        for _ in range(KILLS):
            with place.sender() as sender:
                kills[name] += "stopped" in sender.do(name, now, stop_at=chance.randint(1, furthest))
            # A job that was killed has no claim left; it runs again at the same instant, since its mails tell the time.
            now += AFTER_LEASE if name in SENDING else timedelta()
        with place.sender() as sender:
            assert sender.do(name, now)["error"] is None, f"{name}: {sender.printed()}"
    return kills, now
