"""Schools as they will be: the year before, schools that open, the largest class when students come or go."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.rules.test_forecast import LATER, NEW, STANDARD, P, ask, county, ground, make_facts, task
from tracker.rules.forecast import forecast
from tracker.rules.growth import Enrolment, largest_class
from tracker.rules.measures import Finding
from tracker.rules.prospects import Ahead
from tracker.rules.standards import Item, Relaxation, Standard, UnitTerms

RELAXED = replace(
    STANDARD.conditions["G5"], relaxation=Relaxation(share=STANDARD.unit.floor * 2, while_shrinking=True, on=True)
)
WHILE_SHRINKING = Standard(
    "test",
    "标准",
    "Standard",
    (Item("G5", "G5", "G5", "G5", "组", "Group", None, (RELAXED,)),),
    unit=UnitTerms((), 0, STANDARD.unit.floor),
    weights={},
)


@pytest.mark.parametrize(
    ("on", "before", "planned", "finding"),
    [
        (date(2026, 6, 1), 900, (), Finding.MET),
        (date(2026, 6, 1), 700, (), Finding.SHORT),
        (date(2026, 9, 1), 700, (), Finding.MET),
        (date(2026, 9, 1), 900, (Enrolment(1, P, 2026, 801),), Finding.SHORT),
        (date(2026, 9, 1), 700, (Enrolment(1, P, 2026, 800),), Finding.MET),
        (date(2027, 9, 1), 900, (Enrolment(1, P, 2026, 790), Enrolment(1, P, 2027, 795)), Finding.SHORT),
        (date(2028, 9, 1), 900, (Enrolment(1, P, 2027, 801),), Finding.MET),
    ],
)
def test_a_school_shrinks_beside_the_year_before_the_day(
    on: date, before: int, planned: tuple[Enrolment, ...], finding: Finding
) -> None:
    facts = county(make_facts(before=before))
    found = forecast(WHILE_SHRINKING, facts, Ahead(enrolments=planned), on)
    assert found.conditions["G5"].then.finding is finding
    assert found.estimated == ({1} if planned else frozenset())


SOON = replace(NEW, opened_on=None)


def test_a_school_without_an_opening_day_stays_away_while_its_project_is_suspended() -> None:
    planned = (Enrolment(8, P, 2027, 400, 10),)
    halted = ground(3000, task(suspended=True), school=8)
    found = ask(halted, coming=(SOON,), enrolments=planned, stopped=frozenset({8}))
    assert found.schools.keys() == {1}
    assert ask(coming=(SOON,), enrolments=planned).schools.keys() == {1, 8}
    other = ground(3000, task(key="a-2"), school=8)
    assert ask(halted, other, coming=(SOON,), enrolments=planned, stopped=frozenset({8})).schools.keys() == {1, 8}


def test_when_all_is_finished_a_coming_school_has_the_students_it_first_expects() -> None:
    planned = (Enrolment(8, P, 2028, 400, 10), Enrolment(8, P, 2029, 600, 14))
    classes = ground(10, task(due_on=date(2028, 7, 1)), school=8, figure="classes", stage=P)
    looks = ask(ground(3000, school=8), classes, coming=(SOON,), enrolments=planned).schools[8]
    assert looks.then
    assert looks.finished
    assert looks.then.school.stages[P].get("students") is None
    numbers = looks.finished.school.stages[P]
    assert (numbers["students"], numbers["classes"]) == (400, 10)
    late = replace(NEW, opened_on=date(2028, 9, 1))
    assert 8 not in ask(coming=(late,), enrolments=planned).schools


def test_seats_write_no_number_of_a_school_that_opens() -> None:
    seats = ground(900, school=8, figure="seats", stage=P)
    found = ask(seats, ground(3000, school=8), coming=(NEW,), on=LATER).schools[8].then
    assert found
    assert (set(found.school.whole), found.school.stages) == ({"sports_ground_m2"}, {P: {}})


@pytest.mark.parametrize(
    ("before", "after", "largest"),
    [
        ((60, 1, 60), (30, 1), 30),
        ((800, 18, 46), (780, 18), 45),
        ((800, 18, 46), (200, 18), 12),
        ((800, 16, 55), (600, 14), 48),
        ((800, 18, 46), (790, 16), 50),
        ((800, 18, 46), (20, None), 2),
        ((None, None, None), (3, 8), 1),
        ((100, 2, 55), (40, 1), 40),
        ((None, None, 50), (40, None), None),
        ((800, 18, 46), (30, 0), 2),
    ],
)
def test_the_largest_class_falls_with_the_students_and_is_never_more_than_they_are(
    before: tuple[int | None, ...], after: tuple[int | None, ...], largest: int | None
) -> None:
    was = dict(zip(("students", "classes", "largest_class"), before, strict=True))
    will_be = was | dict(zip(("students", "classes"), after, strict=True))
    assert largest_class(was, will_be) == largest
