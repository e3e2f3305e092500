"""What a task probably brings: read from its words and its project's figures, with a reason for each."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tracker.rules.proposals import (
    MOST_LINKS,
    PlannedBuilding,
    PlannedPart,
    PlannedProject,
    proposed_additions,
    proposed_links,
)
from tracker.rules.stages import Stage

WORDS = {"R5": ["运动场", "运动"], "R4": ["教学楼"], "G2": [""], "Q9": ["质量监测"]}
D = Decimal


def project(words: str = "建设项目", **figures: object) -> PlannedProject:
    """A project of one primary school."""
    values = {"parts": (PlannedPart(1, Stage.PRIMARY),)} | figures
    return PlannedProject(words, **values)  # type: ignore[arg-type]


def by_figure(planned: PlannedProject) -> dict[str, object]:
    """The amount of each figure that is proposed."""
    return {each.figure: each.amount for each in proposed_additions(planned)}


def test_a_word_of_the_task_proposes_the_indicator_and_is_the_reason() -> None:
    [link] = proposed_links("改造第三中学运动场", WORDS)
    assert (link.code, link.reason) == ("R5", "措施中提到“运动场”")
    assert proposed_links("召开会议", WORDS) == []
    assert [link.code for link in proposed_links("教学楼和运动场，国家质量监测", WORDS)] == ["Q9", "R5", "R4"]


def test_a_task_that_speaks_of_everything_is_linked_to_a_few() -> None:
    words = {f"G{number}": [f"词{number}。"] for number in range(9)}
    assert len(proposed_links("".join(word for each in words.values() for word in each), words)) == MOST_LINKS


def test_seats_and_classes_go_to_their_stage_and_a_room_is_assumed_for_each_class() -> None:
    planned = project(parts=(PlannedPart(1, Stage.JUNIOR, 2000, 40), PlannedPart(1, Stage.PRIMARY, None, 20)))
    found = {(each.figure, each.stage): each for each in proposed_additions(planned)}
    assert {key: each.amount for key, each in found.items()} == {
        ("seats", Stage.JUNIOR): D(2000),
        ("classes", Stage.JUNIOR): D(40),
        ("classes", Stage.PRIMARY): D(20),
        ("multimedia_rooms", None): D(60),
    }
    assert "假定" in found["multimedia_rooms", None].reason


@pytest.mark.parametrize(
    ("figures", "expected", "said"),
    [
        ({"sports_area_m2": D(1200)}, {"sports_ground_m2": D(1200)}, "运动场地1200㎡"),
        ({"buildings": (PlannedBuilding("教学楼", D(3100)),)}, {"teaching_area_m2": D(3100)}, "教学楼3100㎡"),
        (
            {"buildings": (PlannedBuilding("教学综合楼", D(2300)), PlannedBuilding("学生宿舍", D(1300)))},
            {"teaching_area_m2": D(2300)},
            "教学综合楼2300㎡",
        ),
        ({"buildings": (PlannedBuilding("学生宿舍楼", D(1700)),), "floor_area_m2": D(1700)}, {}, ""),
        ({"buildings": (PlannedBuilding("教学楼"),)}, {"teaching_area_m2": None}, "没有写全面积"),
        ({"floor_area_m2": D(28000)}, {"teaching_area_m2": None}, "未分用途"),
        ({"floor_area_m2": D(28000), "words": "建教学楼、宿舍楼"}, {"teaching_area_m2": None}, "含宿舍"),
        (
            {"words": "古龙岗中学宿舍楼项目", "buildings": (PlannedBuilding("综合楼", D(2450)),)},
            {"teaching_area_m2": None},
            "请核对",
        ),
        (
            {"buildings": (PlannedBuilding("教学综合楼含室内体育馆", D(6000)),)},
            {"teaching_area_m2": None, "indoor_sports_m2": None},
            "教学综合楼含室内体育馆6000㎡，其中既有",
        ),
        (
            {"buildings": (PlannedBuilding("教学楼", D(2000)), PlannedBuilding("体育馆及功能教室"))},
            {"teaching_area_m2": None, "indoor_sports_m2": None},
            "请分别填写",
        ),
        ({"buildings": (PlannedBuilding("风雨操场", D(900)),)}, {"indoor_sports_m2": D(900)}, "风雨操场"),
        ({"words": "拆旧建综合楼，改造运动场", "sports_area_m2": D(500)}, {"sports_ground_m2": D(500)}, "“改造”"),
        ({"words": "拆旧建综合楼，新建操场", "sports_area_m2": D(500)}, {"sports_ground_m2": D(500)}, "500㎡"),
    ],
)
def test_areas_are_proposed_as_far_as_the_plan_divides_them(
    figures: dict[str, object], expected: dict[str, object], said: str
) -> None:
    planned = project(**figures)  # type: ignore[arg-type]
    assert by_figure(planned) == expected
    assert all(said in each.reason for each in proposed_additions(planned))


def test_the_area_of_several_schools_is_left_to_the_office_for_each() -> None:
    planned = project(parts=(PlannedPart(1, Stage.PRIMARY), PlannedPart(2, Stage.JUNIOR)), sports_area_m2=D(900))
    found = proposed_additions(planned)
    assert [(each.school_id, each.amount) for each in found] == [(1, None), (2, None)]
    assert all("2所学校合计" in each.reason for each in found)


def test_what_a_moved_school_has_afterwards_is_not_what_it_gains() -> None:
    planned = project("均村中学整体搬迁", parts=(PlannedPart(1, Stage.JUNIOR, 2000, 40),), sports_area_m2=D(9))
    assert by_figure(planned) == {
        "seats": D(2000),
        "classes": None,
        "multimedia_rooms": None,
        "sports_ground_m2": None,
    }


def test_stages_that_are_not_divided_wait_for_the_office() -> None:
    planned = project(parts=(PlannedPart(1, Stage.NINE_YEAR, 900, 18),))
    assert {each.figure: (each.stage, each.amount) for each in proposed_additions(planned)} == {
        "seats": (None, None),
        "classes": (None, None),
        "multimedia_rooms": (None, D(18)),
    }


def test_a_project_without_a_school_adds_nothing() -> None:
    assert proposed_additions(project(parts=(), sports_area_m2=D(900), floor_area_m2=D(10))) == []


def test_keys_tell_every_proposal_of_a_task_apart() -> None:
    planned = project(parts=tuple(PlannedPart(school, stage, 1, 1) for school in (1, 2) for stage in list(Stage)[:3]))
    keys = [each.once for each in proposed_additions(planned)]
    assert len(keys) == len(set(keys)) == 14
    assert max(map(len, keys)) <= 64
