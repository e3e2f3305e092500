"""``flask job``: run one job for a time, or list the timetable with the last and next runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup

from tracker import clock
from tracker.actions.clocks import accept_clock
from tracker.actions.record import NOBODY
from tracker.jobs.job import AnyJob, Job, Period, RegionalJob
from tracker.jobs.runner import run_job
from tracker.jobs.schedule import TIMETABLE, next_run
from tracker.jobs.standing import standings
from tracker.models import db
from tracker.queries.calendar import calendar_of, calendars
from tracker.queries.jobs import regions_at_work
from tracker.queries.ladders import ladders
from tracker.rules.clocks import YEARS, is_ahead

EVERYWHERE = ""
DONE_BEFORE = "done before, nothing to do"
job = AppGroup("job", help="Jobs: list the timetable, run one. A job that ran for its day or week does nothing.")


class Moment(click.ParamType[datetime]):
    """An ISO date or time, on the office's clock where it names no offset."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The instant that a text means."""
        try:
            moment = clock.as_instant(value)
        except (ValueError, OverflowError):
            moment = None
        if moment is None or clock.office_day(moment).year not in YEARS:
            self.fail(f"{value!r} is no time of {YEARS[0]} to {YEARS[-1]}: write it as 2026-03-06T09:00", param, ctx)
        return moment


def register(app: Flask) -> None:
    """Attach the commands."""
    app.cli.add_command(job)


@job.command("list")
def list_jobs() -> None:
    """List the timetable."""
    for each in standings(clock.now(), EVERYWHERE, calendar_of(EVERYWHERE)).jobs:
        ran = f"last {clock.office_time(each.ran_at):%Y-%m-%d %H:%M}" if each.ran_at else "never ran"
        next_at = f"{clock.office_time(each.next_at):%Y-%m-%d %H:%M}" if each.next_at else "never"
        missed = f"  missed {len(each.missed)} times in 30 days" if each.missed else ""
        click.echo(f"{each.job.name:18} next {next_at:16}  {ran} {each.error or each.result}{missed}".rstrip())


@job.command("accept-clock")
@click.option("--yes", is_flag=True, help="The clock was compared with another one; do not ask.")
def accept(yes: bool) -> None:
    """Say that the clock is right, after a wrong one left marks in the future that stop the jobs."""
    now = clock.now()
    if not yes:
        click.confirm(f"The clock shows {clock.office_time(now):%Y-%m-%d %H:%M} in Beijing. Is that right?", abort=True)
    freed = accept_clock(NOBODY, now)
    db.session.commit()
    click.echo(f"The clock is measured from {clock.office_time(now):%Y-%m-%d %H:%M} on; {freed} runs are free again.")


def command_of(each: AnyJob) -> click.Command:
    """The command that runs a job."""

    @click.option("--at", type=Moment(), help="The time to run for, such as 2026-03-06T09:00; now without it.")
    def run(at: datetime | None) -> None:
        if at and isinstance(each, Job) and each.period is Period.EACH_TIME:
            # It would claim what it works on until an end that is already over, and others would work on it, too.
            raise click.BadParameter(f"{each.name} works for no day: leave the option out", param_hint="--at")
        if at and is_ahead(at, clock.now()):
            raise click.BadParameter("in the future: work would be marked as done before its day", param_hint="--at")
        outcome = run_job(each, at or clock.now(), chosen=at is not None)
        if outcome.error:
            raise click.ClickException(f"{each.name} {outcome.period}: {outcome.error}")
        click.echo(f"{each.name} {outcome.period}: {outcome.result or nothing_done(each, at or clock.now())}")

    run.__doc__ = each.run.__doc__
    return job.command(each.name, help=f"{(each.run.__doc__ or '').splitlines()[0]}")(run)


def nothing_done(job: AnyJob, now: datetime) -> str:
    """Why a run found nothing to do: it was done before, or its moment is still to come."""
    if not isinstance(job, RegionalJob):
        return DONE_BEFORE
    due, by, known = job.regions(now), ladders(), calendars()
    waiting = [
        (moment, region)
        for region in regions_at_work()
        if region not in due and (moment := next_run(job, now, by.of(region), known.of(region)))
    ]
    if not waiting:
        return DONE_BEFORE if due else "nothing is due yet"
    moment, region = min(waiting)
    ahead = f"not due before {clock.office_time(moment):%Y-%m-%d %H:%M} (region {region})"
    return f"{DONE_BEFORE} where it was due; {ahead}" if due else ahead


for each in TIMETABLE:
    command_of(each)
