"""The heads of columns: a case for each wording."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tracker.rules.reading.columns import Column, column_of, head_of_column


@pytest.mark.parametrize(
    ("words", "column"),
    [
        ("序号", Column.NUMBER),
        ("项目类别", Column.GROUP),
        ("指标类别", Column.GROUP),
        ("重点领域", Column.GROUP),
        ("一级指标", Column.GROUP),
        ("三级指标", Column.SUBITEM),
        ("子项目\n名  称", Column.SUBITEM),
        ("重点任务", Column.ITEM),
        ("工作事项", Column.ITEM),
        ("指标名称", Column.ITEM),
        ("项目内容", Column.CONTENT),
        ("建设规模及内容", Column.CONTENT),
        ("主要建设内容", Column.CONTENT),
        ("整改措施", Column.CONTENT),
        ("评估要点", Column.CONTENT),
        ("2025年目标值", Column.CONTENT),
        ("牵头单位", Column.LEAD),
        ("主办部门", Column.LEAD),
        ("协办单位", Column.COOPERATING),
        ("参与部门", Column.COOPERATING),
        ("责任单位", Column.RESPONSIBLE),
        ("责任科室", Column.RESPONSIBLE),
        ("牵头单位及责任单位", Column.RESPONSIBLE),
        ("责任单位及责任人", Column.RESPONSIBLE),
        ("县级责任领导", Column.OFFICIAL),
        ("责任人", Column.OFFICIAL),
        ("完成时限", Column.DEADLINE),
        ("时间节点", Column.DEADLINE),
        ("建设年限", Column.DEADLINE),
        ("竣工时间", Column.DEADLINE),
        ("开工时间", Column.STARTS),
        ("总投资（万元）", Column.BUDGET),
        ("占地面积（亩）", Column.LAND),
        ("建筑面积（㎡）", Column.FLOORS),
        ("运动场面积（平方米）", Column.SPORTS),
        ("新增学位（个）", Column.SEATS),
        ("班数", Column.CLASSES),
        ("建设地点", Column.SITE),
        ("建设性质", Column.NATURE),
        ("其中县级配套", Column.BUDGET),
        ("联系电话", Column.PERSON),
        ("备注", Column.REMARK),
        ("第一季度", Column.CONTENT),
        ("督查单位", Column.REMARK),
        ("乡镇责任单位", Column.RESPONSIBLE),
        ("牵头处（科）室", Column.LEAD),
        ("支持单位", Column.COOPERATING),
        ("分管县领导", Column.OFFICIAL),
        ("时限清单", Column.DEADLINE),
        ("措施清单", Column.CONTENT),
        ("责任清单", Column.RESPONSIBLE),
        ("指标\n性质", Column.GRADE),
        ("分值", Column.POINTS),
        ("小学最低要求", Column.PRIMARY),
    ],
)
def test_a_head_tells_its_column(words: str, column: Column) -> None:
    assert column_of(words) is column


@pytest.mark.parametrize("words", ["", "天气", "县教育局、县财政局", "2024年12月底前完成主体工程。", "张三"])
def test_other_words_are_no_head(words: str) -> None:
    assert column_of(words) is None


def test_the_lower_of_two_rows_decides_and_the_upper_helps() -> None:
    assert head_of_column("责任分工", "牵头").column is Column.LEAD
    assert head_of_column("投资（万元）", "中央资金").column is Column.BUDGET
    assert head_of_column("投资（万元）", "中央资金").is_part
    assert not head_of_column("投资（万元）", "合计").is_part


def test_a_head_names_the_scale_of_its_figures() -> None:
    assert head_of_column("总投资（亿元）").scale == Decimal(10**8)
    assert head_of_column("投资（万元）").scale == Decimal(10**4)
    assert head_of_column("完成时限").scale is None


def test_a_head_may_say_that_the_first_unit_leads() -> None:
    assert head_of_column("责任单位（排第一位的为牵头单位）").first_leads
    assert not head_of_column("责任单位").first_leads
