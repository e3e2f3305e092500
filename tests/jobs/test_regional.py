"""Running a job region by region: each once, many together, none stopped by another."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.visit import counted_queries
from tracker import clock
from tracker.jobs import regional
from tracker.jobs.job import BATCH, JobFailed, Outcome, Period, RegionalJob
from tracker.jobs.runner import run_job
from tracker.models import LATEST, JobRun, Mark, db

NOW = clock.at_office(date(2026, 3, 6), 9)
MINUTE = timedelta(minutes=1)
REGIONS = [f"36{number:02}" for number in range(7)]


def leave_marks(_now: datetime, regions: Sequence[str]) -> dict[str, str]:
    """Work that leaves a row for each region, and that a second time would break."""
    db.session.add_all(Mark(name=f"mark {region}", value="") for region in regions)
    db.session.flush()
    return dict.fromkeys(regions, "marks=1")


def stumble_over(*bad: str) -> object:
    """Work that fails in some regions after it was begun in all."""

    def work(now: datetime, regions: Sequence[str]) -> dict[str, str]:
        results = leave_marks(now, regions)
        if set(bad) & set(regions):
            raise ValueError("one region is broken")
        return results

    return work


def job(
    run: object = leave_marks, regions: Sequence[str] = REGIONS, period: Period = Period.DAY, batch: int = BATCH
) -> RegionalJob:
    """A regional job under a name of its own."""
    return RegionalJob("mark", "* * * * *", period, run, lambda _now: regions, lambda now, _region: now, batch)  # type: ignore[arg-type]


def marks() -> list[str]:
    """The regions in which the work was done."""
    names = db.session.scalars(sa.select(Mark.name).where(Mark.name.like("mark %")).order_by(Mark.name))
    return [name.removeprefix("mark ") for name in names]


def rows(period: str = "2026-03-06") -> dict[str, JobRun]:
    """The runs of a period by region."""
    query = sa.select(JobRun).where(JobRun.period == period).execution_options(populate_existing=True)
    return {run.region_code: run for run in db.session.scalars(query)}


def test_each_region_is_served_once_in_a_period(app: Flask) -> None:
    assert run_job(job(), NOW) == Outcome("2026-03-06", result="regions=7 marks=7")
    assert run_job(job(), NOW + MINUTE) == Outcome("2026-03-06")
    assert marks() == REGIONS
    assert {(run.result, run.error, run.finished_at) for run in rows().values()} == {("marks=1", None, NOW)}


def test_a_region_that_becomes_due_later_is_served_then(app: Flask) -> None:
    run_job(job(regions=REGIONS[:2]), NOW)
    assert run_job(job(), NOW + MINUTE).result == "regions=5 marks=5"
    assert marks() == REGIONS


def test_a_region_that_fails_stops_no_other_and_keeps_its_error(app: Flask) -> None:
    outcome = run_job(job(stumble_over("3603")), NOW)
    assert outcome == Outcome("2026-03-06", "regions=6 marks=6", "regions_failed=1 ValueError: one region is broken")
    assert marks() == [region for region in REGIONS if region != "3603"]
    bad = rows().pop("3603")
    assert (bad.error, bad.finished_at) == ("ValueError: one region is broken", None)


def test_a_foreseen_failure_keeps_its_word(app: Flask) -> None:
    def refuse(_now: datetime, _regions: Sequence[str]) -> dict[str, str]:
        raise JobFailed("no_paper")

    assert run_job(job(refuse, ["36"]), NOW).error == "regions_failed=1 no_paper"


def test_the_patient_try_a_failed_region_again_after_a_while(app: Flask) -> None:
    run_job(job(stumble_over("3603")), NOW)
    early = NOW + regional.RETRY - MINUTE
    assert run_job(job(), early, patient=True) == Outcome(
        "2026-03-06", error="regions_failed=1 ValueError: one region is broken"
    )
    assert run_job(job(), NOW + regional.RETRY, patient=True) == Outcome("2026-03-06", "regions=1 marks=1")
    assert marks() == REGIONS
    assert rows()["3603"].error is None


def test_who_asks_by_hand_need_not_wait(app: Flask) -> None:
    run_job(job(stumble_over("3603")), NOW)
    assert run_job(job(), NOW + MINUTE).result == "regions=1 marks=1"


def test_the_latest_run_tells_that_the_job_lives_and_when_all_was_well(app: Flask) -> None:
    run_job(job(), NOW)
    run_job(job(stumble_over("3603"), [*REGIONS, "37"]), NOW + MINUTE)
    latest = rows(LATEST)[""]
    assert (latest.started_at, latest.finished_at, latest.error) == (NOW + MINUTE, NOW + MINUTE, None)
    next_day = NOW + timedelta(days=1)
    run_job(job(lambda _now, _regions: {}, ["36"]), next_day)
    db.session.refresh(latest)
    assert (latest.started_at, latest.finished_at) == (next_day, NOW + MINUTE)
    assert latest.error == "regions_failed=1 KeyError: '36'"


def test_regions_go_in_batches_of_one_transaction_each(app: Flask) -> None:
    seen: list[list[str]] = []

    def look(now: datetime, regions: Sequence[str]) -> dict[str, str]:
        seen.append(list(regions))
        return stumble_over("3601")(now, regions)  # type: ignore[operator]

    run_job(job(look, batch=3), NOW)
    assert seen == [REGIONS[:3], ["3600"], ["3601"], ["3602"], REGIONS[3:6], REGIONS[6:]]


def test_a_run_that_is_cut_off_leaves_whole_batches(app: Flask) -> None:

    def end(now: datetime, regions: Sequence[str]) -> dict[str, str]:
        results = leave_marks(now, regions)
        if "3604" in regions:
            raise KeyboardInterrupt
        return results

    with pytest.raises(KeyboardInterrupt):
        run_job(job(end, batch=3), NOW)
    db.session.rollback()
    assert marks() == REGIONS[:3]
    assert run_job(job(), NOW + MINUTE).result == "regions=4 marks=4"
    assert marks() == REGIONS
    assert all(run.finished_at for run in rows().values())


def test_a_job_that_cannot_ask_for_its_regions_says_so(app: Flask) -> None:
    def refuse(_now: datetime) -> Sequence[str]:
        raise ValueError("no regions")

    broken = RegionalJob("mark", "* * * * *", Period.DAY, leave_marks, refuse, lambda now, _region: now)
    assert run_job(broken, NOW).error == "ValueError: no regions"
    assert rows(LATEST)[""].error == "ValueError: no regions"
    assert run_job(job(), NOW + MINUTE).error is None
    assert rows(LATEST)[""].error is None


def test_of_two_runners_at_once_each_region_is_served_by_one(app: Flask) -> None:
    for day in range(5):
        now = NOW + timedelta(days=day)
        outcomes: list[Outcome] = []
        barrier = threading.Barrier(2)

        def work(at: datetime, regions: Sequence[str]) -> dict[str, str]:
            db.session.add_all(Mark(name=f"mark {at.day} {region}", value="") for region in regions)
            return dict.fromkeys(regions, "marks=1")

        def run(at: datetime = now, gate: threading.Barrier = barrier, kept: list[Outcome] = outcomes) -> None:
            with app.app_context():
                gate.wait()
                kept.append(run_job(job(work), at))

        runners = [threading.Thread(target=run) for _ in range(2)]
        for runner in runners:
            runner.start()
        for runner in runners:
            runner.join()
        assert [outcome.error for outcome in outcomes] == [None, None]
        assert sorted(str(outcome.result) for outcome in outcomes) == ["None", "regions=7 marks=7"]
    assert len(marks()) == 5 * len(REGIONS)


def test_a_hundred_regions_take_as_many_statements_as_one(app: Flask) -> None:
    with counted_queries() as one:
        run_job(job(regions=["36"], run=lambda _now, each: dict.fromkeys(each, "done")), NOW)
    many = [f"37{number:02}" for number in range(100)]
    with counted_queries() as hundred:
        run_job(job(regions=many, run=lambda _now, each: dict.fromkeys(each, "done")), NOW)
    assert len(hundred) <= len(one) + 1
