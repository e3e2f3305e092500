"""Sessions: their cookie, their end, and /password, where people see and end their own."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.test import TestResponse

from tests.conftest import Templates, settings_for
from tests.factories import COUNTY, World, make_account, make_unit
from tests.visit import Visitor, client_for, send, token_of, visit
from tracker import clock, create_app
from tracker.models import Account, Event, LoginSession, db
from tracker.rules.passwords import HashCost, hash_password, password_matches
from tracker.rules.permissions import Role

OLD = "copper river 71"
NEW = "lanterns over the weir"


@pytest.fixture
def door(app: Flask, world: World) -> Flask:
    """The cast with a password that everybody knows."""
    db.session.execute(sa.update(Account).values(password_hash=hash_password(OLD, HashCost(1, 8))))
    db.session.commit()
    return app


def change(client: Visitor, **differences: str) -> TestResponse:
    """Send the form of one's own password."""
    return send(client, "/password", {"old": OLD, "new": NEW, "again": NEW, **differences})


def inside(client: Visitor) -> bool:
    """Whether a client is still signed in."""
    return client.get("/password").status_code == 200


def change_sessions(**values: object) -> None:
    """Change every login session behind the application's back."""
    db.session.execute(sa.update(LoginSession).values(**values))
    db.session.commit()


def test_the_cookie_over_https_is_bound_to_the_host_and_says_nothing(templates: Templates, tmp_path: Path) -> None:
    with templates.copy("sqlite", "empty") as url:
        app = create_app(settings_for(url, tmp_path / "var", base_url="https://t.example"))
        app.test_client_class = Visitor
        with app.app_context():
            hashed = hash_password(OLD, HashCost(1, 8))
            make_account(Role.PLAN_OFFICE, username="office", name="王推进", password_hash=hashed)
            client = app.test_client()
            page = BeautifulSoup(client.get("/sign-in", base_url="https://t.example").text, "html.parser")
            token = page.find("input", attrs={"name": "csrf_token"})["value"]  # type: ignore[index]
            values = {"csrf_token": token, "username": "office", "password": OLD, "next": ""}
            answer = client.post("/sign-in", data=values, base_url="https://t.example")
            cookie = answer.headers["Set-Cookie"]
            assert answer.status_code == 302
            assert answer.headers["Strict-Transport-Security"]
            db.session.remove()
            db.engine.dispose()
    name, _, rest = cookie.partition("=")
    value, *attributes = rest.split("; ")
    assert name == "__Host-tracker"
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} == set(attributes)
    said = urlsafe_b64decode(value.split(".")[0] + "==")
    assert b"office" not in said
    assert "王推进".encode() not in said


def test_half_an_hour_of_silence_ends_a_session_and_the_door_says_so(door: Flask, world: World) -> None:
    client = client_for(door, world.staff)
    change_sessions(last_seen_at=datetime.now(UTC) - timedelta(minutes=29))
    assert inside(client)
    change_sessions(last_seen_at=datetime.now(UTC) - timedelta(minutes=31))
    answer = client.get("/tasks?light=overdue")
    assert answer.location == "/sign-in?next=/tasks?light%3Doverdue"
    assert "登录已超时" in visit(client, answer.location).get_text()


def test_nine_hours_end_a_session_however_busy(door: Flask, world: World) -> None:
    client = client_for(door, world.staff)
    change_sessions(created_at=datetime.now(UTC) - timedelta(hours=8, minutes=59))
    assert inside(client)
    change_sessions(created_at=datetime.now(UTC) - timedelta(hours=9, minutes=1), last_seen_at=datetime.now(UTC))
    assert not inside(client)


def test_strangers_are_not_told_of_a_time_limit_that_did_not_strike(door: Flask) -> None:
    assert "登录已超时" not in visit(door.test_client(), "/sign-in").get_text()


def test_reading_keeps_a_session_alive(door: Flask, world: World) -> None:
    client = client_for(door, world.staff)
    change_sessions(last_seen_at=datetime.now(UTC) - timedelta(minutes=20))
    assert inside(client)
    db.session.rollback()
    seen = db.session.scalar(sa.select(LoginSession.last_seen_at))
    assert seen
    assert datetime.now(UTC) - seen < timedelta(minutes=1)


