"""测试消息: what somebody sends into the group of a unit to see that it arrives."""

from __future__ import annotations

from datetime import datetime

from tracker import clock
from tracker.models import OutboxMail, Robot
from tracker.notifications.letters import Letter, letter, one_line
from tracker.notifications.outbox import Draft, queue
from tracker.queries.routing import Recipient
from tracker.rules.robots import address_of

ROBOT_TEST = "robot_test"


def queue_robot_test(robot: Robot, once: str, now: datetime) -> int:
    """Queue a test message in the caller's transaction; one for each form, however often it is sent."""
    unit = robot.unit
    recipient = Recipient(None, unit.name, address_of(robot.id), unit.region_code, unit.name, robot.id)
    reason = f"{ROBOT_TEST}:{robot.id}:{once}"
    return queue([Draft(ROBOT_TEST, reason, recipient, compose(robot, now))], now)


def recompose(mail: OutboxMail, now: datetime) -> Letter | None:
    """The same message of the day on which it is sent; None where its robot is gone."""
    return compose(mail.robot, now) if mail.robot and mail.address == address_of(mail.robot_id or 0) else None


def compose(robot: Robot, now: datetime) -> Letter:
    """The test message of a robot."""
    name = one_line(robot.unit.name)
    return letter(ROBOT_TEST, "测试消息", robot.unit.name, clock.office_day(now), name=name)
