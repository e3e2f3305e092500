"""The fixtures of the suite: both databases, real, each test on a fresh copy of a migrated template."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache

from tests.factories import World, make_world
from tests.postgres import temporary_postgres
from tests.visit import Visitor
from tracker import create_app
from tracker.commands.plans import load_frameworks, load_regions, load_seeds
from tracker.models import Plan, PlanState, db
from tracker.settings import Settings, from_environment

DATABASES = ["sqlite", "postgres"]


def settings_for(url: str, var_dir: Path, **differences: object) -> Settings:
    """The settings of a test: cheap argon2, no mail server, a folder of its own."""
    plain = from_environment({"TRACKER_VAR": str(var_dir), "DATABASE_URL": url, "BASE_URL": "http://localhost"})
    return replace(plain, argon2_time_cost=1, argon2_memory_kib=8, testing=True, **differences)  # type: ignore[arg-type]


class Templates:
    """Databases made once and copied for each test.

    ``empty`` is migrated and knows regions and indicators; ``plans`` holds the five plans as well.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: set[str] = set()
        (folder / "pages").mkdir(exist_ok=True)
        self.pages = FileSystemBytecodeCache(str(folder / "pages"))
        self.count = 0
        self._server: object = None
        self.server_url = ""

    def start_postgres(self) -> None:
        """Start the server at the first test that needs it."""
        if not self.server_url:
            self._server = temporary_postgres()
            self.server_url = self._server.__enter__()

    def stop(self) -> None:
        """Stop the server."""
        if self._server:
            self._server.__exit__(None, None, None)  # type: ignore[attr-defined]

    def url(self, kind: str, name: str) -> str:
        """The address of a database of a kind."""
        if kind == "sqlite":
            return f"sqlite:///{self.folder / name}.db"
        self.start_postgres()
        return sa.make_url(self.server_url).set(database=name).render_as_string(hide_password=False)

    def on_server(self, statement: str) -> None:
        """Run a statement on the server itself."""
        engine = sa.create_engine(self.server_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()

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
            db.session.commit()
            db.session.remove()
            db.engine.dispose()
        self.made.add(name)
        return name

    @contextmanager
    def copy(self, kind: str, content: str) -> Iterator[str]:
        """The address of a fresh copy."""
        template = self.make(kind, content)
        self.count += 1
        name = f"copy_{self.count}"
        url = self.url(kind, name)
        if kind == "sqlite":
            shutil.copy(self.folder / f"{template}.db", self.folder / f"{name}.db")
        else:
            self.on_server(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        yield url
        if kind == "sqlite":
            for path in self.folder.glob(f"{name}.db*"):
                path.unlink()
        else:
            self.on_server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Templates]:
    """The templates of this process."""
    templates = Templates(tmp_path_factory.mktemp("databases"))
    yield templates
    templates.stop()


@contextmanager
def running(templates: Templates, kind: str, content: str, var_dir: Path) -> Iterator[Flask]:
    """An application on a fresh copy, inside its context."""
    with templates.copy(kind, content) as url:
        app = create_app(settings_for(url, var_dir))
        app.test_client_class = Visitor
        # Each test has an application of its own; compiling the pages anew for each took most of the suite's time.
        app.jinja_env.bytecode_cache = templates.pages
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database that a test runs on."""
    return str(request.param)


@pytest.fixture
def app(database: str, templates: Templates, tmp_path: Path) -> Iterator[Flask]:
    """An application that knows regions and national indicators, on each database."""
    with running(templates, database, "empty", tmp_path / "var") as app:
        yield app


@pytest.fixture
def plans_app(database: str, templates: Templates, tmp_path: Path) -> Iterator[Flask]:
    """An application with the five plans, active, on each database."""
    with running(templates, database, "plans", tmp_path / "var") as app:
        yield app


@pytest.fixture
def world(app: Flask) -> World:
    """The fixed cast with a small plan in 兴国县 and a stranger in another county."""
    return make_world()
