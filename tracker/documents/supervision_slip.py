"""督办单: one sheet of Word that asks the units of a task for something by a day.

The colour stands in words as well, since the sheet may be printed grey. No document number and no seal are made: both
places are left to the office.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from math import ceil, floor
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.shared import Mm, Pt

from tracker.documents.official_paper import (
    BODY_FONT,
    BOTTOM,
    LABEL_FONT,
    TITLE_FONT,
    TOP,
    add_paragraph,
    full_day,
    plain,
    rule_under,
    set_up,
    spaced,
    write,
)
from tracker.rules.slips import LONGEST_DEMAND, Colour

COLOUR_WORDS = {Colour.BLUE: "蓝色", Colour.YELLOW: "黄色", Colour.RED: "红色"}
INKS = {Colour.BLUE: "1F4E9E", Colour.YELLOW: "B8860B", Colour.RED: "C00000"}

LABEL_WIDTH, TEXT_WIDTH = 30, 126
PAGE_LEFT = 297 - TOP - BOTTOM
LONGEST = {"units": 64, "title": 60, "deadline": 20, "requirement": 300, "last_words": 100, "demand": LONGEST_DEMAND}
# Everything around the table and the padding of its rows, in mm, on the generous side.
AROUND = 66
LONGEST_NAME = 20
NOT_IN_NAMES = str.maketrans(dict.fromkeys('\\/:*?"<>|', " "))
SIZES = (14.0, 12.0, 10.5)
LINE = 1.3
MM_PER_POINT = 25.4 / 72


@dataclass(frozen=True)
class Slip:
    """What a slip says; texts may be of any length and are cut to one sheet."""

    colour: Colour
    units: Sequence[str]
    number: str | None
    title: str
    requirement: str
    due_on: date | None
    deadline_text: str | None
    first_due_on: date | None
    days_late: int
    last_words: str | None
    last_on: date | None
    demand: str
    answer_by: date
    region: str
    issued_on: date


def supervision_slip(slip: Slip) -> bytes:
    """The sheet as a Word file."""
    paper = Document()
    set_up(paper)
    heading = f"督办单（{COLOUR_WORDS[slip.colour]}）"
    title = add_paragraph(paper, WD_ALIGN_PARAGRAPH.CENTER)
    write(title, heading, TITLE_FONT, 22, bold=True, ink=INKS[slip.colour])
    number = add_paragraph(paper, WD_ALIGN_PARAGRAPH.RIGHT, after=2)
    write(number, "编号：〔　　〕　　号", BODY_FONT, 12)
    rule_under(number, INKS[slip.colour])
    rows = rows_of(slip)
    _table(paper, rows, fitting_size([text for _label, text in rows]))
    for words in (office_of(slip), full_day(slip.issued_on)):
        write(add_paragraph(paper, WD_ALIGN_PARAGRAPH.RIGHT, before=4), words, BODY_FONT, 14)
    properties = paper.core_properties
    properties.title, properties.author, properties.comments = heading, office_of(slip), ""
    kept = BytesIO()
    paper.save(kept)
    return kept.getvalue()


def rows_of(slip: Slip) -> list[tuple[str, str]]:
    """The rows of the sheet: what each is called and what it says."""
    name = f"第{slip.number}项 {slip.title}" if slip.number and slip.number.isdecimal() else slip.title
    moved = f"（原时限{full_day(slip.first_due_on)}）" if slip.first_due_on else ""
    last = f"{full_day(slip.last_on)}：{slip.last_words}" if slip.last_on and slip.last_words else "尚未填报"
    return [
        ("督办对象", cut("、".join(slip.units) or "方案未列单位", "units")),
        ("督办事项", cut(name, "title")),
        ("方案要求", cut(slip.requirement, "requirement")),
        ("现行时限", (full_day(slip.due_on) if slip.due_on else cut(slip.deadline_text or "未定", "deadline")) + moved),
        ("逾期天数", f"{slip.days_late}天" if slip.days_late else "未逾期"),
        ("最近进展", cut(last, "last_words")),
        ("督办要求", cut(slip.demand, "demand")),
        ("办结时间", f"{full_day(slip.answer_by)}前（含当日）"),
        ("签收", "签收人：　　　　　　　　　时间：　　　年　　月　　日"),
    ]


def office_of(slip: Slip) -> str:
    """The plan office that issues the slip."""
    return f"{plain(slip.region)}优质均衡推进办"


def file_name(slip: Slip) -> str:
    """The name of the file: what it is, its colour and its task, without signs that no folder takes."""
    words = f"督办单（{COLOUR_WORDS[slip.colour]}） {slip.number or ''} {slip.title[:LONGEST_NAME]}"
    return f"{plain(words.translate(NOT_IN_NAMES))}.docx"


def cut(text: str, row: str) -> str:
    """A text that leaves room for the others on the sheet; what is missing shows as an ellipsis."""
    text = plain(text)
    return text if len(text) <= LONGEST[row] else f"{text[: LONGEST[row] - 1]}…"


def fitting_size(texts: Sequence[str]) -> float:
    """The largest size, in points, in which rows with these texts fit on the sheet."""
    return next((size for size in SIZES if height(texts, size) <= PAGE_LEFT), SIZES[-1])


def height(texts: Sequence[str], size: float) -> float:
    """How many mm the sheet fills, each character as wide as a Chinese one."""
    across = floor((TEXT_WIDTH - 4) / (size * MM_PER_POINT))
    lines = sum(max(1, ceil(len(text) / across)) for text in texts)
    return AROUND + lines * size * LINE * MM_PER_POINT


def _table(paper: Any, rows: Sequence[tuple[str, str]], size: float) -> None:
    table = paper.add_table(rows=0, cols=2, style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for label, text in rows:
        cells = table.add_row().cells
        for cell, width, words, font in zip(
            cells, (LABEL_WIDTH, TEXT_WIDTH), (label, text), (LABEL_FONT, BODY_FONT), strict=True
        ):
            cell.width = Mm(width)
            alignment = WD_ALIGN_PARAGRAPH.CENTER if font is LABEL_FONT else WD_ALIGN_PARAGRAPH.LEFT
            line = spaced(cell.paragraphs[0], alignment, 3, 3)
            line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
            line.paragraph_format.line_spacing = Pt(size * LINE)
            write(line, words, font, size)
