"""Sending to group robots: real https under the services' own names, and what each answer does to a message."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import World, make_account, make_robot, make_task, make_unit
from tests.smtp import HOST, Mailbox
from tests.webhooks import HOSTS, Reply, Services
from tests.webhooks import services as services
from tracker import clock
from tracker.jobs import deliver_outbox
from tracker.models import MailState, OutboxMail, Robot, RobotKind, Unit, db
from tracker.notifications.digest import queue_digests
from tracker.notifications.robots import RobotGateway, answer_of
from tracker.notifications.smtp import Answer, Outcome, ServiceDown
from tracker.rules.permissions import Role
from tracker.rules.robots import SERVICES, Credentials
from tracker.rules.sealing import seal
from tracker.settings import ROOT

FRIDAY = date(2026, 3, 6)
MORNING = clock.at_office(FRIDAY, 9)
MINUTE = timedelta(minutes=1)
WECOM, DINGTALK, FEISHU = RobotKind
UUID = "73febdcb-1b38-4d1b-a994-790f21fc8d30"
TOKENS = {WECOM: UUID, DINGTALK: "0123456789abcdef" * 4, FEISHU: UUID}
NAMES = {kind: service.host for kind, service in SERVICES.items()}


def allow(app: Flask, *kinds: RobotKind, **differences: object) -> None:
    """Let the installation use these services."""
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, robots=frozenset(kinds), **differences)


def queue_for(world: World, *kinds: RobotKind, people: int = 0) -> Unit:
    """A unit with a digest for each of its robots and people, committed."""
    unit = make_unit("教育局")
    for kind in kinds:
        make_robot(unit, kind)
    for _number in range(people):
        make_account(Role.UNIT_STAFF, units=[unit])
    make_task(world.plan, lead=[unit], title="校舍安全", requirement="<at user_id=all>", due_on=FRIDAY)
    queue_digests(MORNING)
    db.session.commit()
    return unit


def mails() -> list[OutboxMail]:
    """The messages to robots as they stand in the database."""
    query = sa.select(OutboxMail).where(OutboxMail.robot_id.is_not(None)).order_by(OutboxMail.id)
    found = list(db.session.scalars(query.execution_options(populate_existing=True)))
    db.session.commit()
    return found


def ends() -> list[tuple[MailState, str | None]]:
    """How each message stands, and what was answered to it."""
    return [(mail.state, mail.last_answer) for mail in mails()]


def run(now: object = MORNING) -> str:
    """Run the job that delivers."""
    said = deliver_outbox.run(now)  # type: ignore[arg-type]
    db.session.commit()
    return said


@pytest.fixture
def gateway(app: Flask) -> RobotGateway:
    """A gateway that waits only for moments."""
    return RobotGateway("http://localhost/work", connect=1, read=0.3, whole=0.6)


def send(gateway: RobotGateway, kind: RobotKind = WECOM) -> Answer | str:
    """Send one message; the answer, or why the service could not be reached."""
    try:
        return gateway.send(Credentials(kind, TOKENS[kind]), "【督办】", "财政局：\n一项", MORNING)
    except ServiceDown as down:
        return down.reason


def test_robots_get_the_digest_of_their_unit_without_a_mail_server(
    app: Flask, world: World, services: Services
) -> None:
    allow(app, *RobotKind)
    queue_for(world, *RobotKind)
    assert "sent=3" in run()
    assert ends() == [(MailState.SENT, "robot_taken")] * 3
    assert sorted(services.asked) == sorted(f"{host}:443" for host in HOSTS)
    assert {each.host: each.target for each in services.posted} == {
        NAMES[WECOM]: f"/cgi-bin/webhook/send?key={UUID}",
        NAMES[DINGTALK]: f"/robot/send?access_token={TOKENS[DINGTALK]}",
        NAMES[FEISHU]: f"/open-apis/bot/v2/hook/{UUID}",
    }
    for text in services.texts():
        assert text.startswith("【督办】1项7日内到期｜教育局｜3月6日（周五）\n\n教育局：\n")
        assert "校舍安全" in text
        assert "<" not in text
        assert "同志" not in text
        assert text.endswith("我的任务：http://localhost/work\n本消息由督办系统发到群里，请勿转发密级内容。")
    assert {mail.text for mail in mails()} != {""}
    assert {mail.html for mail in mails()} == {""}
    assert run(MORNING + MINUTE) == "no_server waiting=0"
    assert len(services.posted) == 3


def test_a_robot_is_told_beside_the_people_and_a_mail_server_that_is_down_stops_it_not(
    app: Flask, world: World, services: Services
) -> None:
    allow(app, WECOM)
    with socket.socket() as closed:
        closed.bind((HOST, 0))
        allow(app, WECOM, smtp_host=HOST, smtp_port=closed.getsockname()[1], mail_from="duban@example.test")
        queue_for(world, WECOM, people=2)
        with pytest.raises(deliver_outbox.JobFailed, match="service_down"):
            run()
    assert len(services.posted) == 1
    assert ends() == [(MailState.SENT, "robot_taken")]


def test_a_service_that_is_down_stops_neither_mails_nor_the_others(
    app: Flask, world: World, services: Services, mailbox: Mailbox
) -> None:
    allow(app, *RobotKind)
    services.refuses.add(NAMES[WECOM])
    queue_for(world, *RobotKind, people=1)
    queue_for_again = make_unit("卫健委")
    make_robot(queue_for_again, WECOM)
    make_task(world.plan, lead=[queue_for_again], due_on=FRIDAY)
    queue_digests(MORNING)
    db.session.commit()
    run()
    assert len(mailbox.messages) == 1
    assert sorted(each.host for each in services.posted) == sorted([NAMES[DINGTALK], NAMES[FEISHU]])
    assert Counter(ends()) == {
        (MailState.SENT, "robot_taken"): 2,
        (MailState.QUEUED, "robot_proxy"): 1,
        (MailState.QUEUED, None): 1,
    }
    # Given up for this run after its first failure; the next one begins with another message.
    assert services.asked.count(f"{NAMES[WECOM]}:443") == 1
    services.refuses.clear()
    run(MORNING + 2 * MINUTE)
    assert Counter(ends()) == {(MailState.SENT, "robot_taken"): 4}


@pytest.mark.parametrize(
    ("kind", "status", "body", "outcome", "words"),
    [
        (WECOM, 200, '{"errcode":0,"errmsg":"ok"}', Outcome.SENT, "robot_taken"),
        (DINGTALK, 200, '{"errcode":"0","errmsg":"ok"}', Outcome.SENT, "robot_taken"),
        (FEISHU, 200, '{"StatusCode":0,"code":0,"msg":"success"}', Outcome.SENT, "robot_taken"),
        (WECOM, 200, '{"errcode":93000,"errmsg":"invalid webhook url"}', Outcome.REFUSED, "robot_refused wecom 93000"),
        (DINGTALK, 200, '{"errcode":300005}', Outcome.REFUSED, "robot_refused dingtalk 300005"),
        (DINGTALK, 200, '{"errcode":310000}', Outcome.REFUSED, "robot_refused dingtalk 310000"),
        (FEISHU, 200, '{"code":19001,"StatusCode":0}', Outcome.REFUSED, "robot_refused feishu 19001"),
        (FEISHU, 400, '{"code":19021}', Outcome.REFUSED, "robot_refused feishu 19021"),
        (FEISHU, 200, '{"code":19022}', Outcome.REFUSED, "robot_refused feishu 19022"),
        (FEISHU, 200, '{"code":19024}', Outcome.REFUSED, "robot_refused feishu 19024"),
        (WECOM, 200, '{"errcode":45009}', Outcome.LATER, "robot_later 45009"),
        (DINGTALK, 200, '{"errcode":130101}', Outcome.LATER, "robot_later 130101"),
        (FEISHU, 200, '{"code":9499}', Outcome.LATER, "robot_later 9499"),
        (FEISHU, 200, '{"code":11232}', Outcome.LATER, "robot_later 11232"),
        (WECOM, 200, '{"errcode":-1}', Outcome.LATER, "robot_later -1"),
        (WECOM, 200, '{"code":0}', Outcome.LATER, "robot_unreadable"),
        (FEISHU, 200, '{"StatusCode":0}', Outcome.LATER, "robot_unreadable"),
        (WECOM, 200, '{"errcode":false}', Outcome.LATER, "robot_unreadable"),
        (WECOM, 200, '{"errcode":null}', Outcome.LATER, "robot_unreadable"),
        (WECOM, 200, '{"errcode":0.0}', Outcome.LATER, "robot_unreadable"),
        (WECOM, 200, '{"errcode":' + "9" * 40 + "}", Outcome.LATER, "robot_unreadable"),
        (WECOM, 200, "[0]", Outcome.LATER, "robot_unreadable"),
        (WECOM, 200, "[" * 4000, Outcome.LATER, "robot_unreadable"),
        (WECOM, 200, "<html>welcome", Outcome.LATER, "robot_unreadable"),
        (WECOM, 200, "", Outcome.LATER, "robot_unreadable"),
        (WECOM, 502, '{"errcode":0}', Outcome.LATER, "robot_status 502"),
        (WECOM, 429, "", Outcome.LATER, "robot_status 429"),
        (WECOM, 404, "", Outcome.LATER, "robot_status 404"),
        (WECOM, 302, '{"errcode":0}', Outcome.LATER, "robot_redirected"),
    ],
)
def test_only_an_answer_that_says_so_counts_as_sent(
    kind: RobotKind, status: int, body: str, outcome: Outcome, words: str
) -> None:
    assert answer_of(kind, status, body.encode()) == Answer(outcome, words)


def test_a_redirect_is_not_followed(gateway: RobotGateway, services: Services) -> None:
    to = "Location: https://evil.example/cgi-bin/webhook/send"
    services.replies[NAMES[WECOM]] = Reply(status="307 Temporary Redirect", headers=(to,))
    assert send(gateway) == Answer(Outcome.LATER, "robot_redirected")
    assert services.asked == [f"{NAMES[WECOM]}:443"]
    assert len(services.posted) == 1


def test_a_certificate_that_nobody_vouches_for_gets_no_message(
    gateway: RobotGateway, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    assert send(gateway) == "robot_not_secure"
    assert services.posted == []


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(delay=1), "robot_timed_out"),
        (Reply(drips=0.1), "robot_timed_out"),
        (Reply(hangs_up=True), "robot_proxy"),
        (Reply(body="x" * 100_000), "robot_unreadable"),
        (Reply(status="200 OK\r\nContent-Encoding: gzip"), "robot_not_reachable"),
    ],
)
def test_what_cannot_be_read_in_time_is_tried_later(
    gateway: RobotGateway, services: Services, reply: Reply, words: str
) -> None:
    services.replies[NAMES[WECOM]] = reply
    assert send(gateway) in (words, Answer(Outcome.LATER, words))
    services.replies.clear()
    assert send(gateway) == send(gateway, FEISHU) == Answer(Outcome.SENT, "robot_taken")
    gateway.close()


def test_a_network_without_a_way_out_is_one_answer(
    gateway: RobotGateway, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as closed:
        closed.bind((HOST, 0))
        monkeypatch.setenv("HTTPS_PROXY", f"http://{HOST}:{closed.getsockname()[1]}")
        assert send(gateway) == "robot_proxy"


def test_a_revoked_robot_is_dead_once_and_a_limited_one_waits(app: Flask, world: World, services: Services) -> None:
    allow(app, *RobotKind)
    services.replies = {
        NAMES[WECOM]: Reply('{"errcode":93000,"errmsg":"invalid webhook url, from ip: 10.0.0.1"}'),
        NAMES[FEISHU]: Reply('{"code":11232,"msg":"frequency limited"}'),
    }
    queue_for(world, WECOM, FEISHU)
    run()
    assert ends() == [(MailState.DEAD, "robot_refused wecom 93000"), (MailState.QUEUED, "robot_later 11232")]
    queue_digests(MORNING + MINUTE)
    db.session.commit()
    run(MORNING + 2 * MINUTE)
    assert [each.host for each in services.posted].count(NAMES[WECOM]) == 1
    assert [each.host for each in services.posted].count(NAMES[FEISHU]) == 2


def test_a_message_is_dropped_with_its_reason_where_its_robot_is_not_to_be_told(
    app: Flask, world: World, services: Services
) -> None:
    allow(app, *RobotKind)
    unit = queue_for(world, *RobotKind)
    robots = {robot.kind: robot for robot in db.session.scalars(sa.select(Robot))}
    robots[WECOM].disabled_at = MORNING
    robots[DINGTALK].sealed_token = ""
    allow(app, WECOM, DINGTALK)
    db.session.commit()
    run()
    assert ends() == [
        (MailState.DROPPED, "robot_disabled"),
        (MailState.DROPPED, "robot_removed"),
        (MailState.DROPPED, "robot_off"),
    ]
    assert services.asked == []
    assert unit.disabled_at is None


def test_a_token_that_the_present_key_does_not_open_waits_and_expires(
    app: Flask, world: World, services: Services
) -> None:
    allow(app, WECOM, DINGTALK)
    unit = queue_for(world, WECOM)
    signed = make_robot(unit, DINGTALK, sealed_secret=seal("another key", "SEC" + "a" * 40))
    queue_digests(MORNING)
    db.session.execute(sa.update(Robot).where(Robot.kind == WECOM).values(sealed_token=seal("another key", UUID)))
    db.session.commit()
    run()
    # A robot whose secret cannot be opened is not told unsigned.
    assert ends() == [(MailState.QUEUED, "robot_sealed")] * 2
    assert services.asked == []
    assert signed.disabled_at is None
    run(MORNING + timedelta(days=60))
    assert ends() == [(MailState.DEAD, "expired")] * 2


def test_what_stops_the_mails_stops_no_robot(app: Flask, world: World, services: Services, mailbox: Mailbox) -> None:
    allow(app, WECOM)
    queue_for(world, WECOM, people=1)
    # Refused at start; it stands for whatever nobody foresaw.
    app.extensions["settings"] = replace(app.extensions["settings"], smtp_connections="many")
    with pytest.raises(TypeError):
        run()
    db.session.rollback()
    assert ends() == [(MailState.SENT, "robot_taken")]


def test_a_robot_that_is_mended_meanwhile_gets_what_waited(app: Flask, world: World, services: Services) -> None:
    allow(app, WECOM)
    unit = queue_for(world, WECOM)
    key = app.extensions["settings"].secret_key
    db.session.execute(sa.update(Robot).values(sealed_token=seal("another key", UUID)))
    db.session.commit()
    run()
    db.session.execute(sa.update(Robot).values(sealed_token=seal(key, UUID)))
    db.session.commit()
    run(MORNING + 2 * MINUTE)
    assert ends() == [(MailState.SENT, "robot_taken")]
    assert unit.name in services.texts()[0]


def test_a_sender_killed_after_the_post_loses_nothing(
    app: Flask, world: World, services: Services, tmp_path: Path
) -> None:
    allow(app, WECOM)
    queue_for(world, WECOM)
    settings = app.extensions["settings"]
    process: list[subprocess.Popen[bytes]] = []
    services.replies[NAMES[WECOM]] = Reply(before=lambda: process[0].send_signal(signal.SIGKILL), delay=0.5)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "job", "deliver_outbox"]
    environment = {
        **os.environ,
        **services.environment(),
        "TRACKER_FAKE_NOW": "2026-03-06T09:00",
        "ROBOTS": "wecom",
        "DATABASE_URL": settings.database_url,
        "TRACKER_VAR": str(settings.var_dir),
        "SECRET_KEY": settings.secret_key,
        "BASE_URL": settings.base_url,
    }
    process.append(subprocess.Popen(command, cwd=ROOT, env=environment))
    assert process[0].wait(60) == -signal.SIGKILL
    assert len(services.posted) == 1
    assert [mail.state for mail in mails()] == [MailState.LEASED]
    services.replies.clear()
    run(MORNING + 10 * MINUTE)
    assert ends() == [(MailState.SENT, "robot_taken")]
    assert len(services.posted) == 2
    assert json.dumps(services.posted[0].body) == json.dumps(services.posted[1].body)
