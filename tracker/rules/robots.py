"""Group robots: to which fixed addresses a unit's messages go, what is said there, and what the answers mean.

People paste the whole address that 企业微信, 钉钉 or 飞书 shows them. Only the token in it is kept, and every address
that is ever contacted is built from ``SERVICES``: nothing typed becomes a host.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

LONGEST_ADDRESS = 300
UUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
PRINTED = re.compile(r"[!-~]+")
CUT = "（内容较长，其余请登录查看）"
FOOT = "本消息由督办系统发到群里，请勿转发密级内容。"
# How the answer of a service begins that refuses a message for good; its name and its code follow.
REFUSED = "robot_refused"
# Why a message that was queued is not for its robot any more.
ROBOT_DISABLED = "robot_disabled"
ROBOT_REMOVED = "robot_removed"
ROBOT_OFF = "robot_off"
ADDRESS = "robot-"
# What the letters to a person begin and end with.
GREETING = re.compile(r"同志：$")
MAIL_FOOT = "本邮件由系统"


class RobotKind(StrEnum):
    """The services whose group robots are known: 企业微信, 钉钉, 飞书."""

    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"


class Fault(StrEnum):
    """What is wrong with an address or a secret that somebody typed."""

    CHARACTERS = "characters"
    HOST = "host"
    PATH = "path"
    TOKEN = "token"
    SECRET = "secret"


class Refusal(StrEnum):
    """Why a service takes no message of a robot for good."""

    GONE = "gone"
    SIGNATURE = "signature"
    KEYWORD = "keyword"
    NETWORK = "network"
    CHECKS = "checks"
    WORDS = "words"


class NotARobot(ValueError):
    """The text is not the address of a group robot of this service, or not its secret."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class Service:
    """How the robots of a service are spoken to, and what its answers mean.

    ``parameter`` names the part of the query that holds the token; without one the token ends the path. The codes are
    those of the services' public documentation; a code that stands nowhere here is tried again.
    """

    host: str
    path: str
    parameter: str
    token: re.Pattern[str]
    most_bytes: int
    answer: str
    secret: re.Pattern[str] | None = None
    refusals: Mapping[int, Refusal] = field(default_factory=dict)

    @property
    def start(self) -> str:
        """What every address of the service begins with."""
        return f"https://{self.host}{self.path}" + (f"?{self.parameter}=" if self.parameter else "")


SERVICES: Mapping[RobotKind, Service] = {
    RobotKind.WECOM: Service(
        host="qyapi.weixin.qq.com",
        path="/cgi-bin/webhook/send",
        parameter="key",
        token=re.compile(UUID),
        most_bytes=2048,
        answer="errcode",
        refusals={93000: Refusal.GONE, 93001: Refusal.GONE, 93002: Refusal.GONE},
    ),
    RobotKind.DINGTALK: Service(
        host="oapi.dingtalk.com",
        path="/robot/send",
        parameter="access_token",
        token=re.compile(r"[0-9a-fA-F]{64}"),
        most_bytes=18_000,
        answer="errcode",
        secret=re.compile(r"SEC[0-9A-Za-z]{16,100}"),
        refusals={
            300001: Refusal.GONE,
            300005: Refusal.GONE,
            400013: Refusal.GONE,
            400101: Refusal.GONE,
            400102: Refusal.GONE,
            400106: Refusal.GONE,
            310000: Refusal.CHECKS,
            430101: Refusal.WORDS,
            430102: Refusal.WORDS,
            430104: Refusal.WORDS,
        },
    ),
    RobotKind.FEISHU: Service(
        host="open.feishu.cn",
        path="/open-apis/bot/v2/hook/",
        parameter="",
        token=re.compile(UUID),
        most_bytes=18_000,
        answer="code",
        secret=re.compile(r"[0-9A-Za-z_-]{8,100}"),
        refusals={
            19001: Refusal.GONE,
            19007: Refusal.GONE,
            19021: Refusal.SIGNATURE,
            19022: Refusal.NETWORK,
            19024: Refusal.KEYWORD,
        },
    ),
}


@dataclass(frozen=True)
class Credentials:
    """What opens the way into a group: the token of its robot, and the secret where it wants to be signed to."""

    kind: RobotKind
    token: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Post:
    """One message as it is handed over: the address, built from the table, and the body."""

    url: str = field(repr=False)
    body: Mapping[str, object]


