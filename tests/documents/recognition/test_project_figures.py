"""The figures of building projects, from titles and descriptions."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tracker.documents.plan_shape import ProjectSeed, SchoolSeed
from tracker.documents.recognition.project_figures import read_figures
from tracker.rules.stages import Stage
from tracker.rules.task_kinds import ProjectCategory


def project(title: str, requirement: str, *section: str) -> ProjectSeed:
    """The project that a text describes."""
    found = read_figures(title, requirement, section)
    assert found is not None
    return found.project


def test_two_schools_of_one_project_each_get_their_places() -> None:
    found = project(
        "青禾县第三中学、第三小学建设项目",
        "项目位于滨河路与学府路交叉口，占地约88.5亩；中学规划学位1500个，30个教学班；小学规划学位1800个，40个教学班。"
        "新建校舍总面积约38000平方米，计划投入资金1.2亿元。",
        "学校新建工程",
    )
    assert found.schools == [
        SchoolSeed("第三中学", Stage.JUNIOR, 1500, 30),
        SchoolSeed("第三小学", Stage.PRIMARY, 1800, 40),
    ]
    assert (found.land_mu, found.floor_area_m2, found.budget_yuan) == (Decimal("88.5"), Decimal(38000), 120_000_000)
    assert (found.site, found.category) == ("滨河路与学府路交叉口", ProjectCategory.NEW)


def test_buildings_are_told_by_their_use_and_grounds_apart_from_floors() -> None:
    found = project(
        "松岭中心小学综合楼项目",
        "在松岭中心小学校园内新建综合楼一栋，建筑面积2600平方米；学生宿舍1200平方米；改造运动场3000平方米，修建围墙200米，"
        "硬化道路500平方米。总投资960万元，其中中央资金600万元。",
        "扩容改造工程",
    )
    assert found.buildings == [("综合楼", Decimal(2600)), ("学生宿舍", Decimal(1200))]
    assert (found.floor_area_m2, found.sports_area_m2, found.budget_yuan) == (Decimal(3800), Decimal(3000), 9_600_000)
    assert (found.site, found.category) == ("松岭中心小学校园内", ProjectCategory.EXPANSION)


def test_a_township_stands_apart_from_the_site() -> None:
    found = project("石桥镇中学迁建项目", "项目位于石桥镇大坪村，占地60亩，总建筑面积12000平方米。")
    assert (found.town, found.site) == ("石桥镇", "大坪村")


def test_a_project_need_not_be_a_school() -> None:
    found = project("县人民医院门诊楼建设工程", "新建门诊楼1栋，建筑面积8000㎡，概算总投资5200万元。")
    assert (found.schools, found.buildings, found.budget_yuan) == ([], [("门诊楼", Decimal(8000))], 52_000_000)


def test_schools_listed_in_the_text_of_a_collective_project_are_named() -> None:
    found = project(
        "农村寄宿制学校建设项目", "在东岭中心小学、白沙中学、大湾九年一贯制学校等3个学校校园内实施宿舍楼工程。"
    )
    assert [(each.name, each.stage) for each in found.schools] == [
        ("东岭中心小学", Stage.PRIMARY),
        ("白沙中学", Stage.JUNIOR),
        ("大湾九年一贯制学校", Stage.NINE_YEAR),
    ]


def test_a_title_that_builds_needs_no_word_project() -> None:
    assert project("第五中学运动场改造", "改造运动场面积12600平方米").sports_area_m2 == Decimal(12600)
    assert project("建设标准厂房", "2025年10月底前竣工20万平方米。").floor_area_m2 == Decimal(200_000)
    assert project("实验小学综合楼项目", "建筑面积4800㎡，新增学位540个").schools[0].seats == 540


def test_two_totals_are_a_doubt() -> None:
    found = read_figures("东湖小学扩建项目", "计划投资800万元建设教学楼，投入资金1200万元建设食堂。")
    assert found is not None
    assert len(found.unsure) == 2


@pytest.mark.parametrize(
    ("title", "requirement"),
    [
        ("教师招聘", "拓宽教师招聘渠道，逐年补齐紧缺学科教师。"),
        ("完善经费保障机制", "落实生均公用经费，特殊教育学校不低于6000元，安排培训经费200万元。"),
        ("校园文化建设", "推进一校一品建设。"),
        ("配备专用教室", "每间音乐专用教室面积不小于96平方米，每间美术专用教室面积不小于90平方米。"),
        ("加强项目管理", "谋划储备一批项目。"),
    ],
)
def test_work_that_builds_nothing_is_no_project(title: str, requirement: str) -> None:
    assert read_figures(title, requirement) is None


@pytest.mark.parametrize(
    ("words", "seats"),
    [
        ("新建城东小学、城西小学，分别新增学位900个、600个。", [900, 600]),
        ("新建城东小学、城西小学，新增学位900个、600个。", [None, None]),
    ],
)
def test_numbers_go_to_schools_in_turn_only_where_the_words_say_so(words: str, seats: list[int | None]) -> None:
    assert [school.seats for school in project("新建城东小学、城西小学", words).schools] == seats


def test_what_stands_already_is_not_what_is_built() -> None:
    found = project("扩建城东小学", "城东小学现有学位900个、原有校舍3000平方米，扩建教学楼2000平方米，新增学位600个。")
    assert (found.schools[0].seats, found.floor_area_m2) == (600, Decimal(2000))


def test_parts_that_come_to_the_whole_are_not_counted_twice() -> None:
    found = project("新建城北九年一贯制学校", "建设48个教学班，小学部24个教学班，初中部24个教学班，新增学位2280个。")
    assert (found.schools[0].classes, found.schools[0].seats) == (48, 2280)


def test_works_on_a_class_of_schools_name_no_school() -> None:
    assert project("乡镇中心幼儿园改造项目", "改造12所乡镇中心幼儿园，建筑面积6400平方米，投资1280万元。").schools == []


def test_an_area_of_several_buildings_together_is_the_floor_area() -> None:
    found = project("改扩建第二中学", "新建教学楼、学生宿舍共12500平方米，增加学位600个，投资4860万元。")
    assert found.floor_area_m2 == Decimal(12500)
