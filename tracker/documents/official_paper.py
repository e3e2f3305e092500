"""Paper as offices write it in Word: A4 with the margins of 公文, fonts named for East Asian text, plain texts."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

TITLE_FONT, BODY_FONT, LABEL_FONT, WESTERN_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体", "Times New Roman"
# What stands in for a font that a machine does not have.
STAND_INS = {TITLE_FONT: "宋体", BODY_FONT: "仿宋", "楷体_GB2312": "楷体"}
UNSEEN = {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}  # Cn: XML takes no signs that are none
TOP, LEFT, RIGHT, BOTTOM = 37, 28, 26, 35
TEXT_WIDTH = 210 - LEFT - RIGHT


def set_up(paper: Any) -> None:
    """Give a new document the page and the fonts."""
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    _name_fonts(paper)


def add_paragraph(place: Any, alignment: WD_ALIGN_PARAGRAPH, before: float = 0, after: float = 0) -> Any:
    """A new paragraph with the space around it in points."""
    return spaced(place.add_paragraph(), alignment, before, after)


def spaced(paragraph: Any, alignment: WD_ALIGN_PARAGRAPH, before: float = 0, after: float = 0) -> Any:
    """The paragraph, aligned, with the space around it in points."""
    paragraph.alignment = alignment
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    return paragraph


def write(paragraph: Any, text: str, font: str, size: float, bold: bool = False, ink: str = "000000") -> None:
    """Add a text in a font, which Chinese signs take as well."""
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.font.bold = WESTERN_FONT, Pt(size), bold
    run.font.color.rgb = RGBColor.from_string(ink)
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


def rule_under(paragraph: Any, ink: str) -> None:
    """The coloured line under a paragraph."""
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in {"val": "single", "sz": "24", "space": "4", "color": ink}.items():
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)


def plain(text: str) -> str:
    """A text in one line, without control and direction characters: nothing in it can be more than text."""
    kept = (c if unicodedata.category(c) not in UNSEEN else " " for c in text)
    return " ".join("".join(kept).split())


def full_day(value: date) -> str:
    """2026年3月6日."""
    return f"{value.year}年{value.month}月{value.day}日"


def _name_fonts(paper: Any) -> None:
    """The font of whatever names none, and what stands in for fonts that a machine lacks."""
    normal = paper.styles["Normal"]
    normal.font.name = WESTERN_FONT
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), BODY_FONT)
    for part in paper.part.package.iter_parts():
        if part.partname == "/word/fontTable.xml":
            named = "".join(
                f'<w:font w:name="{font}"><w:altName w:val="{other}"/></w:font>' for font, other in STAND_INS.items()
            )
            part._blob = part.blob.replace(b"</w:fonts>", f"{named}</w:fonts>".encode())
