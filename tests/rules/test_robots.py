"""Group robots: only the services' own addresses are taken, messages fit, signatures are theirs, secrets stay shut."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tracker.rules.robots import (
    CUT,
    FOOT,
    SERVICES,
    Credentials,
    Fault,
    NotARobot,
    RobotKind,
    group_text,
    is_robot_address,
    message_of,
    post_of,
    secret_in,
    token_in,
)
from tracker.rules.sealing import seal, unseal

WECOM, DINGTALK, FEISHU = RobotKind
UUID = "73febdcb-1b38-4d1b-a994-790f21fc8d30"
HEX = "0123456789abcdef" * 4
TOKENS = {WECOM: UUID, DINGTALK: HEX, FEISHU: UUID}
PASTED = {
    WECOM: f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={UUID}",
    DINGTALK: f"https://oapi.dingtalk.com/robot/send?access_token={HEX}",
    FEISHU: f"https://open.feishu.cn/open-apis/bot/v2/hook/{UUID}",
}
NOW = datetime(2026, 3, 6, 1, tzinfo=UTC)
LINK = "https://duban.example.cn/work"


@pytest.mark.parametrize("kind", RobotKind)
def test_the_token_is_taken_out_and_the_address_is_built_anew(kind: RobotKind) -> None:
    assert token_in(kind, PASTED[kind]) == TOKENS[kind]
    assert post_of(Credentials(kind, TOKENS[kind]), "x", NOW).url == PASTED[kind]
    assert token_in(kind, PASTED[kind].replace(SERVICES[kind].host, SERVICES[kind].host.upper())) == TOKENS[kind]


@pytest.mark.parametrize("kind", RobotKind)
@pytest.mark.parametrize("other", RobotKind)
def test_a_service_takes_no_address_of_another(kind: RobotKind, other: RobotKind) -> None:
    if kind is not other:
        with pytest.raises(NotARobot):
            token_in(kind, PASTED[other])


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("", Fault.CHARACTERS),
        ("机器人", Fault.CHARACTERS),
        (f"{PASTED[WECOM]}\n", Fault.CHARACTERS),
        (PASTED[WECOM].replace("weixin", "wei\txin"), Fault.CHARACTERS),
        (PASTED[WECOM].replace("//qyapi", "\\\\qyapi"), Fault.CHARACTERS),
        (PASTED[WECOM].replace("qq.com/", "qq.com\\@evil.example/"), Fault.CHARACTERS),
        (PASTED[WECOM].replace("qq", "ｑｑ"), Fault.CHARACTERS),
        (f"{PASTED[WECOM]}{'0' * 300}", Fault.CHARACTERS),
        (PASTED[WECOM].replace("https", "http"), Fault.HOST),
        (PASTED[WECOM].replace("https://", "//"), Fault.HOST),
        (PASTED[WECOM].removeprefix("https://"), Fault.HOST),
        (PASTED[WECOM].replace("https", "file"), Fault.HOST),
        (PASTED[WECOM].replace("qyapi.weixin.qq.com", "127.0.0.1"), Fault.HOST),
        (PASTED[WECOM].replace("qyapi.weixin.qq.com", "169.254.169.254"), Fault.HOST),
        (PASTED[WECOM].replace("qyapi.weixin.qq.com", "[::1]"), Fault.HOST),
        (PASTED[WECOM].replace("qyapi.weixin.qq.com", "[::1"), Fault.HOST),
        (PASTED[WECOM].replace("qq.com/", "qq.com:443/"), Fault.HOST),
        (PASTED[WECOM].replace("qq.com/", "qq.com:8443/"), Fault.HOST),
        (PASTED[WECOM].replace("qq.com/", "qq.com./"), Fault.HOST),
        (PASTED[WECOM].replace("qq.com/", "qq.com.evil.example/"), Fault.HOST),
        (PASTED[WECOM].replace("//", "//evil.example@"), Fault.HOST),
        (PASTED[WECOM].replace("//", "//user:word@"), Fault.HOST),
        (PASTED[WECOM].replace("qyapi.", "qyapi%2e"), Fault.HOST),
        (f"https://evil.example/?u={PASTED[WECOM]}", Fault.HOST),
        (PASTED[WECOM].replace("/send", "/upload_media"), Fault.PATH),
        (PASTED[WECOM].replace("/send", "/../send"), Fault.PATH),
        (f"{PASTED[WECOM]}&debug=1", Fault.PATH),
        (f"{PASTED[WECOM]}&key={UUID}", Fault.PATH),
        (f"{PASTED[WECOM]}#x", Fault.PATH),
        (PASTED[WECOM].partition("?")[0], Fault.PATH),
        (PASTED[WECOM][:-1], Fault.TOKEN),
        (f"{PASTED[WECOM]}a", Fault.TOKEN),
        (f"{PASTED[WECOM]}%0d%0aHost:%20evil.example", Fault.TOKEN),
        (f"{PASTED[WECOM]}@evil.example", Fault.TOKEN),
    ],
)
def test_whatever_is_not_exactly_an_address_of_the_service_is_refused(address: str, fault: Fault) -> None:
    with pytest.raises(NotARobot) as refused:
        token_in(WECOM, address)
    assert refused.value.fault is fault


@pytest.mark.parametrize(
    "address",
    [f"{PASTED[FEISHU]}/../x", f"{PASTED[FEISHU]}?x=1", f"{PASTED[FEISHU]}/", PASTED[FEISHU].replace("v2", "v1")],
)
def test_the_token_at_the_end_of_a_path_is_nothing_but_a_token(address: str) -> None:
    with pytest.raises(NotARobot):
        token_in(FEISHU, address)


def test_secrets_are_taken_by_the_services_that_sign() -> None:
    assert secret_in(DINGTALK, "SEC" + HEX) == "SEC" + HEX
    assert secret_in(FEISHU, "QH3dh8sQx5b0vKfT1c2YzA") == "QH3dh8sQx5b0vKfT1c2YzA"
    assert [secret_in(kind, "") for kind in RobotKind] == [None, None, None]
    for kind, text in [(WECOM, "SEC" + HEX), (DINGTALK, HEX), (DINGTALK, "SEC"), (FEISHU, "短"), (FEISHU, "a b c d e")]:
        with pytest.raises(NotARobot):
            secret_in(kind, text)


def test_signatures_are_those_of_the_services() -> None:
    signed = post_of(Credentials(DINGTALK, HEX, "SECabc"), "x", NOW)
    assert signed.url == (
        f"{PASTED[DINGTALK]}&timestamp=1772758800000&sign=ir91KYCwSj%2F8wQ17CFbPSRrHc%2F3B6ad9k2m0F7xygZI%3D"
    )
    body = post_of(Credentials(FEISHU, UUID, "demo-secret"), "x", NOW).body
    assert (body["timestamp"], body["sign"]) == ("1772758800", "g7Drr28W9Vh5m9rBnM2JbuYkBDCak3s90weuHpRJZxk=")
    assert "sign" not in post_of(Credentials(FEISHU, UUID), "x", NOW).body


def test_a_message_names_nobody_and_calls_nobody() -> None:
    text = group_text(
        '财政局同志：\n\n<at user_id="all">所有人</at> @all\n\n本邮件由系统在退回时发送。请勿转发密级内容。\n'
    )
    assert text == f'财政局：\n\n＜at user_id="all"＞所有人＜/at＞ @all\n{FOOT}'
    assert group_text(text) == text
    for kind in RobotKind:
        body = post_of(Credentials(kind, TOKENS[kind]), text, NOW).body
        assert not {"at", "mentioned_list", "mentioned_mobile_list"} & set(str(body).replace("'", " ").split())


@pytest.mark.parametrize("kind", RobotKind)
@pytest.mark.parametrize("count", [1, 10, 40, 41, 42, 2000])
def test_a_message_fits_ends_with_the_link_and_is_cut_at_a_line(kind: RobotKind, count: int) -> None:
    lines = [f"{'校舍' * (number % 7)}{number}" for number in range(count)]
    message = message_of(kind, "【督办】3项逾期", "\n".join(["财政局同志：", *lines]), LINK)
    assert len(message.encode()) <= SERVICES[kind].most_bytes
    said = message.splitlines()
    assert said[0] == "【督办】3项逾期"
    assert said[-2:] == [f"我的任务：{LINK}", FOOT]
    body = said[3:-2]
    assert body == lines or (body[-1] == CUT and body[:-1] == lines[: len(body) - 1])
    if body != lines:
        left = SERVICES[kind].most_bytes - len(message.encode())
        assert left < len(lines[len(body) - 1].encode()) + 1


def test_a_line_longer_than_a_message_leaves_its_beginning_out_and_a_subject_is_cut() -> None:
    message = message_of(WECOM, "【督办】3项", f"财政局同志：\n{'长' * 3000}\n短", LINK)
    assert message == f"【督办】3项\n\n财政局：\n{CUT}\n我的任务：{LINK}\n{FOOT}"
    assert len(message_of(WECOM, "督" * 3000, "x", LINK).encode()) <= 2048


def test_what_stands_for_a_robot_is_no_mail_address() -> None:
    assert is_robot_address("robot-5")
    assert not is_robot_address("robot-5@example.test")


def test_a_token_is_sealed_and_opens_with_its_key_alone() -> None:
    sealed = seal("a" * 32, UUID)
    assert sealed.startswith("v1:")
    assert UUID not in sealed
    assert sealed != seal("a" * 32, UUID)
    assert unseal("a" * 32, sealed) == UUID
    for key, text in [("b" * 32, sealed), ("a" * 32, sealed[:-4]), ("a" * 32, "v2" + sealed[2:]), ("a" * 32, "")]:
        assert unseal(key, text) is None


def test_neither_token_nor_secret_stands_in_what_a_log_would_show() -> None:
    way = Credentials(DINGTALK, HEX, "SECabc")
    assert HEX not in f"{way!r}{post_of(way, 'x', NOW)!r}"
    assert "SECabc" not in repr(way)
