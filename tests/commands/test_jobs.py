"""``flask job``."""

from __future__ import annotations

from datetime import date

from flask import Flask

from tests.factories import World, make_task
from tracker.jobs.schedule import TIMETABLE
from tracker.models import db


def test_a_job_runs_for_the_time_given_and_says_when_it_has_nothing_to_do(app: Flask, world: World) -> None:
    make_task(world.plan, lead=[world.finance], due_on=date(2026, 3, 5))
    db.session.commit()
    runner = app.test_cli_runner()
    first = runner.invoke(args=["job", "notice_overdue", "--at", "2026-03-06T00:05"])
    assert (first.exit_code, first.output) == (0, "notice_overdue 2026-03-06: noticed=1\n")
    second = runner.invoke(args=["job", "notice_overdue", "--at", "2026-03-06T09:00"])
    assert (second.exit_code, second.output) == (0, "notice_overdue 2026-03-06: done before, nothing to do\n")


def test_every_job_of_the_timetable_is_a_command(app: Flask, world: World) -> None:
    for job in TIMETABLE:
        outcome = app.test_cli_runner().invoke(args=["job", job.name, "--at", "2026-03-06T17:00"])
        assert outcome.exit_code == 0, outcome.output


def test_the_list_shows_last_and_next_runs(app: Flask, world: World) -> None:
    app.test_cli_runner().invoke(args=["job", "queue_digests", "--at", "2026-03-06T09:00"])
    listed = app.test_cli_runner().invoke(args=["job", "list"]).output
    assert len(listed.splitlines()) == len(TIMETABLE)
    assert "queue_digests" in listed
    assert "2026-03-06: digests=0 superseded=0" in listed
    assert "never ran" in listed


def test_a_time_that_is_none_is_refused_with_an_example(app: Flask) -> None:
    outcome = app.test_cli_runner().invoke(args=["job", "notice_overdue", "--at", "tomorrow"])
    assert outcome.exit_code == 2
    assert "2026-03-06T09:00" in outcome.output
