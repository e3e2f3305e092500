"""What lies ahead of counties, and forecasts from it: read in a constant number of questions on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.conftest import World
from tests.factories import COUNTY, OTHER_COUNTY, make_plan, make_school, make_school_year, make_task
from tests.visit import counted_queries
from tracker.actions.record import Actor, record
from tracker.models import (
    Addition,
    Contribution,
    LinkState,
    Origin,
    PlannedEnrolment,
    PlanState,
    Project,
    ProjectCategory,
    ProjectNode,
    ProjectSchool,
    School,
    Stage,
    Task,
    TaskKind,
    db,
)
from tracker.queries.forecasts import forecast_of, forecasts_within
from tracker.queries.gains import ahead_of, ahead_within
from tracker.queries.indicators import national_indicator
from tracker.queries.standards import national_standard
from tracker.rules.gains import Mode, Why
from tracker.rules.growth import Enrolment
from tracker.rules.lifecycle import State
from tracker.rules.measures import Finding
from tracker.rules.prospects import Slip

TODAY, LATER = date(2026, 3, 1), date(2027, 9, 1)


def add(task: Task, figure: str, amount: int | None, school: School | None = None, **differences: Any) -> Addition:
    """What a task adds, confirmed by the office."""
    values: dict[str, Any] = {"state": LinkState.CONFIRMED, "reason": "方案", "origin": Origin.HAND}
    number = None if amount is None else Decimal(amount)
    row = Addition(task=task, figure=figure, amount=number, school=school, **(values | differences))
    db.session.add(row)
    db.session.flush()
    return row


def school_of(students: int = 800, **differences: Any) -> School:
    """A primary school whose grounds are too small for 800."""
    school = make_school(**differences)
    numbers = {"students": students, "classes": 20, "largest_class": 44}
    make_school_year(school, 2025, stages={"primary": numbers}, sports_ground_m2=Decimal(5000), indoor_sports_m2=0)
    return school


def test_what_a_task_adds_comes_with_its_dates(world: World) -> None:
    school = school_of()
    task = make_task(world.plan, due_on=date(2026, 12, 31), expected_on=date(2027, 3, 1))
    row = add(task, "sports_ground_m2", 1000, school, from_on=date(2027, 1, 1))
    (gain,) = ahead_of(COUNTY, TODAY).gains
    assert (gain.id, gain.school, gain.stage, gain.figure, gain.amount) == (
        row.id, school.id, None, "sports_ground_m2", Decimal(1000),
    )  # fmt: skip
    assert (gain.confirmed, gain.from_on, gain.task.key) == (True, date(2027, 1, 1), task.key)
    assert (gain.task.due_on, gain.task.expected_on, gain.task.closed_on) == (
        date(2026, 12, 31), date(2027, 3, 1), None,
    )  # fmt: skip


def test_dismissed_ones_are_left_away_and_proposed_ones_marked(world: World) -> None:
    add(world.task, "equipment_yuan", 5, school_of(), state=LinkState.DISMISSED)
    add(world.task, "equipment_yuan", None, school_of(), state=LinkState.PROPOSED)
    assert [(gain.amount, gain.confirmed) for gain in ahead_of(COUNTY, TODAY).gains] == [(None, False)]


@pytest.mark.parametrize(
    ("task", "plan", "due_on", "suspended"),
    [
        ({}, PlanState.ACTIVE, date(2026, 12, 31), False),
        ({"needs_redate": True}, PlanState.ACTIVE, None, False),
        ({"state": State.SUSPENDED}, PlanState.ACTIVE, date(2026, 12, 31), True),
        ({}, PlanState.CLOSED, date(2026, 12, 31), True),
        ({"state": State.CLOSED, "closed_on": date(2026, 1, 5)}, PlanState.CLOSED, date(2026, 12, 31), False),
    ],
)
def test_when_a_task_ends(
    world: World, task: dict[str, Any], plan: PlanState, due_on: date | None, suspended: bool
) -> None:
    made = make_task(make_plan(state=plan), **({"due_on": date(2026, 12, 31)} | task))
    add(made, "equipment_yuan", 5, school_of())
    end = ahead_of(COUNTY, TODAY).gains[0].task
    assert (end.due_on, end.suspended, end.closed_on) == (due_on, suspended, task.get("closed_on"))


def test_conditions_enrolment_and_schools_that_open_or_close(world: World) -> None:
    indicator = national_indicator("G1")
    assert indicator
    db.session.add(
        Contribution(
            task_id=world.task.id, indicator_id=indicator.id, reason="规划", condition="G1", state=LinkState.CONFIRMED
        )
    )
    new = make_school("新校", opened_on=LATER)
    old = make_school("旧校", closed_on=LATER)
    make_school("别县新校", region=OTHER_COUNTY, opened_on=LATER)
    db.session.add(PlannedEnrolment(school=new, stage=Stage.PRIMARY, year=2027, students=400, source="测算"))
    db.session.flush()
    found = ahead_of(COUNTY, TODAY)
    assert [(each.task.key, each.condition, each.confirmed) for each in found.meetings] == [
        (world.task.key, "G1", True)
    ]
    assert found.enrolments == (Enrolment(new.id, Stage.PRIMARY, 2027, 400, None),)
    assert ([each.name for each in found.coming], found.closing) == (["新校"], {old.id: LATER})
    assert ahead_of(COUNTY, LATER).coming == ()


def test_a_county_is_forecast_from_what_is_stored(world: World) -> None:
    school = school_of()
    task = make_task(world.plan, due_on=date(2026, 12, 31))
    add(task, "sports_ground_m2", 1000, school)
    standard = national_standard()
    found = forecast_of(standard, COUNTY, LATER, TODAY)
    assert [found.conditions["R5"].now.finding, found.conditions["R5"].then.met] == [Finding.SHORT, 1]
    late = forecast_of(standard, COUNTY, LATER, TODAY, changes=[Slip(task.key, date(2028, 1, 1))])
    assert [each.why for each in late.arrivals] == [Why.LATER]
    closed = forecast_of(standard, COUNTY, LATER, TODAY, Mode.CLOSED)
    assert closed.conditions["R5"].then.met == 0
    assert closed.conditions["R5"].finished.met == 1


def test_a_past_day_tells_what_was_known_then(world: World) -> None:
    school = school_of()
    done = make_task(world.plan, state=State.CLOSED, due_on=date(2026, 1, 1), closed_on=date(2026, 1, 10))
    add(done, "sports_ground_m2", 1000, school)
    assert forecast_of(national_standard(), COUNTY, date(2026, 1, 9), TODAY).conditions["R5"].then.met == 0
    assert forecast_of(national_standard(), COUNTY, date(2026, 1, 10), TODAY).conditions["R5"].then.met == 1


def test_a_county_without_schools_has_a_forecast(world: World) -> None:
    found = forecast_of(national_standard(), COUNTY, LATER, TODAY)
    assert found.then.schools == ()
    assert found.conditions["R5"].then.finding is Finding.NONE


def test_all_counties_of_a_place_take_as_many_questions_as_one(world: World) -> None:
    standard = national_standard()
    plans = {COUNTY: world.plan, OTHER_COUNTY: make_plan(region=OTHER_COUNTY)}
    for region in (COUNTY, OTHER_COUNTY, COUNTY, OTHER_COUNTY):
        add(make_task(plans[region], due_on=LATER), "sports_ground_m2", 1000, school_of(region=region))
    with counted_queries() as alone:
        forecast_of(standard, COUNTY, LATER, TODAY)
    with counted_queries() as together:
        found = list(forecasts_within(standard, "", LATER, TODAY))
    assert len(alone) == len(together) <= 7, "\n".join(alone)
    assert {each.now.facts.region: each.conditions["R5"].then.met for each in found} == {COUNTY: 2, OTHER_COUNTY: 2}
    assert set(ahead_within("", TODAY)) == {COUNTY, OTHER_COUNTY}


def test_a_school_to_be_built_comes_with_its_students_or_its_task(world: World) -> None:
    school, task = make_school("十小"), make_task(world.plan, due_on=date(2026, 12, 31))
    project = Project(task=task, category=ProjectCategory.NEW, schools=[ProjectSchool(position=1, school=school)])
    db.session.add(project)
    assert forecast_of(national_standard(), COUNTY, LATER, TODAY).then.schools == ()
    add(task, "multimedia_rooms", 21, school)
    found = forecast_of(national_standard(), COUNTY, LATER, TODAY).schools[school.id]
    assert (found.now, found.then and found.then.finding) == (None, Finding.UNKNOWN)
    expected = PlannedEnrolment(school=school, stage=Stage.PRIMARY, year=2027, students=900, source="学区")
    db.session.add(expected)
    db.session.flush()
    found = forecast_of(national_standard(), COUNTY, LATER, TODAY).schools[school.id]
    assert found.then is not None
    assert found.then.units[0].judged["R7"].finding is Finding.MET


CLOSED_AT = datetime(2026, 1, 20, 2, tzinfo=UTC)


def closed(task: Task, act: str = "verify", at: datetime = CLOSED_AT) -> Task:
    """The task as it is closed, with the event that closed it."""
    task.state, task.submitted_on, task.closed_on = State.CLOSED, date(2026, 1, 10), at.date()
    record(Actor(None), act, at, obj=("task", task.key))
    db.session.flush()
    return task


def test_a_closed_task_comes_with_the_day_it_was_submitted(world: World) -> None:
    add(closed(make_task(world.plan)), "equipment_yuan", 5, school_of())
    end = ahead_of(COUNTY, TODAY).gains[0].task
    assert (end.done_on, end.closed_on, end.in_part) == (date(2026, 1, 10), date(2026, 1, 20), False)


def test_a_task_closed_in_part_brings_what_the_office_says_of_it_afterwards(world: World) -> None:
    task, school = closed(make_task(world.plan), "close_in_part"), school_of()
    add(task, "equipment_yuan", 5, school, decided_at=CLOSED_AT - timedelta(days=1))
    add(task, "multimedia_rooms", 5, school, decided_at=CLOSED_AT + timedelta(days=1))
    add(task, "art_rooms", 5, school)
    gains = ahead_of(COUNTY, TODAY).gains
    assert {each.figure: (each.task.in_part, each.of_part) for each in gains} == {
        "equipment_yuan": (True, False),
        "multimedia_rooms": (True, True),
        "art_rooms": (True, False),
    }
    closed(task, "verify", CLOSED_AT + timedelta(days=2))
    assert not any(each.task.in_part for each in ahead_of(COUNTY, TODAY).gains)


@pytest.mark.parametrize(
    ("plan", "state", "counts"),
    [
        (PlanState.DRAFT, State.IN_PROGRESS, False),
        (PlanState.DRAFT, State.CLOSED, True),
        (PlanState.ACTIVE, State.IN_PROGRESS, True),
        (PlanState.CLOSED, State.CLOSED, True),
    ],
)
def test_tasks_of_a_draft_bring_nothing(world: World, plan: PlanState, state: State, counts: bool) -> None:
    task = make_task(make_plan(state=plan), due_on=date(2026, 12, 31))
    if state is State.CLOSED:
        closed(task)
    add(task, "equipment_yuan", 5, school_of())
    assert len(ahead_of(COUNTY, TODAY).gains) == counts


def test_a_school_that_closed_long_ago_is_known_as_closed(world: World) -> None:
    school = school_of(closed_on=date(2024, 8, 31))
    add(make_task(world.plan, due_on=date(2026, 12, 31)), "equipment_yuan", 5, school)
    found = forecast_of(national_standard(), COUNTY, LATER, TODAY)
    assert [each.why for each in found.arrivals] == [Why.SCHOOL_CLOSED]


@pytest.mark.parametrize(
    ("plan", "state", "opens"),
    [
        (PlanState.ACTIVE, State.IN_PROGRESS, True),
        (PlanState.ACTIVE, State.SUSPENDED, False),
        (PlanState.CLOSED, State.IN_PROGRESS, False),
        (PlanState.DRAFT, State.IN_PROGRESS, False),
    ],
)
def test_a_school_whose_project_is_suspended_does_not_open(
    world: World, plan: PlanState, state: State, opens: bool
) -> None:
    school, task = make_school("十小"), make_task(make_plan(state=plan), due_on=date(2026, 12, 31), state=state)
    db.session.add(Project(task=task, category=ProjectCategory.NEW, schools=[ProjectSchool(position=1, school=school)]))
    db.session.add(PlannedEnrolment(school=school, stage=Stage.PRIMARY, year=2027, students=900, source="学区"))
    db.session.flush()
    found = forecast_of(national_standard(), COUNTY, LATER, TODAY)
    assert (school.id in found.schools) == opens


@pytest.mark.parametrize(
    ("planned", "expected", "by_mode"),
    [
        # Planned days of the roof and of the end, the day that the unit expects of the roof, the end that follows.
        ((date(2026, 4, 1), date(2026, 8, 1)), None, date(2026, 8, 1)),
        ((date(2026, 4, 1), date(2026, 8, 1)), date(2026, 5, 1), date(2026, 8, 31)),
        ((date(2026, 2, 1), date(2026, 8, 1)), None, date(2026, 8, 29)),
    ],
)
def test_a_project_is_expected_when_its_nodes_end(
    world: World, planned: tuple[date, date], expected: date | None, by_mode: date
) -> None:
    school = school_of()
    task = make_task(world.plan, kind=TaskKind.PROJECT, due_on=date(2026, 12, 31), state=State.IN_PROGRESS)
    project = Project(task=task, category=ProjectCategory.NEW)
    for position, (name, day) in enumerate(zip(("封顶", "投用"), planned, strict=True)):
        on = expected if position == 0 else None
        project.nodes.append(
            ProjectNode(position=position, name=name, planned_on=day, first_planned_on=day, expected_on=on)
        )
    db.session.add(project)
    add(task, "sports_ground_m2", 100, school)
    end = ahead_of(COUNTY, TODAY).gains[0].task
    assert (end.expected_on, end.due_on) == (by_mode, date(2026, 12, 31))
