"""/sign-in and /sign-out: the door, and the count of those who fail at it."""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import World
from tests.visit import client_for, visit
from tracker.models import Account, Event, LoginAttempt, LoginSession, db
from tracker.rules.passwords import HashCost, hash_password

RIGHT = "copper river 71"
WRONG = "用户名或密码错误"
OUTSIDE = [
    "//evil.test",
    "/\\evil.test",
    "https:evil.test",
    "%2f%2fevil.test",
    "/%2fevil.test",
    "/%5cevil.test",
    "javascript:alert(1)",
    "https://evil.test/",
    "/\t/evil.test",
    "\\\\evil.test",
    "//[",
    "/%2f[",
    "//a℀b",
    "/%2fa℀b",
]


@pytest.fixture
def door(app: Flask, world: World) -> Flask:
    """The cast with a password that everybody knows."""
    db.session.execute(sa.update(Account).values(password_hash=hash_password(RIGHT, HashCost(1, 8))))
    db.session.commit()
    return app


def enter(client: FlaskClient, username: str, password: str = RIGHT, **differences: Any) -> TestResponse:
    """Try to sign in from an address, which is this machine's unless ``address`` says another."""
    address, headers = differences.pop("address", "127.0.0.1"), differences.pop("headers", {})
    token = BeautifulSoup(client.get("/sign-in").text, "html.parser").find("input", attrs={"name": "csrf_token"})
    values = {"csrf_token": token["value"], "username": username, "password": password, "next": "", **differences}  # type: ignore[index]
    return client.post("/sign-in", data=values, environ_base={"REMOTE_ADDR": address}, headers=headers)


def acts() -> list[tuple[str, bool]]:
    """The acts kept as events, in order, with whether they were allowed."""
    db.session.rollback()
    return [(event.act, event.allowed) for event in db.session.scalars(sa.select(Event).order_by(Event.id))]


