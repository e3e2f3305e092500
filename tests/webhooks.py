"""The services of group robots on this machine: a proxy that takes CONNECT, and behind it TLS under their own names.

The code under test runs unchanged, with its real addresses; the way out and the authorities that it trusts come from
the environment, as they do in a county with a proxy of its own.
"""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import trustme

from tracker.rules.robots import SERVICES

HOST = "127.0.0.1"
HOSTS = [service.host for service in SERVICES.values()]


@dataclass(frozen=True)
class Posted:
    """A message as a service got it."""

    host: str
    target: str
    body: dict[str, Any]
    headers: dict[str, str]


@dataclass(frozen=True)
class Reply:
    """What a service answers; ``before`` is called when the message has come and nothing is answered yet."""

    body: str = '{"errcode":0,"errmsg":"ok","code":0}'
    status: str = "200 OK"
    headers: tuple[str, ...] = ()
    delay: float = 0
    drips: float = 0  # seconds between the bytes of the body
    hangs_up: bool = False
    before: Callable[[], object] = lambda: None


@dataclass
class Services:
    """What was contacted and what came; ``replies`` by host, ``refuses`` the hosts that the proxy does not connect."""

    port: int
    authority: trustme.CA
    bundle: Path
    asked: list[str] = field(default_factory=list)
    posted: list[Posted] = field(default_factory=list)
    replies: dict[str, Reply] = field(default_factory=dict)
    refuses: set[str] = field(default_factory=set)

    def texts(self) -> list[str]:
        """The words of the messages, in the order in which they came."""
        return [str((each.body.get("text") or each.body["content"]).popitem()[1]) for each in self.posted]

    def environment(self) -> dict[str, str]:
        """What a process needs to go through here."""
        return {"HTTPS_PROXY": f"http://{HOST}:{self.port}", "REQUESTS_CA_BUNDLE": str(self.bundle)}


@contextmanager
def running_services(folder: Path) -> Iterator[Services]:
    """Serve on a free port of this machine."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    with socket.create_server((HOST, 0)) as listening:
        services = Services(listening.getsockname()[1], authority, folder / "authority.pem")
        threading.Thread(target=_accept, args=(services, listening), daemon=True).start()
        yield services


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """The services, and the environment that leads to them."""
    for name in ("https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    with running_services(tmp_path) as services:
        for name, value in services.environment().items():
            monkeypatch.setenv(name, value)
        yield services


def _accept(services: Services, listening: socket.socket) -> None:
    while True:
        try:
            connection, _address = listening.accept()
        except OSError:
            return
        threading.Thread(target=_serve, args=(services, connection), daemon=True).start()


def _serve(services: Services, connection: socket.socket) -> None:
    """One tunnel: CONNECT, then TLS, then one request after the other."""
    try:
        first, _headers, _body = _read(connection.makefile("rb"))
        name = first.split()[1].rpartition(":")[0]
        services.asked.append(first.split()[1])
        if name in services.refuses:
            connection.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")
            return
        connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        services.authority.issue_cert(name).configure_cert(context)
        with context.wrap_socket(connection, server_side=True) as secure:
            reader = secure.makefile("rb")
            while True:
                first, headers, body = _read(reader)
                services.posted.append(Posted(name, first.split()[1], json.loads(body), headers))
                if not _answer(secure, services.replies.get(name, Reply())):
                    return
    except (OSError, ValueError, IndexError):
        return
    finally:
        connection.close()


def _answer(secure: ssl.SSLSocket, reply: Reply) -> bool:
    """Send a reply; whether the connection goes on."""
    reply.before()
    time.sleep(reply.delay)
    if reply.hangs_up:
        return False
    content = reply.body.encode()
    lines = [f"HTTP/1.1 {reply.status}", f"Content-Length: {len(content)}", *reply.headers, "", ""]
    secure.sendall("\r\n".join(lines).encode())
    if not reply.drips:
        secure.sendall(content)
    for byte in content if reply.drips else b"":
        secure.sendall(bytes([byte]))
        time.sleep(reply.drips)
    return True


def _read(reader: Any) -> tuple[str, dict[str, str], bytes]:
    """The first line, the headers and the body of a request."""
    first = reader.readline().decode()
    headers: dict[str, str] = {}
    while line := reader.readline().strip():
        name, _colon, value = line.decode().partition(":")
        headers[name.lower()] = value.strip()
    return first, headers, reader.read(int(headers.get("content-length", 0)))
