"""The lists show exactly the tasks that the rules allow to be seen."""

from __future__ import annotations

from itertools import product

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import make_account, make_plan, make_task, make_unit
from tracker.models import PlanState, Task, Unit, UnitKind, db
from tracker.queries.accounts import person_of
from tracker.queries.visibility import scope_of, visible_to, within_region
from tracker.rules.permissions import Can, Person, Role, is_within, may

REGIONS = ["36", "3607", "360732", "64", "640422"]
SEEN_FROM = ["", *REGIONS, "3604", "65"]


@pytest.fixture
def tasks(app: Flask) -> list[Task]:
    """Tasks in regions of every level: led by a unit, shared with it, unknown to it, and of a group it belongs to."""
    made = []
    for region in REGIONS:
        plan = make_plan(f"plan-{region}", region=region)
        own, other = make_unit("财政局", region=region), make_unit("住建局", region=region)
        group = make_unit("各乡镇", region=region, kind=UnitKind.COLLECTIVE)
        group.members.append(own)
        made += [
            make_task(plan, lead=[own]),
            make_task(plan, lead=[other], cooperating=[own]),
            make_task(plan, responsible=[other, own]),
            make_task(plan, responsible=[group]),
            make_task(plan, lead=[other]),
            make_task(plan),
        ]
        made.append(make_task(make_plan(f"draft-{region}", region=region, state=PlanState.DRAFT), lead=[own]))
    db.session.commit()
    return made


def seen_by(person: Person) -> set[str]:
    """The keys of the tasks in a person's lists."""
    return set(db.session.scalars(sa.select(Task.key).where(visible_to(person))))


def allowed(tasks: list[Task], person: Person) -> set[str]:
    """The keys of the tasks that the rules let a person see."""
    return {task.key for task in tasks if may(person, Can.SEE_TASK, scope_of(task))}


def test_lists_and_rules_agree_for_every_role_in_every_region(tasks: list[Task]) -> None:
    every_unit = frozenset(db.session.scalars(sa.select(Unit.id)))
    shown = 0
    for role, region, units in product([None, *Role], SEEN_FROM, (frozenset[int](), every_unit)):
        person = Person(1, role, region, units)
        assert seen_by(person) == allowed(tasks, person), person
        shown += len(seen_by(person))
    assert shown > 0


def test_staff_see_the_tasks_of_their_units_and_of_the_groups_that_these_belong_to(tasks: list[Task]) -> None:
    for unit in db.session.scalars(sa.select(Unit).where(Unit.region_code == "360732")):
        person = person_of(make_account(Role.UNIT_STAFF, region="360732", units=[unit]))
        assert seen_by(person) == allowed(tasks, person)
        assert len(seen_by(person)) == {"财政局": 4, "住建局": 3, "各乡镇": 1}[unit.name]


def test_staff_of_no_unit_and_accounts_without_a_role_see_nothing(tasks: list[Task]) -> None:
    assert seen_by(Person(1, Role.UNIT_STAFF, "360732")) == set()
    assert seen_by(Person(1, None, "")) == set()
    assert seen_by(Person(1, Role.ADMINISTRATOR, "")) == set()
    assert seen_by(Person(1, Role.SECURITY_ADMINISTRATOR, "")) == set()


def test_a_region_is_matched_as_a_prefix_of_codes_and_not_as_a_pattern(tasks: list[Task]) -> None:
    for region in [*SEEN_FROM, "3", "_6", "36%", "36073"]:
        found = set(db.session.scalars(sa.select(Task.region_code).where(within_region(Task.region_code, region))))
        assert found == {code for code in REGIONS if is_within(code, region)}, region


def test_members_act_for_their_groups_and_groups_not_for_their_members(tasks: list[Task]) -> None:
    own, group = (
        db.session.scalars(sa.select(Unit).where(Unit.region_code == "360732", Unit.name == name)).one()
        for name in ("财政局", "各乡镇")
    )
    for units, acted_for in (([own], {own.id, group.id}), ([group], {group.id}), ([], set())):
        assert person_of(make_account(Role.UNIT_STAFF, units=units)).units == acted_for
