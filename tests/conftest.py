"""The fixtures of the suite: both databases, real, each test on a copy of a migrated template as if it were new."""

from __future__ import annotations

import gc
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import CodeType
from typing import ClassVar

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import event
from sqlalchemy.util import LRUCache
from werkzeug.routing import BaseConverter, Rule
from werkzeug.routing.rules import RulePart

from tests.corpus.table import reported
from tests.factories import World, make_world
from tests.postgres import temporary_postgres
from tests.reuse import Copies
from tests.torture.processes import Nursery
from tests.visit import Visitor
from tracker import create_app
from tracker.commands.plans import load_frameworks, load_regions, load_seeds
from tracker.models import Account, Plan, PlanState, Task, Unit, db
from tracker.settings import Settings, from_environment

DATABASES = ["sqlite", "postgres"]
# For a long test of what is decided before or after a database is asked, whose every question other tests ask of both.
on_one_database = pytest.mark.parametrize("database", DATABASES[:1], indirect=True)
MOST_STATEMENTS = 5_000
# The server does nothing on its own now and then, and compiles no question that is asked once; it answers the same.
FOR_A_SHORT_LIFE = ("autovacuum=off", "checkpoint_timeout=1h", "max_wal_size=2GB", "jit=off")


def pytest_sessionstart() -> None:
    """Look for no rubbish while all is imported: hardly any of it is."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Look through what was imported for rubbish no more, and less often through what the tests make."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(300_000, 10, 10)
    gc.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how well the documents of the corpus were understood, if they were read in this run."""
    reports = [report for kind in ("passed", "failed", "skipped") for report in terminalreporter.stats.get(kind, [])]
    said = [words for report in reports for key, words in getattr(report, "user_properties", ()) if key == "corpus"]
    if said:
        terminalreporter.section("corpus: how well documents are understood")
        terminalreporter.write_line("\n".join(reported(said)))


def settings_for(url: str, var_dir: Path, **differences: object) -> Settings:
    """The settings of a test: cheap argon2, no mail server, a folder of its own."""
    plain = from_environment({"TRACKER_VAR": str(var_dir), "DATABASE_URL": url, "BASE_URL": "http://localhost"})
    return replace(plain, argon2_time_cost=1, argon2_memory_kib=8, testing=True, **differences)  # type: ignore[arg-type]


ReadRule = tuple[list[RulePart], list[tuple[bool, str]], dict[str, BaseConverter]]


class KnownRule(Rule):
    """A rule of addresses that is compiled once for the suite: most of what a new application costs is this.

    What it is compiled to follows from its text alone: no place changes the converters or the map's own choices.
    """

    built: ClassVar[dict[tuple[object, ...], Callable[..., tuple[str, str]]]] = {}
    read: ClassVar[
        dict[tuple[object, ...], tuple[list[RulePart], list[tuple[bool, str]], dict[str, BaseConverter]]]
    ] = {}

    def compile(self) -> None:
        """Take over what another application read from the same text."""
        key = (self.rule, *sorted((self.defaults or {}).items()))
        if key not in self.read:
            super().compile()
            self.read[key] = (self._parts, self._trace, self._converters)
            return
        parts, trace, converters = self.read[key]
        self._parts, self._trace, self._converters = list(parts), list(trace), dict(converters)
        self.arguments.update(converters)
        self._build = self._compile_builder(False).__get__(self, None)
        self._build_unknown = self._compile_builder(True).__get__(self, None)

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        """A function that takes the rule as its first argument and depends on nothing else but the text of it."""
        key = (self.rule, tuple(sorted((self.defaults or {}).items())), append_unknown)
        if key not in self.built:
            self.built[key] = super()._compile_builder(append_unknown)
        return self.built[key]


Flask.url_rule_class = KnownRule


