"""How a cell of a file of nodes and payments is read, and what is wrong with it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tracker.rules.money import MoneyKind, MoneySource
from tracker.rules.project_rows import (
    DONE,
    EXPECTED,
    HEADS,
    KEY,
    KIND_WORDS,
    MARKED,
    MONEY,
    MONEY_HEADS,
    NODE_HEADS,
    NODES,
    ON,
    PLANNED,
    REQUIRED,
    SOURCE_WORDS,
    CellFault,
    Fault,
    MoneyLine,
    MoneyRow,
    NodeLine,
    ProjectSheet,
    empty_entries,
    in_wan,
    read_day,
    read_kind,
    read_number,
    read_source,
    read_year,
    read_yuan,
    same_name,
)

TODAY = date(2026, 3, 6)
DAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("text", "head", "read"),
    [
        ("2026-03-01", PLANNED, DAY),
        (" 2026/3/1 ", DONE, DAY),
        ("2026.3.1", EXPECTED, DAY),
        ("2026年3月1日", ON, DAY),
        ("2026-03-01T00:00:00", PLANNED, DAY),
        ("2026年2月", PLANNED, date(2026, 2, 28)),
        ("2028-02", EXPECTED, date(2028, 2, 29)),
        ("2026年2月", DONE, CellFault.DAY_WANTED),
        ("2026-02", ON, CellFault.DAY_WANTED),
        ("2026年0月", PLANNED, CellFault.NO_DAY),
        ("2026-13", PLANNED, CellFault.NO_DAY),
        ("2026-02-30", PLANNED, CellFault.NO_DAY),
        ("三月底", PLANNED, CellFault.NO_DAY),
        ("", PLANNED, CellFault.NO_DAY),
        ("45000", PLANNED, CellFault.NO_DAY),
        ("1948-12-31", PLANNED, CellFault.TOO_EARLY),
        ("1949-01-01", PLANNED, date(1949, 1, 1)),
        ("2100-12-31", PLANNED, date(2100, 12, 31)),
        ("2101-01-01", PLANNED, CellFault.NO_DAY),
        ("2026-03-06", DONE, TODAY),
        ("2026-03-07", DONE, CellFault.TO_COME),
        ("2026-03-07", ON, CellFault.TO_COME),
        ("2026-03-07", EXPECTED, date(2026, 3, 7)),
    ],
)
def test_a_cell_is_a_day_that_its_column_can_take(text: str, head: str, read: date | CellFault) -> None:
    assert read_day(text, head, TODAY) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("12.5", 125_000),
        ("-12.5", -125_000),
        ("1,200", 12_000_000),
        ("1.2亿元", 120_000_000),
        ("56000元", 56_000),
        ("0.0001", 1),
        ("0", CellFault.ZERO),
        ("0.00001", CellFault.FRACTION),
        ("很多", CellFault.NO_AMOUNT),
        ("", CellFault.NO_AMOUNT),
        ("100000000000", CellFault.TOO_LARGE),
    ],
)
def test_a_cell_is_an_amount_in_whole_yuan(text: str, read: int | CellFault) -> None:
    assert read_yuan(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026", 2026), ("2026年", 2026), ("2026年度", 2026), (" 2026度 ", 2026), ("1949", 1949), ("2100", 2100),
        ("1948", CellFault.NO_YEAR), ("2101", CellFault.NO_YEAR), ("26", CellFault.NO_YEAR), ("", CellFault.NO_YEAR),
        ("2026-03", CellFault.NO_YEAR),
    ],
)  # fmt: skip
def test_a_cell_is_a_year(text: str, read: int | CellFault) -> None:
    assert read_year(text) == read


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", 1), ("999999999", 999_999_999), ("1000000000", None), ("0", None), ("-1", None), ("1.0", None), ("", None),
     ("１", None), ("²", None)],
)  # fmt: skip
def test_a_cell_is_the_number_of_an_entry(text: str, number: int | None) -> None:
    assert read_number(text) == (CellFault.NO_NUMBER if number is None else number)


def test_every_kind_and_source_is_read_as_it_is_written() -> None:
    assert [read_kind(word) for word in KIND_WORDS.values()] == list(MoneyKind)
    assert [read_source(word) for word in SOURCE_WORDS.values()] == list(MoneySource)
    assert [read_kind(each.value.upper()) for each in MoneyKind] == list(MoneyKind)
    assert [read_source(f" {each.value} funds") for each in MoneySource] == list(MoneySource)
    assert (read_kind(" 拨付 "), read_source("债券")) == (MoneyKind.ALLOCATED, MoneySource.BOND)
    assert (read_kind("借款"), read_kind("")) == (CellFault.NO_KIND,) * 2
    assert (read_source("海外"), read_source("")) == (CellFault.NO_SOURCE,) * 2


@pytest.mark.parametrize(
    ("yuan", "wan"), [(10_000, 1), (125_000, Decimal("12.5")), (1, Decimal("0.0001")), (-34_000_000, -3400)]
)
def test_money_stands_in_the_file_exactly_and_is_read_back(yuan: int, wan: int | Decimal) -> None:
    assert in_wan(yuan) == wan
    assert type(in_wan(yuan)) is type(wan)
    assert read_yuan(str(in_wan(yuan))) == yuan


def test_a_line_has_a_value_for_every_head() -> None:
    node = NodeLine("xg-1", "第九小学", "开工", DAY, DAY, None, DAY, invented=True)
    assert node.values() == ["xg-1", "第九小学", "开工", DAY, DAY, None, DAY, None, MARKED]
    entry = MoneyLine("xg-1", "第九小学", MoneyKind.PAID, 125_000, DAY, None, MoneySource.BOND, "甲", None, 7)
    assert entry.values() == [
        "xg-1", "第九小学", "支付", Decimal("12.5"), DAY, None, "专项债券", "甲", None, 7, None,
    ]  # fmt: skip
    assert (len(node.values()), len(entry.values())) == (len(NODE_HEADS), len(MONEY_HEADS))
    lines = [node, NodeLine("xg-1", "第九小学", "投用"), NodeLine("xg-2", "第十小学", "开工")]
    empty = empty_entries(lines)
    assert [row[:2] for row in empty] == [["xg-1", "第九小学"], ["xg-2", "第十小学"]]
    assert {(len(row), *row[2:]) for row in empty} == {(len(MONEY_HEADS), *[None] * (len(MONEY_HEADS) - 2))}


def test_what_is_required_stands_among_the_heads() -> None:
    assert all(set(REQUIRED[sheet]) <= set(HEADS[sheet]) for sheet in (NODES, MONEY))


def test_two_entries_are_one_where_a_file_cannot_tell_them_apart() -> None:
    entry = MoneyRow(2, "xg-1", "第九小学", MoneyKind.PAID, 5, DAY, payee="甲 公司", note="退回\n多付的")
    same = MoneyRow(9, "xg-1", "", MoneyKind.PAID, 5, DAY, payee="甲公司", note="退回 多付的", number=3)
    assert entry.said == same.said
    for other in ({"amount_yuan": 6}, {"on": None}, {"payee": "乙公司"}, {"source": MoneySource.BOND}):
        assert MoneyRow(**(vars(entry) | other)).said != entry.said
    assert (same_name(None), same_name(" 甲\t公\n司 ")) == ("", "甲公司")


def test_a_fault_names_the_letter_of_its_column() -> None:
    sheet = ProjectSheet({NODES: {KEY: "B"}})
    assert sheet.fault(NODES, 3, KEY, CellFault.MISSING) == Fault(NODES, 3, "B", KEY, CellFault.MISSING)
    assert sheet.fault(MONEY, 3, KEY, CellFault.MISSING, "x").column == ""
