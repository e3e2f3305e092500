"""A file of nodes and payments: read as people write it, its faults by cell, and back as it was written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from tests.documents.test_unit_sheet import remade
from tracker.documents.office_archive import LARGEST_FILE, Refusal, SheetRefused
from tracker.documents.plan_limits import longest
from tracker.documents.project_sheet import project_book, read_project_sheet
from tracker.documents.sheet_cells import MOST_ROWS
from tracker.models import MoneyEntry
from tracker.rules.money import MoneyKind, MoneySource
from tracker.rules.project_rows import (
    AMOUNT,
    DONE,
    EXPECTED,
    HEADS,
    KEY,
    KIND,
    LONGEST_PAYEE,
    MONEY,
    MONEY_HEADS,
    NODE,
    NODE_HEADS,
    NODES,
    NOTE,
    NUMBER,
    ON,
    PAYEE,
    PLANNED,
    REASON,
    SOURCE,
    SOURCE_WORDS,
    TITLE,
    YEAR,
    CellFault,
    MoneyLine,
    NodeLine,
    ProjectSheet,
)

TODAY = date(2026, 3, 6)
NOW = datetime(2026, 3, 6, 1, 0, tzinfo=UTC)
Line = Mapping[str, Any]


def node(name: str = "开工", key: str = "xg-1", **days: Any) -> dict[str, Any]:
    """A line of a node; days by ``planned``, ``expected``, ``done``, and the ``reason``."""
    heads = {"planned": PLANNED, "expected": EXPECTED, "done": DONE, "reason": REASON, "title": TITLE}
    return {KEY: key, NODE: name} | {heads[each]: value for each, value in days.items()}


def entry(kind: str = "支付", amount: Any = 12.5, on: Any = date(2026, 3, 1), key: str = "xg-1", **said: Any) -> Line:
    """A line of an entry of money."""
    heads = {"year": YEAR, "source": SOURCE, "payee": PAYEE, "note": NOTE, "number": NUMBER, "title": TITLE}
    return {KEY: key, KIND: kind, AMOUNT: amount, ON: on} | {heads[each]: value for each, value in said.items()}


def book(
    nodes: list[Any] | None = None, money: list[Any] | None = None, heads: Mapping[str, tuple[str, ...]] = HEADS
) -> bytes:
    """A file with these lines below the heads; a sheet without lines is left out."""
    work = Workbook()
    for each in list(work.worksheets):
        work.remove(each)
    for title, lines in ((NODES, nodes), (MONEY, money)):
        if lines is not None:
            page = work.create_sheet(title)
            named = heads.get(title, HEADS[title])
            page.append(named)
            for each in lines:
                page.append([each.get(head) for head in named])
    file = BytesIO()
    work.save(file)
    return file.getvalue()


def read(content: bytes, name: str = "工程.xlsx") -> ProjectSheet:
    """What is read from a file."""
    return read_project_sheet(BytesIO(content), name, TODAY)


def places(sheet: ProjectSheet) -> list[tuple[str, int, str, CellFault]]:
    """The faults by sheet, row and head."""
    return [(each.sheet, each.row, each.head, each.kind) for each in sheet.faults]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        (date(2026, 3, 31), date(2026, 3, 31)),
        (datetime(2026, 3, 31, 12, 30), date(2026, 3, 31)),
        ("2026-03-31", date(2026, 3, 31)),
        ("2026/3/31", date(2026, 3, 31)),
        ("2026.3.31", date(2026, 3, 31)),
        ("2026年3月31日", date(2026, 3, 31)),
        ("２０２６年３月３１日", date(2026, 3, 31)),
        ("2026年2月", date(2026, 2, 28)),
        ("2028-02", date(2028, 2, 29)),
        ("无", None),
        ("—", None),
    ],
)
def test_a_planned_day_is_read_as_people_write_it(written: object, day: date | None) -> None:
    sheet = read(book([node(planned=written)]))
    assert places(sheet) == []
    assert sheet.nodes[0].days == {PLANNED: day}


@pytest.mark.parametrize(
    ("written", "yuan"),
    [
        (3400, 34_000_000),
        (12.3456, 123_456),
        (0.1 + 0.2, 3000),
        (-80, -800_000),
        ("3,400", 34_000_000),
        ("1.2亿元", 120_000_000),
        ("56000元", 56_000),
        ("3400万元", 34_000_000),
        ("－12.5", -125_000),
    ],
)
def test_an_amount_is_read_with_its_unit(written: object, yuan: int) -> None:
    sheet = read(book(money=[entry(amount=written)]))
    assert places(sheet) == []
    assert sheet.money[0].amount_yuan == yuan


@pytest.mark.parametrize(
    ("word", "kind"),
    [("计划", "planned"), ("到位", "allocated"), ("支付", "paid"), ("Paid", "paid"), ("拨款", "allocated")],
)
def test_kinds_are_read_in_both_languages(word: str, kind: str) -> None:
    assert read(book(money=[entry(word)])).money[0].kind is MoneyKind(kind)


@pytest.mark.parametrize("source", list(MoneySource))
def test_every_source_is_read_in_both_languages(source: MoneySource) -> None:
    words = [SOURCE_WORDS[source], source.value, f"{source.value.title()} funds"]
    rows = [entry(amount=place + 1, source=word) for place, word in enumerate(words)]
    assert [row.source for row in read(book(money=rows)).money] == [source] * 3


def test_an_entry_is_read_with_everything_that_it_says() -> None:
    said = {"year": "2026年", "source": "专项债券", "payee": "甲公司", "note": "第一批\n第二批", "number": 7}
    [row] = read(book(money=[entry("计划", 100, None, **said)])).money
    assert (row.kind, row.on, row.for_year, row.source, row.payee, row.note, row.number) == (
        MoneyKind.PLANNED,
        None,
        2026,
        MoneySource.BOND,
        "甲公司",
        "第一批\n第二批",
        7,
    )


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ([node("")], (2, NODE, CellFault.MISSING)),
        ([node(key="", planned="2026-01-01")], (2, KEY, CellFault.MISSING)),
        ([node(planned="三月底")], (2, PLANNED, CellFault.NO_DAY)),
        ([node(planned="2026-02-30")], (2, PLANNED, CellFault.NO_DAY)),
        ([node(planned=46112)], (2, PLANNED, CellFault.NO_DAY)),
        ([node(expected="2199-01-01")], (2, EXPECTED, CellFault.NO_DAY)),
        ([node(done="2026-03-07")], (2, DONE, CellFault.TO_COME)),
        ([node(done="1948-12-31")], (2, DONE, CellFault.TOO_EARLY)),
        ([node(done="2026年2月")], (2, DONE, CellFault.DAY_WANTED)),
        ([node(planned="=A1")], (2, PLANNED, CellFault.FORMULA)),
        ([node(planned="#REF!")], (2, PLANNED, CellFault.ERROR_VALUE)),
        ([node("#N/A", planned="2026-03-31")], (2, NODE, CellFault.ERROR_VALUE)),
        ([node("节" * 61, planned="2026-03-31")], (2, NODE, CellFault.TOO_LONG)),
        ([node(planned="2026-03-31"), node("开 工", done="2026-03-01")], (3, NODE, CellFault.NODE_TWICE)),
    ],
)
def test_a_fault_of_a_node_is_named_by_its_cell(lines: list[Line], fault: tuple[int, str, CellFault]) -> None:
    if not lines[0][NODE]:
        lines = [lines[0] | {PLANNED: "2026-03-31"}]  # type: ignore[operator]
    assert places(read(book(lines))) == [(NODES, *fault)]


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ([entry("")], (2, KIND, CellFault.MISSING)),
        ([entry("借款")], (2, KIND, CellFault.NO_KIND)),
        ([entry(amount=None)], (2, AMOUNT, CellFault.MISSING)),
        ([entry(amount="约二百")], (2, AMOUNT, CellFault.NO_AMOUNT)),
        ([entry(amount="#DIV/0!")], (2, AMOUNT, CellFault.ERROR_VALUE)),
        ([entry(amount=0)], (2, AMOUNT, CellFault.ZERO)),
        ([entry(amount="0.00001")], (2, AMOUNT, CellFault.FRACTION)),
        ([entry(amount="999999999999")], (2, AMOUNT, CellFault.TOO_LARGE)),
        ([entry(on=None)], (2, ON, CellFault.MISSING)),
        ([entry(on="2026-03-07")], (2, ON, CellFault.TO_COME)),
        ([entry("计划", on="2026-03-07")], (2, ON, CellFault.TO_COME)),
        ([entry(on="2026年2月")], (2, ON, CellFault.DAY_WANTED)),
        ([entry(year=2026)], (2, YEAR, CellFault.ONLY_PLANS)),
        ([entry("计划", year="今年")], (2, YEAR, CellFault.NO_YEAR)),
        ([entry(source="彩票")], (2, SOURCE, CellFault.NO_SOURCE)),
        ([entry(payee="公" * 201)], (2, PAYEE, CellFault.TOO_LONG)),
        ([entry(number="x")], (2, NUMBER, CellFault.NO_NUMBER)),
        ([entry(number="0")], (2, NUMBER, CellFault.NO_NUMBER)),
        ([entry(number="9" * 30)], (2, NUMBER, CellFault.NO_NUMBER)),
        ([entry(), entry()], (3, AMOUNT, CellFault.TWICE)),
        ([entry(number=3), entry(amount=9, number=3)], (3, NUMBER, CellFault.TWICE)),
    ],
)
def test_a_fault_of_an_entry_is_named_by_its_cell(lines: list[Line], fault: tuple[int, str, CellFault]) -> None:
    assert places(read(book(money=lines))) == [(MONEY, *fault)]


def test_all_faults_of_both_sheets_are_told_at_once() -> None:
    heads = (NODE, PLANNED, KEY)
    sheet = read(
        book([node(planned="x"), node("", planned="y")], [entry(amount="z", source="x")], heads={NODES: heads})
    )
    assert [(each.sheet, each.row, each.column) for each in sheet.faults] == [
        (NODES, 2, "B"),
        (NODES, 3, "A"),
        (NODES, 3, "B"),
        (MONEY, 2, "D"),
        (MONEY, 2, "G"),
    ]


def test_a_missing_and_a_doubled_head_are_faults() -> None:
    assert places(read(book([node(planned="x")], heads={NODES: (KEY, NODE)}))) == [
        (NODES, 1, PLANNED, CellFault.NO_HEAD)
    ]
    doubled = read(book([], heads={NODES: (*NODE_HEADS, DONE)}))
    assert [(each.column, each.kind) for each in doubled.faults] == [("J", CellFault.HEAD_TWICE)]


def test_what_is_only_to_be_looked_at_may_be_left_out() -> None:
    assert places(read(book([node(planned="2026-03-31")], heads={NODES: (KEY, NODE, PLANNED)}))) == []


def test_rows_that_name_only_a_project_say_nothing() -> None:
    sheet = read(book([{KEY: "xg-1", TITLE: "甲"}, {}], [{KEY: "xg-1", TITLE: "甲"}]))
    assert (sheet.nodes, sheet.money, sheet.faults) == ([], [], [])


def test_a_file_comes_back_as_it_was_written() -> None:
    days = (date(2026, 5, 1), date(2026, 4, 1), date(2026, 6, 1), None)
    nodes = [NodeLine("xg-1", "=甲", "开工", *days, invented=True), NodeLine("xg-1", "=甲", "+封顶")]
    money = [
        MoneyLine("xg-1", "=甲", MoneyKind.PAID, -123_456, TODAY, None, source, "@乙", "-丙\n丁", 9 + place, True)
        for place, source in enumerate([None, *MoneySource])
    ]
    content = project_book(["兴国县"], [each.values() for each in nodes], [each.values() for each in money], NOW)
    work = load_workbook(BytesIO(content))
    assert work.sheetnames == [NODES, MONEY]
    page = work[NODES]
    assert [cell.value for cell in page[1]] == list(NODE_HEADS)
    assert page["A3"].value == "说明：兴国县"
    assert {cell.data_type for row in page.iter_rows(min_row=4) for cell in row if isinstance(cell.value, str)} == {"s"}
    assert (page["D4"].number_format, page.freeze_panes) == ("yyyy-mm-dd", "D4")
    assert page["I4"].value == "演示数据"
    assert [each.formula1 for each in work[MONEY].data_validations.dataValidation] == [
        '"计划,到位,支付"',
        f'"{",".join(SOURCE_WORDS.values())}"',
    ]
    sheet = read(content)
    assert places(sheet) == []
    assert [(row.node, dict(row.days)) for row in sheet.nodes] == [
        ("开工", {PLANNED: days[0], EXPECTED: days[2]}),
        ("+封顶", {}),
    ]
    assert {(row.amount_yuan, row.payee, row.note) for row in sheet.money} == {(-123_456, "@乙", "-丙\n丁")}
    assert [row.source for row in sheet.money] == [None, *MoneySource]
    assert [row.number for row in sheet.money] == list(range(9, 18))


def test_money_stands_in_the_file_to_the_yuan() -> None:
    line = MoneyLine("k", "t", MoneyKind.PAID, 10_000_001, TODAY, None, None, None, None, 1)
    assert line.values()[MONEY_HEADS.index(AMOUNT)] == Decimal("1000.0001")


def refusal(content: bytes, name: str = "工程.xlsx") -> Refusal:
    """Why a file is not read."""
    with pytest.raises(SheetRefused) as refused:
        read(content, name)
    return refused.value.refusal


def test_a_file_without_either_sheet_is_refused() -> None:
    work = Workbook()
    file = BytesIO()
    work.save(file)
    assert refusal(file.getvalue()) is Refusal.NO_SHEET


def test_a_hostile_file_is_not_opened() -> None:
    good = book([node(planned="2026-03-31")])
    assert refusal(good, "a.xlsm") is Refusal.MACROS
    assert refusal(remade(good, **{"xl/vbaProject.bin": b"x"})) is Refusal.MACROS
    assert refusal(b"%PDF-1.4") is Refusal.NOT_EXCEL
    assert refusal(good[: len(good) // 2]) is Refusal.DAMAGED
    assert refusal(good + b"x" * LARGEST_FILE) is Refusal.TOO_LARGE
    assert refusal(remade(good, **{"xl/bomb.xml": b"<a>" + b" " * 60_000_000 + b"</a>"})) is Refusal.BURSTS


def test_merged_cells_say_nothing_below_their_first() -> None:
    work = load_workbook(BytesIO(book([node(planned="2026-03-31"), node("封顶", planned="2026-04-30")])))
    work[NODES].merge_cells("A2:A3")
    file = BytesIO()
    work.save(file)
    assert places(read(file.getvalue())) == [(NODES, 3, KEY, CellFault.MISSING)]


def test_a_hidden_sheet_is_read_like_another() -> None:
    work = load_workbook(BytesIO(book([node(planned="x")], [entry()])))
    work[NODES].sheet_state = "hidden"
    file = BytesIO()
    work.save(file)
    assert places(read(file.getvalue())) == [(NODES, 2, PLANNED, CellFault.NO_DAY)]


def test_a_file_with_too_many_rows_is_not_read() -> None:
    work = Workbook(write_only=True)
    page = work.create_sheet(NODES)
    page.append(NODE_HEADS)
    for number in range(MOST_ROWS + 1):
        page.append(["xg-1", None, f"节点{number}"])
    file = BytesIO()
    work.save(file)
    assert refusal(file.getvalue()) is Refusal.TOO_MANY_ROWS


def test_the_file_takes_what_the_forms_take() -> None:
    assert longest(MoneyEntry.payee) == LONGEST_PAYEE
    said = entry(payee="公" * 200, note="#N/A 待查" + "说" * 490, on="1985-03-01")
    early = entry(kind="计划", on="", year="1955")
    sheet = read(book(money=[said, early]))
    assert not sheet.faults
    assert [each.for_year for each in sheet.money] == [None, 1955]
