"""``create-admin``, ``reset-password`` and ``verify-audit``."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import COUNTY, World
from tests.visit import client_for, send
from tracker.models import Account, Event, db
from tracker.rules.permissions import Role


def ran(app: Flask, *arguments: str) -> tuple[int, str]:
    """The exit code and the words of a command."""
    db.session.commit()
    result = app.test_cli_runner().invoke(args=list(arguments))
    return result.exit_code, result.output


def passwords(words: str) -> list[str]:
    """The one-time passwords that a command printed."""
    return re.findall(r"password (\S{19})", words)


def test_the_first_two_accounts_are_made_once(app: Flask) -> None:
    code, words = ran(app, "create-admin", "--region", COUNTY)
    assert code == 0
    accounts = db.session.scalars(sa.select(Account).order_by(Account.id)).all()
    assert [(account.username, account.role, account.region_code) for account in accounts] == [
        ("administrator", Role.ADMINISTRATOR, COUNTY),
        ("security", Role.SECURITY_ADMINISTRATOR, COUNTY),
    ]
    assert all(account.must_change_password for account in accounts)
    assert [event.act for event in db.session.scalars(sa.select(Event))] == ["create_account"] * 2
    for account, password in zip(accounts, passwords(words), strict=True):
        values = {"username": account.username, "password": password, "next": ""}
        client = app.test_client()
        assert send(client, "/sign-in", values).status_code == 302
        assert client.get("/accounts").location == "/password"
    code, words = ran(app, "create-admin")
    assert code == 1
    assert "accounts exist already" in words


def test_names_are_chosen_and_the_region_is_the_country_by_default(app: Flask) -> None:
    code, _words = ran(app, "create-admin", "--administrator", "Li.Wei", "--security", "zhao")
    assert code == 0
    accounts = db.session.execute(sa.select(Account.username, Account.region_code).order_by(Account.id)).all()
    assert [tuple(row) for row in accounts] == [("li.wei", ""), ("zhao", "")]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--administrator", "same", "--security", "same"),
        ("--administrator", "a b"),
        ("--region", "x"),
        ("--region", "1"),
    ],
)
def test_unusable_names_make_nothing(app: Flask, arguments: tuple[str, ...]) -> None:
    code, _words = ran(app, "create-admin", *arguments)
    assert code != 0
    assert db.session.scalar(sa.select(Account.id)) is None


def test_a_password_is_reset_on_the_server(app: Flask, world: World) -> None:
    inside = client_for(app, world.auditor)
    code, words = ran(app, "reset-password", "auditor")
    assert code == 0
    assert inside.get("/events").location.startswith("/sign-in")
    values = {"username": "auditor", "password": passwords(words)[0], "next": ""}
    assert send(app.test_client(), "/sign-in", values).status_code == 302
    assert ran(app, "reset-password", "nobody")[0] == 1


def test_the_chain_is_verified_and_the_first_broken_event_named(app: Flask, world: World) -> None:
    for _ in range(3):
        ran(app, "reset-password", "staff")
    code, words = ran(app, "verify-audit")
    assert code == 0
    assert words.startswith("3 events, unbroken")
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.text("ALTER TABLE events DISABLE TRIGGER USER"))
    else:
        db.session.execute(sa.text("DROP TRIGGER events_keep_update"))
    db.session.execute(sa.text("UPDATE events SET person_name = 'x' WHERE id = 2"))
    code, words = ran(app, "verify-audit")
    assert code == 1
    assert "event 2 " in words
