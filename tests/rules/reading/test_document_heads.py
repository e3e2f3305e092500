"""The places, issuers and titles that the head of a document names."""

from __future__ import annotations

import pytest

from tracker.rules.reading.document_heads import (
    document_number,
    ends_as_title,
    goes_on_with_title,
    issuer_of_notice,
    region_of,
)


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("清河县农村供水保障实施方案", "清河县"),
        ("关于印发清河县农村供水保障实施方案的通知", "清河县"),
        ("清河县人民政府办公室", "清河县"),
        ("广州市农村供水保障方案", "广州市"),
        ("赣州市章贡区教育局", "章贡区"),
        ("江西省赣州市兴国县人民政府", "兴国县"),
        ("红河哈尼族彝族自治州蒙自市水务局", "蒙自市"),
        ("荆州市沙市区水利局", "沙市区"),
        ("苏州市河长制县区考核方案", "苏州市"),
        ("株洲市水利局", "株洲市"),
        ("徐州市铜山区水利局", "铜山区"),
        ("偏远山区供水方案", None),
        ("关于推进全省数字交通发展的实施意见", None),
        ("关于扎实推进县域义务教育优质均衡创建工作的通知", None),
        ("农村地区清洁取暖方案", None),
        ("全椒县河湖长制工作要点", "全椒县"),
    ],
)
def test_the_place_of_a_title_is_a_place(text: str, region: str | None) -> None:
    assert region_of(text) == region


@pytest.mark.parametrize("title", ["重点工作任务分解表", "三年行动", "2024年工作安排", "应急预案", "任务清单的通知"])
def test_titles_end_in_many_ways(title: str) -> None:
    assert ends_as_title(title)


@pytest.mark.parametrize(
    ("line", "goes_on"),
    [("实施方案（2024—2026年）的通知", True), ("工作方案", True), ("一、总体要求", False), ("各乡镇人民政府：", False)],
)
def test_the_end_of_a_title_on_its_own_line_is_known(line: str, goes_on: bool) -> None:
    assert goes_on_with_title(line) is goes_on


def test_the_body_before_a_notice_issues_it() -> None:
    assert issuer_of_notice("国务院办公厅关于印发冷链物流发展规划的通知") == "国务院办公厅"
    assert issuer_of_notice("关于印发冷链物流发展规划的通知") is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("清政发〔2024〕5号", "清政发〔2024〕5号"),
        ("（清政发〔2024〕5号）", "清政发〔2024〕5号"),
        ("清政发﹝2024﹞5号", "清政发﹝2024﹞5号"),
        ("清政办〔2024〕12号        签发人：张三", "清政办〔2024〕12号"),
        ("根据清政发〔2024〕5号文件", None),
    ],
)
def test_the_number_of_a_document_is_known_in_any_brackets(text: str, number: str | None) -> None:
    assert document_number(text) == number
