"""Rows of a plan book: the heads of its sheets, how a cell is read, and what may be wrong with it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from tracker.rules.deadlines import FIRST_YEAR, LAST_YEAR
from tracker.rules.money import AmountFault, AmountRefused, read_amount
from tracker.rules.stages import Stage
from tracker.rules.task_kinds import AssignmentRole, ProjectCategory, TaskKind

FACTS, TASKS, PHASES, ITEMS, UNITS, GUIDE = "计划", "计划任务", "阶段", "指标", "单位", "填写说明"
KEY, NUMBER, KIND, SECTION, TITLE, REQUIREMENT = "编号", "序号", "类别", "章节", "任务", "要求"
LEAD, RESPONSIBLE, COOPERATING, OFFICIALS = "牵头单位", "责任单位", "配合单位", "责任领导"
DEADLINE, PHASE, DUTY = "时限", "阶段", "对应指标"
CATEGORY, SITE, TOWN, LAND, FLOOR = "项目类别", "建设地点", "乡镇", "用地（亩）", "校舍面积（平方米）"
SPORTS, BUDGET, SCHOOLS, BUILDINGS = "运动场面积（平方米）", "投资（万元）", "学校", "校舍用途"
SOURCE, SENTENCE = "出处", "原文"
TASK_HEADS = (
    *(KEY, NUMBER, KIND, SECTION, TITLE, REQUIREMENT, LEAD, RESPONSIBLE, COOPERATING, OFFICIALS, DEADLINE, PHASE),
    *(DUTY, CATEGORY, SITE, TOWN, LAND, FLOOR, SPORTS, BUDGET, SCHOOLS, BUILDINGS, SOURCE, SENTENCE),
)
PROJECT_HEADS = (CATEGORY, SITE, TOWN, LAND, FLOOR, SPORTS, BUDGET, SCHOOLS, BUILDINGS)
# What the tracker says beside: for reading only.
STATE, LIGHT, DUE, WORDS, UPDATED = "状态", "灯", "现时限", "最近进展", "最近更新"
SHOWN_HEADS = (STATE, LIGHT, DUE, WORDS, UPDATED)
REQUIRED = (TITLE, KIND)  # columns without which a file cannot be read; the others may be left out
FACT, SAID = "项目", "内容"
FACT_HEADS = (FACT, SAID)
CODE, PLAN_TITLE, DOCUMENT, ISSUER, ISSUED = "计划编号", "标题", "文号", "印发单位", "印发日期"
STARTS, ENDS, TARGET, TARGET_ON = "起始日期", "结束日期", "目标期限", "目标日期"
FACT_NAMES = (CODE, PLAN_TITLE, DOCUMENT, ISSUER, ISSUED, STARTS, ENDS, TARGET, TARGET_ON)
FACT_DAYS = (ISSUED, STARTS, ENDS, TARGET_ON)
NAME, SUMMARY = "名称", "内容"
PHASE_HEADS = (NUMBER, NAME, STARTS, ENDS, SUMMARY)
GROUP, ITEM, GRADE, POINTS, NATIONAL = "分组", "指标", "类型", "分值", "国家指标"
ITEM_HEADS = (NUMBER, GROUP, ITEM, GRADE, POINTS, NATIONAL)
HEADS = {FACTS: FACT_HEADS, TASKS: TASK_HEADS, PHASES: PHASE_HEADS, ITEMS: ITEM_HEADS}

KIND_WORDS = {
    TaskKind.MEASURE: "措施",
    TaskKind.INDICATOR_DUTY: "指标责任",
    TaskKind.PROJECT: "工程项目",
    TaskKind.POLICY_DOCUMENT: "政策文件",
}
CATEGORY_WORDS = {
    ProjectCategory.NEW: "新建",
    ProjectCategory.EXPANSION: "扩容改造",
    ProjectCategory.UPGRADE: "提质",
    ProjectCategory.INFORMATIZATION: "教育信息化",
}
STAGE_WORDS = {Stage.PRIMARY: "小学", Stage.JUNIOR: "初中", Stage.SENIOR: "高中", Stage.NINE_YEAR: "九年一贯制"}
KINDS = {word: kind for kind, word in KIND_WORDS.items()}
CATEGORIES = {word: category for category, word in CATEGORY_WORDS.items()}
STAGES = {word: stage for stage, word in STAGE_WORDS.items()}
ROLE_HEADS = {
    AssignmentRole.LEAD: LEAD,
    AssignmentRole.RESPONSIBLE: RESPONSIBLE,
    AssignmentRole.COOPERATING: COOPERATING,
}
LONGEST_CELL = 32_767  # what Excel keeps of a text
KEY_TEXT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
LONGEST_KEY = 38
DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000  # 1954 to 2119, for the numbers of days that Excel shows without a format
COLON = re.compile(r"[:：]")
COUNT = re.compile(r"[0-9]{1,7}")


class CellFault(StrEnum):
    """What is wrong with a cell."""

    NO_HEAD = "no_head"
    HEAD_TWICE = "head_twice"
    NO_ROWS = "no_rows"
    FORMULA = "formula"
    ERROR_VALUE = "error_value"
    MISSING = "missing"
    TOO_LONG = "too_long"
    BAD_KEY = "bad_key"
    TWICE = "twice"
    NO_KIND = "no_kind"
    NO_CATEGORY = "no_category"
    NO_PROJECT = "no_project"
    NO_PHASE = "no_phase"
    NO_ITEM = "no_item"
    NO_DAY = "no_day"
    ENDS_FIRST = "ends_first"
    NO_NUMBER = "no_number"
    TOO_LARGE = "too_large"
    DECIMALS = "decimals"
    NO_AMOUNT = "no_amount"
    FRACTION = "fraction"
    BELOW_ZERO = "below_zero"
    NO_SCHOOL = "no_school"
    NO_STAGE = "no_stage"
    NO_BUILDING = "no_building"
    OTHER_PLAN = "other_plan"


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
class SchoolText:
    """A school in a cell: 第三中学:初中:900:18."""

    name: str
    stage: Stage | None
    seats: int | None
    classes: int | None


def names_in(text: str, known: Collection[str] = ()) -> list[str]:
    """The names in a cell, one a line or between 、，；; a line that is a known name stays whole, brackets as well."""
    found: list[str] = []
    for line in text.split("\n"):
        found.extend([line] if line.strip() in known else _parted(line))
    return list(dict.fromkeys(filter(None, (name.strip() for name in found))))


def _parted(line: str) -> list[str]:
    parts, depth = [""], 0
    for sign in line:
        depth += (sign in "（(") - (sign in "）)")
        if sign in "、，,；;" and depth <= 0:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def read_school(line: str) -> SchoolText | CellFault:
    """A line of 学校: the name alone, or with stage, seats and classes behind colons, from the left as far as known."""
    parts = COLON.split(line)
    if len(parts) > 4:
        parts = [line[: -len(":".join(parts[-3:])) - 1], *parts[-3:]]
    name, stage, seats, classes = (part.strip() for part in [*parts, *[""] * (4 - len(parts))])
    if not name:
        return CellFault.NO_SCHOOL
    if stage and stage not in STAGES:
        return CellFault.NO_STAGE
    if any(count and not COUNT.fullmatch(count) for count in (seats, classes)):
        return CellFault.NO_SCHOOL
    return SchoolText(name, STAGES.get(stage), int(seats) if seats else None, int(classes) if classes else None)


def read_area(text: str, largest: Decimal, decimals: int) -> Decimal | CellFault:
    """A cell as an area that its column holds."""
    try:
        amount = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        return CellFault.NO_NUMBER
    if not amount.is_finite():
        return CellFault.NO_NUMBER
    if amount < 0:
        return CellFault.BELOW_ZERO
    if amount > largest:
        return CellFault.TOO_LARGE
    exact = amount.quantize(Decimal(1).scaleb(-decimals))
    return exact if exact == amount else CellFault.DECIMALS


def read_budget(text: str) -> int | CellFault:
    """A cell as whole yuan: a bare number counts 万元."""
    try:
        amount = read_amount(text)
    except AmountRefused as refused:
        return {
            AmountFault.UNREADABLE: CellFault.NO_AMOUNT,
            AmountFault.FRACTION: CellFault.FRACTION,
            AmountFault.TOO_LARGE: CellFault.TOO_LARGE,
        }[refused.fault]
    return amount if amount >= 0 else CellFault.BELOW_ZERO


def read_day(text: str) -> date | CellFault:
    """A cell as a day: 2026-03-31, 2026/3/31, 2026年3月31日."""
    found = DAY.fullmatch(text.strip())
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        day = None
    return day if day and FIRST_YEAR <= day.year <= LAST_YEAR else CellFault.NO_DAY


def day_of_serial(text: str, epoch: datetime) -> str:
    """A number that is a day without its format, as 2026-03-31; any other as it is."""
    if not SERIAL.fullmatch(text) or not FIRST_SERIAL <= float(text) <= LAST_SERIAL:
        return text
    return (epoch + timedelta(days=int(float(text)))).date().isoformat()
