"""Group robots: those that are told, those of a unit as its page shows them, and those that a service refuses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tracker.models import MailState, OutboxMail, Robot, RobotKind, Unit, db
from tracker.models.base import settings
from tracker.queries.visibility import within_region
from tracker.rules.robots import REFUSED
from tracker.rules.sealing import unseal


@dataclass(frozen=True)
class Told:
    """A robot whose group is told what its unit is told."""

    id: int
    kind: RobotKind


@dataclass(frozen=True)
class Standing:
    """A robot as the page of its unit shows it: whether its address can be read, and its last message."""

    robot: Robot
    is_readable: bool
    state: MailState | None
    answer: str
    at: datetime | None


@dataclass(frozen=True)
class Broken:
    """A robot through which nothing comes any more, and what was answered for it."""

    unit_id: int
    unit_name: str
    kind: RobotKind
    answer: str


def robots_told() -> dict[int, list[Told]]:
    """The robots in use by unit, in one question; in none where the installation allows no robots."""
    kinds = settings().robots
    found: dict[int, list[Told]] = defaultdict(list)
    if kinds:
        query = sa.select(Robot.unit_id, Robot.id, Robot.kind).where(Robot.disabled_at.is_(None), Robot.kind.in_(kinds))
        for unit_id, robot_id, kind in db.session.execute(query.order_by(Robot.id)):
            found[unit_id].append(Told(robot_id, kind))
    return found


def robot_of(unit: Unit, kind: RobotKind) -> Robot | None:
    """The robot that a unit has in a service; one that was removed is none."""
    query = sa.select(Robot).where(Robot.unit_id == unit.id, Robot.kind == kind, Robot.sealed_token != "")
    return db.session.scalar(query)


def standings_of_robots(unit: Unit) -> dict[RobotKind, Standing]:
    """The robots of a unit, each with its last message that was tried."""
    query = (
        sa.select(Robot, OutboxMail.state, OutboxMail.last_answer, OutboxMail.sent_at)
        .outerjoin(OutboxMail, OutboxMail.id == _last_tried())
        .where(Robot.unit_id == unit.id, Robot.sealed_token != "")
    )
    key = settings().secret_key
    return {
        robot.kind: Standing(robot, unseal(key, robot.sealed_token) is not None, state, answer or "", at)
        for robot, state, answer, at in db.session.execute(query)
    }


def broken_robots(region: str, most: int) -> Sequence[Broken]:
    """The robots at or below a region whose last message was refused by the service for good."""
    if not settings().robots:
        return []
    query = (
        sa.select(Unit.id, Unit.name, Robot.kind, OutboxMail.last_answer)
        .select_from(Robot)
        .join(Unit, Unit.id == Robot.unit_id)
        .join(OutboxMail, OutboxMail.id == _last_tried())
        .where(within_region(Unit.region_code, region), Robot.disabled_at.is_(None), Robot.sealed_token != "")
        .where(OutboxMail.state == MailState.DEAD, OutboxMail.last_answer.startswith(REFUSED))
        .order_by(Unit.name, Robot.id)
    )
    return [
        Broken(unit_id, name, kind, answer or "")
        for unit_id, name, kind, answer in db.session.execute(query.limit(most))
    ]


def _last_tried() -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.max(OutboxMail.id))
        .where(OutboxMail.robot_id == Robot.id, OutboxMail.attempts > 0)
        .correlate(Robot)
        .scalar_subquery()
    )
