"""flask mail test, hold and release."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest
import sqlalchemy as sa
import trustme
from flask import Flask

from tests.factories import World
from tests.notifications.test_mailer import MORNING, queue_for, states, use_server
from tests.secure_smtp import authority, plain_server, secure_server, trusted
from tests.smtp import HOST, Mailbox, smtp_server
from tracker.actions.holds import hold_restored
from tracker.models import MailState, OutboxHold, OutboxMail, db

__all__ = ["authority", "trusted"]


def test_one_real_mail_is_sent_past_the_outbox(app: Flask) -> None:
    with smtp_server() as box:
        use_server(app, box.port)
        result = app.test_cli_runner().invoke(args=["mail", "test", "me@example.test"])
    assert result.exit_code == 0, result.output
    assert "accepted" in result.output
    assert [each.recipients for each in box.messages] == [["me@example.test"]]
    assert not db.session.scalars(sa.select(OutboxMail)).all()


def test_what_keeps_a_mail_is_said_with_its_mend(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    assert "SMTP_HOST" in run(args=["mail", "test", "me@example.test"]).output
    assert run(args=["mail", "test", "a@x,b@x"]).exit_code == 2
    with smtp_server() as box:
        use_server(app, box.port)
        box.rcpt_replies = {"me@example.test": "550 5.1.1 no such user"}
        result = run(args=["mail", "test", "me@example.test"])
        assert (result.exit_code, "550 5.1.1 no such user" in result.output) == (1, True)
        app.extensions["settings"] = replace(app.extensions["settings"], smtp_security="starttls")
        assert "SMTP_SECURITY" in run(args=["mail", "test", "me@example.test"]).output
        secret = {"smtp_security": "none", "smtp_user": "u", "smtp_password": "hidden words"}
        app.extensions["settings"] = replace(app.extensions["settings"], **secret)
        assert "hidden" not in run(args=["mail", "test", "me@example.test"]).output
    with socket.socket() as closed:
        closed.bind((HOST, 0))
        use_server(app, closed.getsockname()[1])
        result = run(args=["mail", "test", "me@example.test"])
        assert (result.exit_code, "refuses the connection" in result.output) == (1, True)


def try_it(app: Flask, port: int, security: str) -> tuple[int, str]:
    """Try a server with a login; the code and the words of the command."""
    use_server(app, port)
    login = {"smtp_security": security, "smtp_user": "duban", "smtp_password": Mailbox.password}
    app.extensions["settings"] = replace(app.extensions["settings"], **login)
    result = app.test_cli_runner().invoke(args=["mail", "test", "me@example.test"])
    assert Mailbox.password not in result.output
    return result.exit_code, result.output


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_an_encrypted_server_is_tried_as_mails_are_sent(app: Flask, trusted: trustme.CA, security: str) -> None:
    with secure_server(security, trusted.issue_cert(HOST)) as box:
        code, words = try_it(app, box.port, security)
    assert (code, "logged in" in words, f"security {security}" in words, "accepted" in words) == (0, True, True, True)
    with secure_server(security, trustme.CA().issue_cert(HOST)) as box:
        code, words = try_it(app, box.port, security)
    assert (code, "no trusted encryption" in words, "certificate verify failed" in words) == (1, True, True)
    with plain_server({"connect": "220 hello", "EHLO": "250-hello\n250-STARTTLS\n250 AUTH PLAIN"}) as server:
        code, words = try_it(app, server.port, security)
    assert (code, "no trusted encryption" in words) == (1, True)


def test_what_a_server_says_against_a_login_is_told(app: Flask) -> None:
    with plain_server({"connect": "220 hello", "EHLO": "250 hello"}) as server:
        code, words = try_it(app, server.port, "none")
    assert (code, "offers no login" in words, "leave SMTP_USER empty" in words) == (1, True, True)
    refusing = {"connect": "220 hello", "EHLO": "250-hello\n250 AUTH PLAIN", "AUTH": "535 5.7.8 who are you"}
    with plain_server(refusing) as server:
        code, words = try_it(app, server.port, "none")
    assert (code, "refuses the login" in words, "535 5.7.8 who are you" in words) == (1, True, True)


@pytest.mark.parametrize(("region", "code"), [("all", ""), ("36", "36")])
def test_the_outbox_is_held_and_goes_on(app: Flask, world: World, region: str, code: str) -> None:
    queue_for(world)
    run = app.test_cli_runner().invoke
    assert run(args=["mail", "hold", "nowhere"]).exit_code == 2
    assert run(args=["mail", "hold", region]).exit_code == 0
    assert db.session.scalars(sa.select(OutboxHold.region_code)).all() == [code]
    db.session.commit()
    assert "sent" in run(args=["mail", "release", region]).output
    assert states() == {MailState.QUEUED: 1}
    assert run(args=["mail", "release", region]).exit_code == 1
    run(args=["mail", "hold", region])
    assert "1 mails were given up" in run(args=["mail", "release", region, "--give-up"]).output
    assert states() == {MailState.DROPPED: 1}
    assert run(args=["mail", "release", region, "--give-up"]).exit_code == 1


@pytest.mark.parametrize(("choice", "state"), [("--send", MailState.QUEUED), ("--give-up", MailState.DROPPED)])
def test_after_a_restore_one_must_say_what_becomes_of_the_mails(
    app: Flask, world: World, choice: str, state: MailState
) -> None:
    queue_for(world)
    hold_restored(MORNING)
    db.session.commit()
    run = app.test_cli_runner().invoke
    unsaid = run(args=["mail", "release", "360732"])
    assert (unsaid.exit_code, "--give-up" in unsaid.output, "--send" in unsaid.output) == (2, True, True)
    assert db.session.scalars(sa.select(OutboxHold)).all()
    db.session.commit()
    assert run(args=["mail", "release", "360732", choice]).exit_code == 0
    assert states() == {state: 1}
