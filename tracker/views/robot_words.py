"""The words of group robots: their services, who a message goes to, and what the services answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import gettext as _

from tracker.models import OutboxMail, RobotKind
from tracker.rules.mail_addresses import masked
from tracker.rules.robots import REFUSED, SERVICES, Refusal, is_robot_address
from tracker.translations import lazy as _l
from tracker.translations import offer_filters
from tracker.views.words import word

REFUSALS: Mapping[Refusal, Any] = {
    Refusal.GONE: _l("机器人地址已失效，请到单位页面重新填写"),
    Refusal.SIGNATURE: _l("加签没有通过，请核对加签密钥和服务器时间"),
    Refusal.KEYWORD: _l("机器人要求关键词，请在其安全设置里加关键词“督办”"),
    Refusal.NETWORK: _l("机器人只收指定地址发来的消息，请在其安全设置里加上本系统的出口地址"),
    Refusal.CHECKS: _l("机器人的安全设置没有通过，请核对关键词（“督办”）、加签密钥和地址段"),
    Refusal.WORDS: _l("消息的内容被服务拒绝"),
}
ANSWERS: Mapping[str, Any] = {
    "robot_taken": _l("群机器人已接收"),
    "robot_sealed": _l("群机器人的地址无法读取（SECRET_KEY 已更换），请到单位页面重新填写地址"),
    "robot_disabled": _l("群机器人已停用"),
    "robot_removed": _l("群机器人已删除"),
    "robot_off": _l("未启用该类群机器人"),
    "robot_redirected": _l("群机器人服务要求转到别的地址，没有照办，将自动重试"),
    "robot_unreadable": _l("群机器人服务的应答无法识别，将自动重试"),
    "robot_timed_out": _l("群机器人服务没有及时应答，将自动重试"),
    "robot_not_secure": _l("群机器人服务没有可信的加密连接，将自动重试"),
    "robot_proxy": _l("无法通过出口代理连接群机器人服务，将自动重试"),
    "robot_not_reachable": _l("无法连接群机器人服务，将自动重试"),
}


def register(app: Flask) -> None:
    """Offer the words to every template."""
    offer_filters(app, robot_answer=robot_answer, addressee=addressee, addressee_of=addressee_of)


def addressee(address: str | None) -> str | None:
    """An address as others may see it: of a mail address what its owner recognises, of a robot that it is one."""
    return _("群机器人") if is_robot_address(address or "") else masked(address)


def addressee_of(mail: OutboxMail) -> str | None:
    """Who gets a mail, as others may see it."""
    if mail.robot is not None:
        return _("机器人（%(service)s）", service=word(mail.robot.kind))
    return addressee(mail.address)


def robot_answer(answer: str | None) -> str | None:
    """What became of a message to a robot, in plain words; None for the answer of a mail server."""
    if not answer or not answer.startswith("robot_"):
        return None
    if answer in ANSWERS:
        return str(ANSWERS[answer])
    said, _space, code = answer.rpartition(" ")
    if said.startswith(f"{REFUSED} "):
        kind = RobotKind(said.removeprefix(f"{REFUSED} "))
        return _("%(words)s（代码 %(code)s）", words=REFUSALS[SERVICES[kind].refusals[int(code)]], code=code)
    return _("群机器人服务暂不接收，将自动重试（代码 %(code)s）", code=code)
