"""The lists of the plans: which national indicator each item is, and their local numbers against the documents."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.rules.seeded import standard
from tests.seeds.test_against_documents import document, own_list, seed, stands, stands_as_number
from tracker.documents.framework_seed import read_framework_seed
from tracker.rules.standards import Condition, Sense, Standard, Subject, Weighting
from tracker.settings import ROOT

LISTS = {"akqi": "akqi-2022", "fushun": "fushun-2020", "urumqi": "urumqi-2022", "xingguo": "xingguo-2023"}
NATIONAL = [
    *(f"R{number}" for number in range(1, 8)),
    *(f"G{number}" for number in range(1, 16)),
    *(f"Q{number}" for number in range(1, 10)),
    "S1",
]
# Which local item is which national indicator, as the rules of the evaluation list it for 兴国县; None is local.
XINGGUO = [
    "R1", "R2", "R3", "R4", "R5", "R6", "R7", None, "G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G10", "G11",
    "G12", "G13", "G14", "G15", "G15", None, "Q1", "Q2", "Q3", "Q4", "Q7", "Q8", "Q9", "Q6", "Q6", None, "Q3", "Q5",
    "S1",
]  # fmt: skip
B_POINTS = {"8": 10, "9": 9, "23": 8, "28": 9, "30": 5, "31": 10, "33": 10, "34": 10, "35": 9, "36": 12, "37": 8}


@pytest.mark.parametrize(
    ("name", "nationals"),
    [
        ("akqi", [code for code in NATIONAL if code != "G7"]),
        ("fushun", NATIONAL),
        ("urumqi", NATIONAL),
        ("xingguo", XINGGUO),
    ],
)
def test_every_local_item_is_the_national_one_that_the_rules_name(name: str, nationals: list[str | None]) -> None:
    assert [item.national for item in standard(LISTS[name]).items] == nationals


def test_plans_name_their_lists_and_xiji_judges_by_the_national_one() -> None:
    assert {name: seed(name).framework for name in LISTS} == LISTS
    assert seed("xiji").framework == "national"
    assert not any(seed(name).indicators for name in (*LISTS, "xiji"))


def differences(of: Standard) -> set[str]:
    """The codes of the conditions that a list asks otherwise than the national standard, or not at all."""
    ours, national = of.conditions, standard().conditions
    same = {code for code, each in ours.items() if national.get(code) and asks(each) == asks(national[code])}
    return set(national) - same


def asks(condition: Condition) -> Condition:
    """A condition without its names."""
    return replace(condition, name="", name_en="")


def test_the_lists_differ_from_the_national_standard_only_where_their_documents_do() -> None:
    assert differences(standard("akqi-2022")) == {"G7", "Q4"}
    assert differences(standard("fushun-2020")) == set()
    assert differences(standard("urumqi-2022")) == set()
    scored = {"G1", "G15-care", "Q3-charter", "Q3-digital", "Q5-teaching", "Q5-equipment", "Q6-moral", "Q6-culture"}
    scored |= {"Q7-curriculum", "Q7-practice", "Q8"}
    # Its third part of G2 asks for more than one standard of funds.
    assert differences(standard("xingguo-2023")) == {"G4", "G2-funds"} | scored


def test_all_lists_weight_and_split_alike_but_fushun_with_its_kindergartens() -> None:
    for code in LISTS.values():
        found = standard(code)
        assert (found.weighting, found.unit) == (Weighting.STUDENTS, standard().unit)
        more = {"kindergarten": Decimal("1.1")} if code == "fushun-2020" else {}
        assert found.weights == {**standard().weights, **more}


def test_the_form_of_jiangxi_has_27_a_items_and_11_b_items_with_their_points() -> None:
    items = standard("xingguo-2023").items
    assert [item.grade for item in items].count("A") == 27
    assert {item.code: item.points for item in items if item.grade == "B"} == B_POINTS
    assert sum(B_POINTS.values()) == 100
    assert all(sum(part.points or 0 for part in item.parts) == item.points for item in items if item.points)
    assert standard("xingguo-2023").pass_points == 90
    assert len(standard("xingguo-2023").vetoes) == 7


def test_the_relaxation_of_xingguo_is_off() -> None:
    relaxation = standard("xingguo-2023").conditions["G4"].relaxation
    assert relaxation is not None
    assert (relaxation.on, relaxation.share) == (False, Decimal("1.2"))
    assert standard("xingguo-2023").conditions["Q9-difference"].sense is Sense.BELOW


def test_every_national_item_says_in_which_words_a_task_serves_it() -> None:
    items = read_framework_seed(ROOT / "seeds" / "frameworks" / "national.yaml").indicators
    national = {item.code: item.words for item in items if item.words}
    assert list(national) == NATIONAL
    assert all(len(words) == len(set(words)) for words in national.values())
    assert {"运动场", "体育场馆", "操场"} <= set(national["R5"])


def test_every_condition_of_an_item_with_several_has_its_own_name_in_both_languages() -> None:
    for item in standard().items:
        names = [(each.name, each.name_en) for each in item.conditions]
        assert len(set(names)) == len(names)
        assert all(name and name_en for name, name_en in names)
    assert all(each.name and each.name_en for each in standard().figures)


def test_every_figure_of_the_national_standard_is_asked_for() -> None:
    asked = {code for each in standard().conditions.values() for code in each.figures}
    assert [each.code for each in standard().figures if each.code not in asked] == []


@pytest.mark.parametrize("name", LISTS)
def test_every_bound_of_schools_stands_in_the_document(name: str) -> None:
    conditions = standard(LISTS[name]).conditions.values()
    for each in conditions:
        if each.of is not Subject.UNIT:
            continue
        numbers = [f"{number.normalize():f}" for number in each.bounds.values()]
        assert [number for number in numbers if not stands_as_number(number, name)] == []


@pytest.mark.parametrize("name", ["fushun", "urumqi", "xingguo"])
def test_the_limits_of_the_coefficients_stand_in_the_document(name: str) -> None:
    limits = {f"{number:f}" for each in standard(LISTS[name]).conditions.values() for number in each.spread.values()}
    assert limits == {"0.50", "0.45"}
    assert [limit for limit in limits if not stands_as_number(limit, name)] == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("akqi", "不低于教师工资总额的1.5%安排教师培训专项经费"),
        ("fushun", "附设幼儿班的要按人数1:1.1对4、5、6、7项数据进行拆分"),
        ("fushun", "每所学校至少6项指标达到上述要求,余项不能低于要求的85%"),
        ("xingguo", "2018年9月前已建成"),
        ("xingguo", "控制在上述标准的120%以内"),
        ("xingguo", "校际差异率小于或等于0.15"),
        ("xingguo", "校际差异率低于0.15"),
        ("xingguo", "“A”类指标27项,必须达到;“B”类指标11项,进行量化计分,总分为100分,90分以上为达标"),
    ],
)
def test_what_is_local_is_written_so_in_the_document(name: str, words: str) -> None:
    assert stands(words, name)


def test_akqi_limits_no_coefficient_and_keeps_the_national_limits() -> None:
    assert not stands_as_number("0.50", "akqi")
    assert standard("akqi-2022").conditions["R1"].spread == standard().conditions["R1"].spread


def test_akqi_leaves_out_special_schools() -> None:
    annex = document("akqi")
    assert "特殊教育学校生均公用经费" not in annex[annex.index("政府保障程度方面") :]


def test_the_points_of_xingguo_stand_in_the_document() -> None:
    points = {f"({part.points:f}分)" for item in standard("xingguo-2023").items for part in item.parts if part.points}
    assert {each for each in points if each not in document("xingguo")} == set()


@pytest.mark.parametrize(("name", "most"), [("akqi", 31), ("fushun", 32), ("urumqi", 32), ("xingguo", 38)])
def test_a_list_is_as_long_as_that_of_its_document(name: str, most: int) -> None:
    found = own_list(name)
    assert found is not None
    assert len(found.indicators) == most
    if name == "xingguo":
        numbers = {int(each) for each in re.findall(r"(?<![\d.])(\d{1,2})\.[^\d]", document(name))}
        assert set(range(1, 39)) <= numbers


def test_the_words_propose_most_links_of_the_plans_and_few_others() -> None:
    items = read_framework_seed(ROOT / "seeds" / "frameworks" / "national.yaml").indicators
    right = wrong = missed = 0
    for name in (*LISTS, "xiji"):
        for task in seed(name).tasks:
            text = task.title + task.requirement
            proposed = {item.code for item in items if any(word in text for word in item.words)}
            right += len(proposed & set(task.indicators))
            wrong += len(proposed - set(task.indicators))
            missed += len(set(task.indicators) - proposed)
    assert right / (right + wrong) > 0.85
    assert right / (right + missed) > 0.7
