"""The mail server: one connection, one mail at a time, and what its answers mean for a mail."""

from __future__ import annotations

import smtplib
import socket
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum

from tracker.settings import Settings

# Seconds for each step of the conversation.
TIMEOUT = 30
LONGEST_ANSWER = 300


class Outcome(StrEnum):
    """What becomes of a mail: it is sent, tried again, or given up."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"


@dataclass(frozen=True)
class Answer:
    """What the server said to a mail, and what follows from it."""

    outcome: Outcome
    words: str


class ServiceDown(Exception):
    """The server takes no mail at all just now; ``reason`` is a stable word. No mail is to blame."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MailServer:
    """A connection that opens when it is needed and again when it broke."""

    def __init__(self, settings: Settings, timeout: float = TIMEOUT) -> None:
        self._settings = settings
        self._timeout = timeout
        self._connection: smtplib.SMTP | None = None

    def open(self) -> None:
        """Make sure that a connection stands. Raises ServiceDown."""
        if self._connection is not None:
            return
        try:
            connection = self._connected()
            if self._settings.smtp_user:
                connection.login(self._settings.smtp_user, self._settings.smtp_password)
        except (smtplib.SMTPException, OSError) as error:
            raise ServiceDown(_reason(error)) from error
        self._connection = connection

    def send(self, sender: str, recipient: str, message: EmailMessage) -> Answer:
        """Hand over one mail. Raises ServiceDown where the server refuses us rather than the mail."""
        self.open()
        assert self._connection is not None
        try:
            self._connection.send_message(message, sender, [recipient])
        except smtplib.SMTPRecipientsRefused as error:
            code, words = error.recipients[recipient]
            return self._answered(code, words)
        except smtplib.SMTPSenderRefused as error:
            self.close()
            raise ServiceDown("sender_refused") from error
        except smtplib.SMTPResponseException as error:
            return self._answered(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            return Answer(Outcome.LATER, _reason(error))
        return Answer(Outcome.SENT, "250")

    def close(self) -> None:
        """Say goodbye, if there is anybody to say it to."""
        if self._connection is not None:
            try:
                self._connection.quit()
            except (smtplib.SMTPException, OSError):
                self._connection.close()
            self._connection = None

    def _connected(self) -> smtplib.SMTP:
        address = (self._settings.smtp_host, self._settings.smtp_port, self._settings.mail_domain)
        if self._settings.smtp_security == "tls":
            return smtplib.SMTP_SSL(*address, timeout=self._timeout, context=ssl.create_default_context())
        connection = smtplib.SMTP(*address, timeout=self._timeout)
        if self._settings.smtp_security == "starttls":
            connection.starttls(context=ssl.create_default_context())
        return connection

    def _answered(self, code: int, words: bytes | str) -> Answer:
        """5xx is final, all else is worth another try; 421 means that the server has hung up."""
        text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
        if code == 421:
            self._drop()
        outcome = Outcome.REFUSED if 500 <= code < 600 else Outcome.LATER
        return Answer(outcome, f"{code} {' '.join(text.split())}"[:LONGEST_ANSWER])

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _reason(error: Exception) -> str:
    """A stable word for a failure of the connection."""
    # smtplib calls a connection closed that only keeps silent; what really happened stands behind it.
    match error.__context__ if isinstance(error.__context__, TimeoutError) else error:
        case smtplib.SMTPAuthenticationError():
            return "login_refused"
        case smtplib.SMTPServerDisconnected():
            return "disconnected"
        case ssl.SSLError() | smtplib.SMTPNotSupportedError():
            return "not_secure"
        case TimeoutError():
            return "timed_out"
        case ConnectionRefusedError():
            return "connection_refused"
        case socket.gaierror():
            return "unknown_host"
        case _:
            return "not_reachable"
