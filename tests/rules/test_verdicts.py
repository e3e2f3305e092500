"""The verdict of a county: six of seven with a floor, who is left out, what is silent, A and B items, vetoes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.seeded import J, P, good_stage, school, standard, verdict
from tracker.rules.forecast import lacking
from tracker.rules.gaps import gaps_of
from tracker.rules.measures import SEVERITY, Finding
from tracker.rules.school_facts import SchoolFacts
from tracker.rules.stages import SchoolKind
from tracker.rules.standards import Item, Part, Standard, Weighting
from tracker.rules.verdicts import CountyFacts, Verdict, judge

D = Decimal
MET, TOLERATED, SHORT, UNKNOWN, NONE = (
    Finding.MET,
    Finding.TOLERATED,
    Finding.SHORT,
    Finding.UNKNOWN,
    Finding.NONE,
)
XINGGUO = standard("xingguo-2023")


@pytest.mark.parametrize(
    ("ground", "teachers", "backbone", "finding"),
    [
        ("6400", 42, 10, TOLERATED),
        ("6370", 42, 10, SHORT),
        ("6375", 42, 10, TOLERATED),
        ("6374.99", 42, 10, SHORT),
        ("7000", 41, 10, SHORT),
        ("7500", 42, 10, MET),
        ("7500", 41, 10, TOLERATED),
        ("7500", 35, 10, SHORT),
    ],
)
def test_six_of_seven_and_the_rest_above_the_floor(ground: str, teachers: int, backbone: int, finding: Finding) -> None:
    stage = good_stage(1000, qualified_teachers=teachers, backbone_teachers=backbone)
    [unit] = verdict(school(stage, sports_ground_m2=D(ground))).units
    assert unit.finding is finding


def test_values_are_never_rounded_before_they_are_judged() -> None:
    """R2 = 0.846: rounding to 0.85 first would pass it."""
    [unit] = verdict(school(good_stage(1300, backbone_teachers=11))).units
    assert unit.judged["R2"].value is not None
    assert round(unit.judged["R2"].value, 3) == D("0.846")
    assert (unit.finding, unit.met) == (SHORT, 6)


@pytest.mark.parametrize(
    ("differences", "whole", "finding", "met"),
    [
        ({"qualified_teachers": None}, {}, UNKNOWN, 6),
        ({"qualified_teachers": None, "arts_teachers": 8}, {}, UNKNOWN, 5),
        ({"qualified_teachers": None, "arts_teachers": 7}, {}, SHORT, 5),
        ({"qualified_teachers": None, "arts_teachers": 8, "backbone_teachers": 9}, {}, SHORT, 4),
        ({}, {"indoor_sports_m2": None}, UNKNOWN, 5),
    ],
)
def test_a_missing_value_is_never_zero_but_enough_that_is_short_decides(
    differences: dict[str, Any], whole: dict[str, Any], finding: Finding, met: int
) -> None:
    [unit] = verdict(school(good_stage(1000, **differences), **whole)).units
    assert (unit.finding, unit.met) == (finding, met)


def test_what_a_school_that_passes_lacks_is_tolerated_in_the_indicator() -> None:
    found = verdict(school(1000, sports_ground_m2=D(6400)), school(1000, sports_ground_m2=D(9000)))
    condition = found.conditions["R5"]
    assert (condition.finding, condition.met, condition.asked) == (TOLERATED, 1, 2)
    assert found.finding is TOLERATED


def test_what_is_short_in_a_unit_that_may_still_pass_leaves_the_county_open() -> None:
    open_one = school(good_stage(1000, qualified_teachers=None), sports_ground_m2=D(7000))
    found = verdict(open_one, school(800))
    assert (found.units[0].finding, found.units[0].judged["R5"].finding) == (UNKNOWN, SHORT)
    assert (found.conditions["R5"].finding, found.conditions["R5"].by_stage) == (UNKNOWN, {P: UNKNOWN})
    assert found.finding is UNKNOWN
    [lack] = lacking(found, found.conditions["R5"])
    assert (lack.amount, lack.undecided, lack.tolerated) == (D(500), True, False)
    bare = school(800, sports_ground_m2=D(1))
    gaps = gaps_of(verdict(open_one, bare), {})
    assert {each.school and each.school.id for gap in gaps.without_task for each in gap.lacks} == {bare.id}


def test_a_unit_below_the_floor_is_short_whatever_is_unknown() -> None:
    found = verdict(school(good_stage(1000, qualified_teachers=None), sports_ground_m2=D(6000)), school(800))
    assert (found.units[0].finding, found.conditions["R5"].finding) == (SHORT, SHORT)


def test_a_county_that_meets_everything_is_met() -> None:
    found = verdict(school(800), school(None, 900), school(540, 300), school(60, kind=SchoolKind.TEACHING_POINT))
    assert [(each.item.code, each.finding) for each in found.items if each.finding not in {MET, NONE}] == []
    assert found.finding is MET


def test_one_school_that_fails_fails_the_county() -> None:
    found = verdict(school(800), school(800), school(800, sports_ground_m2=D(100)))
    assert [each.finding for each in found.schools] == [MET, MET, SHORT]
    assert found.finding is SHORT


@pytest.mark.parametrize(
    ("kind", "students", "finding"),
    [
        (SchoolKind.TEACHING_POINT, 46, NONE),
        (SchoolKind.TEACHING_POINT, 50, SHORT),
        (SchoolKind.TEACHING_POINT, None, UNKNOWN),
        (SchoolKind.SCHOOL, 46, SHORT),
    ],
)
def test_a_teaching_point_counts_from_fifty_students(kind: SchoolKind, students: int | None, finding: Finding) -> None:
    stage = good_stage(46) | {"students": students}
    whole = school(stage, kind=kind, sports_ground_m2=D(10), operating_funds_yuan=600_000)
    [unit] = verdict(whole).units
    assert unit.finding is finding
    assert ("R5" in unit.judged) is (finding is not NONE)
    asked = verdict(whole, school(800)).conditions
    assert asked["G6"].asked == 1
    assert asked["G5"].asked == 2


def test_a_point_that_may_not_count_at_all_decides_nothing() -> None:
    unknown = good_stage(30) | {"students": None, "qualified_teachers": 1}
    point = school(unknown, good_stage(300), kind=SchoolKind.TEACHING_POINT, sports_ground_m2=D(1))
    found = verdict(point, school(800), school(None, 800))
    assert {unit.finding for unit in found.units[:2]} == {UNKNOWN}
    assert {unit.judged[code].finding for unit in found.units[:2] for code in standard().unit.conditions} == {UNKNOWN}
    assert found.conditions["R1"].by_stage == {P: UNKNOWN, J: UNKNOWN}
    for spread in found.conditions["R1"].spreads:
        assert (spread.unknown, spread.finding) == (1, UNKNOWN)
        assert [unit.school.id for unit in spread.units] != [point.id]


def test_a_unit_whose_weight_is_not_known_leaves_its_coefficient_open() -> None:
    asked = standard().conditions["R3"]
    by_class = replace(asked, per=("classes",), bounds={"all": D(0)}, spread={P: D("0.5")})
    of = Standard("s", "s", "s", (Item("R3", "R3", "", "", "", "", None, (by_class,)),))
    schools = [school(good_stage(800)), school(good_stage(800) | {"students": None})]
    for weighting, finding in ((Weighting.STUDENTS, UNKNOWN), (Weighting.NONE, MET)):
        [spread] = verdict(*schools, of=replace(of, weighting=weighting)).conditions["R3"].spreads
        assert (spread.finding, spread.unknown) == (finding, int(finding is UNKNOWN))


@pytest.mark.parametrize("kind", [SchoolKind.SPECIAL, SchoolKind.VOCATIONAL])
def test_special_and_vocational_schools_have_no_units(kind: SchoolKind) -> None:
    found = verdict(
        school(200, kind=kind, sports_ground_m2=D(1), operating_funds_yuan=10**7, training_funds_yuan=10**6)
    )
    assert [unit for unit in found.units if unit.finding is not NONE] == []
    assert found.conditions["R5"].finding is NONE


def test_a_combined_school_is_two_units() -> None:
    found = verdict(school(good_stage(540), good_stage(300, qualified_teachers=13)))
    assert [(unit.stage, unit.finding) for unit in found.units] == [(P, MET), (J, SHORT)]
    assert found.conditions["R1"].by_stage == {P: MET, J: SHORT}


def test_a_school_without_students_is_asked_nothing() -> None:
    found = verdict(school(800), school(0))
    assert len(found.units) == 1
    assert found.finding is MET


def test_a_county_without_schools_is_met_in_nothing_that_schools_decide() -> None:
    found = verdict()
    assert found.conditions["R1"].finding is NONE
    assert found.conditions["G12"].finding is NONE


def test_a_silent_school_leaves_the_county_open() -> None:
    silent = SchoolFacts(9, "360732", "新学校")
    found = verdict(school(800), silent)
    assert found.schools[1].is_silent
    assert found.schools[1].finding is UNKNOWN
    assert found.finding is UNKNOWN
    short = verdict(school(800, sports_ground_m2=D(1)), silent)
    assert short.finding is SHORT


def test_a_vocational_school_without_numbers_leaves_nothing_open() -> None:
    vocational = SchoolFacts(9, "360732", "职业学校", SchoolKind.VOCATIONAL)
    found = verdict(school(800), school(None, 900), vocational)
    assert (found.schools[2].is_silent, found.schools[2].finding, found.finding) == (False, NONE, MET)
    special = SchoolFacts(9, "360732", "特殊教育学校", SchoolKind.SPECIAL)
    assert verdict(school(800), special).schools[1].is_silent


@pytest.mark.parametrize(
    ("figures", "finding"), [({"layout_reasonable": None}, UNKNOWN), ({"layout_reasonable": False}, SHORT)]
)
def test_what_the_county_does_not_say_is_open(figures: dict[str, bool | None], finding: Finding) -> None:
    assert verdict(school(800), **figures).finding is finding


def lost(item: str, **points: str) -> dict[str, Decimal]:
    """The points of parts of a B item of 兴国县 that are not full."""
    return {f"xingguo-2023/{item}.{part[1:]}": D(value) for part, value in points.items()}


def xingguo(*schools: SchoolFacts, **figures: Any) -> Verdict:
    """The verdict of 兴国县's form on a county that otherwise meets everything."""
    return verdict(*(schools or (school(800), school(None, 900))), of=XINGGUO, **figures)


