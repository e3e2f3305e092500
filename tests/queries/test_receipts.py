"""The parts of tasks in SQL stand as the rules say, on both databases."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from flask import Flask

from tests.factories import World, make_account, make_plan, make_task, make_unit
from tracker import clock
from tracker.models import PlanState, Receipt, Report, Situation, Task, Unit, UnitKind, db
from tracker.queries.accounts import person_of
from tracker.queries.receipts import open_parts, part_counts, parts_of_task, parts_to_accept, returned_parts
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light
from tracker.rules.permissions import Role
from tracker.rules.receipts import PartState, Verdict, part_state


def add_report(world: World, task: Task, unit: Unit, days_ago: int, **differences: object) -> None:
    """A report of a unit."""
    at = clock.now() - timedelta(days=days_ago)
    said = {"situation": Situation.ON_PLAN, "text": "有进展", "light_before": Light.NORMAL, "light_after": Light.NORMAL}
    row = Report(task=task, unit_id=unit.id, account_id=world.staff.id, at=at, once=f"r{days_ago}", **said)
    for name, value in differences.items():
        setattr(row, name, value)
    db.session.add(row)
    db.session.flush()


def add_verdict(world: World, task: Task, unit: Unit, verdict: Verdict, days_ago: int) -> None:
    """A word on a part."""
    at = clock.now() - timedelta(days=days_ago)
    reason = None if verdict is Verdict.ACCEPTED else "理由"
    db.session.add(Receipt(task=task, unit=unit, account_id=world.staff.id, verdict=verdict, reason=reason, at=at))
    db.session.flush()


def test_python_and_sql_agree_on_every_part(app: Flask, world: World) -> None:
    unit = make_unit("自然资源局")
    person = person_of(make_account(Role.UNIT_STAFF, units=[unit]))
    expected: dict[str, PartState] = {}
    for before, newest, report in product(
        (None, *Verdict), (None, *Verdict), ("none", "earlier", "later", "taken back")
    ):
        if before and not newest:
            continue
        task = make_task(world.plan, lead=[unit])
        if before:
            add_verdict(world, task, unit, before, 9)
        if newest:
            add_verdict(world, task, unit, newest, 5)
        if report == "earlier":
            add_report(world, task, unit, 7)
        if report in {"later", "taken back"}:
            add_report(world, task, unit, 3, withdrawn_at=clock.now() if report == "taken back" else None)
        expected[task.key] = part_state(newest, report == "later" or (report == "earlier" and newest is None))
    assert {
        task.key: parts_of_task(task)[0].state for task in db.session.query(Task) if task.key in expected
    } == expected
    open_keys = {key for key, state in expected.items() if state is PartState.OPEN}
    assert {part.key for part in parts_to_accept(person)} == open_keys
    office = person_of(world.office)
    counts = part_counts(office)
    assert {part.key for part in open_parts(office, counts.open, 1).rows if part.unit_id == unit.id} == open_keys
    returned = {part.key for part in returned_parts(office)}
    assert returned == {key for key, state in expected.items() if state is PartState.RETURNED}
    assert counts.returned == len(returned)


def test_each_member_of_a_collective_has_a_part_of_its_own_once(app: Flask, world: World) -> None:
    towns = [make_unit(name, kind=UnitKind.TOWNSHIP) for name in ("良村镇", "杰村乡")]
    group = make_unit("各乡镇", kind=UnitKind.COLLECTIVE, members=towns)
    task = make_task(world.plan, responsible=[group, towns[0]], cooperating=[world.finance])
    assert [part.unit_name for part in parts_of_task(task)] == ["财政局", "良村镇", "杰村乡"]
    assert parts_to_accept(person_of(make_account(Role.UNIT_STAFF, units=[towns[1]])))[0].unit_name == "杰村乡"


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.CLOSED])
def test_a_plan_that_is_not_active_asks_nobody(app: Flask, world: World, state: PlanState) -> None:
    unit = make_unit("自然资源局")
    task = make_task(make_plan("other", state=state), lead=[unit])
    assert parts_of_task(task) == []
    assert parts_to_accept(person_of(make_account(Role.UNIT_STAFF, units=[unit]))) == []


def test_what_is_submitted_or_closed_asks_nobody(app: Flask, world: World) -> None:
    unit, today = make_unit("自然资源局"), clock.today()
    make_task(world.plan, lead=[unit], state=State.SUBMITTED, submitted_on=today)
    make_task(world.plan, lead=[unit], state=State.CLOSED, closed_on=today)
    make_task(world.plan, lead=[unit], state=State.SUSPENDED)
    assert parts_to_accept(person_of(make_account(Role.UNIT_STAFF, units=[unit]))) == []


def test_the_office_of_another_county_counts_none_of_it(app: Flask, world: World) -> None:
    assert part_counts(person_of(world.stranger)).open == 0
    assert part_counts(person_of(world.office)).open == 5
