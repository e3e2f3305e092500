"""Merging units of which both, or one, have a group robot."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from tests.factories import World, make_robot, make_unit
from tracker.actions.record import NOBODY
from tracker.actions.unit_merging import merge_units
from tracker.models import OutboxMail, Robot, RobotKind, Unit, db
from tracker.notifications.robot_test import queue_robot_test, recompose

NOW = datetime(2026, 3, 6, 1, tzinfo=UTC)
WECOM, DINGTALK, FEISHU = RobotKind


def merge(unit: Unit, into: Unit) -> dict[RobotKind, Robot]:
    """Merge, and the robots of the unit that stays."""
    db.session.commit()
    merge_units(NOBODY, unit, unit.version, into, NOW)
    db.session.commit()
    assert db.session.scalars(sa.select(Robot).where(Robot.unit_id != into.id)).all() == []
    return {robot.kind: robot for robot in db.session.scalars(sa.select(Robot))}


def test_the_robots_of_a_unit_go_along_where_the_other_has_none(world: World) -> None:
    unit, into = make_unit("教育局"), make_unit("教体局")
    ids = make_robot(unit, WECOM).id, make_robot(into, FEISHU).id
    found = merge(unit, into)
    assert (found[WECOM].id, found[FEISHU].id) == ids


@pytest.mark.parametrize("queued", [False, True])
def test_of_two_robots_of_a_service_that_of_the_unit_that_stays_is_kept(world: World, queued: bool) -> None:
    unit, into = make_unit("教育局"), make_unit("教体局")
    dropped, kept = make_robot(unit), make_robot(into)
    kept_id, dropped_address = kept.id, f"robot-{dropped.id}"
    if queued:
        queue_robot_test(dropped, "a", NOW)
        queue_robot_test(kept, "b", NOW)
    found = merge(unit, into)
    assert [robot.id for robot in found.values()] == [kept_id]
    mails = db.session.scalars(sa.select(OutboxMail).order_by(OutboxMail.id)).all()
    if queued:
        # What was for the other group is for nobody now, and is not said in this one.
        assert [mail.address for mail in mails] == [dropped_address, f"robot-{kept_id}"]
        assert [recompose(mail, NOW) is None for mail in mails] == [True, False]


def test_a_robot_in_use_is_kept_before_one_that_is_stopped(world: World) -> None:
    unit, into = make_unit("教育局"), make_unit("教体局")
    used, stopped = make_robot(unit), make_robot(into, disabled_at=NOW)
    queue_robot_test(stopped, "a", NOW)
    used_id = used.id
    assert [robot.id for robot in merge(unit, into).values()] == [used_id]
