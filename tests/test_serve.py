"""``python -m tracker.serve`` as a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
import sqlalchemy as sa

from tests.conftest import Templates
from tests.torture.processes import Nursery, Process
from tracker.settings import ROOT

PATIENCE = 60


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(folder: Path, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """The process with its data in a folder; killed in the end if it still runs."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "TRACKER_FAKE_NOW"}}
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker.serve", *arguments],
        env={**kept, "TRACKER_VAR": str(folder), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def answer(port: int) -> str:
    """What /health says once the process answers."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as response:
                return str(response.read().decode())
        except HTTPError as refused:
            return refused.read().decode()
        except (URLError, ConnectionError, TimeoutError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def end_of(process: subprocess.Popen[str], number: signal.Signals) -> tuple[int, str]:
    """The exit code and everything that was printed after a signal."""
    process.send_signal(number)
    output, _ = process.communicate(timeout=PATIENCE)
    return process.returncode, output


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_migrates_serves_and_ends_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    port = free_port()
    with serving(tmp_path, PORT=str(port)) as process:
        assert answer(port) == "ok"
        code, output = end_of(process, number)
    assert code == 0, output
    assert f"Serving http://localhost:{port}" in output
    assert "job notice_overdue" in output
    assert "Traceback" not in output


def test_the_web_server_alone_runs_no_jobs(tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path, "--no-scheduler", PORT=str(port)) as process:
        assert answer(port) == "ok"
        code, output = end_of(process, signal.SIGTERM)
    assert code == 0, output
    assert "job " not in output


def flask(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    """A command of flask as a process of its own."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "TRACKER_FAKE_NOW"}}
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
        env={**kept, **environment},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """The exit code and everything that was printed by a process that ends by itself."""
    output, _ = process.communicate(timeout=PATIENCE)
    return process.returncode, output


def test_several_processes_migrate_one_database_at_once(database: str, templates: Templates, tmp_path: Path) -> None:
    url = templates.url(database, "migrated_at_once")
    if database == "postgres":
        templates.on_server("CREATE DATABASE migrated_at_once")
    processes = [flask("db", "upgrade", DATABASE_URL=url, TRACKER_VAR=str(tmp_path)) for _ in range(3)]
    found = [ended(process) for process in processes]
    assert [code for code, _ in found] == [0, 0, 0], "\n".join(output for _, output in found)
    code, output = ended(flask("db", "check", DATABASE_URL=url, TRACKER_VAR=str(tmp_path)))
    assert code == 0, output


def test_the_scheduler_alone_changes_no_tables(tmp_path: Path) -> None:
    with serving(tmp_path, "--scheduler-only") as process:
        code, output = ended(process)
    assert code == 2
    assert "db upgrade" in output
    assert "Traceback" not in output
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'tracker.db'}")
    assert sa.inspect(engine).get_table_names() == []
    engine.dispose()


UNUSABLE = {
    "a database that is nowhere": ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}, "DATABASE_URL"),
    "a folder that is nowhere": ({"DATABASE_URL": "sqlite:////nowhere/at/all.db"}, "DATABASE_URL"),
    "a database of another kind": ({"DATABASE_URL": "mysql://nobody@localhost/nothing"}, "DATABASE_URL"),
    "a folder that cannot be made": ({"TRACKER_VAR": "/dev/null/var"}, "TRACKER_VAR"),
    "a port that does not exist": ({"PORT": "99999"}, "PORT"),
}


@pytest.mark.parametrize(("environment", "words"), UNUSABLE.values(), ids=UNUSABLE)
@pytest.mark.parametrize("command", ["serve", "serve --scheduler-only", "plans list", "db upgrade", "create-admin"])
def test_what_is_unusable_is_said_without_a_traceback(
    nursery: Nursery, tmp_path: Path, command: str, environment: dict[str, str], words: str
) -> None:
    values = {"TRACKER_VAR": str(tmp_path), "PORT": str(free_port()), **environment}
    first, *arguments = command.split()
    if first != "serve":
        first, arguments = "flask", [first, *arguments]
    process = Process(nursery, tmp_path / "output", first, *arguments, **values)
    try:
        code = process.wait(PATIENCE)
    finally:
        process.kill()
    output = (tmp_path / "output").read_text(encoding="utf-8")
    assert code in {1, 2}, output
    assert words in output
    assert "Traceback" not in output


def test_a_command_before_the_first_migration_names_it(tmp_path: Path) -> None:
    code, output = ended(flask("plans", "list", TRACKER_VAR=str(tmp_path)))
    assert code == 1
    assert "db upgrade" in output
    assert "Traceback" not in output


def test_the_scheduler_alone_opens_no_port_and_ends_cleanly(tmp_path: Path) -> None:
    assert ended(flask("db", "upgrade", TRACKER_VAR=str(tmp_path)))[0] == 0
    with serving(tmp_path, "--scheduler-only", PORT="1") as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "job notice_overdue" in line:
                break
        code, output = end_of(process, signal.SIGTERM)
    assert code == 0, output
    assert "Traceback" not in output


def test_a_busy_port_is_named_with_its_mend(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with serving(tmp_path, PORT=str(port)) as process:
            output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert f"PORT={port + 1}" in output
    assert "Traceback" not in output


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (
            ["--demo"],
            {"TRACKER_ENV": "production", "SECRET_KEY": "x" * 40, "BASE_URL": "https://duban.example.cn"},
            "--demo is refused in production",
        ),
        ([], {"TRACKER_ENV": "production"}, "SECRET_KEY"),
        (["--no-scheduler", "--scheduler-only"], {}, "exclude each other"),
    ],
)
def test_what_cannot_be_served_is_refused_with_a_reason(
    tmp_path: Path, arguments: list[str], environment: dict[str, str], words: str
) -> None:
    with serving(tmp_path, *arguments, **environment) as process:
        output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert words in output
    assert "Traceback" not in output


def test_of_two_first_starts_with_the_demonstration_the_second_waits(tmp_path: Path) -> None:
    ports = [free_port(), free_port()]
    with (
        serving(tmp_path, "--demo", "--no-scheduler", PORT=str(ports[0])) as first,
        serving(tmp_path, "--demo", "--no-scheduler", PORT=str(ports[1])) as second,
    ):
        # Nobody runs the jobs of the demonstration, which began weeks ago.
        assert [answer(port) for port in ports] == ["late", "late"]
        ends = [end_of(process, signal.SIGTERM) for process in (first, second)]
    assert [code for code, _ in ends] == [0, 0], ends
    assert all("Password of every account" in output and "Traceback" not in output for _, output in ends)
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'tracker.db'}")
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM marks WHERE name = 'demonstration'")) == 1
    engine.dispose()
