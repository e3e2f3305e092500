"""督办单: one A4 sheet with the colour in words, fonts for every run, and nothing but text in its texts."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm

from tracker.documents.official_paper import plain
from tracker.documents.supervision_slip import (
    LONGEST,
    PAGE_LEFT,
    SIZES,
    Slip,
    fitting_size,
    height,
    rows_of,
    supervision_slip,
)
from tracker.rules.slips import Colour

SLIP = Slip(
    colour=Colour.YELLOW,
    units=["兴国县住房和城乡建设局", "兴国县财政局"],
    number="17",
    title="第八中学、第八小学建设",
    requirement="2026年2月底前竣工。",
    due_on=date(2026, 2, 28),
    deadline_text="2026年2月底前",
    first_due_on=date(2025, 12, 31),
    days_late=6,
    last_words="消防验收未过",
    last_on=date(2026, 2, 27),
    demand="请3月11日前完成消防复验。",
    answer_by=date(2026, 3, 11),
    region="兴国县",
    issued_on=date(2026, 3, 6),
)


def opened(slip: Slip) -> Any:
    return Document(BytesIO(supervision_slip(slip)))


def texts(paper: Any) -> str:
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in paper.paragraphs), *cells])


def runs(paper: Any) -> list[Any]:
    paragraphs = [*paper.paragraphs, *(p for t in paper.tables for r in t.rows for c in r.cells for p in c.paragraphs)]
    return [run for paragraph in paragraphs for run in paragraph.runs]


@pytest.mark.parametrize(("colour", "word"), [(Colour.BLUE, "蓝色"), (Colour.YELLOW, "黄色"), (Colour.RED, "红色")])
def test_the_colour_stands_in_words(colour: Colour, word: str) -> None:
    paper = opened(replace(SLIP, colour=colour))
    assert paper.paragraphs[0].text == f"督办单（{word}）"
    assert paper.core_properties.title == f"督办单（{word}）"


def test_it_says_who_what_until_when_and_leaves_number_and_receipt_to_the_office() -> None:
    said = texts(opened(SLIP))
    for words in (
        "编号：〔　　〕　　号",
        "兴国县住房和城乡建设局、兴国县财政局",
        "第17项 第八中学、第八小学建设",
        "2026年2月28日（原时限2025年12月31日）",
        "6天",
        "2026年2月27日：消防验收未过",
        "请3月11日前完成消防复验。",
        "2026年3月11日前（含当日）",
        "签收人：",
        "兴国县优质均衡推进办",
        "2026年3月6日",
    ):
        assert words in said


def test_the_page_is_a4_with_the_margins_of_an_official_document() -> None:
    section = opened(SLIP).sections[0]
    page = (section.page_width, section.page_height)
    margins = (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    assert [round(each / Mm(1)) for each in page] == [210, 297]
    assert [round(each / Mm(1)) for each in margins] == [37, 28, 26, 35]


def test_every_run_names_a_chinese_font_and_the_title_one_that_has_a_stand_in() -> None:
    found = {run._element.rPr.rFonts.get(qn("w:eastAsia")) for run in runs(opened(SLIP))}
    assert found == {"方正小标宋简体", "仿宋_GB2312", "黑体"}
    with zipfile.ZipFile(BytesIO(supervision_slip(SLIP))) as package:
        fonts = package.read("word/fontTable.xml").decode()
    assert '<w:font w:name="方正小标宋简体"><w:altName w:val="宋体"/></w:font>' in fonts


def test_what_is_written_stays_text_without_control_characters() -> None:
    """T044: an invisible or a control character makes a file that Word does not open."""
    evil = "<w:p/>&{{7*7}}\x00\x0b\x1f\u202e=1+1\ud800行\n二"
    paper = opened(replace(SLIP, title=evil, demand=evil, requirement=evil, last_words=evil, units=[evil], number=None))
    said = texts(paper)
    assert said.count("<w:p/>&{{7*7}}") == 5
    assert not [c for c in said if ord(c) < 32 and c not in "\n\t"]
    assert "\u202e" not in said


@pytest.mark.parametrize("full", ["字", "字字\n"])
def test_the_longest_texts_fit_on_one_sheet(full: str) -> None:
    long = full * 2000
    slip = replace(SLIP, units=[long], title=long, requirement=long, last_words=long, demand=long)
    rows = [text for _label, text in rows_of(slip)]
    assert height(rows, SIZES[-1]) <= PAGE_LEFT
    assert rows[2].endswith("…")
    assert len(rows[2]) == LONGEST["requirement"]
    assert "\n" not in "".join(rows)


def test_short_texts_are_written_large() -> None:
    assert fitting_size([text for _label, text in rows_of(SLIP)]) == SIZES[0]


def test_what_is_not_known_is_said() -> None:
    slip = replace(
        SLIP, units=[], last_on=None, last_words=None, days_late=0, first_due_on=None, due_on=None, deadline_text="长期"
    )
    rows = dict(rows_of(slip))
    assert (rows["督办对象"], rows["最近进展"], rows["逾期天数"]) == ("方案未列单位", "尚未填报", "未逾期")
    assert rows["现行时限"] == "长期"


def test_plain_keeps_one_space_for_each_gap() -> None:
    assert plain(" 一\r\n\t 二 ") == "一 二"
