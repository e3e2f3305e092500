"""The connection to the mail server: encrypted and trusted where it is to be, or nothing at all is said over it."""

from __future__ import annotations

import base64
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from tests.conftest import settings_for
from tests.secure_smtp import authority, plain_server, secure_server, trusted
from tests.smtp import HOST, Login, Mailbox, smtp_server
from tracker.notifications.smtp import Answer, MailServer, Outcome, ServiceDown
from tracker.settings import Security, Settings

__all__ = ["authority", "trusted"]
ENCRYPTED: list[Security] = ["starttls", "tls"]
PASSWORD = Mailbox.password
SENDER, RECIPIENT = "duban@example.test", "person@example.test"
MESSAGE = b"Subject: x\r\n\r\nx\r\n"


@pytest.fixture
def known(tmp_path: Path) -> Settings:
    """The settings of a server on this machine that wants a login."""
    plain = settings_for("sqlite://", tmp_path / "var")
    return replace(plain, smtp_host=HOST, smtp_user="duban", smtp_password=PASSWORD, smtp_timeout=10)


def sent(known: Settings, port: int, security: Security = "none", **differences: str) -> Answer:
    """The answer to a mail that is sent over a new connection."""
    server = MailServer(replace(known, smtp_port=port, smtp_security=security, **differences))
    try:
        return server.send(SENDER, RECIPIENT, MESSAGE)
    finally:
        server.close()


def reason(known: Settings, port: int, security: Security = "none", **differences: str) -> str:
    """Why nothing can be sent; the words about it give no secret away."""
    with pytest.raises(ServiceDown) as down:
        sent(known, port, security, **differences)
    assert PASSWORD not in down.value.words
    assert not down.value.tried, "no mail is to blame"
    return down.value.reason


@pytest.mark.parametrize("security", ENCRYPTED)
def test_over_a_trusted_connection_it_logs_in_and_sends(
    known: Settings, trusted: trustme.CA, security: Security
) -> None:
    with secure_server(security, trusted.issue_cert(HOST)) as box:
        assert sent(known, box.port, security) == Answer(Outcome.SENT, "250")
    assert [(each.user, each.password) for each in box.logins] == [("duban", PASSWORD)]
    assert [each.recipients for each in box.messages] == [[RECIPIENT]]
    assert security == "tls" or box.logins[0].is_encrypted


@pytest.mark.parametrize("security", ENCRYPTED)
@pytest.mark.parametrize("fault", ["stranger", "name", "expired"])
def test_a_certificate_that_cannot_be_trusted_ends_the_conversation(
    known: Settings, trusted: trustme.CA, security: Security, fault: str
) -> None:
    certificate = {
        "stranger": lambda: trustme.CA().issue_cert(HOST),
        "name": lambda: trusted.issue_cert("mail.example.test"),
        "expired": lambda: trusted.issue_cert(HOST, not_after=datetime(2025, 1, 1, tzinfo=UTC)),
    }[fault]()
    with secure_server(security, certificate) as box:
        assert reason(known, box.port, security) == "not_secure"
    assert (box.logins, box.messages) == ([], [])


@pytest.mark.parametrize(
    "replies",
    [
        {"EHLO": "250-mail.example.test\n250 AUTH PLAIN LOGIN"},
        {"EHLO": "250-mail.example.test\n250-STARTTLS\n250 AUTH PLAIN LOGIN", "STARTTLS": "454 not available"},
        {"EHLO": "250-mail.example.test\n250-STARTTLS\n250 AUTH PLAIN LOGIN", "STARTTLS": "502 what"},
        {"EHLO": "250-mail.example.test\n250-STARTTLS\n250 AUTH PLAIN LOGIN", "STARTTLS": "220 go on\n250 AUTH PLAIN"},
        {"EHLO": "502 what"},
    ],
    ids=["not offered", "not available", "not known", "never begun", "no extensions"],
)
def test_without_encryption_no_word_of_the_login_or_the_mail_is_said(known: Settings, replies: dict[str, str]) -> None:
    with plain_server({"connect": "220 hello", **replies}) as server:
        assert reason(known, server.port, "starttls") == "not_secure"
        assert reason(known, server.port, "tls") == "not_secure"
    said = bytes(server.heard)
    for secret in (b"AUTH", b"MAIL", b"RCPT", b"duban", PASSWORD.encode(), base64.b64encode(PASSWORD.encode())):
        assert secret not in said


@pytest.mark.parametrize("offer", ["250 mail.example.test", "250-mail.example.test\n250 AUTH GSSAPI", "502 what"])
def test_a_server_without_a_login_is_told_from_one_that_refuses_it(known: Settings, offer: str) -> None:
    with plain_server({"connect": "220 hello", "EHLO": offer}) as server:
        assert reason(known, server.port) == "login_not_offered"
    assert b"MAIL" not in server.heard


def test_a_login_that_is_refused_sends_nothing(known: Settings, trusted: trustme.CA) -> None:
    with secure_server("starttls", trusted.issue_cert(HOST)) as box:
        assert reason(known, box.port, "starttls", smtp_password="wrong") == "login_refused"
        assert reason(known, box.port, "starttls", smtp_password="密码") == "login_refused"
    assert {each.password for each in box.logins} == {"wrong"}
    assert set(box.logins) == {Login("duban", "wrong", True)}
    assert box.messages == []


def test_names_that_no_name_server_can_be_asked_for_are_unknown(known: Settings) -> None:
    for host in ("mail..example.test", "邮件" * 40 + ".cn"):
        assert reason(known, 25, smtp_host=host) == "unknown_host"


def test_it_greets_with_a_name_that_every_server_reads(known: Settings) -> None:
    with smtp_server() as box:
        answer = sent(known, box.port, smtp_user="", base_url="https://督办.cn")
    assert answer.outcome is Outcome.SENT
    assert replace(known, base_url="https://督办.cn").mail_domain == "xn--wfrp96f.cn"


@pytest.mark.parametrize("security", ["none", *ENCRYPTED])
def test_what_hangs_is_cut_off_from_another_thread(known: Settings, trusted: trustme.CA, security: Security) -> None:
    certificate = trusted.issue_cert(HOST)
    answers = []
    with smtp_server() if security == "none" else secure_server(security, certificate) as box:
        box.silent = {RECIPIENT}
        server = MailServer(replace(known, smtp_port=box.port, smtp_security=security, smtp_user="", smtp_timeout=60))
        sender = threading.Thread(target=lambda: answers.append(server.send(SENDER, RECIPIENT, MESSAGE)), daemon=True)
        sender.start()
        assert box.is_silent.wait(10)
        server.cut()
        sender.join(10)
        assert answers == [Answer(Outcome.LATER, "timed_out")]
        box.silent = set()
        assert server.send(SENDER, RECIPIENT, MESSAGE).outcome is Outcome.SENT, "the next mail has a new connection"
        server.close()
