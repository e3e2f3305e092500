"""What the office and administrators do to the group robots of units: set, stop, start, remove, test."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from tracker.actions.record import Actor, record
from tracker.actions.units import StaleUnit, claim_unit
from tracker.models import MailState, OutboxMail, Robot, RobotKind, Unit, db
from tracker.models.base import settings
from tracker.queries.holds import WAITING
from tracker.queries.robots import robot_of
from tracker.rules.robots import ROBOT_REMOVED, Credentials
from tracker.rules.sealing import seal


class NoRobot(Exception):
    """The unit has no robot of this service any more."""


def set_robot(actor: Actor, unit: Unit, version: int, said: Credentials, now: datetime) -> None:
    """Give a unit the robot of its group, or the one that it has another address. Raises StaleUnit."""
    claim_unit(unit, version)
    robot = db.session.scalar(sa.select(Robot).where(Robot.unit_id == unit.id, Robot.kind == said.kind))
    if robot is None:
        robot = Robot(unit=unit, kind=said.kind, created_at=now)
        db.session.add(robot)
    key = settings().secret_key
    robot.sealed_token = seal(key, said.token)
    robot.sealed_secret = seal(key, said.secret) if said.secret else None
    robot.disabled_at = None
    db.session.flush()
    _record(actor, "set_robot", robot, now, signed=bool(said.secret))


def stop_robot(actor: Actor, unit: Unit, version: int, kind: RobotKind, now: datetime) -> None:
    """Tell a robot nothing more; its address is kept. Raises StaleUnit, NoRobot."""
    robot = _claimed(unit, version, kind)
    robot.disabled_at = now
    _record(actor, "stop_robot", robot, now)


def start_robot(actor: Actor, unit: Unit, version: int, kind: RobotKind, now: datetime) -> None:
    """Tell a stopped robot again. Raises StaleUnit, NoRobot."""
    robot = _claimed(unit, version, kind)
    robot.disabled_at = None
    _record(actor, "start_robot", robot, now)


def remove_robot(actor: Actor, unit: Unit, version: int, kind: RobotKind, now: datetime) -> None:
    """Forget the address of a robot at once, and what waits for it. Raises StaleUnit, NoRobot."""
    robot = _claimed(unit, version, kind)
    robot.disabled_at, robot.sealed_token, robot.sealed_secret = now, "", None
    waiting = sa.update(OutboxMail).where(OutboxMail.robot_id == robot.id, OutboxMail.state.in_(WAITING))
    dropped = {"state": MailState.DROPPED, "last_answer": ROBOT_REMOVED, "lease_until": None}
    db.session.execute(waiting.values(**dropped).execution_options(synchronize_session=False))
    _record(actor, "remove_robot", robot, now)
    # Messages that name it keep the row, without a token.
    if not db.session.scalar(sa.select(sa.exists().where(OutboxMail.robot_id == robot.id))):
        db.session.delete(robot)
        db.session.flush()


def robot_to_try(unit: Unit, version: int, kind: RobotKind) -> Robot:
    """The robot in use to which a test message may go. Raises StaleUnit, NoRobot."""
    if unit.version != version:
        raise StaleUnit
    robot = robot_of(unit, kind)
    if robot is None or robot.disabled_at:
        raise NoRobot
    return robot


def note_test(actor: Actor, robot: Robot, now: datetime) -> None:
    """Note that somebody sent a test message to a robot."""
    _record(actor, "test_robot", robot, now)


def _claimed(unit: Unit, version: int, kind: RobotKind) -> Robot:
    claim_unit(unit, version)
    robot = robot_of(unit, kind)
    if robot is None:
        raise NoRobot
    return robot


def _record(actor: Actor, act: str, robot: Robot, now: datetime, **said: object) -> None:
    """An event of a robot says whose it is and of which service, and no word of its address."""
    db.session.flush()
    after = {"unit": robot.unit.name, "robot": robot.kind.value, **said}
    record(actor, act, now, obj=("unit", str(robot.unit_id)), region=robot.unit.region_code, after=after)