def token_in(kind: RobotKind, address: str) -> str:
    """The token in a pasted address. Raises NotARobot for whatever is not exactly an address of the service."""
    service = SERVICES[kind]
    # First of all: what takes an address apart drops line ends without a word.
    if len(address) > LONGEST_ADDRESS or not PRINTED.fullmatch(address) or "\\" in address:
        raise NotARobot(Fault.CHARACTERS)
    try:
        parts = urlsplit(address)
    except ValueError:
        raise NotARobot(Fault.HOST) from None
    # The whole of it is compared, so that a port, a name or a password before the host is another host.
    if parts.scheme != "https" or parts.netloc.lower() != service.host:
        raise NotARobot(Fault.HOST)
    if not service.parameter:
        token, extra = parts.path.removeprefix(service.path), parts.query
        fits = parts.path.startswith(service.path)
    else:
        named = parse_qsl(parts.query, keep_blank_values=True)
        token = named[0][1] if named else ""
        fits, extra = parts.path == service.path and [name for name, _value in named] == [service.parameter], ""
    if not fits or extra or "#" in address:
        raise NotARobot(Fault.PATH)
    if not service.token.fullmatch(token):
        raise NotARobot(Fault.TOKEN)
    return token


def secret_in(kind: RobotKind, text: str) -> str | None:
    """The signing secret of a robot, None where none was typed. Raises NotARobot for what is none of the service."""
    pattern = SERVICES[kind].secret
    if not text:
        return None
    if pattern is None or not pattern.fullmatch(text):
        raise NotARobot(Fault.SECRET)
    return text


def address_of(robot_id: int) -> str:
    """What stands in the outbox in the place of a mail address; no mail address looks like it."""
    return f"{ADDRESS}{robot_id}"


def is_robot_address(address: str) -> bool:
    """Whether what stands in the place of a mail address means a robot."""
    return address.startswith(ADDRESS) and "@" not in address


def post_of(way: Credentials, text: str, now: datetime) -> Post:
    """A text message as the service wants it, signed where the robot has a secret; it names nobody."""
    kind, secret = way.kind, way.secret
    url = SERVICES[kind].start + quote(way.token, safe="")
    if kind is RobotKind.FEISHU:
        body: dict[str, object] = {"msg_type": "text", "content": {"text": text}}
        if secret:
            seconds = str(int(now.timestamp()))
            body |= {"timestamp": seconds, "sign": _signature(f"{seconds}\n{secret}", "")}
        return Post(url, body)
    if kind is RobotKind.DINGTALK and secret:
        milliseconds = str(int(now.timestamp() * 1000))
        signed = {"timestamp": milliseconds, "sign": _signature(secret, f"{milliseconds}\n{secret}")}
        url = f"{url}&{urlencode(signed)}"
    return Post(url, {"msgtype": "text", "text": {"content": text}})


def group_text(text: str) -> str:
    """A letter as it is read in a group: it greets the unit, and nothing in it calls a person of the group."""
    lines = [line.rstrip() for line in text.splitlines() if not line.startswith((MAIL_FOOT, FOOT))]
    if lines:
        lines[0] = GREETING.sub("：", lines[0])
    return _calling_nobody("\n".join([*_without_ends(lines), FOOT]))


def message_of(kind: RobotKind, subject: str, text: str, link: str) -> str:
    """Subject and letter as one message, cut at a line where the service takes no more; it ends with the link."""
    most = SERVICES[kind].most_bytes
    *lines, foot = group_text(text).splitlines()
    lines = [_calling_nobody(" ".join(subject.split())), "", *lines]
    end = [f"我的任务：{link}", foot]
    whole = "\n".join([*lines, *end])
    if _size(whole) <= most:
        return whole
    end = [CUT, *end]
    room = most - _size("\n".join(end)) - 1
    taken: list[str] = []
    for line in lines:
        if _size("\n".join([*taken, line])) > room:
            break
        taken.append(line)
    taken = taken or [lines[0].encode()[:room].decode("utf-8", "ignore")]
    return "\n".join([*_without_ends(taken), *end])


def _calling_nobody(text: str) -> str:
    """The text without the marks in angle brackets that 飞书 and 企业微信 read as the call of a person or of all."""
    return text.replace("<", "＜").replace(">", "＞")


def _without_ends(lines: list[str]) -> list[str]:
    """Lines without the empty ones at the end."""
    while lines and not lines[-1]:
        lines = lines[:-1]
    return lines


def _size(text: str) -> int:
    return len(text.encode())


def _signature(key: str, message: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()).decode()
