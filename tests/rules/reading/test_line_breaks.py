"""Whether a line goes on in the next one."""

from __future__ import annotations

import pytest

from tracker.rules.reading.line_breaks import goes_on, is_page_number, opens_something, wrap_width

CUT = [
    ("1. 每千名村民拥有全科医生数：平原、山区分别达到", "2人以上；"),
    ("各村要落实管护责任，建立台账，定期检查，发现问题及", "时整改。"),
    ("关于印发《清河县农村公路建设", "实施方案（2024—2030年）》的通知"),
    ("（责任领导：张某某、", "李某某，责任单位：交通局）"),
    ("3.每个乡镇建成标准化卫生院的数量（含中心卫生院）:", "平原、山区均达到1所以上;"),
    ("加强组织领导，由县政府和", "各乡镇共同落实"),
]
WHOLE = [
    ("（一）加强组织领导，健全工作机制", "成立领导小组，统筹推进各项工作。"),
    ("牵头单位：县交通运输局", "配合单位：县财政局、县自然资源局"),
    ("配合单位：县财政局、县自然资源局、县农业农村局、县水利局", "各单位要认真落实。"),
    ("清河县农村公路建设", "实施方案"),
    ("县发展改革局局长", "县教育局局长"),
    ("清河县人民政府办公室，清河县交通运输局办公室", "2024年5月6日"),
    ("清政办发〔2024〕12号", "关于印发《清河县农村公路建设实施方案》的通知。"),
    ("到2025年，全县等级公路里程达到1200公里", "2.完善管护机制。"),
    ("到2025年，全县等级公路里程达到1200公里，", "（牵头单位：县交通运输局）"),
    ("落实管护责任，建立管护台账，定期组织检查", "县财政局：统筹安排资金。"),
]


@pytest.mark.parametrize(("line", "following"), CUT)
def test_a_line_cut_in_mid_sentence_goes_on(line: str, following: str) -> None:
    assert goes_on(line, following, full=False, wrapped=False)


@pytest.mark.parametrize(("line", "following"), WHOLE)
def test_a_line_that_is_whole_does_not(line: str, following: str) -> None:
    assert not goes_on(line, following, full=False, wrapped=False)


@pytest.mark.parametrize(
    ("line", "following"),
    [
        ("小学、初中分别达到", "4.2人以上、5.3人以上。"),
        ("每个乡镇都要建立台账。", "县里按月检查"),
        ("（牵头单位：县交通运输局；", "配合单位：县财政局）"),
        ("（①建成主干道；②建成支线；", "③建成候车亭）"),
    ],
)
def test_a_full_line_of_a_wrapped_text_goes_on(line: str, following: str) -> None:
    assert goes_on(line, following, full=True, wrapped=True)


def test_a_full_line_ends_before_an_item_a_label_or_an_indent() -> None:
    assert not goes_on("各乡镇都要落实管护责任", "（二）完善机制。", full=True, wrapped=True)
    assert not goes_on("各乡镇都要落实管护责任", "责任单位：县交通运输局", full=True, wrapped=True)
    assert not goes_on("各乡镇都要落实管护责任。", "县里按月检查。", full=True, wrapped=True, starts=True)


def test_a_short_line_of_a_wrapped_text_ends_its_paragraph() -> None:
    assert not goes_on("二、总体要求，主要目标，基本原则和保障措", "坚持统筹规划。", full=False, wrapped=True)


@pytest.mark.parametrize(
    "text", ["— 3 —", "- 12 -", "第3页", "第 3 页 共 20 页", "3/12", "Page 3 of 10", "－　2　－", "·3·"]
)
def test_page_numbers_are_known(text: str) -> None:
    assert is_page_number(text.replace("－", "—").replace("　", " "))


@pytest.mark.parametrize("text", ["2024年", "3.5", "第3页表", "12人", "一、", "3"])
def test_other_numbers_are_no_page_numbers(text: str) -> None:
    assert not is_page_number(text)


@pytest.mark.parametrize("text", ["1.建立台账", "（2）建立台账", "附件1：", "责任单位：交通局", "• 建立台账"])
def test_items_labels_and_annexes_open_something(text: str) -> None:
    assert opens_something(text)


@pytest.mark.parametrize(
    "text", ["4.2人以上、5.3人以上。", "0.45；社会认可度", "2024年前完成", "题：一是资金不足", "建立台账"]
)
def test_figures_and_prose_do_not(text: str) -> None:
    assert not opens_something(text)


def test_the_width_of_a_wrapped_text_is_found_and_whole_paragraphs_have_none() -> None:
    wrapped = ["统" * 30] * 6 + ["筹" * 29] * 3 + ["结束。", "一、标题"]
    assert wrap_width(wrapped) == 60
    assert wrap_width(["统" * length for length in (300, 12, 45, 150, 8, 20, 22, 260)]) is None
    assert wrap_width(["统" * 30]) is None
