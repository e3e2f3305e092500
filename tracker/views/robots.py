"""群机器人 of a unit: its address is pasted, tried, stopped and removed on the page of the unit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.actions import robots as actions
from tracker.actions.record import Actor
from tracker.actions.robots import NoRobot
from tracker.actions.units import StaleUnit
from tracker.forms.base import VersionedForm
from tracker.forms.robots import RobotForm, TestForm
from tracker.models import RobotKind, Unit, db
from tracker.notifications.robot_test import queue_robot_test
from tracker.rules.permissions import Can
from tracker.views.access import actor, needs, settings
from tracker.views.query import LARGEST_ID
from tracker.views.unit_pages import load_unit, unit_page

place = Blueprint("robots", __name__)

ROBOT = f"/units/<int(max={LARGEST_ID}):unit_id>/robots/<kind>"
Act = Callable[[Actor, Unit, int, RobotKind, datetime], None]


@place.post(ROBOT)
@needs(Can.MANAGE_UNITS)
def set_robot(unit_id: int, kind: str) -> ResponseReturnValue:
    """Keep the address of a unit's group robot; it is shown to nobody again."""
    unit, known = load_unit(unit_id), known_kind(kind, allowed=True)
    form = RobotForm(known, unit.version, sent=True)
    if not form.is_sent():
        return unit_page(unit, robot_form=form, status=400)
    try:
        actions.set_robot(actor(), unit, form.version.data or 0, form.credentials, clock.now())
    except StaleUnit:
        db.session.rollback()
        unit = load_unit(unit_id)
        form.show_again(unit.version)
        return unit_page(unit, robot_form=form, problem=stale_words(), status=409)
    db.session.commit()
    flash(_("已保存群机器人。可发送测试消息，确认群里能收到。"))
    return back_to(unit_id)


@place.post(f"{ROBOT}/test")
@needs(Can.MANAGE_UNITS)
def test_robot(unit_id: int, kind: str) -> ResponseReturnValue:
    """Queue a test message; the scheduler sends it like every other."""
    unit, known, form = load_unit(unit_id), known_kind(kind, allowed=True), TestForm()
    if not form.is_sent():
        return unit_page(unit, problem=_("请刷新页面后重试。"), status=400)
    now = clock.now()
    try:
        robot = actions.robot_to_try(unit, form.version.data or 0, known)
        if queue_robot_test(robot, form.once.data or "", now):
            actions.note_test(actor(), robot, now)
    except (StaleUnit, NoRobot):
        db.session.rollback()
        return unit_page(load_unit(unit_id), problem=stale_words(), status=409)
    db.session.commit()
    flash(_("测试消息已排入待发，约一分钟内发出；结果见本页“群机器人”。"))
    return back_to(unit_id)


@place.post(f"{ROBOT}/stop")
@needs(Can.MANAGE_UNITS)
def stop_robot(unit_id: int, kind: str) -> ResponseReturnValue:
    """Tell a robot nothing more, for the time being."""
    return pressed(unit_id, known_kind(kind), actions.stop_robot, _("群机器人已停用，不再收到提醒。"))


@place.post(f"{ROBOT}/start")
@needs(Can.MANAGE_UNITS)
def start_robot(unit_id: int, kind: str) -> ResponseReturnValue:
    """Tell a stopped robot again."""
    return pressed(unit_id, known_kind(kind, allowed=True), actions.start_robot, _("群机器人已启用。"))


@place.post(f"{ROBOT}/remove")
@needs(Can.MANAGE_UNITS)
def remove_robot(unit_id: int, kind: str) -> ResponseReturnValue:
    """Forget the address of a robot."""
    return pressed(unit_id, known_kind(kind), actions.remove_robot, _("群机器人已删除，地址不再保存。"))


def known_kind(kind: str, allowed: bool = False) -> RobotKind:
    """The service of an address, or 404; where it is to be used, one that the installation allows."""
    known = next((each for each in RobotKind if each == kind), None)
    if known is None or (allowed and known not in settings().robots):
        abort(404)
    return known


def pressed(unit_id: int, kind: RobotKind, act: Act, said: str) -> ResponseReturnValue:
    """Press a button beside a robot."""
    unit, form = load_unit(unit_id), VersionedForm()
    if not form.is_sent():
        return unit_page(unit, problem=_("请刷新页面后重试。"), status=400)
    try:
        act(actor(), unit, form.version.data or 0, kind, clock.now())
    except (StaleUnit, NoRobot):
        db.session.rollback()
        return unit_page(load_unit(unit_id), problem=stale_words(), status=409)
    db.session.commit()
    flash(said)
    return back_to(unit_id)


def back_to(unit_id: int) -> ResponseReturnValue:
    """The robots on the page of the unit."""
    return redirect(url_for("units.unit", unit_id=unit_id, _anchor="robots"))


def stale_words() -> str:
    """What somebody reads whose page is older than the unit."""
    return _("该单位已被他人更改，请核对后重试。")
