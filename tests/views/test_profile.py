"""/profile: one's own phone and mail address; a new address takes the password."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import World
from tests.visit import checked, client_for, send, visit
from tracker.models import Account, Event, db
from tracker.rules.passwords import HashCost, hash_password

PASSWORD = "三只 松鼠 过河 2026"


@pytest.fixture
def staff(app: Flask, world: World) -> FlaskClient:
    """The browser of a person with a password."""
    world.staff.password_hash = hash_password(PASSWORD, HashCost(1, 8))
    return client_for(app, world.staff)


def save(client: FlaskClient, account: Account, **values: Any) -> TestResponse:
    """Send the form."""
    values = {"phone": "", "email": account.email, "password": "", "version": account.version, **values}
    return send(client, "/profile", values)


def stored(account: Account) -> Account:
    """The account as it is stored now."""
    db.session.expire_all()
    return db.session.get_one(Account, account.id)


def test_a_phone_is_kept_without_the_password(staff: FlaskClient, world: World) -> None:
    assert save(staff, world.staff, phone="0797 -５３2 1234").location == "/profile"
    assert stored(world.staff).phone == "0797 -532 1234"
    event = db.session.scalars(sa.select(Event).where(Event.act == "change_profile")).one()
    assert (event.object_id, event.after["phone"]) == ("staff", True)
    assert [unit.name for unit in world.staff.units] == ["财政局"]


def test_a_new_address_takes_the_password(staff: FlaskClient, world: World) -> None:
    old = world.staff.email
    for wrong in ("", "falsch"):
        answer = save(staff, world.staff, email="new@example.test", password=wrong)
        assert answer.status_code == 400
        assert stored(world.staff).email == old
    assert checked(answer).find(id="email")["value"] == "new@example.test"
    assert len(list(db.session.scalars(sa.select(Event).where(~Event.allowed)))) == 1
    assert save(staff, world.staff, email="new@example.test", password=PASSWORD).status_code == 302
    assert stored(world.staff).email == "new@example.test"


def test_guesses_at_the_password_lock_like_those_at_the_door(staff: FlaskClient, world: World) -> None:
    for _ in range(5):
        save(staff, world.staff, email="new@example.test", password="falsch")
    answer = save(staff, world.staff, email="new@example.test", password=PASSWORD)
    assert answer.status_code == 400
    assert "密码连续错误次数过多" in checked(answer).text
    assert stored(world.staff).email != "new@example.test"


@pytest.mark.parametrize("values", [{"phone": "打我电话"}, {"phone": "1" * 41}, {"email": "a@x.cn,b@x.cn"}])
def test_what_is_no_phone_or_address_is_refused(staff: FlaskClient, world: World, values: dict[str, str]) -> None:
    assert save(staff, world.staff, **values).status_code == 400


def test_nothing_else_can_be_set(staff: FlaskClient, world: World) -> None:
    for field in ("role", "name", "units", "region_code"):
        assert save(staff, world.staff, **{field: "leader"}).status_code == 400


def test_a_stale_save_keeps_the_words(staff: FlaskClient, world: World) -> None:
    answer = save(staff, world.staff, phone="123", version=7)
    assert answer.status_code == 409
    assert checked(answer).find(id="phone")["value"] == "123"
    assert stored(world.staff).phone is None


def test_everybody_has_the_page_and_strangers_are_sent_to_the_door(app: Flask, world: World) -> None:
    for who in (world.administrator, world.leader, world.auditor, world.security, world.office):
        page = visit(client_for(app, who), "/profile")
        assert page.find("a", class_="own")["href"] == "/profile"
    assert client_for(app, None).get("/profile").location.startswith("/sign-in")
