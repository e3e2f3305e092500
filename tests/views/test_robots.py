"""/units/<unit>/robots/<kind>: the office pastes the address of a group robot, tries, stops and removes it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import World, make_robot, make_unit
from tests.visit import client_for, send, visit
from tracker.models import Event, MailState, OutboxMail, Robot, RobotKind, Unit, db
from tracker.models.base import settings
from tracker.rules.sealing import seal, unseal

UUID = "73febdcb-1b38-4d1b-a994-790f21fc8d30"
HEX = "0123456789abcdef" * 4
SECRET = "SEC" + HEX
WECOM = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={UUID}"
DINGTALK = f"https://oapi.dingtalk.com/robot/send?access_token={HEX}"


@pytest.fixture(autouse=True)
def allowed(app: Flask) -> None:
    """The installation uses two of the three services."""
    allow(app, RobotKind.WECOM, RobotKind.DINGTALK)


@pytest.fixture
def office(app: Flask, world: World) -> FlaskClient:
    """The office's browser."""
    return client_for(app, world.office)


def allow(app: Flask, *kinds: RobotKind) -> None:
    """Let the installation use these services."""
    app.extensions["settings"] = replace(app.extensions["settings"], robots=frozenset(kinds))


def at(unit: Unit, kind: str, act: str = "") -> str:
    """The address of a robot, or of an act on it."""
    return f"/units/{unit.id}/robots/{kind}" + (f"/{act}" if act else "")


def post(client: FlaskClient, unit: Unit, kind: str, act: str = "", **values: Any) -> TestResponse:
    """Send a form about a robot."""
    db.session.refresh(unit)
    page = f"/units/{unit.id}"
    return send(client, at(unit, kind, act), {"version": unit.version, **values}, token_from=page)


def stored(kind: RobotKind = RobotKind.WECOM) -> Robot | None:
    """A robot as it stands."""
    db.session.rollback()
    query = sa.select(Robot).where(Robot.kind == kind)
    return db.session.scalar(query.execution_options(populate_existing=True))


def events() -> list[tuple[str, Any]]:
    """The acts on robots and what they say."""
    db.session.rollback()
    rows = db.session.scalars(sa.select(Event).where(Event.act.like("%robot"), Event.allowed).order_by(Event.id))
    return [(event.act, event.after) for event in rows]


def section(client: FlaskClient, unit: Unit, status: int = 200) -> str:
    """The words of the section on the page of a unit."""
    part = visit(client, f"/units/{unit.id}", status=status).select_one("#robots")
    assert part is not None
    return " ".join(part.get_text(" ").split())


def test_an_address_is_kept_sealed_and_never_shown_again(world: World, office: FlaskClient) -> None:
    assert "企业微信 未设置" in section(office, world.finance)
    assert post(office, world.finance, "dingtalk", address=DINGTALK, secret=SECRET).status_code == 302
    robot = stored(RobotKind.DINGTALK)
    assert robot is not None
    assert unseal(settings().secret_key, robot.sealed_token) == HEX
    assert unseal(settings().secret_key, robot.sealed_secret or "") == SECRET
    assert robot.unit_id == world.finance.id
    page = str(visit(office, f"/units/{world.finance.id}"))
    assert "钉钉" in page
    kept = str(events()) + robot.sealed_token + page
    assert HEX not in kept
    assert SECRET not in kept
    assert events() == [("set_robot", {"unit": "财政局", "robot": "dingtalk", "signed": True})]
    assert "钉钉 已设置，使用中" in section(office, world.finance)


def test_another_address_replaces_the_first_and_starts_a_stopped_robot(world: World, office: FlaskClient) -> None:
    post(office, world.finance, "dingtalk", address=DINGTALK, secret=SECRET)
    post(office, world.finance, "dingtalk", "stop")
    assert "钉钉 已停用" in section(office, world.finance)
    post(office, world.finance, "dingtalk", address=DINGTALK.replace("0", "f"), secret="")
    robot = stored(RobotKind.DINGTALK)
    assert robot is not None
    assert (robot.sealed_secret, robot.disabled_at) == (None, None)
    assert unseal(settings().secret_key, robot.sealed_token) == HEX.replace("0", "f")


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        ("wecom", {"address": ""}, "请粘贴机器人地址"),
        ("wecom", {"address": DINGTALK}, "https://qyapi.weixin.qq.com/ 开头"),
        ("wecom", {"address": WECOM.replace("https", "http")}, "https://qyapi.weixin.qq.com/ 开头"),
        ("wecom", {"address": WECOM.replace("//", "//x@evil.example/")}, "https://qyapi.weixin.qq.com/ 开头"),
        ("wecom", {"address": WECOM + "&x=1"}, "不带其他参数"),
        ("wecom", {"address": WECOM[:-2]}, "密钥不完整"),
        ("wecom", {"address": WECOM.replace("send", "s end")}, "多余的字符"),
        ("wecom", {"address": "x" * 301}, "最多 300 个字符"),
        ("dingtalk", {"address": DINGTALK, "secret": "没有"}, "加签密钥不是该服务给出的样子"),
    ],
)
def test_what_is_no_address_is_refused_in_words_and_keeps_what_was_typed(
    world: World, office: FlaskClient, kind: str, values: dict[str, str], said: str
) -> None:
    answer = post(office, world.finance, kind, **values)
    assert answer.status_code == 400
    assert said in answer.get_data(as_text=True)
    assert stored() is None


