"""Rows of a file of units and people, and what may be wrong with a cell of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from tracker.rules.routing import Duty
from tracker.rules.unit_kinds import UnitKind

UNITS, PEOPLE = "单位", "人员"
UNIT_HEADS = ("名称", "全称", "类别", "别名", "所属集体", "邮箱")
PEOPLE_HEADS = ("姓名", "登录名", "单位", "职责", "电话", "邮箱")
KIND_HEAD, DUTY_HEAD = "类别", "职责"
LETTERS = "ABCDEF"


class CellFault(StrEnum):
    """What is wrong with a cell."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    FORMULA = "formula"
    NO_KIND = "no_kind"
    NO_DUTY = "no_duty"
    NO_ADDRESS = "no_address"
    NO_PHONE = "no_phone"
    NO_USERNAME = "no_username"
    TWICE = "twice"
    NO_UNIT = "no_unit"
    NO_COLLECTIVE = "no_collective"
    TAKEN = "taken"
    TWO_CONTACTS = "two_contacts"
    ADMINISTRATOR = "administrator"
    ELSEWHERE = "elsewhere"
    NO_HEAD = "no_head"
    HEAD_TWICE = "head_twice"


@dataclass(frozen=True)
class Fault:
    """A fault with its place: 人员, row 7, column D, and what stands there."""

    sheet: str
    row: int
    head: str
    kind: CellFault
    text: str = ""
    at: str = ""

    @property
    def column(self) -> str:
        """The letter of the column in the file where it is known, else that of the template."""
        if self.at:
            return self.at
        heads = UNIT_HEADS if self.sheet == UNITS else PEOPLE_HEADS
        return LETTERS[heads.index(self.head)]


@dataclass(frozen=True)
class UnitRow:
    """A row of the sheet of units; what is empty says nothing."""

    row: int
    name: str
    full_name: str
    kind: UnitKind | None
    aliases: tuple[str, ...]
    collectives: tuple[str, ...]
    mailbox: str


@dataclass(frozen=True)
class PersonRow:
    """A row of the sheet of people; what is empty says nothing."""

    row: int
    name: str
    username: str
    units: tuple[str, ...]
    duty: Duty | None
    phone: str
    email: str


@dataclass
class Sheet:
    """What a file says, with the faults that can be seen in it alone."""

    units: list[UnitRow] = field(default_factory=list)
    people: list[PersonRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
