"""People among units and posts."""

from __future__ import annotations

import pytest

from tracker.rules.reading.people import is_person, people_of, without_people


@pytest.mark.parametrize(
    ("words", "people"),
    [
        ("张三、李四", ["张三", "李四"]),
        ("张 三", ["张三"]),
        ("张三 李四", ["张三", "李四"]),
        ("副县长张三", ["张三"]),
        ("张三副县长", ["张三"]),
        ("副县长 张三", ["张三"]),
        ("县委常委、副县长张三", ["张三"]),
        ("局长：王五", ["王五"]),
        ("王五同志 0578-1234567", ["王五"]),
        ("欧阳修文", ["欧阳修文"]),
        ("阿依古丽·买买提", ["阿依古丽·买买提"]),
        ("", []),
    ],
)
def test_people_are_named_without_their_posts(words: str, people: list[str]) -> None:
    assert people_of(words) == people


@pytest.mark.parametrize(
    ("name", "unit", "people"),
    [
        ("县水务局（王五）", "县水务局", ["王五"]),
        ("县水务局（王五 13800000000）", "县水务局", ["王五"]),
        ("县水务局（王五、赵六）", "县水务局", ["王五", "赵六"]),
        ("县住建局（县人防办）", "县住建局（县人防办）", []),
        ("县水务局（规划股）", "县水务局（规划股）", []),
    ],
)
def test_a_bracket_behind_a_unit_may_name_its_people(name: str, unit: str, people: list[str]) -> None:
    assert without_people(name) == (unit, people)


@pytest.mark.parametrize(("name", "is_one"), [("李敏", True), ("王建国", True), ("公安", False), ("县水务局", False)])
def test_a_person_bears_a_surname(name: str, is_one: bool) -> None:
    assert is_person(name) is is_one
