"""``flask job``."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import World, make_task
from tracker.actions.record import NOBODY, record
from tracker.clock import as_instant
from tracker.jobs.job import Period
from tracker.jobs.schedule import TIMETABLE
from tracker.models import JobRun, db


def test_a_job_runs_for_the_time_given_and_says_when_it_has_nothing_to_do(app: Flask, world: World) -> None:
    make_task(world.plan, lead=[world.finance], due_on=date(2026, 3, 5))
    db.session.commit()
    runner = app.test_cli_runner()
    first = runner.invoke(args=["job", "notice_overdue", "--at", "2026-03-06T00:05"])
    assert (first.exit_code, first.output) == (0, "notice_overdue 2026-03-06: noticed=1\n")
    second = runner.invoke(args=["job", "notice_overdue", "--at", "2026-03-06T09:00"])
    assert (second.exit_code, second.output) == (0, "notice_overdue 2026-03-06: done before, nothing to do\n")


def test_a_region_whose_hour_is_to_come_is_named_with_it(app: Flask, world: World) -> None:
    run = app.test_cli_runner().invoke
    early = run(args=["job", "queue_digests", "--at", "2026-03-06T08:00"])
    assert early.output == "queue_digests 2026-03-06: not due before 2026-03-06 09:00 (region 360732)\n"
    assert "regions=" in run(args=["job", "queue_digests", "--at", "2026-03-06T09:00"]).output
    again = run(args=["job", "queue_digests", "--at", "2026-03-06T09:01"])
    assert again.output == "queue_digests 2026-03-06: done before, nothing to do\n"


def test_where_nothing_is_at_work_nothing_is_due(app: Flask) -> None:
    early = app.test_cli_runner().invoke(args=["job", "freeze_week", "--at", "2026-03-06T17:00"])
    assert early.output == "freeze_week 2026-W10: nothing is due yet\n"


def test_every_job_of_the_timetable_is_a_command(app: Flask, world: World) -> None:
    for job in TIMETABLE:
        at = [] if job.period is Period.EACH_TIME else ["--at", "2026-03-06T17:00"]
        outcome = app.test_cli_runner().invoke(args=["job", job.name, *at])
        assert outcome.exit_code == 0, outcome.output


def test_mails_are_sent_for_no_other_time_than_the_present(app: Flask, world: World) -> None:
    outcome = app.test_cli_runner().invoke(args=["job", "deliver_outbox", "--at", "2026-03-06T17:00"])
    assert outcome.exit_code == 2
    assert "leave the option out" in outcome.output
    assert db.session.scalar(sa.select(sa.func.count()).select_from(JobRun)) == 0


def test_the_list_shows_last_and_next_runs(app: Flask, world: World) -> None:
    app.test_cli_runner().invoke(args=["job", "queue_digests", "--at", "2026-03-06T09:00"])
    listed = app.test_cli_runner().invoke(args=["job", "list"]).output
    assert len(listed.splitlines()) == len(TIMETABLE)
    assert "queue_digests" in listed
    assert "last 2026-03-06 09:00 digests=0" in listed
    assert "never ran" in listed


def test_a_time_that_is_none_is_refused_with_an_example(app: Flask) -> None:
    outcome = app.test_cli_runner().invoke(args=["job", "notice_overdue", "--at", "tomorrow"])
    assert outcome.exit_code == 2
    assert "2026-03-06T09:00" in outcome.output


@pytest.mark.parametrize("moment", ["0001-01-01", "9999-12-30", "9999-12-31T23:59-12:00", "1999-12-31", "2101-01-01"])
def test_a_time_of_another_century_is_refused_with_an_example(app: Flask, moment: str) -> None:
    outcome = app.test_cli_runner().invoke(args=["job", "notice_overdue", "--at", moment])
    assert outcome.exit_code == 2
    assert "2000 to 2100" in outcome.output
    assert "2026-03-06T09:00" in outcome.output


def test_nothing_is_marked_as_done_for_the_future(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_FAKE_NOW", "2026-03-06T09:00")
    run = app.test_cli_runner().invoke
    outcome = run(args=["job", "notice_overdue", "--at", "2026-03-07T09:01"])
    assert outcome.exit_code == 2
    assert "future" in outcome.output
    assert db.session.scalar(sa.select(sa.func.count()).select_from(JobRun)) == 0
    assert run(args=["job", "notice_overdue", "--at", "2026-03-07T09:00"]).exit_code == 0


def test_a_day_long_past_may_be_chosen_and_a_wrong_clock_may_not(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    record(NOBODY, "sign_in", as_instant("2026-03-06T09:00"))
    db.session.commit()
    run = app.test_cli_runner().invoke
    assert run(args=["job", "notice_overdue", "--at", "2026-01-06T09:00"]).exit_code == 0
    monkeypatch.setenv("TRACKER_FAKE_NOW", "2026-03-04T09:00")
    outcome = run(args=["job", "notice_overdue"])
    assert outcome.exit_code == 1
    assert "wrong_clock" in outcome.output
