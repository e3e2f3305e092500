"""/tasks/<key>/handler: a unit, or the office, says who handles its part; mail goes to them."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from tests.factories import World, make_account, make_task
from tests.visit import checked, client_for, send, visit
from tracker.models import Account, Assignment, Event, Task, UnitKind, db
from tracker.queries.routing import recipients_of
from tracker.rules.permissions import Role


def part(task: Task, number: int = 0) -> Assignment:
    """A part of a task."""
    return task.assignments[number]


def name(app: Flask, who: Account, task: Task, chosen: str, **values: Any) -> TestResponse:
    """Save the form on the page of the task."""
    client, address = client_for(app, who), f"/tasks/{task.key}"
    return send(client, f"{address}/handler", {"handler": chosen, "version": task.version, **values}, address)


def handler_of(each: Assignment) -> int | None:
    """Who handles a part now."""
    return db.session.scalar(sa.select(Assignment.handler_id).where(Assignment.id == each.id))


@pytest.mark.parametrize("who", ["staff", "office"])
def test_a_unit_or_the_office_names_who_handles_its_part(app: Flask, world: World, who: str) -> None:
    task, each = world.task, part(world.task)
    page = visit(client_for(app, getattr(world, who)), f"/tasks/{task.key}")
    offered = [option["value"] for option in page.find("select", attrs={"name": "handler"})("option")]
    assert f"{each.id}:{world.staff2.id}" in offered
    answer = name(app, getattr(world, who), task, f"{each.id}:{world.staff2.id}")
    assert answer.location == f"/tasks/{task.key}"
    assert handler_of(each) == world.staff2.id
    assert [recipient.account_id for recipient in recipients_of(task.id)] == [world.staff2.id]
    event = db.session.scalars(sa.select(Event).where(Event.act == "name_handler")).one()
    assert (event.object_id, event.after["handler"], event.after["unit"]) == (task.key, world.staff2.name, "财政局")
    db.session.refresh(task)
    assert name(app, getattr(world, who), task, f"{each.id}:").status_code == 302
    assert handler_of(each) is None


def test_staff_name_nobody_for_another_unit(app: Flask, world: World) -> None:
    task = world.shared_task
    page = visit(client_for(app, world.staff), f"/tasks/{task.key}")
    groups = [group["label"] for group in page.find("select", attrs={"name": "handler"})("optgroup")]
    assert groups == ["财政局（责任单位）"]
    answer = name(app, world.staff, task, f"{part(task, 1).id}:{world.housing_staff.id}")
    assert answer.status_code == 403
    assert handler_of(part(task, 1)) is None


@pytest.mark.parametrize("chosen", ["", "x", "1:2:3", "999:1", "999999999:1", "-1:1"])
def test_an_odd_choice_changes_nothing(app: Flask, world: World, chosen: str) -> None:
    answer = name(app, world.staff, world.task, chosen)
    assert answer.status_code in {400, 404}
    assert handler_of(part(world.task)) is None


def test_a_person_of_another_unit_is_refused(app: Flask, world: World) -> None:
    for account in (world.housing_staff, world.leader, make_account(None, units=[world.finance])):
        answer = name(app, world.office, world.task, f"{part(world.task).id}:{account.id}")
        assert answer.status_code == 409
        assert handler_of(part(world.task)) is None
    assert name(app, world.office, world.task, f"{part(world.task).id}:99999").status_code == 404


def test_a_stale_choice_is_409(app: Flask, world: World) -> None:
    answer = name(app, world.staff, world.task, f"{part(world.task).id}:{world.staff.id}", version=7)
    assert answer.status_code == 409
    checked(answer)
    assert handler_of(part(world.task)) is None


def test_strangers_and_readers_name_nobody(app: Flask, world: World) -> None:
    chosen = f"{part(world.task).id}:{world.staff.id}"
    values = {"handler": chosen, "version": 1}
    for who, status in ((world.stranger, 404), (world.housing_staff, 404), (world.leader, 403)):
        client = client_for(app, who)
        answer = send(client, f"/tasks/{world.task.key}/handler", values, token_from="/tasks")
        assert answer.status_code == status
    assert client_for(app, world.staff).get(f"/tasks/{world.task.key}/handler").status_code == 405


def test_a_member_of_a_collective_unit_has_no_part_of_its_own_to_name_for(app: Flask, world: World) -> None:
    group = world.education
    group.kind, group.members = UnitKind.COLLECTIVE, [world.finance]
    task = make_task(world.plan, lead=[group])
    db.session.commit()
    page = visit(client_for(app, world.staff), f"/tasks/{task.key}")
    assert page.find("select", attrs={"name": "handler"}) is None
    make_account(Role.UNIT_STAFF, units=[group])
    assert name(app, world.staff, task, f"{part(task).id}:{world.staff.id}").status_code == 403


def test_a_stale_choice_stays_chosen(app: Flask, world: World) -> None:
    chosen = f"{part(world.task).id}:{world.staff2.id}"
    answer = name(app, world.staff, world.task, chosen, version=9)
    assert answer.status_code == 409
    [option] = checked(answer).select("select[name=handler] option[selected]")
    assert option["value"] == chosen
