"""Mail servers that encrypt, with certificates of an authority of our own, and one that only says what it was told to.

The code under test trusts what the system trusts; for a test the environment says what that is, as it does in a county
with an authority of its own.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import trustme

from tests.smtp import HOST, Mailbox, smtp_server


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """Who signs the certificates of mail servers."""
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """The same, trusted by this process alone of all authorities."""
    bundle = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    return authority


def secure_server(security: str, certificate: trustme.LeafCert) -> AbstractContextManager[Mailbox]:
    """A server that takes nothing in the clear, no mail and no login."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    if security == "tls":
        # Its own idea of what is encrypted knows STARTTLS alone.
        return smtp_server(ssl_context=context, auth_require_tls=False)
    return smtp_server(tls_context=context, require_starttls=True)


@dataclass
class Overheard:
    """Where a server listens, and all that it heard before any encryption."""

    port: int
    heard: bytearray = field(default_factory=bytearray)


@contextmanager
def plain_server(replies: Mapping[str, str]) -> Iterator[Overheard]:
    """A server that answers each verb as it is told, 250 to others, and never encrypts."""

    def answer(verb: str) -> bytes:
        return replies.get(verb, "250 ok").replace("\n", "\r\n").encode() + b"\r\n"

    def talk(connection: socket.socket) -> None:
        with suppress(OSError), connection, connection.makefile("rb") as lines:
            connection.sendall(answer("connect"))
            for line in lines:
                overheard.heard += line
                connection.sendall(answer(line.split(b" ")[0].strip().decode("latin-1").upper()))

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=talk, args=[listener.accept()[0]], daemon=True).start()

    with socket.create_server((HOST, 0)) as listener:
        overheard = Overheard(listener.getsockname()[1])
        threading.Thread(target=accept, daemon=True).start()
        yield overheard
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
