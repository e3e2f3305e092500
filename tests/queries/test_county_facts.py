"""What is known of counties on a day: the latest year, open schools, values in force."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tests.conftest import World
from tests.factories import COUNTY, OTHER_COUNTY, make_school, make_school_year, make_task
from tests.visit import counted_queries
from tracker.models import CountyValue, Project, ProjectCategory, ProjectSchool, School, Standing, db
from tracker.queries.county_facts import base_years, county_figures, facts_of, facts_within
from tracker.queries.county_record import record_of
from tracker.rules.lifecycle import State
from tracker.rules.stages import SchoolKind, Stage

DAY = date(2026, 3, 1)


def say(figure: str, number: str | None, on: date, **more: object) -> CountyValue:
    """A value of the county."""
    values = {"standing": Standing.REPORTED, "source": "表", "said_at": datetime(2026, 1, 1, tzinfo=UTC)}
    row = CountyValue(
        region_code=COUNTY, figure=figure, on=on, number=Decimal(number) if number else None, **values, **more
    )
    db.session.add(row)
    db.session.flush()
    return row


def with_year(name: str, year: int, students: int | None, **differences: object) -> School:
    """A primary school with its students of a year."""
    school = make_school(name, **differences)
    make_school_year(school, year, stages={"primary": {"students": students}}, sports_ground_m2=Decimal("10.50"))
    return school


def test_a_county_is_judged_by_its_latest_year_up_to_the_day(world: World) -> None:
    school = with_year("一小", 2024, 500)
    make_school_year(school, 2025, stages={"primary": {"students": 520}})
    make_school_year(school, 2026, stages={"primary": {"students": 900}})
    facts = facts_of(COUNTY, DAY)
    assert (facts.year, facts.schools[0].students, facts.schools[0].before) == (2025, 520, 500)
    assert facts_of(COUNTY, date(2026, 9, 1)).schools[0].students == 900
    earlier = facts_of(COUNTY, DAY, year=2024)
    assert earlier.schools[0].students == 500
    assert earlier.schools[0].whole["sports_ground_m2"] == Decimal("10.50")


def test_the_first_numbers_of_a_new_year_do_not_blank_the_county(world: World) -> None:
    schools = [with_year(f"小{number}", 2025, 500) for number in range(4)]
    with_year("旧小", 2026, 100, closed_on=date(2026, 9, 1))
    with_year("职校", 2026, 100, kind=SchoolKind.VOCATIONAL)
    with_year("远小", 2026, 80, region=OTHER_COUNTY)
    autumn = date(2026, 9, 20)
    for school, year in zip(schools, (2025, 2025, 2026, 2026), strict=True):
        make_school_year(school, 2026, stages={"primary": {"students": 520}})
        assert base_years("", autumn) == {COUNTY: year, OTHER_COUNTY: 2026}
        assert (facts_of(COUNTY, autumn).year, record_of(COUNTY, autumn).facts.year) == (year, year)
    assert base_years(COUNTY, DAY) == {COUNTY: 2025}


def test_where_few_schools_ever_told_their_numbers_the_latest_count(world: World) -> None:
    with_year("一小", 2024, 500)
    with_year("二小", 2025, 500)
    for number in range(4):
        make_school(f"小{number}")
    assert base_years(COUNTY, DAY) == {COUNTY: 2025}


def test_a_school_without_numbers_of_the_year_keeps_its_stages_and_knows_nothing(world: World) -> None:
    with_year("一小", 2025, 520)
    with_year("二小", 2024, 300)
    make_school("三小")
    by_name = {school.name: school for school in facts_of(COUNTY, DAY).schools}
    assert (by_name["二小"].year, by_name["二小"].stages, by_name["二小"].students) == (None, {Stage.PRIMARY: {}}, None)
    assert (by_name["三小"].year, by_name["三小"].stages) == (None, {})


@pytest.mark.parametrize(
    ("opened", "closed", "there"),
    [
        (None, None, True),
        (DAY, None, True),
        (date(2026, 3, 2), None, False),
        (None, DAY, False),
        (None, date(2026, 3, 2), True),
    ],
)
def test_only_schools_that_are_open_on_the_day_count(
    world: World, opened: date | None, closed: date | None, there: bool
) -> None:
    with_year("一小", 2025, 520, opened_on=opened, closed_on=closed)
    assert bool(facts_of(COUNTY, DAY).schools) is there


def test_the_value_in_force_is_the_latest_said_of_the_latest_day(world: World) -> None:
    say("rotated", "10", date(2025, 1, 1))
    say("rotated", "66", date(2026, 1, 1))
    say("rotated", "67", date(2026, 1, 1))
    say("rotated", "68", date(2026, 1, 1), withdrawn_at=datetime(2026, 1, 2, tzinfo=UTC))
    say("rotated", "99", date(2026, 4, 1))
    say("layout", None, DAY, yes=True)
    assert county_figures(COUNTY, DAY) == {COUNTY: {"rotated": Decimal(67), "layout": True}}
    assert facts_of(COUNTY, DAY).figures == {"rotated": Decimal(67), "layout": True}


def test_counties_stand_apart_and_cost_the_same_questions(world: World) -> None:
    with_year("一小", 2025, 520)
    with counted_queries() as one:
        facts_within("36", DAY)
    with_year("远小", 2024, 80, region=OTHER_COUNTY)
    for number in range(5):
        with_year(f"小{number}", 2025, 100)
    with counted_queries() as more:
        found = facts_within("", DAY)
    assert [(each.region, each.year, len(each.schools)) for each in found] == [
        (COUNTY, 2025, 6),
        (OTHER_COUNTY, 2024, 1),
    ]
    assert len(more) == len(one)


@pytest.mark.parametrize(
    ("category", "state", "there"),
    [
        (ProjectCategory.NEW, State.IN_PROGRESS, False),
        (ProjectCategory.UPGRADE, State.IN_PROGRESS, True),
        (ProjectCategory.NEW, State.CLOSED, True),
    ],
)
def test_a_school_that_is_still_to_be_built_is_not_missed(
    world: World, category: ProjectCategory, state: State, there: bool
) -> None:
    school = make_school("十小")
    task = make_task(world.plan, state=state, closed_on=DAY)
    db.session.add(Project(task=task, category=category, schools=[ProjectSchool(position=1, school=school)]))
    db.session.flush()
    assert bool(facts_of(COUNTY, DAY).schools) is there
    make_school_year(school, 2025, stages={"primary": {"students": 0}})
    assert facts_of(COUNTY, DAY).schools


def test_single_numbers_keep_the_day_on_which_they_were_counted(world: World) -> None:
    school = make_school("一小")
    said = {"standing": "reported", "source": "盘点"}
    exceptions = {
        "equipment_yuan": {**said, "on": "2026-02-01"},
        "primary.students": {**said, "on": "2026-01-05"},
        "art_rooms": said,
    }
    numbers = {"equipment_yuan": 1_600_000, "art_rooms": 1}
    make_school_year(school, 2025, stages={"primary": {"students": 500}}, exceptions=exceptions, **numbers)
    with_year("二小", 2025, 300)
    first, second = facts_of(COUNTY, DAY).schools
    assert first.day_of("equipment_yuan") == date(2026, 2, 1)
    assert first.day_of("students", Stage.PRIMARY) == date(2026, 1, 5)
    assert first.day_of("art_rooms") == first.counted_on
    assert second.days is None
