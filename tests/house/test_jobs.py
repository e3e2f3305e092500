"""The timetable is complete: every job stands in it, and everything in it is a job."""

from __future__ import annotations

import ast
from datetime import UTC, datetime, timedelta

from tests.house.source import modules
from tracker import clock
from tracker.jobs.schedule import TIMETABLE, next_run


def jobs() -> set[str]:
    """The modules of tracker/jobs that have something to run."""
    return {
        name
        for name, tree in modules().items()
        if name.startswith("tracker.jobs.")
        and any(isinstance(node, ast.FunctionDef) and node.name == "run" for node in tree.body)
    }


def test_every_job_stands_in_the_timetable_and_nothing_else_does() -> None:
    assert {job.run.__module__ for job in TIMETABLE} == jobs()
    assert len({job.name for job in TIMETABLE}) == len(TIMETABLE)


def test_a_job_is_called_like_its_file() -> None:
    assert {f"tracker.jobs.{job.name}" for job in TIMETABLE} == jobs()
    assert all(job.run.__name__ == "run" for job in TIMETABLE)


def test_every_job_wakes_within_a_week_on_the_clock_of_the_office() -> None:
    now = datetime(2026, 3, 6, 1, 30, tzinfo=UTC)
    for job in TIMETABLE:
        wakes = next_run(job, now)
        assert wakes
        assert now <= wakes <= now + timedelta(days=7), job.name
        assert wakes.utcoffset() == clock.office_time(now).utcoffset(), job.name