def test_unknown_fields_services_and_units_are_refused(app: Flask, world: World, office: FlaskClient) -> None:
    assert post(office, world.finance, "wecom", address=WECOM, host="evil.example").status_code == 400
    # 企业微信 knows no signature.
    assert post(office, world.finance, "wecom", address=WECOM, secret=SECRET).status_code == 400
    for kind in ("feishu", "slack", "WECOM"):
        assert post(office, world.finance, kind, address=WECOM).status_code == 404
    for act in ("", "test", "stop", "start", "remove"):
        assert visit(office, at(world.finance, "wecom", act), status=405) is not None
        client = client_for(app, world.stranger)
        values = {"version": 1, "address": WECOM, "once": "a"}
        assert send(client, at(world.finance, "wecom", act), values, token_from="/units/new").status_code == 404
        staff = client_for(app, world.staff)
        answer = send(staff, at(world.finance, "wecom", act), values, token_from="/profile")
        assert answer.status_code == 403
        assert office.post(at(world.finance, "wecom", act), data=values).status_code == 400  # no token
    assert stored() is None


@pytest.mark.parametrize("act", ["", "test", "stop", "start", "remove"])
def test_a_page_older_than_the_unit_changes_nothing(world: World, office: FlaskClient, act: str) -> None:
    make_robot(world.finance)
    db.session.commit()
    values = {"version": 99, **({"address": WECOM} if not act else {}), **({"once": "a"} if act == "test" else {})}
    answer = send(office, at(world.finance, "wecom", act), values, token_from=f"/units/{world.finance.id}")
    assert answer.status_code == 409
    assert "已被他人更改" in answer.get_data(as_text=True)
    assert events() == []


def test_a_test_message_is_queued_once_and_contacts_nobody(world: World, office: FlaskClient) -> None:
    robot_id = make_robot(world.finance).id
    db.session.commit()
    for _time in range(2):
        assert post(office, world.finance, "wecom", "test", once="key").status_code == 302
    mail = db.session.scalars(sa.select(OutboxMail)).one()
    assert (mail.kind, mail.state, mail.robot_id, mail.address) == (
        "robot_test",
        MailState.QUEUED,
        robot_id,
        f"robot-{robot_id}",
    )
    assert mail.text.startswith("财政局：\n\n这是一条测试消息。")
    assert events() == [("test_robot", {"unit": "财政局", "robot": "wecom"})]
    listed = visit(office, "/outbox").get_text(" ")
    assert "机器人（企业微信）" in listed
    assert "群机器人测试" in listed
    assert "财政局 · 机器人（企业微信）" in visit(office, f"/outbox/{mail.id}").get_text(" ")


def test_stop_start_and_remove(world: World, office: FlaskClient) -> None:
    make_robot(world.finance)
    db.session.commit()
    assert post(office, world.finance, "wecom", "stop").status_code == 302
    assert post(office, world.finance, "wecom", "test", once="a").status_code == 409
    assert post(office, world.finance, "wecom", "start").status_code == 302
    assert post(office, world.finance, "wecom", "test", once="b").status_code == 302
    assert post(office, world.finance, "wecom", "remove").status_code == 302
    robot = stored()
    assert robot is not None
    # Its message keeps the row; nothing of the address is left, and nothing waits.
    assert (robot.sealed_token, robot.sealed_secret) == ("", None)
    mail = db.session.scalars(sa.select(OutboxMail)).one()
    assert (mail.state, mail.last_answer) == (MailState.DROPPED, "robot_removed")
    assert "企业微信 未设置" in section(office, world.finance)
    for act in ("stop", "start", "remove"):
        assert post(office, world.finance, "wecom", act).status_code == 409
    assert [act for act, _said in events()] == ["stop_robot", "start_robot", "test_robot", "remove_robot"]


def test_a_robot_that_no_message_names_leaves_no_row(world: World, office: FlaskClient) -> None:
    unit = make_unit("新单位")
    make_robot(unit)
    db.session.commit()
    post(office, unit, "wecom", "remove")
    assert stored() is None


def test_the_page_says_what_stands_in_the_way(app: Flask, world: World, office: FlaskClient) -> None:
    robot = make_robot(world.finance, sealed_token=seal("another key", UUID))
    db.session.commit()
    assert "请重新填写地址" in section(office, world.finance)
    robot.sealed_token = seal(settings().secret_key, UUID)
    db.session.commit()
    post(office, world.finance, "wecom", "test", once="a")
    db.session.execute(
        sa.update(OutboxMail).values(state=MailState.DEAD, last_answer="robot_refused wecom 93000", attempts=1)
    )
    db.session.commit()
    said = "机器人地址已失效，请到单位页面重新填写（代码 93000）"
    assert said in section(office, world.finance)
    assert said in visit(office, "/outbox").get_text(" ")
    allow(app)
    assert "不再启用这类群机器人" in section(office, world.finance)
    assert post(office, world.finance, "wecom", "test", once="b").status_code == 404
    assert post(office, world.finance, "wecom", "remove").status_code == 302
    assert "未启用：管理员可用 ROBOTS 设置启用" in section(office, world.finance)


@pytest.mark.parametrize("answer", ["robot_later -1", "robot_status 502", "robot_refused dingtalk 310000", "robot_off"])
def test_every_answer_has_words(world: World, office: FlaskClient, answer: str) -> None:
    make_robot(world.finance, RobotKind.DINGTALK)
    db.session.commit()
    post(office, world.finance, "dingtalk", "test", once="a")
    db.session.execute(sa.update(OutboxMail).values(state=MailState.DEAD, last_answer=answer, attempts=1))
    db.session.commit()
    said = section(office, world.finance) + visit(office, "/outbox").get_text(" ")
    assert "robot_" not in said
    assert "机器人" in said
