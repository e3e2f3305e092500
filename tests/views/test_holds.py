"""/outbox/hold and /outbox/release."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import OTHER_COUNTY, World, make_account
from tests.notifications.test_mailer import MINUTE, MORNING, mail_of, queue_for, states, use_server
from tests.smtp import smtp_server
from tests.visit import client_for, send, visit
from tracker.actions.holds import hold, hold_restored, release
from tracker.actions.record import NOBODY
from tracker.models import GIVEN_UP, Account, Event, MailState, OutboxHold, OutboxMail, db
from tracker.notifications.mailer import deliver
from tracker.rules.permissions import Role


def acts() -> list[str]:
    """The acts on record."""
    return list(db.session.scalars(sa.select(Event.act).where(Event.allowed).order_by(Event.id)))


def test_a_held_outbox_sends_nothing_and_lets_go_of_all(app: Flask, world: World) -> None:
    queue_for(world, 2)
    client = client_for(app, world.administrator)
    assert send(client, "/outbox/hold", {}, token_from="/outbox").status_code == 302
    with smtp_server() as box:
        use_server(app, box.port)
        assert deliver(MORNING) == Counter()
        page = visit(client, "/outbox")
        assert "由管理员暂停" in page.get_text()
        assert page.find("form", action="/outbox/hold") is None
        assert send(client, "/outbox/release", {"waiting": "send"}, token_from="/outbox").status_code == 302
        assert deliver(MORNING + MINUTE) == Counter(sent=2)
    assert acts() == ["hold_mail", "release_mail"]


def test_what_is_given_up_is_never_sent(app: Flask, world: World) -> None:
    first, _second = queue_for(world, 2)
    client = client_for(app, world.administrator)
    send(client, "/outbox/hold", {}, token_from="/outbox")
    send(client, "/outbox/release", {"waiting": "give_up"}, token_from="/outbox")
    assert states() == Counter({MailState.DROPPED: 2})
    assert mail_of(first).last_answer == GIVEN_UP
    assert "积压的 2 封不再发送" in visit(client, "/outbox").get_text()


def buttons(app: Flask, who: Account) -> list[str]:
    """The words of the buttons of the hold, the main one first where there is one."""
    page = visit(client_for(app, who), "/outbox")
    found = page.select("section.notice button")
    return [each.get_text() for each in sorted(found, key=lambda each: "main" not in each["class"])]


def test_after_a_hold_by_hand_what_waits_is_sent_unless_somebody_gives_it_up(app: Flask, world: World) -> None:
    queue_for(world, 2)
    db.session.scalars(sa.select(OutboxMail)).first().kind = "leaders_week"
    hold(NOBODY, "360732", MORNING)
    db.session.commit()
    assert buttons(app, world.administrator) == ["恢复发送", "确认放弃并恢复发送"]
    folded = visit(client_for(app, world.administrator), "/outbox").select_one("section.notice details").get_text()
    assert "以下 2 封不再发送" in folded
    assert "每日汇总 1 封" in folded
    assert "领导周览邮件 1 封" in folded
    assert "领导收不到这一周的周览邮件" in folded


def test_after_a_restore_giving_up_comes_first(app: Flask, world: World) -> None:
    queue_for(world)
    hold_restored(MORNING)
    db.session.commit()
    assert buttons(app, world.administrator) == ["放弃积压的邮件，恢复发送", "发送积压的邮件"]


@pytest.mark.parametrize("held", [lambda: hold(NOBODY, "360732", MORNING), lambda: hold_restored(MORNING)])
def test_where_nothing_waits_there_is_nothing_to_choose(app: Flask, world: World, held: Callable[[], object]) -> None:
    held()
    db.session.commit()
    assert buttons(app, world.administrator) == ["恢复发送"]


@pytest.mark.parametrize(("held", "sends"), [("360732", False), ("3607", False), ("", False), ("3608", True)])
def test_a_hold_reaches_its_region_and_all_below(app: Flask, world: World, held: str, sends: bool) -> None:
    queue_for(world)
    assert hold(NOBODY, held, MORNING)
    assert not hold(NOBODY, held, MORNING)
    db.session.commit()
    with smtp_server() as box:
        use_server(app, box.port)
        assert deliver(MORNING) == (Counter(sent=1) if sends else Counter())


def test_letting_go_of_a_region_leaves_those_around_it_held(world: World) -> None:
    for region in ("36", "360732", "360733"):
        hold(NOBODY, region, MORNING)
    assert release(NOBODY, "360732", MORNING, give_up=True) == 0
    assert release(NOBODY, "360732", MORNING, give_up=True) is None
    assert list(db.session.scalars(sa.select(OutboxHold.region_code).order_by(OutboxHold.region_code))) == [
        "36",
        "360733",
    ]


def test_a_hold_from_above_is_told_and_cannot_be_lifted_here(app: Flask, world: World) -> None:
    hold(NOBODY, "36", MORNING)
    db.session.commit()
    client = client_for(app, world.administrator)
    assert "由上级管理员恢复" in visit(client, "/outbox").get_text()
    send(client, "/outbox/release", {"waiting": "give_up"}, token_from="/outbox")
    assert "没有处于暂停状态" in visit(client, "/outbox").get_text()
    assert db.session.scalars(sa.select(OutboxHold)).all()


def test_the_administrator_of_another_county_changes_nothing_here(app: Flask, world: World) -> None:
    queue_for(world)
    hold(NOBODY, "360732", MORNING)
    db.session.commit()
    client = client_for(app, make_account(Role.ADMINISTRATOR, region=OTHER_COUNTY))
    send(client, "/outbox/release", {"waiting": "give_up"}, token_from="/outbox")
    assert db.session.scalars(sa.select(OutboxHold.region_code)).all() == ["360732"]
    assert states() == Counter({MailState.QUEUED: 1})


@pytest.mark.parametrize("who", ["office", "auditor", "staff", "leader", "security"])
@pytest.mark.parametrize("address", ["/outbox/hold", "/outbox/release"])
def test_only_the_administrator_may(app: Flask, world: World, who: str, address: str) -> None:
    client = client_for(app, getattr(world, who))
    assert send(client, address, {}, token_from="/password").status_code == 403
    assert not db.session.scalars(sa.select(OutboxHold)).all()


def test_odd_requests_are_refused(app: Flask, world: World) -> None:
    client = client_for(app, world.administrator)
    for address in ("/outbox/hold", "/outbox/release"):
        assert client.get(address).status_code in {404, 405}
        assert client.post(address).status_code == 400
        assert send(client, address, {"region": "36"}, token_from="/outbox").status_code == 400
    for odd in ("", "burn"):
        assert send(client, "/outbox/release", {"waiting": odd}, token_from="/outbox").status_code == 400


def test_of_two_who_let_go_the_second_learns_it(app: Flask, world: World) -> None:
    client = client_for(app, world.administrator)
    for _ in range(2):
        send(client, "/outbox/hold", {}, token_from="/outbox")
    assert "已经处于暂停状态" in visit(client, "/outbox").get_text()
    for _ in range(2):
        send(client, "/outbox/release", {"waiting": "send"}, token_from="/outbox")
    assert "可能已由他人恢复" in visit(client, "/outbox").get_text()
    assert acts() == ["hold_mail", "release_mail"]
