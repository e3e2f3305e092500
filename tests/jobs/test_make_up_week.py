"""The job that makes up the week that was missed on Friday."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.factories import COUNTY, World, make_plan
from tests.visit import counted_queries
from tracker import clock
from tracker.actions.issues import freeze_week
from tracker.actions.plans import activate
from tracker.jobs.make_up_week import next_at, regions, run
from tracker.jobs.runner import run_job
from tracker.jobs.schedule import TIMETABLE
from tracker.models import Issue, JobRun, Plan, PlanState, Region, db
from tracker.rules.ladders import DEFAULT
from tracker.rules.workdays import OFFICIAL

JOBS = {job.name: job for job in TIMETABLE}
MONDAY = clock.at_office(date(2026, 3, 9), 8)


def weeks() -> list[tuple[int, date, datetime]]:
    """The issues that stand."""
    rows = db.session.execute(sa.select(Issue.number, Issue.week_on, Issue.cut_off_at).order_by(Issue.number))
    return [tuple(row) for row in rows]


def frozen_on(day: date) -> None:
    """The issue of a Friday."""
    assert freeze_week(COUNTY, clock.at_office(day, 17))
    db.session.commit()


def test_the_missed_week_is_made_up_once_under_its_monday_with_its_own_instant(world: World) -> None:
    frozen_on(date(2026, 2, 27))
    assert regions(MONDAY) == [COUNTY]
    assert run_job(JOBS["make_up_week"], MONDAY).result == "regions=1 issues=1"
    assert weeks()[1] == (2, date(2026, 3, 2), MONDAY)
    assert run_job(JOBS["make_up_week"], clock.at_office(date(2026, 3, 9), 9)).result is None
    assert run(clock.at_office(date(2026, 3, 10), 9), [COUNTY]) == {COUNTY: "issues=0"}
    friday = clock.at_office(date(2026, 3, 13), 17)
    assert run_job(JOBS["freeze_week"], friday).result == "regions=1 issues=1"
    assert weeks()[2] == (3, date(2026, 3, 9), friday)


def test_of_several_missed_weeks_the_last_alone_is_made_up(world: World) -> None:
    frozen_on(date(2026, 2, 6))
    run_job(JOBS["make_up_week"], MONDAY)
    assert [(number, week_on) for number, week_on, _at in weeks()] == [(1, date(2026, 2, 2)), (2, date(2026, 3, 2))]


def test_a_week_that_stands_is_not_made_up(world: World) -> None:
    frozen_on(date(2026, 3, 6))
    assert run(MONDAY, [COUNTY]) == {COUNTY: "issues=0"}
    assert len(weeks()) == 1


def test_where_no_issue_was_nothing_was_missed(world: World) -> None:
    assert run(MONDAY, [COUNTY]) == {COUNTY: "issues=0"}
    assert not weeks()


def test_where_no_plan_is_active_nothing_is_made_up(world: World) -> None:
    frozen_on(date(2026, 2, 27))
    db.session.execute(sa.update(Plan).values(state=PlanState.CLOSED))
    assert regions(MONDAY) == []
    assert run(MONDAY, [COUNTY]) == {COUNTY: "issues=0"}


def test_who_wakes_after_friday_freezes_that_week_alone(world: World) -> None:
    frozen_on(date(2026, 2, 27))
    saturday = clock.at_office(date(2026, 3, 14), 9)
    assert regions(saturday) == []
    for name in ("make_up_week", "freeze_week"):
        run_job(JOBS[name], saturday)
    assert [week_on for _number, week_on, _at in weeks()] == [date(2026, 2, 23), date(2026, 3, 9)]


@pytest.mark.parametrize(("day", "monday"), [(6, date(2026, 3, 9)), (9, date(2026, 3, 16))])
def test_the_next_look_is_taken_as_the_week_begins(day: int, monday: date) -> None:
    now = clock.at_office(date(2026, 3, day), 8)
    assert next_at(now, DEFAULT, OFFICIAL) == clock.at_office(monday, 0)


def test_a_region_is_looked_at_once_a_week(world: World) -> None:
    frozen_on(date(2026, 2, 27))
    for hour in (8, 9, 10):
        run_job(JOBS["make_up_week"], clock.at_office(date(2026, 3, 9), hour))
    rows = sa.select(sa.func.count()).where(JobRun.job == "make_up_week", JobRun.region_code == COUNTY)
    assert db.session.scalar(rows) == 1


def test_a_plan_that_began_after_the_week_has_missed_nothing(world: World) -> None:
    frozen_on(date(2026, 2, 27))
    world.plan.state = PlanState.CLOSED
    new = make_plan("new", state=PlanState.DRAFT)
    tuesday = MONDAY + timedelta(days=1)
    activate(new, tuesday)
    db.session.commit()
    assert regions(tuesday + timedelta(minutes=1)) == []
    assert regions(tuesday + timedelta(days=7)) == [COUNTY]


def test_who_missed_the_week_is_asked_for_all_regions_together(world: World) -> None:
    frozen_on(date(2026, 2, 27))
    with counted_queries() as few:
        assert regions(MONDAY) == [COUNTY]
    for number in range(10):
        code = f"3607{number + 60}"
        db.session.add(Region(code=code, name=code))
        db.session.flush()
        make_plan(region=code)
    with counted_queries() as many:
        assert regions(MONDAY) == [COUNTY]
    assert len(many) == len(few)


def test_weeks_are_frozen_region_by_region() -> None:
    assert [JOBS[name].batch for name in ("freeze_week", "make_up_week")] == [1, 1]
