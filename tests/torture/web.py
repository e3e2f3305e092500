"""Real requests to a real web process."""

from __future__ import annotations

import http.client
import socket
import time
from urllib.parse import urlencode

from tests.torture.processes import Process, until

HOST = "127.0.0.1"
TIMEOUT = 60


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def wait_for_web(port: int, process: Process) -> None:
    """Return once the process answers. Raises AssertionError where it ends instead."""

    def answers() -> bool:
        assert process.code() is None, process.printed()
        try:
            return get(port, "/health")[0] in {200, 503}
        except OSError:
            return False

    until(answers, said="the web process answers")


def get(port: int, address: str, **headers: str) -> tuple[int, str]:
    """The status and the text at an address."""
    return _asked(port, "GET", address, None, headers)


def post(port: int, address: str, values: dict[str, str], cookie: str) -> int:
    """Send a form; the status. Raises OSError or HTTPException where the process dies meanwhile."""
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    return _asked(port, "POST", address, urlencode(values), headers)[0]


def seconds_of(port: int, address: str) -> float:
    """How long a page takes."""
    begun = time.monotonic()
    assert get(port, address)[0] == 200
    return time.monotonic() - begun


def _asked(port: int, method: str, address: str, body: str | None, headers: dict[str, str]) -> tuple[int, str]:
    connection = http.client.HTTPConnection(HOST, port, timeout=TIMEOUT)
    try:
        connection.request(method, address, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()