# Losses of 1.5 + 3 + 5 points.
LOSSES = lost("35", p3="0") | lost("9", p1="0") | lost("8", p2="0")


@pytest.mark.parametrize(
    ("figures", "points", "finding"),
    [
        ({}, "100", MET),
        (LOSSES, "90.5", MET),
        (LOSSES | lost("31", p1="1"), "89.5", SHORT),
        (LOSSES | lost("35", p3="0", p5="1"), "90.0", MET),
        (LOSSES | lost("35", p3="0", p5="0.99"), "89.99", SHORT),
    ],
)
def test_b_items_need_ninety_points(figures: dict[str, Decimal], points: str, finding: Finding) -> None:
    found = xingguo(**figures)
    assert found.score is not None
    assert (found.score.least, found.score.most, found.score.needed) == (D(points), D(points), 90)
    assert (found.score.finding, found.finding) == (finding, finding)


def test_full_points_do_not_outweigh_one_class_of_51() -> None:
    crowded = school(None, good_stage(900, largest_class=51))
    found = xingguo(school(800), crowded)
    assert found.score is not None
    assert (found.score.least, found.score.finding, found.finding) == (D(100), MET, SHORT)
    [item] = [each for each in found.items if each.item.code == "13"]
    assert [part.finding for part in item.parts] == [MET, SHORT]


