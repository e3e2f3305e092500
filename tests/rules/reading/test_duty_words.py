"""Units before a colon or at the beginning of a sentence, and what they are told."""

from __future__ import annotations

import pytest

from tracker.rules.reading.duty_words import duty_after_colon, duty_of_sentence, is_section_of_duties, title_of_duty


@pytest.mark.parametrize(
    ("text", "units", "words"),
    [
        ("县水务局：负责灌区改造。", ("县水务局",), "负责灌区改造。"),
        ("县水务局: 负责灌区改造。", ("县水务局",), "负责灌区改造。"),
        ("县水务局、县农业农村局：共同做好节水。", ("县水务局", "县农业农村局"), "共同做好节水。"),
        ("各乡镇：做好宣传。", ("各乡镇",), "做好宣传。"),
        ("团县委：组织志愿者。", ("团县委",), "组织志愿者。"),
    ],
)
def test_a_unit_before_a_colon_has_a_duty(text: str, units: tuple[str, ...], words: str) -> None:
    duty = duty_after_colon(text)
    assert duty is not None
    assert (duty.units, duty.words) == (units, words)


@pytest.mark.parametrize(
    "text",
    [
        "牵头单位：县水务局",
        "责任单位：县水务局、县财政局",
        "完成时限：2024年6月底前",
        "组 长：县长",
        "各乡镇人民政府，县政府各部门：",
        "具体措施如下：一是加强领导",
        "建设目标：到2025年灌溉水利用系数达到0.6",
        "县水务局负责灌区改造。",
    ],
)
def test_what_is_no_duty_has_none(text: str) -> None:
    assert duty_after_colon(text) is None


@pytest.mark.parametrize(
    ("sentence", "units"),
    [
        ("水务部门负责灌区改造和计量设施安装。", ("水务部门",)),
        ("编制、人社部门为基层水管站补充人员提供支持。", ("编制", "人社部门")),
        ("建设及自然资源部门把泵站用地纳入规划。", ("建设", "自然资源部门")),
        ("各乡镇、公安、水务、卫健等部门共同做好水源地保护。", ("各乡镇", "公安", "水务", "卫健")),
        ("其他相关部门根据各自职能配合。", ("其他相关部门",)),
        ("县政府督查室建立完善通报制度。", ("县政府督查室",)),
        ("宣传部门和灌区管理单位通过广播开展宣传。", ("宣传部门", "灌区管理单位")),
    ],
)
def test_a_sentence_tells_the_units_that_it_begins_with(sentence: str, units: tuple[str, ...]) -> None:
    duty = duty_of_sentence(sentence, takes_general=False)
    assert duty is not None
    assert duty.units == units


def test_everybody_is_told_only_under_a_heading_of_duties() -> None:
    sentence = "各有关部门要围绕目标制定措施。"
    assert duty_of_sentence(sentence, takes_general=False) is None
    duty = duty_of_sentence(sentence, takes_general=True)
    assert duty is not None
    assert duty.units == ("各有关部门",)


@pytest.mark.parametrize(
    "sentence",
    [
        "配合学校做好防溺水教育。",
        "会同县教育部门做好招聘。",
        "进一步加强灌区管理。",
        "落实以公办学校为主的入学政策。",
    ],
)
def test_a_sentence_that_begins_with_a_deed_tells_nobody(sentence: str) -> None:
    assert duty_of_sentence(sentence, takes_general=False) is None


def test_the_whole_name_of_a_unit_is_taken() -> None:
    duty = duty_of_sentence("县人力资源社会保障局负责培训。", takes_general=False)
    assert duty is not None
    assert duty.units == ("县人力资源社会保障局",)


@pytest.mark.parametrize("title", ["成员单位职责", "责任分工", "落实工作责任", "任务分解表"])
def test_a_heading_of_duties_is_known(title: str) -> None:
    assert is_section_of_duties(title)


def test_the_title_of_a_duty_is_its_units_and_first_clause() -> None:
    assert title_of_duty(("水务部门",), "负责灌区改造，安装计量设施。") == "水务部门：负责灌区改造"


def test_a_hostile_text_takes_no_long() -> None:
    assert duty_after_colon("局、" * 200_000) is None
    assert duty_of_sentence("局、" * 200_000, takes_general=True) is None