class KnownPages(BytecodeCache):
    """The compiled pages of the suite: each test has an application of its own, which would compile them anew."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a page that was compiled for another application; the checksum is that of its source."""
        bucket.code = self.known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a page."""
        self.known[bucket.key, bucket.checksum] = bucket.code


class Templates:
    """Databases made once and copied for each test.

    ``empty`` is migrated and knows regions and indicators; ``world`` holds the cast as well, ``plans`` the five plans.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: set[str] = set()
        self.pages = KnownPages()
        self.compiled: dict[str, tuple[sa.Dialect, LRUCache[object, object]]] = {}
        self.casts: dict[str, dict[str, int]] = {}
        self.count = 0
        self._opened = ExitStack()

    @cached_property
    def postgres(self) -> Copies:
        """The server, started at the first test that needs it."""
        copies = Copies(self._opened.enter_context(temporary_postgres(*FOR_A_SHORT_LIFE)))
        self._opened.callback(copies.close)
        return copies

    def stop(self) -> None:
        """Stop the server."""
        self._opened.close()

    def url(self, kind: str, name: str) -> str:
        """The address of a database of a kind."""
        if kind == "sqlite":
            return f"sqlite:///{self.folder / name}.db"
        return self.postgres.url(name)

    def share_statements(self, kind: str, engine: sa.Engine) -> None:
        """Let an engine know the statements that others of its kind compiled: a server has one engine all its life."""
        if kind in self.compiled:
            engine.dialect, engine._compiled_cache = self.compiled[kind]

    def on_server(self, statement: str) -> None:
        """Run a statement on the server itself."""
        self.postgres.run(statement)

    def make(self, kind: str, content: str) -> str:
        """The template of a kind and content; returns its name."""
        name = f"template_{kind}_{content}"
        if name in self.made:
            return name
        url = self.url(kind, name)
        if kind == "postgres":
            self.on_server(f"CREATE DATABASE {name}")
        app = create_app(settings_for(url, self.folder / name))
        with app.app_context():
            upgrade()
            if content == "plans":
                load_seeds()
                db.session.execute(sa.update(Plan).values(state=PlanState.ACTIVE))
            else:
                load_regions()
                load_frameworks()
            if content == "world":
                self.casts[kind] = {name: thing.id for name, thing in vars(make_world()).items()}
            db.session.commit()
            db.session.remove()
            self.compiled.setdefault(kind, (db.engine.dialect, LRUCache(MOST_STATEMENTS)))
            db.engine.dispose()
        self.made.add(name)
        return name

    @contextmanager
    def copy(self, kind: str, content: str) -> Iterator[str]:
        """The address of a fresh copy."""
        template = self.make(kind, content)
        if kind == "postgres":
            with self.postgres.copy(template) as url:
                yield url
            return
        self.count += 1
        name = f"copy_{self.count}"
        shutil.copy(self.folder / f"{template}.db", self.folder / f"{name}.db")
        yield self.url(kind, name)
        for path in self.folder.glob(f"{name}.db*"):
            path.unlink()


def known_world(cast: dict[str, int]) -> World:
    """The cast as its template holds it."""
    kinds = {"plan": Plan} | dict.fromkeys(("finance", "housing", "education"), Unit)
    kinds |= {name: Task for name in cast if name.endswith("task")}
    found = {
        kind: {each.id: each for each in db.session.scalars(sa.select(kind))} for kind in (Unit, Plan, Task, Account)
    }
    world = World(**{name: found[kinds.get(name, Account)][number] for name, number in cast.items()})
    db.session.commit()
    return world


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Templates]:
    """The templates of this process."""
    templates = Templates(tmp_path_factory.mktemp("databases"))
    yield templates
    templates.stop()


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """The process that forks others, which need no second to start."""
    nursery = Nursery()
    yield nursery
    nursery.stop()


def hurry(connection: sqlite3.Connection, _record: object) -> None:
    """Let a file of SQLite not wait for the disk; all else is as the application has it."""
    connection.execute("PRAGMA synchronous=OFF")


@contextmanager
def running(templates: Templates, kind: str, content: str, var_dir: Path) -> Iterator[Flask]:
    """An application on a fresh copy, inside its context."""
    with templates.copy(kind, content) as url:
        app = create_app(settings_for(url, var_dir))
        app.test_client_class = Visitor
        app.jinja_env.bytecode_cache = templates.pages
        with app.app_context():
            templates.share_statements(kind, db.engine)
            if kind == "sqlite":
                event.listen(db.engine, "connect", hurry)
            yield app
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database that a test runs on."""
    return str(request.param)


@pytest.fixture
def app(request: pytest.FixtureRequest, database: str, templates: Templates, tmp_path: Path) -> Iterator[Flask]:
    """An application that knows regions and national indicators, on each database."""
    content = "world" if "world" in request.fixturenames else "empty"
    with running(templates, database, content, tmp_path / "var") as app:
        yield app


@pytest.fixture
def plans_app(database: str, templates: Templates, tmp_path: Path) -> Iterator[Flask]:
    """An application with the five plans, active, on each database."""
    with running(templates, database, "plans", tmp_path / "var") as app:
        yield app


@pytest.fixture
def world(app: Flask, database: str, templates: Templates) -> World:
    """The fixed cast with a small plan in 兴国县 and a stranger in another county."""
    return known_world(templates.casts[database])
