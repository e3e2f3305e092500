"""Reading a framework from a seed file: what stands there, and every fault by place."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.documents.test_plan_seed import GOOD as PLAN
from tests.documents.test_plan_seed import swap
from tests.documents.test_plan_seed import written as plan_written
from tests.rules.seeded import standard
from tracker.documents.framework_seed import read_framework_seed, standard_from
from tracker.documents.plan_seed import read_plan_seed
from tracker.documents.yaml_rows import SeedError
from tracker.settings import ROOT

GOOD = """\
framework:
  code: small
  name: 试行办法
  name_en: Trial
terms:
  unit: {conditions: [area], needed: 1, floor: "0.85", least_students: 50}
  pass_points: "90"
figures:
  - {code: rotated, name: 轮岗教师, unit: 人}
  - {code: fair, name: 公平, question: true}
indicators:
  - code: "1.10"
    number: "1"
    title: 用房
    group: 资源
    requirement: 每生四平方米
    words: [教学楼, 校舍]
    conditions:
      - {code: area, of: unit, plus: [teaching_area_m2], per: [students], at_least: {all: "4.0"}, divided: true}
  - code: "2"
    title: 公平
    group: 保障
    kind: B
    points: 5
    conditions:
      - {code: fair, of: county, asks: fair}
    parts: [{number: "1", text: 公平, points: 5, condition: fair}]
  - {code: "3", title: 轮岗, group: 保障, national: G11}
vetoes:
  - {number: "1", title: 弄虚作假}
"""


def written(folder: Path, content: str) -> Path:
    """A seed file with this content."""
    path = folder / "small.yaml"
    path.write_text(content, encoding="utf-8")
    return path


def test_a_framework_is_read_as_it_is_written(tmp_path: Path) -> None:
    seed = read_framework_seed(written(tmp_path, GOOD))
    assert (seed.file, seed.code, seed.name, seed.name_en) == ("small.yaml", "small", "试行办法", "Trial")
    assert seed.terms["unit"] == {"conditions": ["area"], "needed": 1, "floor": "0.85", "least_students": 50}
    assert [each.get("question") for each in seed.figures] == [None, True]
    first, second, third = seed.indicators
    assert (first.code, first.number, first.words, first.requirement) == (
        "1.10",
        "1",
        ["教学楼", "校舍"],
        "每生四平方米",
    )
    assert first.conditions == [
        {
            "code": "area",
            "of": "unit",
            "plus": ["teaching_area_m2"],
            "per": ["students"],
            "at_least": {"all": "4.0"},
            "divided": True,
        }
    ]
    assert (second.grade, second.points, second.parts[0].condition) == ("B", Decimal(5), "fair")
    assert (third.national, third.conditions) == ("G11", None)
    assert seed.vetoes == [("1", "弄虚作假")]


def test_its_standard_takes_the_rest_from_the_national_one(tmp_path: Path) -> None:
    found = standard_from(read_framework_seed(written(tmp_path, GOOD)), standard())
    assert set(found.conditions) == {"area", "fair", "G11-rotated", "G11-backbone"}
    assert found.unit.needed == 1


@pytest.mark.parametrize(
    ("old", "new", "place", "mend"),
    [
        ("name: 试行办法", "title: 试行办法", "framework, title: unknown field", "correct the name"),
        ("code: small\n", "code: 小\n", "framework, code: '小' is no code", "letter or digit"),
        ("kind: B", "kind: C", "indicators 2 (2), kind: 'C'", "choose one of A, B"),
        ("words: [教学楼, 校舍]", "words: 教学楼", "indicators 1 (1.10), words", "write [a, b]"),
        ('code: "3"', 'code: "2"', "indicators, code: '2' stands twice", "its own"),
        ("vetoes:", "veto:", "veto: unknown field", "remove it"),
    ],
)
def test_a_fault_of_its_form_is_named_by_place(tmp_path: Path, old: str, new: str, place: str, mend: str) -> None:
    with pytest.raises(SeedError) as caught:
        read_framework_seed(written(tmp_path, swap(old, new)(GOOD)))
    assert place in str(caught.value)
    assert mend in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("divided: true", "divided: maybe", "small.yaml, indicators (1.10), conditions 1 (area), divided: 'maybe'"),
        ('{all: "4.0"}', "{all: four}", "small.yaml, indicators (1.10), conditions 1 (area), at_least, all: 'four'"),
        ("asks: fair", "asks: rotated", "small.yaml, indicators (2), conditions 1 (fair), asks: 'rotated' names no"),
        ("condition: fair", "condition: fear", "small.yaml, indicators (2), parts (1), condition: 'fear' names no"),
        ("conditions: [area]", "conditions: [R1]", "small.yaml, terms, unit, conditions: 'R1' names no condition"),
    ],
)
def test_a_fault_of_what_it_asks_is_named_by_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    seed = read_framework_seed(written(tmp_path, swap(old, new)(GOOD)))
    with pytest.raises(SeedError) as caught:
        standard_from(seed, standard())
    assert message in str(caught.value)


def test_a_framework_without_items_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SeedError, match="the framework has none: add what it asks for"):
        read_framework_seed(written(tmp_path, "framework: {code: small, name: 试行}\n"))


def test_a_plan_names_one_list_or_brings_its_own(tmp_path: Path) -> None:
    head, rest = PLAN.split("indicators:\n", 1)
    tail = rest[rest.index("reported:") :]
    named = swap("  code: small-2023\n", "  code: small-2023\n  framework: national\n")(head)
    assert read_plan_seed(plan_written(tmp_path, named + tail)).framework == "national"
    with pytest.raises(SeedError, match="plan, framework: a plan judges by one list"):
        read_plan_seed(plan_written(tmp_path, f"{named}indicators:\n{rest}"))


def test_a_list_inside_a_plan_may_say_what_it_asks(tmp_path: Path) -> None:
    asks = swap("    kind: B\n", "    kind: B\n    conditions: [{code: fair, of: county, asks: layout_reasonable}]\n")
    [item] = read_plan_seed(plan_written(tmp_path, asks(PLAN))).indicators
    assert item.conditions == [{"code": "fair", "of": "county", "asks": "layout_reasonable"}]


@pytest.mark.parametrize("path", sorted((ROOT / "seeds" / "frameworks").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_seed_is_named_by_its_code_and_can_be_read(path: Path) -> None:
    seed = read_framework_seed(path)
    assert seed.code == path.stem
    assert standard_from(seed, None if seed.code == "national" else standard()).items
