"""A real SMTP server with bad manners, which tells at each step of a conversation where it stands.

It is written on bare sockets: what it must be able to do is what a well-behaved library forbids.
"""

from __future__ import annotations

import email
import email.policy
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

HOST = "127.0.0.1"
OK = "250 OK"
GO_ON = "354 go on"
GREETING = "220 torture"
LONGEST_SILENCE = 120.0


class Step(StrEnum):
    """Where a conversation stands: a command was read and not yet answered, or a mail was kept or answered."""

    CONNECT = "connect"
    EHLO = "ehlo"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    KEPT = "kept"
    REPLIED = "replied"


class Kept(NamedTuple):
    """A mail that the server has taken upon itself."""

    recipient: str
    message_id: str
    at: float


@dataclass(frozen=True)
class Manner:
    """How the server treats a recipient: its replies, the seconds before each, the seconds between two bytes.

    ``start`` answers DATA before the mail, ``data`` after it.
    ``deaf``: the mail is kept and its DATA never answered. ``times``: how many mails meet this manner; later ones are
    treated well.
    """

    rcpt: str = OK
    start: str = GO_ON
    data: str = OK
    pause: float = 0.0
    drip: float = 0.0
    deaf: bool = False
    times: int | None = None


class _Closed(Exception):
    """The conversation is over."""


class Conversation:
    """One connection of a sender."""

    def __init__(self, server: Server, connection: socket.socket) -> None:
        self.recipient = ""
        self._server = server
        self._socket = connection
        self._lines = connection.makefile("rb")
        self._manner = Manner()
        self._mails = 0
        self._has_begun = False

    def hold(self) -> None:
        """Talk until one side hangs up."""
        with suppress(OSError, _Closed, ValueError):
            self._step(Step.CONNECT)
            self._reply(GREETING)
            while line := self._lines.readline():
                self._answer(line.decode("utf-8", "replace").strip())
        with suppress(OSError):
            self._lines.close()
            self._socket.close()

    def close(self) -> None:
        """Hang up."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def _step(self, step: Step) -> None:
        self._server.reached(step, self)

    def _answer(self, line: str) -> None:
        verb = line.split(" ", 1)[0].split(":", 1)[0].upper()
        match verb:
            case "EHLO" | "HELO":
                self._step(Step.EHLO)
                self._reply("250 torture")
            case "MAIL":
                self._manner = Manner()
                self._step(Step.MAIL)
                self._reply(self._begin())
            case "RCPT":
                self.recipient = line.partition("<")[2].partition(">")[0]
                self._manner = self._server.manner_for(self.recipient)
                self._step(Step.RCPT)
                self._reply(self._manner.rcpt)
            case "DATA":
                self._step(Step.DATA)
                self._reply(self._manner.start)
                if self._manner.start == GO_ON:
                    self._take()
            case "QUIT":
                self._reply("221 bye")
                raise _Closed
            case "RSET":
                self._has_begun = False
                self._reply(OK)
            case "NOOP":
                self._reply(OK)
            case _:
                self._reply("502 what")

    def _begin(self) -> str:
        """Begin a mail, one after the other and not too many; the reply."""
        if self._has_begun:
            return "503 one mail at a time"
        if self._server.most_mails is not None and self._mails >= self._server.most_mails:
            return "421 enough of this connection"
        self._mails += 1
        self._has_begun = True
        return OK

    def _take(self) -> None:
        """Read a mail, keep it where the reply accepts it, and answer."""
        content = bytearray()
        while (line := self._lines.readline()) != b".\r\n":
            if not line:
                raise _Closed
            content += line[1:] if line.startswith(b".") else line
        if self._manner.data.startswith("2"):
            message = email.message_from_bytes(bytes(content), policy=email.policy.default)
            self._server.keep(Kept(self.recipient, str(message["Message-ID"]).strip(), time.monotonic()))
            self._step(Step.KEPT)
        self._has_begun = False
        if self._manner.deaf:
            self._server.sleep(LONGEST_SILENCE)
            raise _Closed
        self._reply(self._manner.data)
        self._step(Step.REPLIED)

    def _reply(self, reply: str) -> None:
        """Send a reply as the recipient is treated; 421 ends the conversation."""
        self._server.sleep(self._manner.pause)
        content = f"{reply}\r\n".encode()
        if self._manner.drip:
            for byte in content:
                self._socket.sendall(bytes([byte]))
                self._server.sleep(self._manner.drip)
        else:
            self._socket.sendall(content)
        if reply.startswith("421"):
            raise _Closed


class Server:
    """The server: what it has kept, how it treats whom, and what to do at each step.

    ``hook`` is called with each step in the thread of its conversation, before the reply: it may kill the sender there.
    ``most_mails``: so many are taken over one connection.
    """

    def __init__(self) -> None:
        self.kept: list[Kept] = []
        self.manners: dict[str, Manner] = {}
        self.most_mails: int | None = None
        self.hook: Callable[[Step, Conversation], None] = lambda *_: None
        self.port = 0
        self._turn = threading.Lock()
        self._ending = threading.Event()
        self._listener: socket.socket | None = None
        self._conversations: list[Conversation] = []
        self._reserve()
        self.up()

    def up(self) -> None:
        """Accept connections; on the same port as before."""
        assert self._listener is not None
        self._listener.listen(64)
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def down(self) -> None:
        """Refuse connections and break those that stand; the port stays ours."""
        self._hang_up()
        self._reserve()

    def stop(self) -> None:
        """End for good."""
        self._ending.set()
        self._hang_up()

    def keep(self, kept: Kept) -> None:
        """Take a mail."""
        with self._turn:
            self.kept.append(kept)

    def manner_for(self, recipient: str) -> Manner:
        """How a recipient is treated this time."""
        with self._turn:
            manner = self.manners.get(recipient, Manner())
            if manner.times is not None:
                self.manners[recipient] = replace(manner, times=max(0, manner.times - 1))
        return Manner() if manner.times == 0 else manner

    def reached(self, step: Step, conversation: Conversation) -> None:
        """Call the hook."""
        self.hook(step, conversation)

    def sleep(self, seconds: float) -> None:
        """Wait, but not beyond the end of the server."""
        if seconds and self._ending.wait(seconds):
            raise _Closed

    def _reserve(self) -> None:
        """Hold the port without listening: whoever connects is refused, and nobody else gets it."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, self.port))
        self.port = listener.getsockname()[1]
        self._listener = listener

    def _hang_up(self) -> None:
        if self._listener is not None:
            # Closing alone would leave a thread in accept() that still takes the next connection.
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        with self._turn:
            open_ones, self._conversations = self._conversations, []
        for each in open_ones:
            each.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            conversation = Conversation(self, connection)
            with self._turn:
                self._conversations.append(conversation)
            threading.Thread(target=conversation.hold, daemon=True).start()


@contextmanager
def rude_server() -> Iterator[Server]:
    """A server on a free port of this machine, stopped in the end."""
    server = Server()
    try:
        yield server
    finally:
        server.stop()
