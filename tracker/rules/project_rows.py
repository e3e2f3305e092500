"""Rows of a file of nodes and payments: the heads, how a cell is read, and what may be wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tracker.rules.deadlines import FIRST_YEAR, LAST_YEAR, last_of_month
from tracker.rules.money import WAN, AmountFault, AmountRefused, MoneyKind, MoneySource, read_amount
from tracker.rules.texts import one_name

NODES, MONEY = "节点", "资金"
KEY, TITLE, MARK = "任务编号", "项目名称", "演示"
NODE, PLANNED, FIRST, EXPECTED, DONE, REASON = "节点", "计划日期", "原计划日期", "预计日期", "完成日期", "调整原因"
KIND, AMOUNT, ON, YEAR, SOURCE = "资金类别", "金额（万元）", "日期", "计划年度", "资金来源"
PAYEE, NOTE, NUMBER = "收款单位", "说明", "记录编号"
NODE_HEADS = (KEY, TITLE, NODE, PLANNED, FIRST, EXPECTED, DONE, REASON, MARK)
MONEY_HEADS = (KEY, TITLE, KIND, AMOUNT, ON, YEAR, SOURCE, PAYEE, NOTE, NUMBER, MARK)
HEADS = {NODES: NODE_HEADS, MONEY: MONEY_HEADS}
# Without these nothing can be said; the others may be left out of a file that somebody made.
REQUIRED = {NODES: (KEY, NODE, PLANNED), MONEY: (KEY, KIND, AMOUNT, ON)}
DAYS = (PLANNED, EXPECTED, DONE)
MARKED = "演示数据"

KIND_WORDS = {MoneyKind.PLANNED: "计划", MoneyKind.ALLOCATED: "到位", MoneyKind.PAID: "支付"}
SOURCE_WORDS = {
    MoneySource.CENTRAL: "中央资金",
    MoneySource.PROVINCIAL: "省级资金",
    MoneySource.CITY: "市级资金",
    MoneySource.COUNTY: "县级资金",
    MoneySource.BOND: "专项债券",
    MoneySource.LOAN: "贷款",
    MoneySource.SOCIAL: "社会资金",
    MoneySource.OTHER: "其他资金",
}
KINDS = {word: kind for kind, word in KIND_WORDS.items()} | {
    "计划安排": MoneyKind.PLANNED,
    "下达": MoneyKind.ALLOCATED,
    "拨款": MoneyKind.ALLOCATED,
    "拨付": MoneyKind.ALLOCATED,
    "已到位": MoneyKind.ALLOCATED,
    "付款": MoneyKind.PAID,
    "已支付": MoneyKind.PAID,
    **{kind.value: kind for kind in MoneyKind},
}
SOURCES = {word: source for source, word in SOURCE_WORDS.items()} | {
    "中央": MoneySource.CENTRAL,
    "省": MoneySource.PROVINCIAL,
    "省级": MoneySource.PROVINCIAL,
    "市": MoneySource.CITY,
    "市级": MoneySource.CITY,
    "县": MoneySource.COUNTY,
    "县级": MoneySource.COUNTY,
    "债券": MoneySource.BOND,
    "银行贷款": MoneySource.LOAN,
    "社会": MoneySource.SOCIAL,
    "其他": MoneySource.OTHER,
    **{source.value: source for source in MoneySource},
}
EMPTIES = {"—", "-", "--", "——", "－", "无"}
DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
MONTH = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})月?")
PART_OF_DAY = re.compile(r"T[0-9:.]+$")
YEAR_TEXT = re.compile(r"([0-9]{4})年?度?")
ERROR_VALUE = re.compile(r"#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)")
LONGEST_NODE = 60
# What the forms take, so that what was exported can be taken in again.
LONGEST_PAYEE = 200
LONGEST_REASON = 500
LONGEST_NOTE = 500
LONGEST = {NODE: LONGEST_NODE, PAYEE: LONGEST_PAYEE, REASON: LONGEST_REASON, NOTE: LONGEST_NOTE}
MOST_DIGITS = 9  # of an entry's number

CellValue = str | int | Decimal | date | None


class CellFault(StrEnum):
    """What is wrong with a cell."""

    NO_HEAD = "no_head"
    HEAD_TWICE = "head_twice"
    FORMULA = "formula"
    ERROR_VALUE = "error_value"
    MISSING = "missing"
    TOO_LONG = "too_long"
    NO_DAY = "no_day"
    DAY_WANTED = "day_wanted"
    TO_COME = "to_come"
    TOO_EARLY = "too_early"
    NO_KIND = "no_kind"
    NO_SOURCE = "no_source"
    NO_AMOUNT = "no_amount"
    ZERO = "zero"
    FRACTION = "fraction"
    TOO_LARGE = "too_large"
    NO_YEAR = "no_year"
    ONLY_PLANS = "only_plans"
    NO_NUMBER = "no_number"
    TWICE = "twice"
    NODE_TWICE = "node_twice"
    NO_PROJECT = "no_project"
    OTHER_TITLE = "other_title"
    NOT_YOURS = "not_yours"
    CLOSED_PLAN = "closed_plan"
    WITHDRAWN = "withdrawn"
    SUSPENDED = "suspended"
    CLOSED_TASK = "closed_task"
    NO_REASON = "no_reason"
    LATE_REASON = "late_reason"
    CLEARED = "cleared"
    NODE_DONE = "node_done"
    NOT_UNDONE = "not_undone"
    OTHER_DONE = "other_done"
    EXPECTED_PAST = "expected_past"
    NOT_EXPECTED = "not_expected"
    TOO_MANY = "too_many"
    UNKNOWN_NUMBER = "unknown_number"
    OTHER_ENTRY = "other_entry"


# What the rules of nodes refuse, at the cell that has to be mended.
NODE_REFUSALS = {
    "node_done": CellFault.NODE_DONE,
    "node_day_missing": CellFault.CLEARED,
    "node_reason_missing": CellFault.NO_REASON,
    "node_late_reason": CellFault.LATE_REASON,
    "expected_past": CellFault.EXPECTED_PAST,
}
AMOUNT_FAULTS = {
    AmountFault.UNREADABLE: CellFault.NO_AMOUNT,
    AmountFault.FRACTION: CellFault.FRACTION,
    AmountFault.TOO_LARGE: CellFault.TOO_LARGE,
}


@dataclass(frozen=True)
class Fault:
    """A fault with its place: sheet, row, letter of the column, head, and what stands there."""

    sheet: str
    row: int
    column: str
    head: str
    kind: CellFault
    text: str = ""


@dataclass(frozen=True)
class NodeRow:
    """A row of a node; a day that is None empties what is stored, one that is not there leaves it."""

    row: int
    key: str
    title: str
    node: str
    days: Mapping[str, date | None]
    reason: str = ""


@dataclass(frozen=True)
class MoneyRow:
    """A row of an entry of money, in whole yuan; ``number`` is that of an entry that was exported."""

    row: int
    key: str
    title: str
    kind: MoneyKind
    amount_yuan: int
    on: date | None = None
    for_year: int | None = None
    source: MoneySource | None = None
    payee: str = ""
    note: str = ""
    number: int | None = None

    @property
    def said(self) -> tuple[object, ...]:
        """What makes it this entry and no other, whatever its number."""
        return entry_said(
            self.key, self.kind, self.amount_yuan, self.on, self.for_year, self.source, self.payee, self.note
        )


@dataclass
class ProjectSheet:
    """What a file says of nodes and of money, where each head stands, and the faults to be seen in it alone."""

    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    nodes: list[NodeRow] = field(default_factory=list)
    money: list[MoneyRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, sheet: str, row: int, head: str, kind: CellFault, text: str = "") -> Fault:
        """A fault at a cell of the file."""
        return Fault(sheet, row, self.columns.get(sheet, {}).get(head, ""), head, kind, text)


@dataclass(frozen=True)
class NodeLine:
    """What is stored of a node, or what may be filled in, as a line of the file."""

    key: str
    title: str
    node: str
    planned_on: date | None = None
    first_planned_on: date | None = None
    expected_on: date | None = None
    done_on: date | None = None
    invented: bool = False

    def values(self) -> list[CellValue]:
        """The line in the order of the heads; why a day moves is to be filled in."""
        days = (self.planned_on, self.first_planned_on, self.expected_on, self.done_on)
        return [self.key, self.title, self.node, *days, None, MARKED if self.invented else None]


@dataclass(frozen=True)
class MoneyLine:
    """What is stored of an entry, as a line of the file; the money stands in 万元."""

    key: str
    title: str
    kind: MoneyKind
    amount_yuan: int
    on: date | None
    for_year: int | None
    source: MoneySource | None
    payee: str | None
    note: str | None
    number: int
    invented: bool = False

    def values(self) -> list[CellValue]:
        """The line in the order of the heads."""
        source = SOURCE_WORDS[self.source] if self.source else None
        said: list[CellValue] = [self.key, self.title, KIND_WORDS[self.kind], in_wan(self.amount_yuan), self.on]
        said += [self.for_year, source, self.payee, self.note, self.number]
        return [*said, MARKED if self.invented else None]


def empty_entries(lines: Iterable[NodeLine]) -> list[list[CellValue]]:
    """A line of money without any figure for each project of some nodes."""
    titles = {line.key: line.title for line in lines}
    return [[key, title, *[None] * (len(MONEY_HEADS) - 2)] for key, title in titles.items()]


def in_wan(yuan: int) -> int | Decimal:
    """Whole yuan in 万元, exactly."""
    wan = Decimal(yuan) / WAN
    return int(wan) if wan == int(wan) else wan


def read_day(text: str, head: str, today: date) -> date | CellFault:
    """A cell as a day: a month is its last day where something is planned or expected; what is past wants its day."""
    plain = PART_OF_DAY.sub("", text.strip())
    whole, month = DAY.fullmatch(plain), MONTH.fullmatch(plain)
    try:
        if whole:
            day = date(*map(int, whole.groups()))
        elif month and head in {PLANNED, EXPECTED}:
            day = last_of_month(*map(int, month.groups()))
        else:
            return CellFault.DAY_WANTED if month else CellFault.NO_DAY
    except ValueError:
        return CellFault.NO_DAY
    if day.year < FIRST_YEAR:
        return CellFault.TOO_EARLY
    if day.year > LAST_YEAR:
        return CellFault.NO_DAY
    return CellFault.TO_COME if head in {DONE, ON} and day > today else day


def read_yuan(text: str) -> int | CellFault:
    """A cell as whole yuan: a bare number counts 万元, a unit beside it says otherwise."""
    try:
        amount = read_amount(text)
    except AmountRefused as refused:
        return AMOUNT_FAULTS[refused.fault]
    return amount or CellFault.ZERO


def read_year(text: str) -> int | CellFault:
    """A cell as a calendar year."""
    found = YEAR_TEXT.fullmatch(text.strip())
    year = int(found[1]) if found else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else CellFault.NO_YEAR


def read_number(text: str) -> int | CellFault:
    """A cell as the number of an entry."""
    known = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS and int(text) > 0
    return int(text) if known else CellFault.NO_NUMBER


def read_kind(text: str) -> MoneyKind | CellFault:
    """A cell as a kind of money."""
    return KINDS.get(text.strip().lower(), CellFault.NO_KIND)


def read_source(text: str) -> MoneySource | CellFault:
    """A cell as a source of money."""
    return SOURCES.get(text.strip().lower().removesuffix(" funds"), CellFault.NO_SOURCE)


def entry_said(
    key: str,
    kind: MoneyKind,
    amount_yuan: int,
    on: date | None,
    for_year: int | None,
    source: MoneySource | None,
    payee: str | None,
    note: str | None,
) -> tuple[object, ...]:
    """What makes an entry of money this one and no other; texts as a file can tell them apart."""
    return key, kind, amount_yuan, on, for_year, source, same_name(payee), same_name(note)


def same_name(text: str | None) -> str:
    """A text so that two of them are equal where a file cannot tell them apart: without spaces and lines."""
    return "".join(one_name(text).split())
