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
from urllib.error import URLError
from urllib.request import urlopen

import pytest

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
        except (URLError, ConnectionError):
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


def test_the_scheduler_alone_opens_no_port_and_ends_cleanly(tmp_path: Path) -> None:
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