def test_a_form_sent_after_minutes_of_silence_is_taken(door: Flask, world: World) -> None:
    client = client_for(door, world.staff)
    page = BeautifulSoup(client.get("/password").text, "html.parser")
    change_sessions(last_seen_at=datetime.now(UTC) - timedelta(minutes=10))
    token = page.find("input", attrs={"name": "csrf_token"})["value"]  # type: ignore[index]
    started = datetime.now(UTC)
    answer = client.post("/password", data={"csrf_token": token, "old": OLD, "new": NEW, "again": NEW})
    assert answer.status_code == 302
    assert datetime.now(UTC) - started < timedelta(seconds=5)


@pytest.mark.parametrize("change", [{"disabled_at": datetime(2026, 1, 1, tzinfo=UTC)}, {"units": []}, {"role": None}])
def test_less_rights_count_from_the_next_request(door: Flask, world: World, change: dict[str, object]) -> None:
    client = client_for(door, world.staff)
    address = f"/tasks/{world.task.key}"
    assert client.get(address).status_code == 200
    for name, value in change.items():
        setattr(world.staff, name, value)
    db.session.commit()
    assert client.get(address).status_code in {302, 403, 404}


def test_a_person_who_moves_sees_the_new_unit_and_no_longer_the_old(door: Flask, world: World) -> None:
    client = client_for(door, world.staff)
    world.staff.units = [world.housing]
    db.session.commit()
    assert client.get(f"/tasks/{world.task.key}").status_code == 404
    assert client.get(f"/tasks/{world.housing_task.key}").status_code == 200


def test_a_new_password_ends_the_other_sessions_and_says_so(door: Flask, world: World) -> None:
    here, *others = (client_for(door, world.staff) for _ in range(3))
    assert change(here).status_code == 302
    assert "其他 2 处登录已结束" in here.get("/password").text
    assert inside(here)
    assert not any(inside(other) for other in others)
    db.session.rollback()
    account = db.session.scalar(sa.select(Account).where(Account.username == "staff"))
    assert account
    assert password_matches(account.password_hash, NEW, HashCost(1, 8))
    event = db.session.scalar(sa.select(Event).order_by(Event.id.desc()))
    assert event
    assert (event.act, event.after) == ("change_password", {"sessions_ended": 2})


@pytest.mark.parametrize(
    ("differences", "said"),
    [
        ({"old": "wrong"}, "原密码不正确"),
        ({"old": ""}, "请填写原密码"),
        ({"again": NEW + " "}, "两次填写的新密码不一致"),
        ({"new": OLD, "again": OLD}, "新密码不能与原密码相同"),
        ({"new": "short 1 word", "again": "short 1 word"}, ""),
        ({"new": "11 letters!", "again": "11 letters!"}, "密码至少 12 位"),
        ({"new": "Xingguo@2023!", "again": "Xingguo@2023!"}, "密码过于简单"),
        ({"new": "password1234", "again": "password1234"}, "这是常见密码"),
        ({"new": "my-staff-is-good", "again": "my-staff-is-good"}, "密码不能包含用户名或姓名"),
        ({"new": NEW * 6, "again": NEW * 6}, "密码最多 128 位"),
    ],
)
def test_a_refused_password_names_its_reason(door: Flask, world: World, differences: dict[str, str], said: str) -> None:
    answer = change(client_for(door, world.staff), **differences)
    if not said:
        assert answer.status_code == 302
        return
    assert answer.status_code == 400
    assert said in answer.text
    db.session.rollback()
    account = db.session.scalar(sa.select(Account).where(Account.username == "staff"))
    assert account
    assert password_matches(account.password_hash, OLD, HashCost(1, 8))


def test_spaces_and_characters_of_every_script_are_kept_whole(door: Flask, world: World) -> None:
    phrase = " 郑重承诺 七月 按期交付 校舍 " + "x" * 40
    client = client_for(door, world.staff)
    assert change(client, new=phrase, again=phrase).status_code == 302
    cut = {"username": "staff", "password": phrase[:-1], "next": ""}
    assert send(door.test_client(), "/sign-in", cut).status_code == 400
    assert send(door.test_client(), "/sign-in", {**cut, "password": phrase}).status_code == 302


def test_guessing_the_old_password_locks_the_account_but_not_the_session(door: Flask, world: World) -> None:
    client = client_for(door, world.staff)
    for _ in range(5):
        assert change(client, old="wrong").status_code == 400
    assert "连续错误次数过多" in change(client).text
    assert inside(client)
    assert "锁定" in send(door.test_client(), "/sign-in", {"username": "staff", "password": OLD, "next": ""}).text