def test_points_that_are_not_known_leave_the_score_open_until_they_cannot_matter() -> None:
    part = {"xingguo-2023/8.1": None}
    open_one = xingguo(**part)
    assert open_one.score is not None
    assert (open_one.score.least, open_one.score.most, open_one.finding) == (D(95), D(100), MET)
    matters = xingguo(**part, **lost("31", p1="0", p2="0", p3="0"))
    assert matters.score is not None
    assert (matters.score.least, matters.score.most, matters.finding) == (D(89), D(94), UNKNOWN)
    lost_already = xingguo(**part, **lost("31", p1="0", p2="0", p3="0", p4="0", p5="0"), **lost("35", p1="0"))
    assert lost_already.finding is SHORT


@pytest.mark.parametrize("number", range(1, 8))
def test_any_of_the_seven_vetoes_refuses(number: int) -> None:
    assert xingguo(**{f"xingguo-2023/veto.{number}": True}).finding is SHORT
    assert xingguo(**{f"xingguo-2023/veto.{number}": None}).finding is UNKNOWN


def test_a_part_is_decided_by_what_it_repeats() -> None:
    far = [school(good_stage(700, backbone_teachers=number)) for number in (7, 40)]
    found = {each.item.code: each for each in xingguo(*far).items}
    assert [part.finding for part in found["2"].parts] == [MET, NONE, SHORT]
    assert [part.finding for part in found["1"].parts] == [MET, NONE, MET]
    assert found["22"].parts[0].finding is MET
    open_one = {each.item.code: each for each in xingguo(*far, rural_juniors_favoured=None).items}
    assert open_one["22"].parts[0].finding is UNKNOWN


