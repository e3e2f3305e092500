"""Commands of ``flask --app wsgi``: one file per subject."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import click
from flask import Flask
from sqlalchemy.exc import OperationalError, ProgrammingError

from tracker.commands import accounts, demonstration, indicators, jobs, mail, plan_reading, plans


def register(app: Flask) -> None:
    """Attach every command; one that finds no usable database says so."""
    for part in (plans, plan_reading, accounts, jobs, mail, demonstration, indicators):
        part.register(app)
    for command in app.cli.commands.values():
        command.invoke = partial(told, type(command).invoke, command)  # type: ignore[method-assign]


def told(invoke: Callable[[click.Command, click.Context], Any], command: click.Command, context: click.Context) -> Any:
    """Run a command. Raises ClickException where the database does not answer or lacks its tables."""
    try:
        return invoke(command, context)
    except (OperationalError, ProgrammingError) as error:
        raise click.ClickException(unusable(error)) from error


def unusable(error: OperationalError | ProgrammingError) -> str:
    """What is wrong with the database and how it is mended."""
    reason = (str(error.orig).strip().splitlines() or [type(error.orig).__name__])[0]
    return f"the database cannot be used ({reason}): check DATABASE_URL, and run `flask --app wsgi db upgrade`."
