"""The mail server: one connection, one mail at a time, and what its answers mean for a mail."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tracker.settings import Settings

LONGEST_ANSWER = 300
LOGINS = {"CRAM-MD5", "PLAIN", "LOGIN"}
# The answer to any command with which a server ends the connection: it has had enough mails of it, or it goes down.
HUNG_UP = 421


class Outcome(StrEnum):
    """What becomes of a mail: it is sent, tried again, or given up."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"


@dataclass(frozen=True)
class Answer:
    """What the server said to a mail, and what follows from it; ``of_address``: its address is at fault, for good."""

    outcome: Outcome
    words: str
    of_address: bool = False


class ServiceDown(Exception):
    """The server takes no mail at all just now; ``reason`` is a stable word. No mail is to blame.

    ``tried``: a mail was shown to the server; the next try begins with another one.
    """

    def __init__(self, reason: str, words: str = "", *, tried: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.words = words
        self.tried = tried


class _NoLogin(smtplib.SMTPException):
    """The server offers no login, at least not over this connection."""


class _Plain(smtplib.SMTP):
    """A connection that is known to ``show`` before it speaks, so that it can be cut off while it does.

    ``has_shown``: words of the mail in hand, or of the one before, may have reached the server.
    """

    has_shown = False

    def __init__(self, show: Callable[[smtplib.SMTP], None], *args: Any, **kwargs: Any) -> None:
        show(self)
        super().__init__(*args, **kwargs)

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Hand over the words of a mail."""
        self.has_shown = True
        return super().data(msg)


class _Encrypted(_Plain, smtplib.SMTP_SSL):
    """The same, encrypted from its first byte."""


class MailServer:
    """A connection that opens when it is needed and again when it broke."""

    def __init__(self, settings: Settings, timeout: float | None = None) -> None:
        self._settings = settings
        self._timeout = timeout or settings.smtp_timeout
        self._connection: _Plain | None = None
        self._speaking: smtplib.SMTP | None = None
        self._is_cut = False

    def open(self) -> None:
        """Make sure that a connection stands. Raises ServiceDown."""
        if self._connection is not None:
            return
        self._is_cut = False
        try:
            connection = self._connected()
            # Before any mail: a server that does not greet us is no mail's fault.
            connection.ehlo_or_helo_if_needed()
            if self._settings.smtp_user:
                self._log_in(connection)
            if self._is_cut:
                # It came while nothing stood yet that could be broken off.
                raise TimeoutError
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            if self._speaking is not None:
                self._speaking.close()
            raise ServiceDown(self._reason(error), words_of(error)) from error
        self._connection = connection

    def send(self, sender: str, recipient: str, message: bytes) -> Answer:
        """Hand over one mail. Raises ServiceDown where the server refuses us rather than the mail.

        Many servers take only so many mails over a connection, so one that was used and takes no other is replaced.
        """
        self.open()
        assert self._connection is not None
        was_used, self._connection.has_shown = self._connection.has_shown, False
        try:
            self._connection.sendmail(sender, [recipient], message)
        except smtplib.SMTPRecipientsRefused as error:
            code, words = error.recipients[recipient]
            return self._answered(code, words, of_address=True)
        except smtplib.SMTPSenderRefused as error:
            if was_used and not self._is_cut:
                self.close()
                return self.send(sender, recipient, message)
            if error.smtp_code == HUNG_UP:
                return self._answered(error.smtp_code, error.smtp_error)
            self.close()
            # What is not for good, such as a full disk or too many mails an hour, is no matter of the address.
            reason = "sender_refused" if 500 <= error.smtp_code < 600 else "server_busy"
            raise ServiceDown(reason, words_of(error), tried=True) from error
        except smtplib.SMTPResponseException as error:
            if isinstance(error.smtp_error, str):
                # The library's own words: what the server said was no answer.
                self._drop()
                return Answer(Outcome.LATER, "disconnected")
            answer = self._answered(error.smtp_code, error.smtp_error)
            self._leave_mail()
            return answer
        except (smtplib.SMTPException, OSError) as error:
            again = was_used and not self._connection.has_shown and self._reason(error) != "timed_out"
            self._drop()
            if again:
                return self.send(sender, recipient, message)
            return Answer(Outcome.LATER, self._reason(error))
        except Exception:
            # What is wrong with the mail itself came to light in the middle of it.
            self._drop()
            raise
        return Answer(Outcome.SENT, "250")

    def cut(self) -> None:
        """Break the connection off from another thread: whatever it waits for fails at once."""
        self._is_cut = True
        sock = self._speaking.sock if self._speaking is not None else None
        if sock is not None:
            # Of an encrypted socket too: its own method would take the cipher away under the reader. It may have
            # broken by itself meanwhile.
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def close(self) -> None:
        """Say goodbye, if there is anybody to say it to."""
        if self._connection is not None:
            try:
                self._connection.quit()
            except (smtplib.SMTPException, OSError):
                self._connection.close()
            self._connection = None

    def _connected(self) -> _Plain:
        address = (self._settings.smtp_host, self._settings.smtp_port, self._settings.mail_domain)
        if self._settings.smtp_security == "tls":
            return _Encrypted(self._show, *address, timeout=self._timeout, context=ssl.create_default_context())
        connection = _Plain(self._show, *address, timeout=self._timeout)
        if self._settings.smtp_security == "starttls":
            self._encrypt(connection)
        return connection

    def _encrypt(self, connection: smtplib.SMTP) -> None:
        """Encrypt a connection, or say nothing more over it. Raises what reason_of knows."""
        connection.ehlo_or_helo_if_needed()
        try:
            connection.starttls(context=ssl.create_default_context())
        except smtplib.SMTPResponseException as error:
            raise smtplib.SMTPNotSupportedError(words_of(error)) from error

    def _log_in(self, connection: smtplib.SMTP) -> None:
        user, password = self._settings.smtp_user, self._settings.smtp_password
        if not LOGINS & set(connection.esmtp_features.get("auth", "").upper().split()):
            raise _NoLogin("no AUTH PLAIN, LOGIN or CRAM-MD5 is offered")
        if not (user + password).isascii():
            raise smtplib.SMTPAuthenticationError(535, "only ASCII can be sent as user name and password")
        connection.login(user, password)

    def _show(self, connection: smtplib.SMTP) -> None:
        self._speaking = connection

    def _answered(self, code: int, words: bytes | str, of_address: bool = False) -> Answer:
        """5xx is final, all else is worth another try."""
        text = _plain(words)
        if code == HUNG_UP or not 400 <= code < 600:
            # What is neither a refusal nor a delay answers something else: the next answer would, too.
            self._drop()
        if not 500 <= code < 600:
            return Answer(Outcome.LATER, f"{code} {text}"[:LONGEST_ANSWER])
        # 5.7 is a rule of the server about us, such as that it relays nothing: no address is at fault.
        return Answer(Outcome.REFUSED, f"{code} {text}"[:LONGEST_ANSWER], of_address and not text.startswith("5.7."))

    def _leave_mail(self) -> None:
        """End a mail that was begun: the library does not where DATA is refused, and the next mail would pay for it."""
        if self._connection is not None:
            try:
                self._connection.rset()
            except (smtplib.SMTPException, OSError):
                self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _reason(self, error: Exception) -> str:
        return "timed_out" if self._is_cut else reason_of(error)


def reason_of(error: Exception) -> str:
    """A stable word for a failure of the connection."""
    # smtplib calls a connection closed that only keeps silent; what really happened stands behind it.
    match error.__context__ if isinstance(error.__context__, TimeoutError) else error:
        case smtplib.SMTPAuthenticationError():
            return "login_refused"
        case _NoLogin():
            return "login_not_offered"
        case smtplib.SMTPServerDisconnected():
            return "disconnected"
        case ssl.SSLError() | smtplib.SMTPNotSupportedError():
            return "not_secure"
        case TimeoutError():
            return "timed_out"
        case ConnectionRefusedError():
            return "connection_refused"
        case socket.gaierror() | UnicodeError():
            return "unknown_host"
        case _:
            return "not_reachable"


def words_of(error: Exception) -> str:
    """The server's own words, or the library's where it said none."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_plain(error.smtp_error)}"[:LONGEST_ANSWER]
    return " ".join(str(error).split())[:LONGEST_ANSWER]


def _plain(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join(text.split())
