"""Rows of a file of schools' numbers: the heads with their units, how a cell is read, and what may be wrong with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tracker.rules.deadlines import FIRST_YEAR
from tracker.rules.school_figures import (
    LARGEST,
    SCHOOL_FIGURES,
    STAGE_FIGURES,
    WHOLE_FIGURES,
    YUAN,
    FigureUnit,
    Number,
    SchoolFigure,
)
from tracker.rules.school_years import first_day
from tracker.rules.stages import SchoolKind, Stage

SCHOOL, KIND, STAGE, COUNTED_ON, SOURCE = "学校", "学校类别", "学段", "统计日期", "数据来源"
KINDS = {
    "普通学校": SchoolKind.SCHOOL,
    "教学点": SchoolKind.TEACHING_POINT,
    "特殊教育学校": SchoolKind.SPECIAL,
    "职业学校": SchoolKind.VOCATIONAL,
}
STAGES = {"小学": Stage.PRIMARY, "初中": Stage.JUNIOR, "高中": Stage.SENIOR}
NAMES = {
    "students": "学生数",
    "classes": "班数",
    "largest_class": "最大班额",
    "full_time_teachers": "专任教师",
    "qualified_teachers": "高于规定学历教师",
    "backbone_teachers": "县级以上骨干教师",
    "arts_teachers": "体育、艺术专任教师",
    "licensed_teachers": "持证专任教师",
    "trained_teachers": "完成培训学时的专任教师",
    "kindergarten_children": "附设幼儿班人数",
    "teaching_area_m2": "教学及辅助用房面积",
    "indoor_sports_m2": "室内体育用房面积",
    "sports_ground_m2": "体育运动场地面积",
    "equipment_yuan": "教学仪器设备值",
    "multimedia_rooms": "网络多媒体教室",
    "music_rooms": "音乐教室",
    "large_music_rooms": "96㎡以上的音乐教室",
    "art_rooms": "美术教室",
    "large_art_rooms": "90㎡以上的美术教室",
    "operating_funds_yuan": "年度公用经费",
    "training_funds_yuan": "教师培训经费",
    "payroll_yuan": "教师工资总额",
}
UNITS = {
    FigureUnit.PERSONS: "人",
    FigureUnit.CLASSES: "个",
    FigureUnit.ROOMS: "间",
    FigureUnit.AREA: "㎡",
    FigureUnit.MONEY: "万元",
}
KIND_WORDS = {kind: word for word, kind in KINDS.items()}
STAGE_WORDS = {stage: word for word, stage in STAGES.items()}
HEAD_OF = {code: f"{NAMES[code]}（{UNITS[figure.unit]}）" for code, figure in SCHOOL_FIGURES.items()}
FIGURE_OF = {head: SCHOOL_FIGURES[code] for code, head in HEAD_OF.items()}
HEADS = (SCHOOL, KIND, STAGE, COUNTED_ON, SOURCE, *HEAD_OF.values())
# Money stands in the file in 万元, with four decimals a whole yuan.
DECIMALS = {FigureUnit.AREA: 2, FigureUnit.MONEY: 4}
EMPTIES = {"—", "-", "--", "——", "－", "无"}
NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,12})?")
DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
TITLE = re.compile(r"([0-9]{4})学年")
LONGEST_NAME = 60
LONGEST_SOURCE = 100

CellValue = str | Number | date | None


class CellFault(StrEnum):
    """What is wrong with a cell."""

    NO_HEAD = "no_head"
    HEAD_TWICE = "head_twice"
    FORMULA = "formula"
    MISSING = "missing"
    TOO_LONG = "too_long"
    NO_KIND = "no_kind"
    NO_STAGE = "no_stage"
    NO_DAY = "no_day"
    NO_NUMBER = "no_number"
    NEGATIVE = "negative"
    TOO_LARGE = "too_large"
    DECIMALS = "decimals"
    TWICE = "twice"
    TWO_VALUES = "two_values"
    OF_NO_STAGE = "of_no_stage"
    OTHER_KIND = "other_kind"
    NOT_YOURS = "not_yours"
    UNKNOWN_SCHOOL = "unknown_school"
    CLOSED = "closed"
    CONTRADICTS = "contradicts"


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
class SchoolRow:
    """A row of the file; a number that is None empties what is stored, one that is not there leaves it."""

    row: int
    school: str
    kind: SchoolKind | None
    stage: Stage | None
    counted_on: date | None
    source: str
    numbers: Mapping[str, Number | None]

    @property
    def of_stage(self) -> dict[str, Number | None]:
        """The numbers of the row's stage."""
        return {code: number for code, number in self.numbers.items() if code in STAGE_FIGURES}

    @property
    def of_school(self) -> dict[str, Number | None]:
        """The numbers of the whole school."""
        return {code: number for code, number in self.numbers.items() if code not in STAGE_FIGURES}


