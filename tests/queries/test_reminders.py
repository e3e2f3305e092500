"""Whom the open tasks ask: the rules and the question to the database agree."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from flask import Flask

from tests.factories import World, make_account, make_plan, make_task, make_unit
from tests.visit import counted_queries
from tracker.models import Account, PlanState, Report, Situation, Task, Unit, UnitKind, db
from tracker.queries.parts import parts_of
from tracker.queries.reminders import asks
from tracker.queries.routing import recipients_of
from tracker.queries.units import units_without_contact
from tracker.rules.ladders import DEFAULT
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light
from tracker.rules.permissions import Role
from tracker.rules.reminders import asked_units, is_reminded

DAY = date(2026, 3, 6)
NOON = datetime(2026, 3, 6, 4, tzinfo=UTC)
_once = count(1)


def say_done(task: Task, unit: Unit, account: Account, at: datetime = NOON, said: Situation = Situation.DONE) -> None:
    """A report in the name of a unit."""
    db.session.add(
        Report(
            task=task,
            unit=unit,
            account=account,
            situation=said,
            text="已完成",
            at=at,
            light_before=Light.NORMAL,
            light_after=Light.NORMAL,
            once=f"once{next(_once)}",
        )
    )
    db.session.flush()


def asked_accounts(task: Task, day: date = DAY) -> set[int]:
    """The accounts that a task asks."""
    return {ask.recipient.account_id for ask in asks(day) if ask.task_id == task.id}


@pytest.mark.parametrize("offset", [-20, -15, -14, -1, 0, 1, 9])
@pytest.mark.parametrize("plan_state", list(PlanState))
def test_the_database_reminds_of_exactly_the_tasks_that_the_rule_reminds_of(
    world: World, offset: int, plan_state: PlanState
) -> None:
    plan = make_plan("other", state=plan_state)
    due_on = DAY - timedelta(days=offset)
    for state in State:
        for needs_redate in (False, True):
            for returned_on in (None, DAY - timedelta(days=2), DAY):
                values = {"submitted_on": due_on} if state is State.SUBMITTED else {}
                values |= {"closed_on": due_on} if state is State.CLOSED else {}
                make_task(
                    plan,
                    lead=[world.finance],
                    due_on=due_on,
                    state=state,
                    needs_redate=needs_redate,
                    returned_on=returned_on,
                    **values,
                )
    make_task(plan, lead=[world.finance])
    tasks = db.session.query(Task).where(Task.plan_id == plan.id).all()
    expected = {
        task.id: DEFAULT.step_on(task.due_on, task.late_from, DAY)
        for task in tasks
        if is_reminded(task.light_facts, plan_state is PlanState.ACTIVE) and task.due_on and task.late_from
    }
    found = {ask.task_id: ask.step_on for ask in asks(DAY)}
    assert found == {task_id: step for task_id, step in expected.items() if step}


def test_the_database_asks_exactly_the_units_that_the_rule_asks(world: World) -> None:
    a, b, c = world.finance, world.housing, world.education
    member = make_unit("石文镇", kind=UnitKind.TOWNSHIP)
    group = make_unit("各乡镇", kind=UnitKind.COLLECTIVE)
    group.members = [member]
    people = {unit.id: make_account(Role.UNIT_STAFF, units=[unit]).id for unit in (a, b, c, member, group)}
    tasks = [
        make_task(world.plan, lead=[a, b], responsible=[c], due_on=DAY),
        make_task(world.plan, responsible=[a, c], cooperating=[b], due_on=DAY),
        make_task(world.plan, lead=[group], due_on=DAY),
        make_task(world.plan, responsible=[group, a], due_on=DAY),
        make_task(world.plan, cooperating=[a], due_on=DAY),
        make_task(world.plan, due_on=DAY),
        make_task(world.plan, responsible=[group, a], due_on=DAY),
    ]
    say_done(tasks[-1], group, world.office)
    say_done(tasks[1], a, world.staff)
    say_done(tasks[0], a, world.staff)
    for task in tasks:
        expected = {people[unit_id] for unit_id in asked_units(parts_of(task))}
        assert asked_accounts(task) & set(people.values()) == expected


def test_the_latest_word_since_a_return_decides_whether_a_unit_is_done(world: World) -> None:
    task = make_task(world.plan, responsible=[world.finance, world.housing], due_on=DAY)
    assert world.housing_staff.id in asked_accounts(task)
    say_done(task, world.housing, world.housing_staff)
    assert world.housing_staff.id not in asked_accounts(task)
    assert world.staff.id in asked_accounts(task)
    say_done(task, world.housing, world.housing_staff, said=Situation.DIFFICULTY)
    assert world.housing_staff.id in asked_accounts(task)
    say_done(task, world.housing, world.housing_staff)
    task.returned_at = NOON + timedelta(hours=1)
    db.session.flush()
    assert world.housing_staff.id in asked_accounts(task)


def test_mail_reaches_staff_with_an_address_that_are_not_disabled_and_may_open_the_task(world: World) -> None:
    unit = make_unit("发改委")
    reached = make_account(Role.UNIT_STAFF, units=[unit])
    make_account(Role.UNIT_STAFF, units=[unit], email=None)
    make_account(Role.UNIT_STAFF, units=[unit], email="")
    make_account(Role.UNIT_STAFF, units=[unit], email="a@x.test,b@x.test")
    make_account(Role.UNIT_STAFF, units=[unit], email="root")
    make_account(Role.UNIT_STAFF, units=[unit], disabled_at=NOON)
    make_account(Role.PLAN_OFFICE, units=[unit])
    make_account(None, units=[unit])
    make_account(Role.UNIT_STAFF, units=[unit], region="640422")
    task = make_task(world.plan, lead=[unit], due_on=DAY)
    assert asked_accounts(task) == {reached.id}
    assert [each.account_id for each in recipients_of(task.id)] == [reached.id]


def test_a_person_of_two_asked_units_is_asked_once(world: World) -> None:
    both = make_account(Role.UNIT_STAFF, units=[world.finance, world.housing])
    task = make_task(world.plan, lead=[world.finance, world.housing], due_on=DAY)
    assert [ask.task_id for ask in asks(DAY, who={str(both.id)})] == [task.id]
    assert len([each for each in recipients_of(task.id) if each.account_id == both.id]) == 1


def test_a_unit_that_no_mail_reaches_is_named_to_its_own_region(world: World) -> None:
    unit = make_unit("审计局")
    make_account(Role.UNIT_STAFF, units=[unit], email=None)
    make_task(world.plan, lead=[unit, world.finance], due_on=DAY)
    unreached = [unit.name for unit in units_without_contact("360732", 10)]
    assert unreached == ["审计局", "教科体局"]
    assert [unit.name for unit in units_without_contact("36", 10)] == unreached
    assert units_without_contact("640422", 10) == []


def test_asking_takes_the_ladders_and_one_question_however_many_tasks(app: Flask, world: World) -> None:
    for _ in range(20):
        make_task(world.plan, lead=[world.finance], responsible=[world.housing], due_on=DAY)
    db.session.flush()
    with counted_queries() as statements:
        assert len(asks(DAY)) == 40
    assert len(statements) == 2
