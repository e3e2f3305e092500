"""The mock evaluation: points awarded, lost and open, tallies, and what is missing to judge."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tracker.rules.measures import Finding
from tracker.rules.school_facts import SchoolFacts
from tracker.rules.self_evaluation import (
    YEAR,
    Points,
    Tally,
    failing_schools,
    missing_of,
    points_of,
    shared_points,
    tally_of,
)
from tracker.rules.stages import SchoolKind, Stage
from tracker.rules.standards import Condition, Item, Part, Standard, Subject, UnitTerms, VetoRule
from tracker.rules.verdicts import CountyFacts, Verdict, judge

D = Decimal
R3 = Condition(
    "R3", Subject.UNIT, plus=("arts_teachers",), per=("students",), factor=D(100), bounds={"primary": D("0.9")}
)
LICENSED = Condition(
    "G12",
    Subject.TOTAL,
    plus=("licensed_teachers",),
    per=("full_time_teachers",),
    factor=D(100),
    bounds={"all": D(100)},
)
FUNDS = Condition("G6", Subject.SCHOOL, plus=("operating_funds_yuan",), bound_figures={"primary": "funds_standard"})
LAYOUT = Condition("G1", Subject.COUNTY, asks="layout")


def item(code: str, *conditions: Condition, **differences: object) -> Item:
    """An item of a group."""
    return Item(code, code, code, "", "g", "", None, conditions, **differences)  # type: ignore[arg-type]


def school(number: int, year: int | None = 2025, **figures: int | None) -> SchoolFacts:
    """A primary school."""
    values = {"students": 100, "full_time_teachers": 10, "licensed_teachers": 10, "arts_teachers": 1} | figures
    whole = {"operating_funds_yuan": 1}
    return SchoolFacts(
        number, "360732", f"学校{number}", year=year, whole=whole, stages={Stage.PRIMARY: values} if year else {}
    )


def verdict(standard: Standard, *schools: SchoolFacts, **figures: Decimal | bool) -> Verdict:
    """What is found in March 2026."""
    return judge(standard, CountyFacts("360732", date(2026, 3, 6), 2025, schools, figures))


B8 = item(
    "8",
    parts=(
        Part("1", "一", D(3), "f/8.1"),
        Part("2", "二", D(4), "f/8.2"),
        Part("3", "三", D("2.5"), "f/8.3"),
    ),
    grade="B",
    points=D("9.5"),
)


@pytest.mark.parametrize(
    ("answers", "points"),
    [
        ({}, Points(D("9.5"), D(0), D(0), D("9.5"))),
        ({"f/8.1": D(3)}, Points(D("9.5"), D(3), D(0), D("6.5"))),
        ({"f/8.1": D(2), "f/8.2": D(0)}, Points(D("9.5"), D(2), D(5), D("2.5"))),
        ({"f/8.1": D(3), "f/8.2": D(4), "f/8.3": D(9)}, Points(D("9.5"), D("9.5"), D(0), D(0))),
    ],
)
def test_points_are_awarded_lost_or_open(answers: dict[str, Decimal], points: Points) -> None:
    found = verdict(Standard("f", "f", "", (B8,), pass_points=D(90)), **answers)
    assert points_of(found.items[0]) == points
    assert points.awarded + points.lost + points.unknown == points.whole


@pytest.mark.parametrize(
    ("most", "awarded", "points"),
    [
        (None, None, None),
        (D(3), None, Points(D(3), D(0), D(0), D(3))),
        (D(3), D(0), Points(D(3), D(0), D(3), D(0))),
        (D(3), D("2.5"), Points(D(3), D("2.5"), D("0.5"), D(0))),
    ],
)
def test_a_part_is_awarded_lost_or_open_as_well(
    most: Decimal | None, awarded: Decimal | None, points: Points | None
) -> None:
    assert shared_points(most, awarded) == points


def test_an_item_without_points_is_not_scored() -> None:
    assert points_of(verdict(Standard("f", "f", "", (item("G1", LAYOUT),))).items[0]) is None


def test_tallies_count_by_grade_what_is_met_short_and_open() -> None:
    items = (
        item("1", LAYOUT, grade="A"),
        item("2", Condition("b", Subject.COUNTY, asks="b"), grade="A"),
        item("3", Condition("c", Subject.COUNTY, asks="c"), grade="A"),
        B8,
    )
    found = verdict(Standard("f", "f", "", items, pass_points=D(90)), layout=True, b=False)
    assert tally_of(found.items, "A") == Tally(1, 1, 1)
    assert tally_of(found.items) == Tally(1, 1, 2)
    assert tally_of(found.items).asked == 4


def test_what_asks_nothing_of_the_county_is_counted_apart() -> None:
    special = Condition("G7", Subject.SCHOOL, plus=("equipment_yuan",), bounds={"all": D(1)})
    found = verdict(Standard("f", "f", "", (item("1", LAYOUT), item("2", special))), layout=True)
    assert tally_of(found.items) == Tally(1, 0, 0, 1)
    assert tally_of(found.items).asked == 1


def test_a_school_within_the_tolerance_does_not_fail() -> None:
    other = Condition("R0", Subject.UNIT, plus=("students",), bounds={"primary": D(1)})
    standard = Standard("f", "f", "", (item("R3", R3, other),), unit=UnitTerms(("R3", "R0"), needed=1, floor=D("0.85")))
    found = verdict(standard, school(1, arts_teachers=0), school(2, students=113), school(3))
    assert [each.finding for each in found.units] == [Finding.SHORT, Finding.TOLERATED, Finding.MET]
    assert [each.school.id for each in failing_schools(found, R3)] == [1]
    assert failing_schools(found, R3, Stage.JUNIOR) == []


def test_what_is_missing_is_named_by_figure_and_school() -> None:
    items = (item("R3", R3), item("G12", LICENSED), item("G6", FUNDS), item("G1", LAYOUT), B8)
    standard = Standard("f", "f", "", items, vetoes=(VetoRule("2", "弄虚作假", "f/veto.2"),))
    gap, silent = school(1, licensed_teachers=None), school(2, year=None)
    found = missing_of(verdict(standard, gap, silent, school(3, arts_teachers=None)))
    assert {each.code: each.items for each in found.figures} == {
        "layout": ("G1",),
        "f/8.1": ("8",),
        "f/8.2": ("8",),
        "f/8.3": ("8",),
        "f/veto.2": ("2",),
        "funds_standard": ("G6",),
    }
    assert {each.school.id: each.codes for each in found.schools} == {
        2: (YEAR,),
        1: ("licensed_teachers",),
        3: ("arts_teachers",),
    }


def test_nothing_is_missing_where_all_is_said() -> None:
    standard = Standard("f", "f", "", (item("R3", R3), item("G1", LAYOUT)))
    assert missing_of(verdict(standard, school(1), layout=True)).is_nothing
    special = SchoolFacts(9, "360732", "特校", kind=SchoolKind.SPECIAL, year=2025)
    assert missing_of(verdict(standard, special, layout=False)).is_nothing
