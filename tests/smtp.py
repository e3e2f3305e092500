"""A real SMTP server on loopback that keeps what it receives and answers as a test tells it to."""

import asyncio
import email
import email.policy
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST = "127.0.0.1"
ACCEPTED = "250 OK"
ATTEMPTS = 5


class Received(NamedTuple):
    """One mail as it was handed over: the envelope's two sides, and the message itself."""

    sender: str
    recipients: list[str]
    message: EmailMessage


class Login(NamedTuple):
    """A try to log in, and whether it came over an encrypted connection."""

    user: str
    password: str
    is_encrypted: bool


class Mailbox:
    """What the server has received, and what it answers.

    `rcpt_replies` and `data_replies` map a recipient's address to the reply to RCPT TO and to the end of the
    message, such as "550 no such user" or "451 later"; whoever is missing is accepted. SMTP has one reply to
    DATA for all recipients of a mail: the first one listed in `data_replies` decides, and such a mail is not kept.
    Mails to those in `silent` are read, which `is_silent` tells, and never answered.
    Who logs in with `password` is let in, where the server offers a login at all.
    After `most_mails` of a connection each MAIL FROM is answered with `too_many`.
    """

    password = "correct horse"

    def __init__(self) -> None:
        """Begin empty and friendly."""
        self.port = 0
        self.messages: list[Received] = []
        self.rcpt_replies: dict[str, str] = {}
        self.data_replies: dict[str, str] = {}
        self.silent: set[str] = set()
        self.is_silent = threading.Event()
        self.logins: list[Login] = []
        self.most_mails: int | None = None
        self.too_many = "421 4.7.0 too many mails"
        self._mails_of: WeakKeyDictionary[Session, int] = WeakKeyDictionary()

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer MAIL FROM."""
        self._mails_of[session] = self._mails_of.get(session, 0) + 1
        if self.most_mails is not None and self._mails_of[session] > self.most_mails:
            return self.too_many
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return ACCEPTED

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer RCPT TO; aiosmtpd calls it by this name."""
        reply = self.rcpt_replies.get(address, ACCEPTED)
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Answer the end of the message, and keep it unless the reply refuses it."""
        if self.silent & set(envelope.rcpt_tos):
            self.is_silent.set()
            await asyncio.Event().wait()
        replies = (self.data_replies[address] for address in envelope.rcpt_tos if address in self.data_replies)
        reply = next(replies, ACCEPTED)
        if reply.startswith("2"):
            message = email.message_from_bytes(envelope.original_content or b"", policy=email.policy.default)
            received = Received(envelope.mail_from or "", list(envelope.rcpt_tos), message)
            self.messages.append(received)
        return reply

    def log_in(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, said: Any) -> AuthResult:
        """Keep a try to log in, and answer it."""
        assert isinstance(said, LoginPassword)
        self.logins.append(Login(said.login.decode(), said.password.decode(), session.ssl is not None))
        return AuthResult(success=said.password.decode() == self.password, handled=False)


@contextmanager
def smtp_server(**options: Any) -> Iterator[Mailbox]:
    """Run a server on a free port of 127.0.0.1 and yield its mailbox, with `port` set; `options` are aiosmtpd's."""
    mailbox = Mailbox()
    controller = _started(mailbox, options)
    try:
        yield mailbox
    finally:
        controller.stop()


def _started(mailbox: Mailbox, options: dict[str, Any]) -> Controller:
    """Start a server for `mailbox`; another process may snatch the free port, so try again a few times."""
    for attempt in range(1, ATTEMPTS + 1):
        mailbox.port = _free_port()
        controller = Controller(mailbox, hostname=HOST, port=mailbox.port, authenticator=mailbox.log_in, **options)
        try:
            controller.start()
        except OSError:
            if attempt == ATTEMPTS:
                raise
        else:
            return controller
    raise AssertionError("the last attempt returns or raises")


def _free_port() -> int:
    """Return a port nobody listens on. aiosmtpd's own `port=0` fails: it then connects to port 0 to see if it runs."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