def test_a_part_that_no_condition_says_is_answered_by_the_county() -> None:
    for answer, finding in ((True, MET), (False, SHORT), (None, UNKNOWN)):
        found = {each.item.code: each for each in xingguo(**{"xingguo-2023/25.2": answer}).items}
        assert found["25"].finding is finding
        found = {each.item.code: each for each in xingguo(**{"xingguo-2023/10.3": answer}).items}
        assert found["10"].finding is finding
    found = {each.item.code: each for each in xingguo(one_funds_standard=None).items}
    assert found["10"].finding is MET


def test_akqi_does_not_ask_for_special_schools() -> None:
    poor = school(40, kind=SchoolKind.SPECIAL, operating_funds_yuan=100, training_funds_yuan=100_000)
    akqi = verdict(school(800), poor, of=standard("akqi-2022"))
    assert "G7" not in akqi.conditions
    assert akqi.finding is MET
    assert verdict(school(800), poor, of=standard("urumqi-2022")).finding is SHORT


@settings(derandomize=True, database=None, deadline=None, max_examples=40)
@given(
    ground=st.integers(0, 20_000),
    more=st.integers(0, 20_000),
    others=st.lists(st.integers(1000, 20_000), max_size=3),
)
def test_a_larger_ground_never_worsens_its_own_school(ground: int, more: int, others: list[int]) -> None:
    rest = [school(1000, sports_ground_m2=D(area)) for area in others]
    before, after = (
        verdict(school(1000, sports_ground_m2=D(area)), *rest).schools[0].finding for area in (ground, ground + more)
    )
    assert SEVERITY[after] <= SEVERITY[before]


@pytest.mark.parametrize(
    ("points", "answer", "finding"),
    [
        (None, D(8), UNKNOWN),
        (None, D(0), UNKNOWN),
        (None, True, MET),
        (D(10), True, UNKNOWN),
        (D(10), False, UNKNOWN),
        (D(10), D(10), MET),
    ],
)
def test_an_answer_of_the_other_kind_says_nothing_of_a_part(
    points: Decimal | None, answer: Decimal | bool, finding: Finding
) -> None:
    part = Part("1", "校车", points, "x/I.1")
    asking = Standard("x", "甲", "", (Item("I", "1", "题", "", "", "", None, (), (part,), points=points),))
    [item] = judge(asking, CountyFacts("", date(2026, 1, 1), None, (), {"x/I.1": answer})).items
    assert (item.finding, item.parts[0].points) == (finding, answer if finding is MET and points else None)
