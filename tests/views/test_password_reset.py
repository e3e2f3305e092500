"""/password/forgotten and /password/reset: a mailed link, known to nobody but its reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from statistics import median
from time import perf_counter

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from tests.factories import World
from tests.notifications.test_mailer import use_server
from tests.smtp import Mailbox, smtp_server
from tests.visit import client_for, send, visit
from tracker import clock
from tracker.actions.accounts import replace_password
from tracker.actions.record import NOBODY
from tracker.models import Account, Base, Event, LoginSession, OldPassword, OutboxMail, PasswordReset, db
from tracker.notifications.mailer import deliver
from tracker.rules.passwords import HashCost, hash_password, password_matches
from tracker.rules.permissions import Role

OLD = "copper river 71"
NEW = "lanterns over the weir"
ASK, CHOOSE = "/password/forgotten", "/password/reset"
LINK = re.compile(r"(\S+/password/reset)#(\S+)")


@pytest.fixture
def mailbox(app: Flask, world: World) -> Iterator[Mailbox]:
    """The cast with a known password, and a mail server."""
    db.session.execute(sa.update(Account).values(password_hash=hash_password(OLD, HashCost(1, 8))))
    db.session.commit()
    with smtp_server() as box:
        use_server(app, box.port)
        yield box


def ask(app: Flask, name: str, **options: str) -> TestResponse:
    """Ask for a link as a stranger."""
    return send(app.test_client(), ASK, {"name": name}, **options)


def mailed(mailbox: Mailbox) -> list[str]:
    """The codes of the links that reach people now, oldest first."""
    deliver(clock.now())
    bodies = [each.message.get_body(("plain",)).get_content() for each in mailbox.messages]  # type: ignore[union-attr]
    return [found[2] for body in bodies if (found := LINK.search(body))]


def choose(app: Flask, code: str, new: str = NEW) -> TestResponse:
    """Choose a new password with a code."""
    return send(app.test_client(), CHOOSE, {"code": code, "new": new, "again": new})


def right(username: str, password: str) -> bool:
    """Whether an account has this password."""
    db.session.rollback()
    kept = db.session.scalar(sa.select(Account.password_hash).where(Account.username == username))
    return password_matches(kept, password, HashCost(1, 8))


def events() -> list[tuple[str, bool, str | None]]:
    """What is kept of the acts."""
    db.session.rollback()
    return [
        (each.act, each.allowed, each.object_id) for each in db.session.scalars(sa.select(Event).order_by(Event.id))
    ]


def test_a_mailed_link_sets_a_new_password_once(app: Flask, world: World, mailbox: Mailbox) -> None:
    open_elsewhere = client_for(app, world.staff)
    assert ask(app, "staff").status_code == 200
    [code] = mailed(mailbox)
    answer = choose(app, code)
    assert (answer.status_code, answer.location) == (302, "/sign-in")
    assert right("staff", NEW)
    assert open_elsewhere.get("/work").status_code == 302
    assert choose(app, code, "another good phrase 9").status_code == 410
    assert right("staff", NEW)
    assert ("ask_password_reset", True, "staff") in events()
    assert ("choose_password", True, "staff") in events()
    deliver(clock.now())
    assert "密码已修改" in mailbox.messages[-1].message["Subject"]


def test_the_mail_address_names_an_account_as_well(app: Flask, world: World, mailbox: Mailbox) -> None:
    ask(app, (world.staff.email or "").upper())
    [code] = mailed(mailbox)
    assert choose(app, code.upper().replace("-", " ")).status_code == 302
    assert right("staff", NEW)


def test_whatever_host_is_claimed_the_link_leads_to_us(app: Flask, world: World, mailbox: Mailbox) -> None:
    client = app.test_client()
    for headers, base in (
        ({"Host": "evil.test"}, None),
        ({"X-Forwarded-Host": "evil.test"}, None),
        ({}, "http://evil.test"),
    ):
        token = re.search(
            r'name="csrf_token"[^>]*value="([^"]+)"', client.get(ASK, headers=headers, base_url=base).text
        )
        assert token
        client.post(ASK, data={"csrf_token": token[1], "name": "staff"}, headers=headers, base_url=base)
    mailed(mailbox)
    assert mailbox.messages
    for each in mailbox.messages:
        text = each.message.as_string() + str(each.message.get_body(("plain",)).get_content())  # type: ignore[union-attr]
        assert "evil.test" not in text
        assert "http://localhost/password/reset#" in text


def test_a_link_is_worth_nothing_after_half_an_hour(
    app: Flask, world: World, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(app, "staff")
    [code] = mailed(mailbox)
    monkeypatch.setenv("TRACKER_FAKE_NOW", (clock.now() + timedelta(minutes=31)).isoformat())
    late = choose(app, code)
    unknown = choose(app, "abcde-fghjk-mnpqr-stuvw-xyz23")
    assert (late.status_code, late.text) == (410, unknown.text)
    assert right("staff", OLD)


def test_a_newer_link_ends_the_older_at_once(app: Flask, world: World, mailbox: Mailbox) -> None:
    ask(app, "staff")
    [first] = mailed(mailbox)
    ask(app, "staff")
    assert choose(app, first).status_code == 410
    second = mailed(mailbox)[-1]
    assert choose(app, second).status_code == 302


def test_a_disabled_account_is_mailed_nothing_and_its_link_ends(app: Flask, world: World, mailbox: Mailbox) -> None:
    ask(app, "staff")
    [code] = mailed(mailbox)
    world.staff.disabled_at = clock.now()
    db.session.commit()
    assert choose(app, code).status_code == 410
    ask(app, "staff")
    assert len(mailed(mailbox)) == 1


def test_neither_the_database_nor_the_outbox_page_nor_the_log_holds_a_code(
    app: Flask, world: World, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    ask(app, "staff")
    [code] = mailed(mailbox)
    choose(app, code)
    db.session.rollback()
    rows = [str(tuple(row)) for table in Base.metadata.sorted_tables for row in db.session.execute(sa.select(table))]
    assert not [row for row in rows if code in row]
    assert code not in caplog.text
    mail = db.session.scalar(sa.select(OutboxMail).where(OutboxMail.kind == "password_reset"))
    assert mail
    for reader in (world.office, world.auditor):
        assert "正文不保存" in visit(client_for(app, reader), f"/outbox/{mail.id}").get_text()
    reset = db.session.scalars(sa.select(PasswordReset)).one()
    assert len(reset.token_hash) == 64
    assert client_for(app, None).get(CHOOSE).headers["Referrer-Policy"] == "no-referrer"


def test_each_try_of_sending_makes_a_code_of_its_own(app: Flask, world: World, mailbox: Mailbox) -> None:
    mailbox.data_replies[world.staff.email or ""] = "451 later"
    ask(app, "staff")
    deliver(clock.now())
    mailbox.data_replies.clear()
    deliver(clock.now() + timedelta(minutes=2))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PasswordReset)) == 2
    [code] = mailed(mailbox)
    assert choose(app, code).status_code == 302


def test_a_link_that_nobody_could_be_sent_is_given_up(app: Flask, world: World, mailbox: Mailbox) -> None:
    ask(app, "staff")
    deliver(clock.now() + timedelta(minutes=31))
    assert mailbox.messages == []


def test_a_link_that_waits_ends_with_a_new_password(app: Flask, world: World, mailbox: Mailbox) -> None:
    ask(app, "staff")
    replace_password(NOBODY, world.staff, clock.now(), "!")
    db.session.commit()
    deliver(clock.now())
    assert [mail.message["Subject"].split("】")[1].split("｜")[0] for mail in mailbox.messages] == ["密码已修改"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PasswordReset)) == 0


def test_an_unknown_name_meets_the_same_page_and_the_same_time(app: Flask, world: World, mailbox: Mailbox) -> None:
    texts, times = {}, {}
    for name in ("staff", "nobody-at-all", "security"):
        client, spent = app.test_client(), []
        for _ in range(5):
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(ASK).text)
            assert token
            began = perf_counter()
            answer = client.post(ASK, data={"csrf_token": token[1], "name": name})
            spent.append(perf_counter() - began)
        texts[name], times[name] = answer.text, median(spent)
    assert len(set(texts.values())) == 1
    assert max(times.values()) - min(times.values()) < 0.05
    assert ("ask_password_reset", False, "no…") in events()


def test_an_address_gets_three_mails_an_hour(
    app: Flask, world: World, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        ask(app, "staff")
        mailed(mailbox)
    assert len(mailbox.messages) == 3
    monkeypatch.setenv("TRACKER_FAKE_NOW", (clock.now() + timedelta(minutes=61)).isoformat())
    ask(app, "staff")
    assert len(mailed(mailbox)) == 4


def test_one_address_of_the_network_cannot_ask_for_everybody(app: Flask, world: World, mailbox: Mailbox) -> None:
    statuses = [ask(app, f"nobody{number}").status_code for number in range(31)]
    assert statuses[29:] == [200, 429]


def test_posts_that_no_administrator_may_reset_are_mailed_nothing(app: Flask, world: World, mailbox: Mailbox) -> None:
    for name in ("security", "auditor"):
        ask(app, name)
    assert mailed(mailbox) == []


def test_a_refused_password_keeps_the_link_alive(app: Flask, world: World, mailbox: Mailbox) -> None:
    ask(app, "staff")
    [code] = mailed(mailbox)
    for weak, said in (
        ("password1234", "这是常见密码"),
        (OLD, "新密码不能与原密码相同"),
        ("my-staff-is-good", "不能包含用户名"),
    ):
        answer = choose(app, code, weak)
        assert (answer.status_code, said in answer.text) == (400, True)
    assert choose(app, code).status_code == 302


def test_the_last_five_passwords_do_not_come_back(app: Flask, world: World, mailbox: Mailbox) -> None:
    client = client_for(app, world.staff)
    phrases = [OLD, *(f"lanterns over the weir {number}" for number in range(6))]
    for before, after in pairwise(phrases):
        assert send(client, "/password", {"old": before, "new": after, "again": after}).status_code == 302
    for used in phrases[1:-1]:
        answer = send(client, "/password", {"old": phrases[-1], "new": used, "again": used})
        assert (answer.status_code, "最近 5 次用过" in answer.text) == (400, True)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OldPassword)) == 5
    assert send(client, "/password", {"old": phrases[-1], "new": OLD, "again": OLD}).status_code == 302


def test_an_old_password_must_be_changed_before_anything_else(app: Flask, world: World, mailbox: Mailbox) -> None:
    world.staff.password_changed_at = clock.now() - timedelta(days=91)
    client = client_for(app, world.staff)
    assert client.get("/work").location == "/password"
    assert "90 天没有修改" in visit(client, "/password").get_text()
    assert send(client, "/password", {"old": OLD, "new": NEW, "again": NEW}).status_code == 302
    assert client.get("/work").status_code == 200


def test_without_days_no_password_grows_old(app: Flask, world: World, mailbox: Mailbox) -> None:
    object.__setattr__(app.extensions["settings"], "password_days", 0)
    world.staff.password_changed_at = clock.now() - timedelta(days=4000)
    assert client_for(app, world.staff).get("/work").status_code == 200


def test_without_a_mail_server_the_page_says_whom_to_ask(app: Flask, world: World) -> None:
    page = visit(app.test_client(), ASK)
    assert "没有配置邮件服务器" in page.get_text()
    assert not page.find("input", attrs={"name": "name"})
    assert "忘记密码" in visit(app.test_client(), "/sign-in").get_text()


@pytest.mark.parametrize("address", [ASK, CHOOSE])
def test_an_unknown_field_is_refused(app: Flask, world: World, mailbox: Mailbox, address: str) -> None:
    values = {"name": "staff"} if address == ASK else {"code": "x", "new": NEW, "again": NEW}
    assert send(app.test_client(), address, {**values, "username": "office"}).status_code == 400
    visit(app.test_client(), address)
    assert app.test_client().put(address).status_code in {400, 405}


def test_a_reset_ends_a_lock(app: Flask, world: World, mailbox: Mailbox) -> None:
    client = app.test_client()
    for _ in range(5):
        send(client, "/sign-in", {"username": "staff", "password": "wrong", "next": ""})
    ask(app, "staff")
    [code] = mailed(mailbox)
    assert choose(app, code).status_code == 302
    assert send(client, "/sign-in", {"username": "staff", "password": NEW, "next": ""}).status_code == 302
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(LoginSession)) == 1
    assert world.staff.role is Role.UNIT_STAFF