@dataclass(frozen=True)
class SchoolLine:
    """What is stored of a school's stage in a year, as a line of the file; the whole school's stands on the first."""

    school: str
    kind: SchoolKind
    stage: Stage | None
    counted_on: date | None
    source: str
    numbers: dict[str, Number | None]
    is_first: bool = True


@dataclass
class SchoolSheet:
    """What a file says of a school year, where each head stands, and the faults that can be seen in it alone."""

    year: int
    columns: Mapping[str, str] = field(default_factory=dict)
    rows: list[SchoolRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The title of the sheet."""
        return title_of(self.year)


def title_of(year: int) -> str:
    """The title of the sheet of a school year."""
    return f"{year}学年"


def year_of(title: str) -> int | None:
    """The school year that a title names."""
    found = TITLE.fullmatch(title.strip())
    return int(found[1]) if found else None


def read_number(text: str, figure: SchoolFigure) -> Number | CellFault | None:
    """A cell as a number in the unit that is stored; None where it says that there is none. Not for an empty cell."""
    text = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    if text in EMPTIES or text in {"-", "--"}:
        return None
    if text.startswith("-") and NUMBER.fullmatch(text[1:]):
        return CellFault.NEGATIVE
    if not NUMBER.fullmatch(text):
        return CellFault.NO_NUMBER
    number = Decimal(text)
    kept = number * YUAN if figure.unit is FigureUnit.MONEY else number
    if kept > LARGEST[figure.unit]:
        return CellFault.TOO_LARGE
    if len(text.partition(".")[2].rstrip("0")) > DECIMALS.get(figure.unit, 0):
        return CellFault.DECIMALS
    return kept if figure.unit is FigureUnit.AREA else int(kept)


def cell_of(code: str, number: Number | None) -> Number | None:
    """A stored number as it stands in the file: money in 万元."""
    if number is None or SCHOOL_FIGURES[code].unit is not FigureUnit.MONEY:
        return number
    ten_thousands = Decimal(number) / YUAN
    return int(ten_thousands) if ten_thousands == int(ten_thousands) else ten_thousands


def read_day(text: str, last: date) -> date | None:
    """A cell as a day up to ``last``, None where it is none."""
    found = DAY.fullmatch(text.removesuffix("T00:00:00").strip())
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
    return day if day and day.year >= FIRST_YEAR and day <= last else None


def counted_usually(year: int, today: date) -> date:
    """The day of which numbers tell where the file says none: the first of the school year, but never to come."""
    return min(first_day(year), today)


def values_of(line: SchoolLine) -> list[CellValue]:
    """A line in the order of the heads; what is the whole school's only on its first line."""
    of_school: dict[str, CellValue] = {
        KIND: KIND_WORDS[line.kind],
        COUNTED_ON: line.counted_on,
        SOURCE: line.source,
        **{HEAD_OF[code]: cell_of(code, line.numbers.get(code)) for code in WHOLE_FIGURES},
    }
    values: dict[str, CellValue] = of_school if line.is_first else {}
    values |= {SCHOOL: line.school, STAGE: STAGE_WORDS[line.stage] if line.stage else ""}
    values |= {HEAD_OF[code]: cell_of(code, line.numbers.get(code)) for code in STAGE_FIGURES}
    return [values.get(head) for head in HEADS]
