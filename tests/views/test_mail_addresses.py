"""Every place that takes a mail address takes one plain address or says what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.documents.test_unit_sheet import book
from tests.factories import World
from tests.views import test_profile as profile
from tests.views import test_units as units
from tests.views.test_accounts import BAD_ADDRESSES
from tests.views.test_units_import import upload
from tests.visit import checked, client_for, send
from tracker.models import Account, Unit, db
from tracker.rules.passwords import HashCost, hash_password
from tracker.settings import SettingsError, from_environment


def stored() -> set[str | None]:
    """Every address in the database."""
    db.session.expire_all()
    found = set(db.session.scalars(sa.select(Account.email))) | set(db.session.scalars(sa.select(Unit.mailbox)))
    db.session.commit()
    return found


def test_ones_own_page_refuses_it(app: Flask, world: World) -> None:
    world.staff.password_hash = hash_password(profile.PASSWORD, HashCost(1, 8))
    client, before = client_for(app, world.staff), stored()
    for address in BAD_ADDRESSES:
        answer = profile.save(client, world.staff, email=address, password=profile.PASSWORD)
        assert (address, answer.status_code) == (address, 400)
        assert checked(answer).find(class_="error-text")
    assert stored() == before


def test_the_mailbox_of_a_unit_refuses_it(app: Flask, world: World) -> None:
    client, before = client_for(app, world.office), stored()
    for address in BAD_ADDRESSES:
        made = send(client, "/units/new", units.NEW | {"mailbox": address})
        changed = units.change(client, world.finance, mailbox=address)
        assert (address, made.status_code, changed.status_code) == (address, 400, 400)
        assert [each.find(class_="error-text") is not None for each in (checked(made), checked(changed))] == [True] * 2
    assert stored() == before


def test_a_file_of_units_and_people_refuses_it(app: Flask, world: World) -> None:
    client = client_for(app, world.administrator)
    rows = list(enumerate(BAD_ADDRESSES))
    content = book(
        [[f"单位{n}", "", "", "", "", address] for n, address in rows],
        [[f"张{n}", f"zhang{n}", "", "", "", address] for n, address in rows],
    )
    page = checked(upload(client, content))
    assert page.find("input", attrs={"name": "rows"}) is None, "nothing to confirm"
    assert page.get_text().count("（邮箱）") == 2 * len(BAD_ADDRESSES)


@pytest.mark.parametrize("name", ["MAIL_FROM", "MAIL_REPLY_TO"])
def test_the_settings_refuse_it(tmp_path: Path, name: str) -> None:
    for address in BAD_ADDRESSES:
        with pytest.raises(SettingsError) as refusal:
            from_environment({"TRACKER_VAR": str(tmp_path), name: address})
        assert f"{name} is {address!r}: give one plain address" in str(refusal.value)


def test_the_command_that_tries_the_server_refuses_it(app: Flask) -> None:
    for address in BAD_ADDRESSES:
        result = app.test_cli_runner().invoke(args=["mail", "test", address])
        assert (address, result.exit_code, "one plain address" in result.output) == (address, 2, True)
