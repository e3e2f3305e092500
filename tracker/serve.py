"""``python -m tracker.serve``: migrate the database, bring the standards to this version, then serve and schedule.

Either can stand alone, so that several web processes share one scheduler; the scheduler alone migrates nothing. Ctrl-C
and SIGTERM end both cleanly: requests and the mail in hand are finished.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError
from waitress.server import create_server

from tracker import create_app
from tracker.commands import demonstration, unusable
from tracker.commands.plans import refresh_frameworks
from tracker.jobs.scheduler import Scheduler
from tracker.models import db
from tracker.settings import Settings, SettingsError, from_environment

if sys.platform != "win32":
    import fcntl

LOCK_FILE = "set_up.lock"
THREADS = 8
UNUSABLE = 2


@click.command(help="Serve the tracker. Settings are read from the environment; README lists them.")
@click.option("--demo", is_flag=True, help="Load the demonstration into an empty database first.")
@click.option("--no-scheduler", is_flag=True, help="The web server alone.")
@click.option("--scheduler-only", is_flag=True, help="The scheduler alone.")
def serve(demo: bool, no_scheduler: bool, scheduler_only: bool) -> None:
    """Run until a signal ends it."""
    if no_scheduler and scheduler_only:
        raise click.UsageError("--no-scheduler and --scheduler-only exclude each other.")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # Every waking and every migration would be a line: the runs of jobs have their own.
    for name in ("apscheduler", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # A delivery that takes longer than a minute is no fault: it goes on, and the waking that it skips is not missed.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
    settings = usable_settings(demo)
    listener = None if scheduler_only else listen(settings)
    app = create_app(settings)
    with app.app_context(), alone(settings.var_dir / LOCK_FILE):
        prepare_tables(scheduler_only)
        if not scheduler_only:
            refresh_frameworks()
        if demo:
            demonstration.prepare()
    scheduler = None if no_scheduler else Scheduler(app)
    if scheduler:
        scheduler.start()
    try:
        if listener:
            serve_web(app, settings, listener)
        else:
            wait()
    finally:
        if scheduler and not scheduler.stop():
            leave()


def usable_settings(demo: bool) -> Settings:
    """The settings. Ends the process with a message where they cannot be used."""
    try:
        settings = from_environment()
    except SettingsError as error:
        raise Unusable(str(error)) from error
    if demo and settings.production:
        raise Unusable("--demo is refused in production: its progress is invented. Leave out --demo, or TRACKER_ENV.")
    return settings


@contextmanager
def alone(lock_file: Path) -> Iterator[None]:
    """Hold a lock that ends with the process, so that of two first starts the second finds the tables made."""
    with lock_file.open("ab") as file:
        if sys.platform != "win32":
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def prepare_tables(scheduler_only: bool) -> None:
    """Migrate the database, unless the scheduler is alone. Raises Unusable where it does not answer or is too old."""
    scripts = ScriptDirectory(current_app.extensions["migrate"].directory)
    try:
        with db.engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_heads()
    except OperationalError as error:
        raise Unusable(unusable(error)) from error
    if not scheduler_only:
        upgrade()
    elif set(current) != set(scripts.get_heads()):
        raise Unusable(
            "The tables are not those of this version: run `.venv/bin/flask --app wsgi db upgrade`, or start the web "
            "server, before the scheduler alone."
        )


class Unusable(click.ClickException):
    """The process cannot start as it is configured; the message says what to change."""

    exit_code = UNUSABLE


def listen(settings: Settings) -> socket.socket:
    """The listening socket. Raises Unusable where another program has the port."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(1024)
    except OSError as error:
        listener.close()
        raise Unusable(
            f"{settings.host}:{settings.port} cannot be served ({error.strerror}). Another program may have the port: "
            f"end it, or choose another, such as PORT={settings.port + 1}."
        ) from error
    return listener


def serve_web(app: Flask, settings: Settings, listener: socket.socket) -> None:
    """Answer requests until a signal comes."""
    signal.signal(signal.SIGTERM, end)
    # The headers of proxies are judged by the application, which knows how many of them to trust.
    server = create_server(
        app, sockets=[listener], threads=THREADS, ident="", clear_untrusted_proxy_headers=not settings.trusted_proxies
    )
    click.echo(f"Serving {settings.base_url} on {settings.host}:{settings.port}; Ctrl-C ends it.")
    server.run()
    server.close()


def wait() -> None:
    """Wait for a signal while the scheduler works."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    click.echo("The scheduler is at work; Ctrl-C ends it.")
    ended.wait()


def leave() -> NoReturn:
    """End the process at once and well: a thread that waits for a silent mail server would hold it for minutes."""
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)


def end(_number: int, _frame: FrameType | None) -> None:
    """Leave the web server's loop."""
    raise SystemExit(0)


if __name__ == "__main__":
    serve()
