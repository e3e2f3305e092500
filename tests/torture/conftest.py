"""Processes to kill, a server with bad manners, and the table of what came of it.

``TORTURE=full`` runs every check at its full count, ``TORTURE_SEED`` repeats the random choices of an earlier run.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.conftest import Templates, settings_for
from tests.torture.counts import Count
from tests.torture.processes import Nursery, Place
from tests.torture.server import HOST, Server, rude_server
from tracker import create_app
from tracker.models import db

FULL = os.environ.get("TORTURE") == "full"
SECRET = "the secret of the torture chamber, long enough"
HEAD = ("check", "database", "kills", "mails", "lost", "doubled", "renamed", "verdict")
Keep = Callable[..., None]


def pytest_configure(config: pytest.Config) -> None:
    """Choose the seed once; processes that run tests beside each other inherit it."""
    os.environ.setdefault("TORTURE_SEED", secrets.token_hex(4))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the table."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, [])]
    lines = [
        json.loads(value)
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == "torture"
    ]
    if not lines:
        return
    terminalreporter.section(f"torture, TORTURE_SEED={os.environ['TORTURE_SEED']}")
    print_line = terminalreporter.write_line
    print_line(_line(dict(zip(HEAD, HEAD, strict=True)) | {"renamed": "other Message-ID"}))
    for line in sorted(lines, key=lambda each: (each["check"], each["database"])):
        print_line(_line(line))


def _line(values: dict[str, Any]) -> str:
    numbers = "".join(f"{values[name]!s:>8}" for name in ("kills", "mails", "lost", "doubled"))
    return f"{values['check']:<38}{values['database']:<10}{numbers}{values['renamed']!s:>18}  {values['verdict']}"


@pytest.fixture
def server() -> Iterator[Server]:
    """A mail server with bad manners."""
    with rude_server() as server:
        yield server


@pytest.fixture
def place(nursery: Nursery, app: Flask, database: str, server: Server, tmp_path: Path) -> Place:
    """The database of ``app`` and the mail server, for processes of their own."""
    return place_of(nursery, app, database, server, tmp_path)


def place_of(nursery: Nursery, app: Flask, kind: str, server: Server, folder: Path) -> Place:
    """The database of an application and a mail server, for processes of their own."""
    app.secret_key = app.config["SECRET_KEY"] = SECRET
    environment = {
        "DATABASE_URL": app.extensions["settings"].database_url,
        "TRACKER_VAR": str(app.extensions["settings"].var_dir),
        "SECRET_KEY": SECRET,
        "BASE_URL": "http://localhost",
        "SMTP_HOST": HOST,
        "SMTP_PORT": str(server.port),
        "SMTP_TIMEOUT": "30",
        "MAIL_FROM": "duban@example.test",
        "ARGON2_TIME_COST": "1",
        "ARGON2_MEMORY_KIB": "8",
    }
    return Place(nursery, kind, folder, environment)


@contextmanager
def copied(
    nursery: Nursery, templates: Templates, app: Flask, kind: str, folder: Path
) -> Iterator[tuple[Flask, Place, Server]]:
    """Another application on a copy of the database as it stands, with a folder and a mail server of its own."""
    folder.mkdir()
    origin = sa.make_url(app.extensions["settings"].database_url)
    name = f"copied_{secrets.token_hex(4)}"
    db.session.remove()
    db.engine.dispose()
    if kind == "sqlite":
        new = folder / f"{name}.db"
        url = f"sqlite:///{new}"
        with (
            closing(sqlite3.connect(str(origin.database))) as there,
            closing(sqlite3.connect(new)) as here,
        ):
            there.backup(here)
    else:
        url = templates.url(kind, name)
        templates.on_server(f"CREATE DATABASE {name} TEMPLATE {origin.database} STRATEGY file_copy")
    other = create_app(settings_for(url, folder / "var"))
    with rude_server() as server:
        yield other, place_of(nursery, other, kind, server, folder), server
    with other.app_context():
        db.session.remove()
        db.engine.dispose()
    if kind == "postgres":
        templates.on_server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> Random:
    """Random choices that the seed repeats."""
    seed = os.environ["TORTURE_SEED"]
    print(f"TORTURE_SEED={seed}")
    return Random(f"{seed} {request.node.name}")


@pytest.fixture
def keep(record_property: Callable[[str, object], None], database: str) -> Keep:
    """Write a line of the table and hold it to the promise: nothing lost, few doubles, none with another Message-ID."""

    def write(check: str, count: Count, *, kills: int = 0, most_doubled: int = 0, note: str = "") -> None:
        good = count.lost == 0 and count.renamed == 0 and count.doubled <= most_doubled
        verdict = " ".join(filter(None, ["kept" if good else "BROKEN", note]))
        line = {"check": check, "database": database, "kills": kills, **asdict(count), "verdict": verdict}
        record_property("torture", json.dumps(line, ensure_ascii=False))
        assert good, line

    return write
