"""The parent's side of the processes that are killed: start, tell, kill, wait, and leave nothing behind."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from tracker.settings import ROOT

PATIENCE = 60.0
SHORT_WAIT = 0.002
LAST_LINES = 40
# Nothing of the tests' own surroundings reaches a process that is killed.
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH", "PYTHONWARNINGS")


class Died(Exception):
    """The process is gone before it answered."""


def until(what: Callable[[], Any], seconds: float = PATIENCE, said: str = "") -> Any:
    """Ask until the answer is true, and return it. Raises AssertionError at the deadline."""
    deadline = time.monotonic() + seconds
    while not (answer := what()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {said or what}")
        time.sleep(SHORT_WAIT)
    return answer


class Nursery:
    """The process that forks the others; see ``nursery.py``."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.torture.nursery"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # Ctrl-C in a terminal is for the tests; they end this process, and it ends its own.
            start_new_session=True,
        )

    def ask(self, **request: Any) -> dict[str, Any]:
        """Send a request and return the answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._turn:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            return dict(json.loads(self._process.stdout.readline()))

    def stop(self) -> None:
        """End it and everything that it forked."""
        with suppress(BrokenPipeError):
            assert self._process.stdin is not None
            self._process.stdin.close()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Process:
    """A process that was forked; killed in the end if it still runs."""

    def __init__(self, nursery: Nursery, output: Path, program: str, *arguments: str, **environment: str) -> None:
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        self._nursery = nursery
        self._output = output
        self._reaping = threading.Lock()
        self._code: int | None = None
        self.pid = int(
            nursery.ask(program=program, arguments=arguments, environment={**kept, **environment}, output=str(output))[
                "pid"
            ]
        )

    def signal(self, number: signal.Signals) -> None:
        """Send a signal; its id is not another's, since nobody but ``wait`` lets go of it."""
        with self._reaping:
            if self._code is None:
                os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it on the spot, and return when it is gone."""
        self.signal(signal.SIGKILL)
        self.wait()

    def wait(self, seconds: float = PATIENCE) -> int:
        """The exit code once it has ended; negative for a signal."""
        return int(until(lambda: self.code() is not None and [self._code], seconds, self.printed())[0])

    def code(self) -> int | None:
        """The exit code, None while it runs."""
        with self._reaping:
            if self._code is None:
                self._code = self._nursery.ask(wait=self.pid)["code"]
            return self._code

    def printed(self) -> str:
        """The last lines that it printed."""
        lines = self._output.read_text(encoding="utf-8", errors="replace").splitlines() if self._output.exists() else []
        return "\n".join(lines[-LAST_LINES:])


class Sender(Process):
    """A process that runs jobs as it is told; see ``sender.py``."""

    def __init__(self, nursery: Nursery, output: Path, **environment: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
            super().__init__(nursery, output, "sender", str(port), **environment)
            self._line = self._accepted(listener)
        self._lines = self._line.makefile("rb")
        self.heard()

    def _accepted(self, listener: socket.socket) -> socket.socket:
        """The connection of the process, once it stands."""
        until(
            lambda: select.select([listener], [], [], 0.05)[0] or self.code() is not None, said="the sender calls back"
        )
        if self.code() is not None:
            raise AssertionError(f"the sender ended at once\n{self.printed()}")
        connection, _ = listener.accept()
        connection.settimeout(PATIENCE)
        return connection

    def tell(self, do: str, now: datetime | None = None, **more: Any) -> None:
        """Give an order and do not wait."""
        moment = {"now": now.isoformat()} if now else {}
        self._line.sendall(json.dumps({"do": do, **moment, **more}).encode() + b"\n")

    def heard(self, seconds: float = PATIENCE) -> dict[str, Any]:
        """The next answer. Raises Died where the process is gone."""
        self._line.settimeout(seconds)
        try:
            line = self._lines.readline()
        except ConnectionResetError:
            line = b""
        except TimeoutError as error:
            raise AssertionError(f"the sender said nothing for {seconds} s\n{self.printed()}") from error
        if not line:
            self.wait()
            raise Died
        return dict(json.loads(line))

    def do(self, job: str, now: datetime, seconds: float = PATIENCE, **more: Any) -> dict[str, Any]:
        """Run a job and return what came of it. Raises Died where the process is gone before."""
        self.tell(job, now, **more)
        return self.heard(seconds)

    def stop_next(self) -> None:
        """Let it stop for good before its next statement."""
        self.tell("stop")

    def close(self) -> None:
        """Kill it and close the line."""
        self.kill()
        self._lines.close()
        self._line.close()


class Place:
    """Where a check happens: a database, a folder and a mail server; it starts the processes that work there."""

    def __init__(self, nursery: Nursery, kind: str, folder: Path, environment: Mapping[str, str]) -> None:
        self.kind = kind
        self.folder = folder
        self.environment = dict(environment)
        self._nursery = nursery
        self._started = 0

    @contextmanager
    def sender(self, **more: str) -> Iterator[Sender]:
        """A process that runs jobs; killed in the end."""
        sender = Sender(self._nursery, self._next_output("sender"), **{**self.environment, **more})
        try:
            yield sender
        finally:
            sender.close()

    @contextmanager
    def server(self, *arguments: str, **more: str) -> Iterator[Process]:
        """``python -m tracker.serve`` with arguments; killed in the end."""
        process = Process(
            self._nursery, self._next_output("serve"), "serve", *arguments, **{**self.environment, **more}
        )
        try:
            yield process
        finally:
            process.kill()

    def _next_output(self, name: str) -> Path:
        self._started += 1
        return self.folder / f"{name}-{self._started}.log"
