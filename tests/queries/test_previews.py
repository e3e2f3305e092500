"""What the page of the reminders shows before is what the job sends after."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from tests.factories import World, make_account, make_task, make_unit
from tests.notifications.test_digest import morning
from tests.notifications.test_digest_heads import choose, make_head
from tests.visit import counted_queries
from tracker import clock
from tracker.actions.ladders import save_ladder, set_quiet_days
from tracker.actions.record import Actor
from tracker.jobs import queue_digests as job
from tracker.jobs.runner import run_job
from tracker.jobs.schedule import TIMETABLE
from tracker.models import OutboxMail, Task, db
from tracker.queries.ladders import ladder_row, ladders, quiet_rows
from tracker.queries.previews import Preview, preview
from tracker.rules.ladders import Ladder
from tracker.rules.quiet import SendingDay

COUNTY = "360732"
THURSDAY = date(2026, 3, 5)
FRIDAY = date(2026, 3, 6)
EVENING = clock.at_office(THURSDAY, 18)
JOB = next(each for each in TIMETABLE if each.name == "queue_digests")
TYPED = Ladder(days_before=(40, 20, 3), day_after=4, repeat_every=2, head_after=5, sends_at=time(16))


def send_on(day: date) -> None:
    """Let the job make the digests of a day."""
    db.session.commit()
    assert run_job(JOB, morning(day)).error is None


def fill(world: World) -> None:
    """Tasks at every distance from their deadlines, some of them announced yesterday, and a head."""
    make_head(world.finance)
    world.housing.mailbox = "housing@example.test"
    lonely = make_unit("审计局")
    for days in (*range(-45, 25, 3), 100):
        due_on = FRIDAY + timedelta(days=days)
        make_task(world.plan, lead=[world.finance], due_on=due_on)
        make_task(world.plan, responsible=[world.housing, lonely], due_on=due_on)
    world.housing_staff.disabled_at = morning()
    send_on(THURSDAY)
    for days in range(-20, 20, 4):
        make_task(world.plan, lead=[world.finance, world.education], due_on=FRIDAY + timedelta(days=days))
    db.session.flush()


def seen(now: datetime, typed: Ladder | None = None, region: str = COUNTY) -> Preview:
    """The preview of a region."""
    return preview(region, now, ladders(), quiet_rows(region, clock.office_day(now)), typed)


def promised(found: Preview) -> dict[str, list[tuple[int, date | None, date | None]]]:
    """Of each address of a preview the tasks with the deadline and the step that the mail would announce."""
    return {
        each.recipient.address: sorted((ask.task_id, ask.due_on, ask.step_on) for ask in each.asks)
        for each in found.digests
    }


def queued_on(day: date) -> dict[str, list[tuple[int, date | None, date | None]]]:
    """The same of the mails that the job has queued on a day."""
    db.session.flush()
    mails = db.session.scalars(sa.select(OutboxMail).where(OutboxMail.reason.endswith(day.isoformat())))
    return {
        mail.address: sorted((item.task_id, item.due_on or day, item.step_on or day) for item in mail.items)
        for mail in mails
    }


@pytest.mark.parametrize("typed", [None, TYPED, Ladder(days_before=(), head_after=None)])
def test_what_is_previewed_is_what_the_job_sends(world: World, typed: Ladder | None) -> None:
    fill(world)
    found = seen(EVENING, typed)
    assert found.day == FRIDAY
    assert db.session.scalar(sa.select(sa.func.count()).where(OutboxMail.reason.endswith("2026-03-06"))) == 0
    if typed:
        assert ladder_row(COUNTY) is None
        save_ladder(Actor(), COUNTY, typed, 0, clock.at_office(THURSDAY, 17))
    at = clock.at_office(FRIDAY, found.ladder.sends_at.hour)
    assert COUNTY in job.regions(at)
    job.run(at, job.regions(at))
    assert promised(found) == queued_on(FRIDAY)
    assert len(promised(found)) > 2


def test_before_its_hour_the_mail_of_today_is_the_next_unless_it_was_sent(world: World) -> None:
    make_task(world.plan, lead=[world.finance], due_on=THURSDAY)
    early, late = clock.at_office(THURSDAY, 8), clock.at_office(THURSDAY, 9, 1)
    assert (seen(early).day, seen(early).before, seen(early).is_due) == (THURSDAY, [], False)
    found = seen(early)
    send_on(THURSDAY)
    assert promised(found) == queued_on(THURSDAY)
    assert seen(late).day == FRIDAY
    # The hour is moved to the afternoon after the mail of the day has gone.
    choose(COUNTY, Ladder(sends_at=time(15)))
    assert seen(late).day == FRIDAY


def test_an_hour_that_has_passed_unsent_is_made_up_for_today(world: World) -> None:
    choose(COUNTY, Ladder(sends_at=time(20)))
    make_task(world.plan, lead=[world.finance], due_on=THURSDAY)
    db.session.commit()
    afternoon, typed = clock.at_office(THURSDAY, 15), Ladder(sends_at=time(14))
    assert COUNTY not in job.regions(afternoon)
    found = seen(afternoon, typed)
    assert (found.day, found.before, found.is_due) == (THURSDAY, [], True)
    save_ladder(Actor(), COUNTY, typed, 1, afternoon)
    send_at = afternoon + timedelta(minutes=1)
    db.session.commit()
    assert run_job(JOB, send_at).error is None
    assert promised(found) == queued_on(THURSDAY)
    assert len(promised(found)) == 2
    assert (seen(send_at).day, seen(send_at).is_due) == (FRIDAY, False)


def test_the_preview_skips_rest_days_and_quiet_days_and_says_so(world: World) -> None:
    send_on(FRIDAY)
    make_task(world.plan, lead=[world.finance], due_on=date(2026, 3, 6))
    assert (seen(clock.at_office(FRIDAY, 17)).day, seen(clock.at_office(FRIDAY, 17)).before) == (
        date(2026, 3, 9),
        [SendingDay.REST] * 2,
    )
    set_quiet_days(Actor(), "36", date(2026, 3, 9), date(2026, 3, 10), "两会", morning())
    found = seen(clock.at_office(FRIDAY, 17))
    assert (found.day, found.before) == (date(2026, 3, 11), [SendingDay.REST] * 2 + [SendingDay.QUIET] * 2)
    assert len(found.digests) == 2


def test_units_that_nobody_is_reached_in_and_those_without_a_head_are_named(world: World) -> None:
    send_on(THURSDAY)
    make_unit_task(world, 20)
    found = seen(EVENING)
    assert found.unreached == ["审计局"]
    assert found.headless == ["审计局", "财政局"]
    make_head(world.finance)
    assert seen(EVENING).headless == ["审计局"]


def make_unit_task(world: World, days_late: int) -> Task:
    """A late task of a unit without people and of one with some."""
    unit = make_unit("审计局")
    return make_task(world.plan, lead=[unit, world.finance], due_on=FRIDAY - timedelta(days=days_late))


def test_a_wider_region_sees_the_people_who_follow_it_and_no_others(world: World) -> None:
    send_on(THURSDAY)
    make_task(world.plan, lead=[world.finance], due_on=FRIDAY)
    province = make_account(world.staff.role, region="36", units=[world.finance])
    assert {each.recipient.account_id for each in seen(EVENING, region="36").digests} == {
        world.staff.id,
        world.staff2.id,
        province.id,
    }
    choose(COUNTY, Ladder())
    assert [each.recipient.account_id for each in seen(EVENING, region="36").digests] == [province.id]
    assert len(seen(EVENING).digests) == 2


def test_a_preview_takes_the_same_few_questions_however_many_people(world: World) -> None:
    send_on(THURSDAY)
    for _ in range(30):
        unit = make_unit()
        make_account(world.staff.role, units=[unit])
        make_task(world.plan, lead=[unit], due_on=FRIDAY)
    db.session.flush()
    stored, quiet = ladders(), quiet_rows(COUNTY, THURSDAY)
    with counted_queries() as statements:
        assert len(preview(COUNTY, EVENING, stored, quiet).digests) == 30
    assert len(statements) == 7
