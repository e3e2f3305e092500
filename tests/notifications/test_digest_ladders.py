"""The digest under ladders that regions chose: announced once, merged after a pause, moved to another hour."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa

from tests.factories import World, make_task
from tests.notifications.test_digest import FRIDAY, days_with_a_new_digest, digests, morning
from tests.notifications.test_digest_heads import choose, late_task
from tracker import clock
from tracker.jobs.runner import run_job
from tracker.jobs.schedule import TIMETABLE
from tracker.models import ReminderLadder, db
from tracker.notifications.digest import queue_digests
from tracker.rules.ladders import DEFAULT, Ladder

JOB = next(each for each in TIMETABLE if each.name == "queue_digests")
LADDERS = [
    DEFAULT,
    Ladder(days_before=(30, 10, 3), day_after=5, repeat_every=14),
    Ladder(days_before=(), day_after=3, repeat_every=2),
    Ladder(days_before=(90, 60), day_after=1, repeat_every=30),
]


@pytest.mark.parametrize("ladder", LADDERS)
@pytest.mark.parametrize("days_late", [-8, 6, 45])
def test_a_task_registered_late_is_announced_once_and_not_skipped(world: World, ladder: Ladder, days_late: int) -> None:
    choose("360732", ladder)
    late_task(world, days_late)
    asked = days_late > 0 or bool(ladder.days_before)
    assert queue_digests(morning())[0] == (2 if asked else 0)
    assert queue_digests(morning() + timedelta(hours=3))[0] == 0


@pytest.mark.parametrize("ladder", LADDERS)
def test_steps_missed_while_the_machine_was_down_merge_into_one_mail(world: World, ladder: Ladder) -> None:
    choose("3607", ladder)
    for days_late in (40, 20, 9, 8, 7, 6):
        late_task(world, days_late)
    queue_digests(morning())
    mails = digests(world.staff)
    assert len(mails) == 1
    assert mails[0].subject.startswith("【督办】6项逾期｜")
    assert len(mails[0].items) == 6


def test_an_own_ladder_is_announced_on_its_own_days(world: World) -> None:
    choose("360732", Ladder(days_before=(12, 5), day_after=2, repeat_every=6))
    # A Wednesday: 12 and 5 before and 2 after are Fridays, 8 after is a Thursday, 14 after a Wednesday.
    task = make_task(world.plan, lead=[world.finance], due_on=date(2026, 5, 27))
    assert days_with_a_new_digest(world, task, 15) == [-12, -5, 2, 8, 14]


def test_an_hour_that_is_moved_forward_makes_no_second_digest_on_that_day(world: World) -> None:
    choose("360732", Ladder(sends_at=time(10, 30)))
    late_task(world, 1)
    assert queue_digests(clock.at_office(FRIDAY, 10))[0] == 2
    db.session.execute(sa.update(ReminderLadder).values(sends_at=time(9)))
    late_task(world, 3, title="其后登记")
    assert queue_digests(clock.at_office(FRIDAY, 11)) == (0, 0)
    assert len(digests(world.staff)) == 1
    # What came too late for today stands in the next mail.
    assert queue_digests(morning(date(2026, 3, 9)))[0] == 2
    assert "其后登记" in digests(world.staff)[-1].text


def test_the_task_of_a_county_goes_by_its_own_ladder_and_not_by_that_of_its_reader(world: World) -> None:
    choose("36", Ladder(days_before=(90,)))
    choose("360732", Ladder(days_before=(3,)))
    late_task(world, -20)
    assert queue_digests(morning()) == (0, 0)
    db.session.execute(sa.delete(ReminderLadder).where(ReminderLadder.region_code == "360732"))
    assert queue_digests(morning())[0] == 2


def test_the_job_sends_once_though_the_hour_is_moved_before_or_after_it_ran(world: World) -> None:
    choose("360732", Ladder(sends_at=time(10, 30)))
    late_task(world, 1)

    def mails_after(day: date, hour: int, minute: int = 0) -> int:
        db.session.commit()
        run_job(JOB, clock.at_office(day, hour, minute))
        return len(digests(world.staff))

    assert mails_after(FRIDAY, 10) == 0
    choose("360732", Ladder(sends_at=time(9)))
    assert mails_after(FRIDAY, 10, 1) == 1
    late_task(world, 3)
    assert mails_after(FRIDAY, 10, 30) == 1
    choose("360732", Ladder(sends_at=time(15)))
    assert mails_after(FRIDAY, 15) == 1
    choose("360732", Ladder(sends_at=time(9)))
    monday = FRIDAY + timedelta(days=3)
    assert mails_after(monday, 8, 59) == 1
    assert mails_after(monday, 9) == 2
