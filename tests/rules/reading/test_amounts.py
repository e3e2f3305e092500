"""Amounts in texts and in cells."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest

from tracker.rules.reading.amounts import Measure, amounts_in, figure_in, plain, scale_in


@pytest.mark.parametrize(
    ("words", "measure", "value"),
    [
        ("计划投入资金13440万元", Measure.MONEY, "134400000"),
        ("预算1.6亿元", Measure.MONEY, "160000000"),
        ("总投资 2,580.5 万元", Measure.MONEY, "25805000"),
        ("占地约141.93 亩", Measure.LAND, "141.93"),
        ("占地2公顷", Measure.LAND, "30"),
        ("总面积46900 平方米", Measure.AREA, "46900"),
        ("建筑面积1.2万平方米", Measure.AREA, "12000"),
        ("建筑面积3000㎡", Measure.AREA, "3000"),
        ("规划学位2000个", Measure.SEATS, "2000"),
        ("新增1500个学位", Measure.SEATS, "1500"),
        ("新增学位1.2万个", Measure.SEATS, "12000"),
        ("可容纳学生900人", Measure.SEATS, "900"),
        ("40个教学班", Measure.CLASSES, "40"),
        ("56个全寄宿制教学班", Measure.CLASSES, "56"),
        ("办学规模36个班", Measure.CLASSES, "36"),
        ("投资２００万元", Measure.MONEY, "2000000"),
    ],
)
def test_an_amount_comes_to_its_base_measure(words: str, measure: Measure, value: str) -> None:
    (amount,) = amounts_in(plain(words))
    assert (amount.measure, amount.value) == (measure, Decimal(value))


@pytest.mark.parametrize(
    "words",
    [
        "每间音乐专用教室面积不小于96平方米",
        "生均教学仪器设备值达到2000元以上",
        "小学每12个班级配备1间",
        "公用经费不低于6000元",
        "2023年12月",
    ],
)
def test_a_limit_or_an_average_is_no_amount(words: str) -> None:
    assert amounts_in(plain(words)) == ()


def test_places_and_classes_in_one_breath_stay_apart() -> None:
    found = amounts_in("规划学位2000个，40个教学班；小学规划学位2000个，45个教学班")
    assert [(each.measure, int(each.value)) for each in found] == [
        (Measure.SEATS, 2000),
        (Measure.CLASSES, 40),
        (Measure.SEATS, 2000),
        (Measure.CLASSES, 45),
    ]


@pytest.mark.parametrize(
    ("cell", "measure", "scale", "value"),
    [
        ("13440", Measure.MONEY, Decimal(10000), "134400000"),
        ("1.2亿元", Measure.MONEY, Decimal(10000), "120000000"),
        ("约 3,500", Measure.AREA, None, "3500"),
        ("40000㎡", Measure.LAND, None, "60"),
        ("1500个", Measure.SEATS, None, "1500"),
        ("36班", Measure.CLASSES, None, "36"),
        ("12 500", Measure.MONEY, Decimal(10000), "125000000"),
        ("1 200", Measure.AREA, None, "1200"),
    ],
)
def test_a_cell_of_figures_is_read_by_its_column(
    cell: str, measure: Measure, scale: Decimal | None, value: str
) -> None:
    assert figure_in(cell, measure, scale) == Decimal(value)


@pytest.mark.parametrize("cell", ["", "—", "待定", "按实际", "2024-2025", "3500-4000"])
def test_a_cell_without_a_figure_has_none(cell: str) -> None:
    assert figure_in(cell, Measure.MONEY, Decimal(1)) is None


@pytest.mark.parametrize(
    ("words", "measure", "scale"),
    [
        ("投资（万元）", Measure.MONEY, Decimal(10000)),
        ("单位：万元、平方米", Measure.MONEY, Decimal(10000)),
        ("单位：平方米、万元", Measure.MONEY, Decimal(10000)),
        ("单位：万元、平方米", Measure.AREA, Decimal(1)),
        ("建筑面积（万㎡）", Measure.AREA, Decimal(10000)),
        ("占地面积（公顷）", Measure.LAND, Decimal(15)),
        ("占地面积（亩）", Measure.MONEY, None),
        ("县教育局", Measure.MONEY, None),
    ],
)
def test_each_measure_takes_its_own_scale(words: str, measure: Measure, scale: Decimal | None) -> None:
    assert scale_in(words, measure) == scale


def test_land_in_square_metres_comes_to_mu() -> None:
    scale = scale_in("占地面积（平方米）", Measure.LAND)
    assert figure_in("40000", Measure.LAND, scale) == Decimal(60)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("总投资12 000万元", ["120000000"]),
        ("建筑面积28 000平方米", ["28000"]),
        ("原有学位900个，新增学位600个", ["600"]),
        ("现有建筑面积3000平方米，新建2000平方米", ["2000"]),
    ],
)
def test_amounts_with_spaces_count_whole_and_those_that_stand_not_at_all(text: str, values: list[str]) -> None:
    assert [each.value for each in amounts_in(plain(text))] == [Decimal(each) for each in values]


@pytest.mark.parametrize("hostile", ["1" * 300_000, "1," * 150_000, "学位" * 150_000, "1.1" * 100_000, " 1 " * 100_000])
def test_hostile_texts_take_no_time(hostile: str) -> None:
    start = time.process_time()
    amounts_in(plain(hostile))
    assert time.process_time() - start < 3
