"""The demonstration: the five real plans with invented accounts, progress and school figures, marked as invented."""

from __future__ import annotations

import os
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
import yaml
from flask import Flask, current_app
from flask.cli import AppGroup

from tracker import clock
from tracker.actions.demonstration import (
    SETTING_UP_DAY,
    Calendar,
    Scene,
    make_accounts,
    play,
    scenes,
    school_scenes,
)
from tracker.actions.demonstration_links import link_scenes
from tracker.actions.demonstration_projects import project_scenes
from tracker.actions.demonstration_values import value_scenes
from tracker.commands.plans import SEEDS, load_seeds
from tracker.jobs import notice_overdue, open_periods, queue_digests
from tracker.models import DEMONSTRATION, Account, Mark, db
from tracker.queries.frame import is_demonstration, region_name
from tracker.queries.jobs import regions_served
from tracker.rules.passwords import one_time_password
from tracker.settings import Settings

STORY = SEEDS / "demonstration.yaml"
SCHOOLS = SEEDS / "demonstration_schools.yaml"
PROJECTS = SEEDS / "demonstration_projects.yaml"
PASSWORD_FILE = "demonstration_password"

demonstration = AppGroup("demonstration", help="The demonstration: invented progress on the five real plans.")


def register(app: Flask) -> None:
    """Attach the commands."""
    app.cli.add_command(demonstration)


@demonstration.command("load")
def load() -> None:
    """Fill an empty database with the demonstration, and print who may sign in. A second time changes nothing."""
    prepare()


def prepare(app: Flask | None = None) -> None:
    """Fill the database where it is empty and print who may sign in; needs migrated tables. Raises ClickException."""
    with app.app_context() if app else nullcontext():
        settings: Settings = current_app.extensions["settings"]
        story = yaml.safe_load(STORY.read_text(encoding="utf-8"))
        refuse_wrong_place(settings)
        path = settings.var_dir / PASSWORD_FILE
        if not is_demonstration():
            tell(story, kept_password(path), settings)
        introduce(story, path)


def refuse_wrong_place(settings: Settings) -> None:
    """Raise ClickException where the demonstration must not be: in production, and among real accounts."""
    if settings.production:
        raise click.ClickException("the demonstration is invented and never loaded in production (TRACKER_ENV).")
    if not is_demonstration() and db.session.scalar(sa.select(sa.func.count()).select_from(Account)):
        raise click.ClickException(
            "this database holds accounts that are not the demonstration's: name an empty one in DATABASE_URL."
        )


def tell(story: dict[str, Any], password: str, settings: Settings) -> None:
    """Store the plans and play the whole story up to now; all of it but the plans in one transaction."""
    calendar = Calendar(clock.now())
    load_seeds(now=clock.at_office(calendar.on(SETTING_UP_DAY), 8))
    accounts = make_accounts(story["accounts"], password, calendar, settings)
    entered = school_scenes(yaml.safe_load(SCHOOLS.read_text(encoding="utf-8")), accounts, calendar)
    jobs = (notice_overdue.run, open_periods.run)
    nights = [Scene(night, job) for night in calendar.nights() for job in jobs]
    values = value_scenes(story["county_values"], accounts, calendar)
    linked = link_scenes(story["links"], accounts, calendar)
    folder = current_app.extensions["settings"].evidence_dir
    built = project_scenes(yaml.safe_load(PROJECTS.read_text(encoding="utf-8")), accounts, calendar, folder)
    story_scenes = [*entered, *scenes(story, accounts, calendar), *values, *linked, *built, *nights]
    play([*story_scenes, Scene(calendar.digest(), queue_digests_everywhere)])
    db.session.add(Mark(name=DEMONSTRATION, value=calendar.now.isoformat()))
    db.session.commit()


def queue_digests_everywhere(now: datetime) -> None:
    """Queue the digests of a day as the job does when the hour has come in every region."""
    queue_digests.run(now, regions_served())


def introduce(story: dict[str, Any], path: Path) -> None:
    """Print who may sign in and the one password of all."""
    click.echo("Demonstration: tasks and units are real; progress, people, money and school figures are invented.")
    for row in story["accounts"]:
        click.echo(f"  {row['username']:<15} {row['role']:<22} {region_name(row['region'])}  {row['name']}")
    if path.exists():
        click.echo(f"Password of every account: {kept_password(path)}")
    else:
        click.echo(f"Their password stood in {path}, which is gone: remove the database to begin again.")


def kept_password(path: Path) -> str:
    """The password of the demonstration's accounts: made at the first run, then kept, readable by its owner alone."""
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    password = one_time_password()
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(password + "\n")
    return password
