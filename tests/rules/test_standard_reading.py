"""A framework's JSON as a standard: what it says, what it takes from the national one, and every fault by place."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.rules.seeded import J, P, S, standard
from tracker.rules.school_figures import SCHOOL_FIGURES, STAGE_FIGURES
from tracker.rules.stages import SchoolKind
from tracker.rules.standard_entries import MENDS, FaultKind, FaultyStandard
from tracker.rules.standard_reading import FrameworkContent, ItemContent, PartContent, read_standard
from tracker.rules.standards import Relaxation, Sense, Standard, Subject, Weighting

D = Decimal

AREA = {
    "code": "A",
    "of": "unit",
    "plus": ["teaching_area_m2"],
    "minus": ["indoor_sports_m2"],
    "per": ["students"],
    "at_least": {"primary": "4.5", "junior": "5.8"},
    "divided": True,
    "spread": {"primary": "0.50"},
}
SIZE = {
    "code": "B",
    "of": "school",
    "plus": ["students"],
    "at_most": {"single": "2000", "combined": "2500"},
    "kinds": ["school"],
    "relaxation": {"share": "1.2", "opened_before": "2018-09-01", "while_shrinking": True, "on": False},
}
SHARE = {"code": "C", "of": "county", "plus": ["rotated"], "per": ["eligible"], "at_least": {"all": "10"}}
QUESTION = {"code": "D", "of": "county", "asks": "fair"}
ROOMS = {"code": "E", "of": "school", "plus": ["large_art_rooms"], "per": ["classes"], "each": "12"}
FUNDS = {
    "code": "F",
    "of": "school",
    "plus": ["operating_funds_yuan"],
    "per": ["students"],
    "per_at_least": "100",
    "only_under": "100",
    "bound_figures": {"all": "eligible"},
}
TERMS = {
    "unit": {"conditions": ["A"], "needed": 1, "floor": "0.85", "least_students": 50},
    "weighting": "none",
    "weights": {"primary": "1", "junior": "1.1", "kindergarten": "1.1"},
    "pass_points": "90",
}
FIGURES = [
    {"code": "rotated", "name": "轮岗教师", "unit": "人"},
    {"code": "eligible", "name": "符合条件教师", "unit": "人"},
    {"code": "fair", "name": "公平", "question": True},
]


def content(*conditions: dict[str, Any], **differences: Any) -> FrameworkContent:
    """A framework with one item for each condition."""
    asked = conditions or (AREA, SIZE, SHARE, QUESTION, ROOMS, FUNDS)
    items = tuple(
        ItemContent(f"i{place}", str(place), f"第{place}项", conditions=[each])
        for place, each in enumerate(asked, start=1)
    )
    values: dict[str, Any] = {
        "terms": {"weights": {"primary": "1", "junior": "1.1"}},
        "figures": FIGURES,
        "items": items,
    }
    return FrameworkContent("f", "试行办法", **(values | differences))


def test_everything_is_read_as_it_is_written() -> None:
    found = read_standard(content(terms=TERMS, vetoes=(("1", "弄虚作假"),)))
    area, size = found.conditions["A"], found.conditions["B"]
    assert (area.of, area.name, area.bounds, area.spread, area.divided) == (
        Subject.UNIT,
        "第1项",
        {P: D("4.5"), J: D("5.8")},
        {P: D("0.50")},
        True,
    )
    assert (size.sense, size.bounds, size.kinds) == (
        Sense.AT_MOST,
        {"single": D(2000), "combined": D(2500)},
        (SchoolKind.SCHOOL,),
    )
    assert size.relaxation == Relaxation(D("1.2"), date(2018, 9, 1), while_shrinking=True, on=False)
    assert (found.conditions["E"].each, found.conditions["F"].per_at_least) == (D(12), D(100))
    assert found.conditions["F"].bound_figures == {"all": "eligible"}
    assert (found.unit.conditions, found.unit.needed, found.unit.floor) == (("A",), 1, D("0.85"))
    assert (found.weighting, found.pass_points) == (Weighting.NONE, D(90))
    assert (found.weight(J), found.weight("kindergarten"), found.weight(S)) == (D("1.1"), D("1.1"), 0)
    assert [each.figure for each in found.vetoes] == ["f/veto.1"]
    assert [each.code for each in found.figures] == ["rotated", "eligible", "fair", "f/veto.1"]


def without(mapping: dict[str, Any], *names: str, **differences: Any) -> dict[str, Any]:
    """A condition with fields left out or written otherwise."""
    return {name: value for name, value in mapping.items() if name not in names} | differences


@pytest.mark.parametrize(
    ("condition", "place", "kind"),
    [
        (without(AREA, at_leats={}), "at_leats", FaultKind.UNKNOWN_FIELD),
        (without(AREA, "code"), "code", FaultKind.MISSING),
        (without(AREA, code="A/1"), "code", FaultKind.NOT_CODE),
        (without(AREA, code="甲"), "code", FaultKind.NOT_CODE),
        (without(AREA, code="x" * 41), "code", FaultKind.NOT_CODE),
        (without(AREA, of="class"), "of", FaultKind.UNKNOWN_WORD),
        (without(AREA, "of"), "of", FaultKind.MISSING),
        (without(AREA, plus=["area"]), "plus", FaultKind.UNKNOWN_FIGURE),
        (without(AREA, plus=["rotated"]), "plus", FaultKind.UNKNOWN_FIGURE),
        (without(AREA, plus="teaching_area_m2"), "plus", FaultKind.NOT_NAMES),
        (without(AREA, plus=[]), None, FaultKind.NO_VALUE),
        (without(AREA, "at_least"), None, FaultKind.NO_BOUND),
        (without(AREA, at_most={"all": "3"}), None, FaultKind.TWO_BOUNDS),
        (without(AREA, each="12"), None, FaultKind.TWO_BOUNDS),
        (without(AREA, at_least={"primary": "4,5"}), "primary", FaultKind.NOT_NUMBER),
        (without(AREA, at_least={"primary": 4.5}), "primary", FaultKind.NOT_NUMBER),
        (without(AREA, at_least={"primary": True}), "primary", FaultKind.NOT_NUMBER),
        (without(AREA, at_least={"primary": "1e3"}), "primary", FaultKind.NOT_NUMBER),
        (without(AREA, at_least={"primary": "NaN"}), "primary", FaultKind.NOT_NUMBER),
        (without(AREA, at_least={"primary": "-1"}), "primary", FaultKind.NEGATIVE),
        (without(AREA, at_least={"single": "4.5"}), "single", FaultKind.UNKNOWN_WORD),
        (without(AREA, at_least="4.5"), "at_least", FaultKind.NOT_MAPPING),
        (without(AREA, factor="0"), "factor", FaultKind.NOT_POSITIVE),
        (without(AREA, plus=["qualified_teachers"]), "plus", FaultKind.DIVIDED_STAGE_FIGURE),
        (without(AREA, divided="yes"), "divided", FaultKind.NOT_YES_OR_NO),
        (without(AREA, kinds=["kindergarten"]), "kinds", FaultKind.UNKNOWN_WORD),
        (without(AREA, only_under="100"), "only_under", FaultKind.MISPLACED),
        (without(AREA, asks="fair"), "asks", FaultKind.MISPLACED),
        (without(AREA, spread={"all": "0.5"}), "all", FaultKind.UNKNOWN_WORD),
        (without(AREA, relaxation={"on": True}), "share", FaultKind.MISSING),
        (without(AREA, relaxation={"share": "1.2", "until": "2030-01-01"}), "until", FaultKind.UNKNOWN_FIELD),
        (without(AREA, relaxation={"share": "1.2", "opened_before": "2018年"}), "opened_before", FaultKind.NOT_DAY),
        (without(SIZE, divided=True), "divided", FaultKind.MISPLACED),
        (without(SIZE, spread={"primary": "0.5"}), "spread", FaultKind.MISPLACED),
        (without(SIZE, at_most={"primary": "2000"}), "primary", FaultKind.UNKNOWN_WORD),
        (without(SHARE, plus=["students"]), "plus", FaultKind.UNKNOWN_FIGURE),
        (without(SHARE, plus=["fair"]), "plus", FaultKind.UNKNOWN_FIGURE),
        (without(SHARE, kinds=["school"]), "kinds", FaultKind.MISPLACED),
        (without(SHARE, relaxation={"share": "1.2"}), "relaxation", FaultKind.MISPLACED),
        (without(SHARE, of="total"), "plus", FaultKind.UNKNOWN_FIGURE),
        (without(ROOMS, of="total"), "plus", FaultKind.UNKNOWN_FIGURE),
        (without(QUESTION, asks="rotated"), "asks", FaultKind.UNKNOWN_FIGURE),
        (without(QUESTION, plus=["rotated"]), "plus", FaultKind.MISPLACED),
        (without(QUESTION, at_least={"all": "1"}), "at_least", FaultKind.MISPLACED),
        (without(ROOMS, "per"), "per", FaultKind.MISSING),
        (without(AREA, per=["classes"]), "spread", FaultKind.SPREAD_NOT_PER_STUDENT),
        (without(AREA, spread={"senior": "0.5"}), "spread", FaultKind.SPREAD_WITHOUT_BOUND),
        (without(SIZE, plus=["largest_class"]), None, FaultKind.LARGEST_SUMMED),
        (
            without(SIZE, "relaxation", of="total", plus=["largest_class"], at_most={"all": "1"}),
            None,
            FaultKind.LARGEST_SUMMED,
        ),
        (without(SHARE, all_stages=True), "all_stages", FaultKind.MISPLACED),
        (without(SHARE, none_asked="yes"), "none_asked", FaultKind.NOT_YES_OR_NO),
        (without(QUESTION, none_asked=True), "none_asked", FaultKind.MISPLACED),
        (without(SHARE, "per", none_asked=True), "per", FaultKind.MISSING),
        (without(FUNDS, bound_figures={"all": "standard"}), "bound_figures", FaultKind.UNKNOWN_FIGURE),
        (without(FUNDS, bound_figures={"town": "eligible"}), "town", FaultKind.UNKNOWN_FIELD),
    ],
)
def test_a_fault_of_a_condition_is_named_by_place(
    condition: dict[str, Any], place: str | None, kind: FaultKind
) -> None:
    with pytest.raises(FaultyStandard) as caught:
        read_standard(content(condition))
    faults = [(each.place[-1], each.kind) for each in caught.value.faults]
    known_by = condition.get("code", "")
    expected = place or f"conditions 1 ({known_by})"
    assert (expected, kind) in faults
    assert all(each.place[:2] == ("f", "indicators (i1)") for each in caught.value.faults)


@pytest.mark.parametrize(
    ("differences", "place", "kind"),
    [
        ({"terms": {"unit": {"conditions": ["Z"]}}}, "conditions", FaultKind.UNKNOWN_CONDITION),
        ({"terms": {"unit": {"conditions": ["A"], "needed": "1.5"}}}, "needed", FaultKind.NOT_WHOLE),
        ({"terms": {"unit": {"conditions": ["A"], "floor": "0"}}}, "floor", FaultKind.NOT_POSITIVE),
        ({"terms": {"units": {}}}, "units", FaultKind.UNKNOWN_FIELD),
        ({"terms": {"weighting": "classes"}}, "weighting", FaultKind.UNKNOWN_WORD),
        ({"terms": {"weights": {"nine_year": "1"}}}, "nine_year", FaultKind.UNKNOWN_WORD),
        ({"terms": {"weights": {"primary": "1", "junior": "0"}}}, "junior", FaultKind.NOT_POSITIVE),
        ({"terms": {"weights": {"primary": "1", "senior": "-1"}}}, "senior", FaultKind.NOT_POSITIVE),
        ({"terms": {"pass_points": "ninety"}}, "pass_points", FaultKind.NOT_NUMBER),
        ({"terms": []}, "terms", FaultKind.NOT_MAPPING),
        ({"terms": {}}, "weights", FaultKind.NO_WEIGHTS),
        ({"terms": TERMS | {"unit": {"conditions": ["A", "B"]}}}, "conditions", FaultKind.LIMIT_IN_TERMS),
        ({"figures": [*FIGURES, FIGURES[0]]}, "code", FaultKind.TWICE),
        ({"figures": [*FIGURES, {"code": "students", "name": "学生"}]}, "code", FaultKind.SCHOOL_FIGURE),
        ({"figures": [*FIGURES, {"code": "more"}]}, "name", FaultKind.MISSING),
        ({"figures": [*FIGURES, {"code": "more", "name": "多", "sum": "1"}]}, "sum", FaultKind.UNKNOWN_FIELD),
        ({"figures": {"code": "more"}}, "figures", FaultKind.NOT_LIST),
        ({"figures": [*FIGURES, "more"]}, "figures 4", FaultKind.NOT_MAPPING),
    ],
)
def test_a_fault_of_the_terms_or_figures_is_named_by_place(
    differences: dict[str, Any], place: str, kind: FaultKind
) -> None:
    with pytest.raises(FaultyStandard) as caught:
        read_standard(content(**differences))
    assert (place, kind) in [(each.place[-1], each.kind) for each in caught.value.faults]


@pytest.mark.parametrize(
    ("named", "kind"),
    [
        ("Z", FaultKind.UNKNOWN_CONDITION),
        ("A/senior_high", FaultKind.NO_ASPECT),
        ("B/primary", FaultKind.NO_ASPECT),
        ("A+Z", FaultKind.UNKNOWN_CONDITION),
        ("C/spread", FaultKind.NO_ASPECT),
    ],
)
def test_a_part_names_conditions_that_stand(named: str, kind: FaultKind) -> None:
    parts = (PartContent("1", "甲", None, named),)
    items = (*content().items, ItemContent("p", "9", "项", parts=parts))
    with pytest.raises(FaultyStandard) as caught:
        read_standard(content(items=items))
    [fault] = caught.value.faults
    assert (fault.place, fault.kind) == (("f", "indicators (p)", "parts (1)", "condition"), kind)


@pytest.mark.parametrize(
    ("points", "parts", "place", "kind"),
    [
        ("3", (), "points", FaultKind.NO_PARTS),
        ("3", (PartContent("1", "甲", D(1)), PartContent("2", "乙", D(1))), "points", FaultKind.WRONG_SUM),
        ("2", (PartContent("1", "甲", D(1)), PartContent("1", "乙", D(1))), "parts", FaultKind.TWICE),
        (None, (PartContent("2", "甲"), PartContent("", "乙")), "parts", FaultKind.TWICE),
    ],
)
def test_the_parts_of_an_item_get_its_points_each_under_its_own_number(
    points: str | None, parts: tuple[PartContent, ...], place: str, kind: FaultKind
) -> None:
    scored = ItemContent("p", "9", "项", points=D(points) if points else None, parts=parts, conditions=[QUESTION])
    with pytest.raises(FaultyStandard) as caught:
        read_standard(content(items=(*content().items, scored), terms=TERMS))
    [fault] = caught.value.faults
    assert (fault.place, fault.kind) == (("f", "indicators (p)", place), kind)


def test_a_part_may_name_several_conditions_and_sides() -> None:
    parts = (PartContent("1", "甲", None, "A/primary+A/spread+B"),)
    found = read_standard(content(items=(*content().items, ItemContent("p", "9", "项", parts=parts))))
    assert found.items[-1].parts[0].asked == [("A", "primary"), ("A", "spread"), ("B", "")]


def test_one_code_means_one_condition() -> None:
    read_standard(content(AREA, deepcopy(AREA)))
    with pytest.raises(FaultyStandard) as caught:
        read_standard(content(AREA, without(AREA, divided=False)))
    assert [each.kind for each in caught.value.faults] == [FaultKind.TWICE]


def test_all_faults_are_reported_together_each_with_its_mend() -> None:
    with pytest.raises(FaultyStandard) as caught:
        read_standard(content(without(AREA, factor="x"), without(SIZE, of="y"), terms={"weighting": "z"}))
    lines = str(caught.value).splitlines()
    assert lines == [
        "f, indicators (i1), conditions 1 (A), factor: 'x' is no decimal number: "
        'write digits in quotes, such as "0.85"',
        "f, indicators (i2), conditions 1 (B), of: 'y' is unknown: use one of unit, school, total, county",
        "f, terms, weighting: 'z' is unknown: use one of students, none",
    ]
    assert set(MENDS) == set(FaultKind)


def local(*items: ItemContent, **differences: Any) -> Standard:
    """A local framework beside the national standard."""
    return read_standard(FrameworkContent("local", "本地", items=items, **differences), standard())


def test_an_item_that_says_nothing_is_the_national_one() -> None:
    found = local(ItemContent("1", "1", "轮岗", national="G11"), ItemContent("2", "2", "规模", national="R4"))
    assert found.items[0].conditions == standard().items[17].conditions
    assert {each.code for each in found.figures} == {
        "eligible_teachers",
        "rotated_teachers",
        "rotated_backbone_teachers",
    }
    assert (found.unit.conditions, found.unit.needed, found.unit.floor) == (("R4",), 1, D("0.85"))
    assert found.weights == standard().weights


def test_an_item_with_an_empty_list_asks_nothing_beside_its_parts() -> None:
    part = PartContent("1", "规划", D(3))
    found = local(ItemContent("9", "9", "布局", national="G1", grade="B", points=D(3), conditions=[], parts=(part,)))
    assert found.items[0].conditions == ()
    assert [(each.code, each.is_question, each.unit) for each in found.figures] == [("local/9.1", False, "分")]


def test_an_item_that_nothing_computes_is_one_question_to_the_county() -> None:
    found = local(ItemContent("5", "5", "氛围"), answers="origin")
    assert found.conditions["5"].asks == "origin/5"
    assert [(each.code, each.name, each.is_question) for each in found.figures] == [("origin/5", "氛围", True)]


def test_a_local_condition_may_ask_for_national_figures() -> None:
    rate = {"code": "Q9-difference", "of": "county", "plus": ["monitoring_difference"], "at_most": {"all": "0.15"}}
    found = local(ItemContent("32", "32", "监测", national="Q9", conditions=[rate]))
    assert [each.code for each in found.figures] == ["monitoring_difference"]


def test_local_terms_go_before_the_national_ones() -> None:
    item = ItemContent("4", "4", "用房", national="R4")
    found = local(item, terms={"weighting": "none", "weights": {"primary": "2"}, "unit": {"conditions": ["R4"]}})
    assert (found.weighting, found.weights, found.unit.needed, found.unit.floor) == (
        Weighting.NONE,
        {P: D(2)},
        1,
        D(1),
    )


def test_another_field_of_policy_takes_nothing_from_the_national_standard() -> None:
    rate = {
        "code": "beds",
        "of": "county",
        "plus": ["beds"],
        "per": ["elders"],
        "factor": "1000",
        "at_least": {"all": "35"},
    }
    figures = [{"code": "beds", "name": "床位"}, {"code": "elders", "name": "老年人"}]
    found = local(ItemContent("1", "1", "养老床位", conditions=[rate]), figures=figures)
    assert (found.unit.conditions, found.weights) == ((), {})
    assert [each.code for each in found.figures] == ["beds", "elders"]


def test_every_figure_of_a_school_that_is_asked_of_people_is_asked_by_some_condition() -> None:
    asked = {code for each in standard().conditions.values() for code in each.figures}
    only_for_people = {"music_rooms", "art_rooms", "kindergarten_children", "payroll_yuan"}
    assert set(SCHOOL_FIGURES) - asked == only_for_people
    assert set(STAGE_FIGURES) <= asked


@pytest.mark.parametrize(("first", "second"), [(("1", "a"), ("2", "a")), (("2", ""), ("", ""))])
def test_two_parts_of_an_item_are_told_apart(first: tuple[str, str], second: tuple[str, str]) -> None:
    parts = tuple(PartContent(number, "点", code=code) for number, code in (first, second))
    item = ItemContent("I", "1", "题", parts=parts)
    with pytest.raises(FaultyStandard) as caught:
        read_standard(FrameworkContent("x", "甲", items=(item,)))
    assert [each.kind for each in caught.value.faults] == [FaultKind.TWICE]