def test_a_one_time_password_leads_nowhere_else(door: Flask, world: World) -> None:
    world.staff.must_change_password = True
    client = client_for(door, world.staff)
    for address in ("/", "/tasks", f"/tasks/{world.task.key}"):
        assert client.get(address).location == "/password"
    assert "一次性密码" in visit(client, "/password").get_text()
    assert change(client).location == "/"
    assert client.get("/tasks").status_code == 200


def test_who_has_no_role_may_only_mind_their_own_account(door: Flask, world: World) -> None:
    client = client_for(door, make_account(None))
    assert client.get("/").location == "/password"
    assert "尚未授予角色" in visit(client, "/password").get_text()
    assert client.get("/tasks").status_code == 403
    assert client.get("/accounts").status_code == 403


def test_people_see_and_end_their_own_sessions(door: Flask, world: World) -> None:
    here, other = client_for(door, world.staff), client_for(door, world.staff)
    page = visit(here, "/password")
    assert page.get_text().count("本次登录") == 1
    buttons = [form["action"] for form in page.select("td form")]
    assert len(buttons) == 1
    assert send(here, str(buttons[0]), {}, token_from="/password").location == "/password"
    assert not inside(other)
    assert inside(here)


def test_sessions_of_others_are_not_found(door: Flask, world: World) -> None:
    client, victim = client_for(door, world.staff), client_for(door, world.leader)
    foreign = db.session.scalar(sa.select(LoginSession.id).where(LoginSession.account_id == world.leader.id))
    for number in (foreign, 2**31 - 1, 2**31, 10**30, 0):
        answer = send(client, f"/password/sessions/{number}/end", {}, token_from="/password")
        assert answer.status_code == 404
    assert inside(victim)


def test_an_unknown_field_is_refused(door: Flask, world: World) -> None:
    assert change(client_for(door, world.staff), role="auditor").status_code == 400


def test_a_cookie_of_nobody_is_nobody(door: Flask) -> None:
    client = door.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = "1"
        session["_fresh"] = True
    assert client.get("/password").location.startswith("/sign-in")


def test_a_person_of_very_many_units_can_act(door: Flask, world: World) -> None:
    world.staff.units = [make_unit(f"第{number}义务教育优质均衡发展推进工作专班") for number in range(30)]
    db.session.commit()
    assert change(client_for(door, world.staff)).status_code == 302
    event = db.session.scalar(sa.select(Event).order_by(Event.id.desc()))
    assert event
    assert len(event.unit_name or "") > 400


def test_a_reader_never_waits_for_a_writer_to_leave_a_sign_of_life(door: Flask, world: World) -> None:
    client = client_for(door, world.staff)
    change_sessions(last_seen_at=clock.now() - timedelta(minutes=5))
    with db.engine.begin() as writer:
        # On SQLite this holds the database, on PostgreSQL the row.
        writer.execute(sa.update(LoginSession).values(address="127.0.0.9"))
        began = monotonic()
        assert inside(client)
        assert monotonic() - began < 2
    assert inside(client)
    seen = db.session.scalar(sa.select(LoginSession.last_seen_at).execution_options(populate_existing=True))
    assert seen
    assert clock.now() - seen < timedelta(minutes=1)


def test_nobody_waits_while_a_password_is_hashed(door: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = watch_hashing(monkeypatch)
    assert change(client_for(door, world.staff)).status_code == 302
    administrator = client_for(door, world.administrator)
    values = {"username": "liu.fang", "name": "刘芳", "region": COUNTY, "email": ""}
    assert send(administrator, "/accounts/new", values).status_code == 200
    address = f"/accounts/{world.staff2.username}"
    assert send(administrator, f"{address}/password", {"version": 1}, token_from=address).status_code == 200
    assert watched == [False] * 3


def test_of_two_changes_of_one_password_the_later_knows_it_no_longer(door: Flask, world: World) -> None:
    here, there = client_for(door, world.staff), client_for(door, world.staff)
    token = token_of(there, "/password")
    assert change(here).status_code == 302
    values = {"csrf_token": token, "old": OLD, "new": "a weir over lanterns", "again": "a weir over lanterns"}
    assert there.post("/password", data=values).status_code == 302
    assert not inside(there)


def watch_hashing(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For every hash from now on whether a transaction was open meanwhile."""
    found = []
    plain = PasswordHasher.hash

    def watched(self: PasswordHasher, password: str) -> str:
        found.append(db.session().in_transaction())
        return plain(self, password)

    monkeypatch.setattr(PasswordHasher, "hash", watched)
    return found
