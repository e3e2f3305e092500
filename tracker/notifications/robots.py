"""The gateway to the services of group robots: one message at a time, and what each answer means for it.

These services answer 200 to everything and say in the body whether the message was taken, so only a body that says so
counts as sent. Whatever cannot be read is tried again.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from time import monotonic

import requests

from tracker.models import OutboxMail, RobotKind
from tracker.models.base import settings
from tracker.notifications.smtp import Answer, Outcome, ServiceDown
from tracker.rules.robots import (
    REFUSED,
    ROBOT_DISABLED,
    ROBOT_OFF,
    ROBOT_REMOVED,
    SERVICES,
    Credentials,
    address_of,
    message_of,
    post_of,
)
from tracker.rules.sealing import unseal

# Seconds to connect, for each part of the answer, and for all of it.
CONNECT, READ, WHOLE = 5.0, 15.0, 20.0
LARGEST_ANSWER = 4096
SEALED = Answer(Outcome.LATER, "robot_sealed")

# It writes the whole address of a request, and with it the token, to the log of whoever debugs.
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)


def not_told(mail: OutboxMail) -> str | None:
    """Why a message is no longer for its robot, None while it is."""
    robot = mail.robot
    if robot is None or not robot.sealed_token or mail.address != address_of(robot.id):
        return ROBOT_REMOVED
    if robot.disabled_at or robot.unit.disabled_at:
        return ROBOT_DISABLED
    return None if robot.kind in settings().robots else ROBOT_OFF


def way_to(mail: OutboxMail) -> Credentials | None:
    """What opens the way to a mail's robot; None where the secret key has changed since it was set."""
    assert mail.robot is not None
    key, robot = settings().secret_key, mail.robot
    token = unseal(key, robot.sealed_token)
    secret = unseal(key, robot.sealed_secret) if robot.sealed_secret else None
    # Unsigned, the message would be refused for a reason that is not the true one.
    is_open = token is not None and (secret is not None or not robot.sealed_secret)
    return Credentials(robot.kind, token or "", secret) if is_open else None


class RobotGateway:
    """A way out to the services, for one thread and one run; it touches neither database nor application."""

    def __init__(self, link: str, connect: float = CONNECT, read: float = READ, whole: float = WHOLE) -> None:
        self._link = link
        self._timeout = (connect, read)
        self._whole = whole
        self._session: requests.Session | None = None

    def send(self, way: Credentials | None, subject: str, text: str, now: datetime) -> Answer:
        """Hand over one message, which ends with the link. Raises ServiceDown where the service cannot be reached."""
        if way is None:
            return SEALED
        post = post_of(way, message_of(way.kind, subject, text, self._link), now)
        try:
            status, body = self._posted(post.url, post.body)
        except (requests.RequestException, OSError, ValueError) as error:
            # The words of the error hold the address and its token, so only its kind is kept.
            raise ServiceDown(_reason(error), tried=True) from None
        return answer_of(way.kind, status, body)

    def close(self) -> None:
        """Let the connections go."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def _posted(self, url: str, body: Mapping[str, object]) -> tuple[int, bytes]:
        """Post to an address of the table; the status and the beginning of the answer."""
        # A county's own way out (HTTPS_PROXY) is taken from the environment.
        self._session = self._session or requests.Session()
        began, read = monotonic(), b""
        content = json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json; charset=utf-8"}
        with self._session.post(
            url, data=content, headers=headers, timeout=self._timeout, allow_redirects=False, stream=True, verify=True
        ) as response:
            for piece in response.iter_content(1):
                read += piece
                if len(read) > LARGEST_ANSWER:
                    break
                if monotonic() - began > self._whole:
                    raise requests.ReadTimeout
            return response.status_code, read


def answer_of(kind: RobotKind, status: int, body: bytes) -> Answer:
    """What the answer of a service means for the message."""
    if 300 <= status < 400:
        return Answer(Outcome.LATER, "robot_redirected")
    code = _code(body, SERVICES[kind].answer)
    if code is not None and code in SERVICES[kind].refusals:
        return Answer(Outcome.REFUSED, f"{REFUSED} {kind.value} {code}")
    if status != 200:
        return Answer(Outcome.LATER, f"robot_status {status}")
    if code is None:
        return Answer(Outcome.LATER, "robot_unreadable")
    return Answer(Outcome.SENT, "robot_taken") if code == 0 else Answer(Outcome.LATER, f"robot_later {code}")


def _code(body: bytes, name: str) -> int | None:
    """The number by which a service says how it went; None where the body has none."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    code = said.get(name) if isinstance(said, dict) else None
    if isinstance(code, str) and code.isascii() and code.isdigit() and len(code) < 10:
        return int(code)
    return code if isinstance(code, int) and not isinstance(code, bool) and abs(code) < 10**9 else None


def _reason(error: Exception) -> str:
    """A stable word for a failure of the connection."""
    match error:
        case requests.exceptions.ProxyError():
            return "robot_proxy"
        case requests.exceptions.SSLError():
            return "robot_not_secure"
        case requests.exceptions.Timeout():
            return "robot_timed_out"
        case _:
            return "robot_not_reachable"
