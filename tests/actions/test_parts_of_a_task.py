"""Whose word counts: difficulty and done by unit, what was in time, closing in part, closed plans."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.factories import World
from tracker.actions.moves import RuleRefused
from tracker.actions.record import Actor
from tracker.actions.tasks import Said, close_in_part, redate, report, send_back, verify
from tracker.clock import at_office
from tracker.models import Account, AssignmentRole, PlanState, Situation, Task, Unit, db
from tracker.queries.accounts import person_of
from tracker.rules.lifecycle import State

DUE = date(2026, 3, 31)


def on(day: int, month: int = 3) -> datetime:
    return at_office(date(2026, month, day), 10)


def actor(account: Account) -> Actor:
    return Actor(person_of(account))


def says(account: Account, task: Task, unit: Unit, situation: Situation, at: datetime) -> None:
    said = Said(situation, "话", f"{unit.id}-{at}", task.version, unit_id=unit.id)
    report(actor(account), task, said, at)


@pytest.fixture
def shared(world: World) -> Task:
    redate(actor(world.office), world.shared_task, world.shared_task.version, DUE, "定时限", on(1, 2))
    return world.shared_task


def test_only_the_unit_in_difficulty_ends_it(world: World, shared: Task) -> None:
    says(world.staff, shared, world.finance, Situation.DIFFICULTY, on(2))
    says(world.housing_staff, shared, world.housing, Situation.ON_PLAN, on(3))
    assert shared.difficulty_on == date(2026, 3, 2)
    says(world.staff, shared, world.finance, Situation.DIFFICULTY, on(4))
    assert shared.difficulty_on == date(2026, 3, 2)
    says(world.staff, shared, world.finance, Situation.ON_PLAN, on(5))
    assert shared.difficulty_on is None


def test_a_cooperating_unit_alone_closes_nothing(world: World, shared: Task) -> None:
    shared.assignments[1].role = AssignmentRole.COOPERATING
    db.session.flush()
    says(world.housing_staff, shared, world.housing, Situation.DONE, on(2))
    with pytest.raises(RuleRefused, match="nobody_done"):
        close_in_part(actor(world.office), shared, shared.version, "理由", on(3))


def test_a_word_from_before_the_return_closes_nothing(world: World, shared: Task) -> None:
    says(world.staff, shared, world.finance, Situation.DONE, on(2))
    says(world.housing_staff, shared, world.housing, Situation.DONE, on(3))
    send_back(actor(world.office), shared, shared.version, "缺凭证", on(4))
    with pytest.raises(RuleRefused, match="nobody_done"):
        close_in_part(actor(world.office), shared, shared.version, "理由", on(5))


def test_closing_in_part_counts_from_the_day_of_the_word(world: World, shared: Task) -> None:
    says(world.staff, shared, world.finance, Situation.DONE, on(30))
    close_in_part(actor(world.office), shared, shared.version, "其余单位已无事项", on(20, 4))
    assert (shared.state, shared.submitted_on, shared.in_time) == (State.CLOSED, date(2026, 3, 30), True)


def test_a_deadline_moved_afterwards_makes_nothing_in_time(world: World, shared: Task) -> None:
    says(world.staff, shared, world.finance, Situation.DONE, on(9, 4))
    says(world.housing_staff, shared, world.housing, Situation.DONE, on(10, 4))
    assert shared.in_time is False
    redate(actor(world.office), shared, shared.version, date(2026, 4, 30), "延期", on(12, 4))
    verify(actor(world.office), shared, shared.version, on(13, 4))
    assert shared.in_time is False


def test_what_lay_at_the_office_does_not_make_it_late(world: World, shared: Task) -> None:
    for account, unit in ((world.staff, world.finance), (world.housing_staff, world.housing)):
        says(account, shared, unit, Situation.DONE, on(30))
    send_back(actor(world.office), shared, shared.version, "缺凭证", on(20, 4))
    assert shared.in_time is None
    for account, unit in ((world.staff, world.finance), (world.housing_staff, world.housing)):
        says(account, shared, unit, Situation.DONE, on(20, 4) + timedelta(hours=1))
    assert shared.in_time is True


def test_a_closed_plan_is_read_only(world: World) -> None:
    world.plan.state = PlanState.CLOSED
    db.session.flush()
    with pytest.raises(RuleRefused, match="plan_closed"):
        says(world.staff, world.task, world.finance, Situation.ON_PLAN, on(2))
