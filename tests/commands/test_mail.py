"""flask mail test, hold and release."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import World
from tests.notifications.test_mailer import queue_for, states, use_server
from tests.smtp import HOST, smtp_server
from tracker.models import MailState, OutboxHold, OutboxMail, db


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


@pytest.mark.parametrize(("region", "code"), [("all", ""), ("36", "36")])
def test_the_outbox_is_held_and_goes_on(app: Flask, world: World, region: str, code: str) -> None:
    queue_for(world)
    run = app.test_cli_runner().invoke
    assert run(args=["mail", "hold", "nowhere"]).exit_code == 2
    assert run(args=["mail", "hold", region]).exit_code == 0
    assert db.session.scalars(sa.select(OutboxHold.region_code)).all() == [code]
    db.session.commit()
    assert "1 mails were given up" in run(args=["mail", "release", region]).output
    assert states() == {MailState.DROPPED: 1}
    assert run(args=["mail", "release", region]).exit_code == 1