def stop_clock(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """Let the clock show this instant."""
    monkeypatch.setenv("TRACKER_FAKE_NOW", moment.isoformat())


def test_the_right_password_opens_a_session_and_leads_home(door: Flask) -> None:
    client = door.test_client()
    answer = enter(client, "staff")
    assert (answer.status_code, answer.location) == (302, "/")
    assert client.get("/").location == "/work"
    assert acts() == [("sign_in", True)]


def test_the_user_name_may_be_typed_in_capitals_or_full_width(door: Flask) -> None:
    assert enter(door.test_client(), " ＳTAFF ").status_code == 302


def test_the_page_is_a_page(door: Flask) -> None:
    page = visit(door.test_client(), "/sign-in?next=/tasks")
    assert page.find("input", attrs={"name": "next"})["value"] == "/tasks"  # type: ignore[index]


def test_asking_for_the_head_alone_is_no_try(door: Flask) -> None:
    assert door.test_client().head("/sign-in").status_code == 200
    assert acts() == []


def test_signing_in_leads_to_the_page_asked_for(door: Flask) -> None:
    assert enter(door.test_client(), "staff", next="/tasks?light=overdue").location == "/tasks?light=overdue"


@pytest.mark.parametrize("target", OUTSIDE)
def test_no_target_leads_out_of_the_house(door: Flask, target: str) -> None:
    assert enter(door.test_client(), "staff", next=target).location == "/"


def test_who_is_in_already_goes_on(door: Flask, world: World) -> None:
    client = client_for(door, world.staff)
    assert client.get("/sign-in?next=/tasks").location == "/tasks"
    assert client.get("/sign-in?next=//evil.test").location == "/"


@pytest.mark.parametrize(
    ("username", "password"), [("nobody", RIGHT), ("staff", "wrong"), ("leader", RIGHT), ("x" * 41, RIGHT), ("", "")]
)
def test_every_failure_says_the_same(door: Flask, world: World, username: str, password: str) -> None:
    db.session.execute(sa.update(Account).where(Account.username == "leader").values(disabled_at=datetime.now(UTC)))
    db.session.commit()
    answer = enter(door.test_client(), username, password)
    notice = BeautifulSoup(answer.text, "html.parser").find(role="alert")
    assert (answer.status_code, notice.get_text() if notice else None) == (400, "用户名或密码错误。")
    assert not db.session.scalar(sa.select(LoginSession.id))


def test_unknown_names_wrong_passwords_and_disabled_accounts_take_as_long(door: Flask, world: World) -> None:
    cost = HashCost(3, 8192)
    settings = door.extensions["settings"]
    object.__setattr__(settings, "argon2_time_cost", cost.time)
    object.__setattr__(settings, "argon2_memory_kib", cost.memory_kib)
    db.session.execute(sa.update(Account).values(password_hash=hash_password(RIGHT, cost)))
    db.session.execute(sa.update(Account).where(Account.username == "leader").values(disabled_at=datetime.now(UTC)))
    db.session.commit()
    client = door.test_client()
    enter(client, "warm", "up")
    taken: dict[str, list[float]] = {"nobody": [], "staff": [], "leader": []}
    for turn in range(4):
        for username, times in taken.items():
            started = time.perf_counter()
            enter(client, username, "wrong", address=f"10.0.0.{turn}")
            times.append(time.perf_counter() - started)
    medians = [statistics.median(times) for times in taken.values()]
    assert max(medians) - min(medians) < 0.05


def test_five_wrong_passwords_lock_for_a_quarter_of_an_hour(door: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    start = datetime(2026, 3, 6, 1, 0, tzinfo=UTC)
    stop_clock(monkeypatch, start)
    client = door.test_client()
    for _ in range(5):
        assert WRONG in enter(client, "staff", "wrong").text
    assert acts() == [*[("sign_in", False)] * 5, ("lock_account", False)]
    stop_clock(monkeypatch, start + timedelta(minutes=14, seconds=59))
    answer = enter(client, "staff")
    assert "锁定 15 分钟" in answer.text
    assert "09:15" in answer.text
    assert answer.status_code == 400
    assert acts()[-1] == ("sign_in_while_locked", False)
    stop_clock(monkeypatch, start + timedelta(minutes=15))
    assert enter(client, "staff").status_code == 302


def test_guessing_on_does_not_prolong_a_lock(door: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    start = datetime(2026, 3, 6, 1, 0, tzinfo=UTC)
    for minute in range(15):
        stop_clock(monkeypatch, start + timedelta(minutes=max(0, minute - 4)))
        enter(door.test_client(), "staff", "wrong")
    stop_clock(monkeypatch, start + timedelta(minutes=15))
    assert enter(door.test_client(), "staff").status_code == 302


def test_guesses_at_the_same_moment_are_counted_one_by_one(door: Flask) -> None:
    db.session.commit()
    with ThreadPoolExecutor(8) as pool:
        for _ in range(8):
            pool.submit(lambda: enter(FlaskClient(door, door.response_class), "staff", "wrong"))
    assert sorted(acts()) == [
        *[("lock_account", False)],
        *[("sign_in", False)] * 5,
        *[("sign_in_while_locked", False)] * 3,
    ]


def test_an_unknown_name_is_locked_like_a_known_one(door: Flask) -> None:
    client = door.test_client()
    for _ in range(5):
        answer = enter(client, "nobody", "wrong")
    assert "锁定 15 分钟" in answer.text


def test_a_success_forgets_the_failures_before_it(door: Flask) -> None:
    for password in (*["wrong"] * 4, RIGHT, *["wrong"] * 4, RIGHT):
        answer = enter(door.test_client(), "staff", password)
    assert answer.status_code == 302


def test_the_count_outlives_the_process_and_ignores_forged_addresses(door: Flask) -> None:
    for turn in range(5):
        forged = dict.fromkeys(("X-Forwarded-For", "X-Real-IP", "Forwarded"), f"203.0.113.{turn}")
        enter(door.test_client(), "staff", "wrong", headers=forged)
    rows = db.session.scalars(sa.select(LoginAttempt.subject)).all()
    assert rows.count("address:127.0.0.1") == 5
    assert not [row for row in rows if "203.0.113" in row or "staff" in row]
    assert "锁定" in enter(door.test_client(), "staff").text


def test_an_address_with_thirty_failures_in_a_minute_waits(door: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    start = datetime(2026, 3, 6, 1, 0, tzinfo=UTC)
    client = door.test_client()
    for number in range(30):
        stop_clock(monkeypatch, start + timedelta(seconds=number))
        assert enter(client, f"person{number}", "wrong", address="10.1.1.1").status_code == 400
    answer = enter(client, "staff", address="10.1.1.1")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "31"
    assert "31 秒" in answer.text
    assert acts()[-2:] == [("throttle_address", False), ("refuse_stranger", False)]
    assert enter(door.test_client(), "staff", address="10.1.1.2").status_code == 302
    stop_clock(monkeypatch, start + timedelta(seconds=61))
    assert enter(door.test_client(), "staff", address="10.1.1.1").status_code == 302


def test_a_locked_account_goes_on_working_where_it_is_signed_in(door: Flask, world: World) -> None:
    inside = client_for(door, world.staff)
    for _ in range(5):
        enter(door.test_client(), "staff", "wrong")
    assert "锁定" in enter(door.test_client(), "staff").text
    assert inside.get("/password").status_code == 200


def test_an_old_cookie_is_nobody_after_signing_in(door: Flask) -> None:
    client = door.test_client()
    client.get("/sign-in")
    before = client.get_cookie("tracker")
    enter(client, "staff")
    after = client.get_cookie("tracker")
    assert before
    assert after
    assert before.value != after.value
    stranger = door.test_client()
    stranger.set_cookie("tracker", before.value)
    assert stranger.get("/password").status_code == 302


def test_each_sign_in_has_a_token_of_its_own_and_only_its_hash_is_kept(door: Flask) -> None:
    tokens = []
    for _ in range(2):
        client = door.test_client()
        enter(client, "staff")
        with client.session_transaction() as session:
            tokens.append(session["_user_id"])
    kept = db.session.scalars(sa.select(LoginSession.token_hash)).all()
    assert len({*tokens, *kept}) == 4


def test_signing_in_anew_ends_the_session_of_this_browser(door: Flask) -> None:
    client = door.test_client()
    enter(client, "staff")
    page = BeautifulSoup(client.get("/password").text, "html.parser")
    signed = page.find("input", attrs={"name": "csrf_token"})["value"]  # type: ignore[index]
    answer = client.post("/sign-in", data={"csrf_token": signed, "username": "leader", "password": RIGHT, "next": ""})
    assert answer.status_code == 302
    ended = db.session.scalars(sa.select(LoginSession.ended_at).order_by(LoginSession.id)).all()
    assert [moment is None for moment in ended] == [False, True]


def test_a_copied_cookie_is_worth_nothing_after_signing_out(door: Flask) -> None:
    client = door.test_client()
    enter(client, "staff")
    copied = client.get_cookie("tracker")
    assert copied
    page = client.get("/password")
    assert page.headers["Cache-Control"] == "no-store"
    token = BeautifulSoup(page.text, "html.parser").find("input", attrs={"name": "csrf_token"})["value"]  # type: ignore[index]
    assert client.post("/sign-out", data={"csrf_token": token}).location == "/sign-in"
    thief = door.test_client()
    thief.set_cookie("tracker", copied.value)
    answer = thief.get("/password")
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in")
    assert acts()[-1] == ("sign_out", True)


def test_signing_out_by_a_link_is_not_possible(door: Flask, world: World) -> None:
    assert client_for(door, world.staff).get("/sign-out").status_code == 405


def test_the_door_itself_wants_a_token(door: Flask) -> None:
    answer = door.test_client().post("/sign-in", data={"username": "staff", "password": RIGHT})
    assert answer.status_code == 400
    assert acts() == [("refuse_stranger", False)]


def test_a_token_of_another_browser_is_refused(door: Flask, world: World) -> None:
    other = BeautifulSoup(door.test_client().get("/sign-in").text, "html.parser").find(
        "input", attrs={"name": "csrf_token"}
    )["value"]  # type: ignore[index]
    client = door.test_client()
    client.get("/sign-in")
    values = {"csrf_token": other, "username": "staff", "password": RIGHT, "next": ""}
    assert client.post("/sign-in", data=values).status_code == 400


def test_an_unknown_field_is_refused(door: Flask) -> None:
    assert enter(door.test_client(), "staff", role="administrator").status_code == 400


@pytest.mark.parametrize("username", ["staff\x00", "staff'--", "%", "st\u202eaff", "staff\r\nX: y", "𠮷" * 20])
def test_odd_names_are_simply_wrong_or_cleaned(door: Flask, username: str) -> None:
    assert enter(door.test_client(), username, "wrong\x00").status_code == 400


def test_what_was_typed_as_an_unknown_name_is_not_kept(door: Flask) -> None:
    enter(door.test_client(), "my secret phrase", "wrong")
    event = db.session.scalar(sa.select(Event).order_by(Event.id.desc()))
    assert event
    assert event.object_id == "my…"


def test_a_password_kept_at_another_cost_is_renewed_at_the_door(door: Flask, world: World) -> None:
    db.session.execute(sa.update(Account).values(password_hash=hash_password(RIGHT, HashCost(2, 16))))
    db.session.commit()
    assert enter(door.test_client(), "staff").status_code == 302
    db.session.rollback()
    kept = db.session.scalar(sa.select(Account.password_hash).where(Account.username == "staff"))
    assert kept
    assert "m=8,t=1" in kept
    assert enter(door.test_client(), "staff").status_code == 302


def test_a_fresh_installation_lets_nobody_in(app: Flask) -> None:
    for username, password in (("admin", "admin"), ("admin", "123456"), ("test", "test"), ("administrator", "")):
        assert enter(app.test_client(), username, password).status_code == 400


def test_the_sign_out_button_works_after_minutes_of_silence(door: Flask, world: World) -> None:
    client = client_for(door, world.staff)
    visit(client, "/password")
    db.session.execute(sa.update(LoginSession).values(last_seen_at=datetime.now(UTC) - timedelta(minutes=5)))
    db.session.commit()
    token = BeautifulSoup(client.get("/password").text, "html.parser").find("input", attrs={"name": "csrf_token"})
    db.session.execute(sa.update(LoginSession).values(last_seen_at=datetime.now(UTC) - timedelta(minutes=5)))
    db.session.commit()
    started = time.perf_counter()
    answer = client.post("/sign-out", data={"csrf_token": token["value"]})  # type: ignore[index]
    assert answer.status_code == 302
    assert time.perf_counter() - started < 3
