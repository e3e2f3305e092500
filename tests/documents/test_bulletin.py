"""Bulletins as Word files: GB/T 9704-2012 in the file itself, and on the pages that an office program prints of it."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn

from tests.office import Sheet, printed
from tracker.documents.bulletin import bulletin_file
from tracker.documents.official_layout import CHARACTERS, LINES
from tracker.rules.bulletins import Block, BulletinKind, Paper, Table

SAID = (
    "截至3月6日，共56项，已销号14项，占25%；正常推进10项，占18%；临期6项，占11%；逾期4项，占7%；未到期及长期15项，"
    "占27%；待重定时限7项，占13%（四舍五入，合计不等于100%）。"
)
LONG_LINE = "消防验收未过已约下周三复验预计月底前完成整改并交付使用仍需自然资源局协调用地手续批复" * 40
UNITS = Table(
    "各单位情况",
    ["单位", "应办", "逾期◆", "按时率"],
    [["兴国县住房和城乡建设局", "15", "2", "83%"], ["财政局", "12", "0", "100%"]],
    [40, 20, 20, 20],
    frozenset({1, 2, 3}),
)
# The fonts that stand in for those of official papers where the tests print.
SONG, KAI, HEI, SIGNS = "BousungEG-Light-GB", "GBZenKai-Medium", "WenQuanYiZenHei", "OpenSymbol"
HOSTILE = "坏\x00字\u202e倒\ud800<w:p>&amp;\u200b" + "长" * 200


def ledger(rows: int) -> Table:
    """A table of tasks that goes on over pages."""
    told = [[str(n), f"第{n}中学运动场地改造", "住建局", "2026年3月31日", "◆逾期6天"] for n in range(1, rows + 1)]
    return Table("任务台账", ["序号", "任务", "牵头单位", "时限", "灯"], told, [8, 40, 20, 18, 14], frozenset({0}))


def paper(kind: BulletinKind = BulletinKind.SUPERVISION, **differences: Any) -> Paper:
    """A paper with all its parts."""
    blocks = [
        ("overall", "一、总体情况", SAID),
        ("next", "二、下步要求", "请住建局于3月11日前完成复验。\n（一）资金。请财政局拨付。"),
    ]
    whole = Paper(
        kind=kind,
        region="兴国县",
        title="关于义务教育优质均衡发展重点任务推进情况的通报",
        issuer="兴国县教育均衡推进办公室",
        dated_on=date(2026, 3, 6),
        cut_off="2026年3月6日17:00",
        blocks=[Block(key, heading, text, text) for key, heading, text in blocks],
        number=10,
        addressee="各乡镇人民政府",
        tables=[UNITS],
        appendix=[ledger(60)],
        is_draft=False,
        notes=["按时率＝按时提交的任务数÷时限已到的任务数。"],
        reported_to="县委、县政府",
        sent_to="市教育局",
        issued_to="各乡镇",
    )
    return replace(whole, **differences)


def told(sheets: list[Sheet]) -> str:
    """The text of all pages without spaces: a printed page knows no words."""
    return "".join("".join(sheet.text.split()) for sheet in sheets)


@pytest.mark.parametrize("kind", BulletinKind)
def test_the_page_and_the_fonts_are_those_of_the_standard(kind: BulletinKind) -> None:
    document = Document(BytesIO(bulletin_file(paper(kind))))
    section, lying = document.sections[0], document.sections[-1]
    size = (section.page_width.mm, section.page_height.mm)
    margins = (section.top_margin.mm, section.left_margin.mm, section.right_margin.mm, section.bottom_margin.mm)
    assert [round(each) for each in (*size, *margins)] == [210, 297, 37, 28, 26, 35]
    assert round(lying.page_width.mm) == 297
    assert document.settings.odd_and_even_pages_header_footer
    fonts = {
        each.get(qn("w:eastAsia"))
        for part in (document.element, document.styles.element)
        for each in part.iter(qn("w:rFonts"))
    }
    assert fonts <= {"仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"}
    runs = list(document.element.iter(qn("w:r")))
    assert runs
    assert all(each.find(f"{qn('w:rPr')}/{qn('w:rFonts')}") is not None for each in runs)


def test_the_file_names_the_office_and_no_person_and_is_the_same_every_time() -> None:
    file = bulletin_file(paper())
    assert file == bulletin_file(paper())
    properties = Document(BytesIO(file)).core_properties
    assert (properties.author, properties.last_modified_by) == ("兴国县教育均衡推进办公室", "")
    names = zipfile.ZipFile(BytesIO(file)).namelist()
    assert not [name for name in names if "thumbnail" in name or "customXml" in name]


def test_nothing_is_invented_on_a_supervision_bulletin(tmp_path: Path) -> None:
    with printed(bulletin_file(paper()), tmp_path) as sheets:
        words = told(sheets)
    assert "〔〕号" in words
    assert "各乡镇人民政府：" in words
    assert "附件：任务台账" in words
    assert "征求意见稿" not in words
    assert words.index("2026年3月6日") > words.index("兴国县教育均衡推进办公室")


def test_a_draft_says_so_in_a_line_of_text(tmp_path: Path) -> None:
    with printed(bulletin_file(paper(is_draft=True)), tmp_path) as sheets:
        assert "征求意见稿" in "".join(sheets[0].text.split())


def test_a_full_page_holds_twenty_two_lines_of_twenty_eight(tmp_path: Path) -> None:
    body = [Block("long", "", LONG_LINE, LONG_LINE)]
    with printed(bulletin_file(paper(blocks=body, tables=(), appendix=())), tmp_path) as sheets:
        second = [line for line in sheets[1].lines if 37 < line[0] < 262]
    tops = [top for top, _left, _words in second]
    assert len(tops) == LINES
    steps = [after - before for before, after in pairwise(tops)]
    assert all(abs(step - 225 / LINES) < 0.3 for step in steps)
    longest = max(len("".join(words.split())) for _top, _left, words in second)
    assert longest == CHARACTERS


def test_a_long_table_stands_on_lying_pages_with_its_head_on_each(tmp_path: Path) -> None:
    with printed(bulletin_file(paper()), tmp_path) as sheets:
        lying = [sheet for sheet in sheets if sheet.width > sheet.height]
        assert len(lying) > 1
        assert all((sheet.width, sheet.height) in {(297, 210), (210, 297)} for sheet in sheets)
        assert all("牵头单位" in "".join(sheet.text.split()) for sheet in lying)
        words = told(lying)
        assert all(f"第{number}中学" in words for number in range(1, 61))
        assert all(line[1] < sheet.width - 25 for sheet in lying for line in sheet.lines)


def test_page_numbers_stand_outside_odd_right_and_even_left(tmp_path: Path) -> None:
    with printed(bulletin_file(paper()), tmp_path) as sheets:
        places = [[left for _top, left, words in sheet.lines if words == "—"] for sheet in sheets[:2]]
        numbers = [any(words == str(page) for _, _, words in sheets[page - 1].lines) for page in (1, 2)]
    (odd, even), wanted = places, 210 / 2
    assert len(odd) == len(even) == 2
    assert min(odd) > wanted + 40
    assert max(even) < wanted - 40
    assert numbers == [True, True]


@pytest.mark.parametrize("kind", [BulletinKind.BRIEF, BulletinKind.WEEK])
def test_a_brief_has_a_red_head_and_ends_with_its_readers(kind: BulletinKind, tmp_path: Path) -> None:
    with printed(bulletin_file(paper(kind, appendix=())), tmp_path) as sheets:
        words = told(sheets)
        assert "第10期" in words
        assert (
            words.index("报：县委、县政府")
            < words.index("送：市教育局")
            < words.index("发：各乡镇")
            < words.index("共印")
        )
        head = sheets[0].picture.convert("RGB").crop((0, 0, sheets[0].picture.width, 300))
        red = sum(count for count, (r, g, b) in head.getcolors(1 << 24) or [] if r > 180 and g < 90 and b < 90)
        assert red > 500
        [(issuer_top, issuer_left)] = [
            (t, x) for t, x, w in sheets[0].lines if w.startswith("兴国县教育均衡推进办公室")
        ]
        assert issuer_left < 40
        days = [left for top, left, words in sheets[0].lines if words == "年" and abs(top - issuer_top) < 2]
        assert days
        assert days[0] > 150


def test_every_text_is_drawn_in_its_font(tmp_path: Path) -> None:
    with printed(bulletin_file(paper(is_draft=True)), tmp_path) as sheets:
        first = sheets[0]
        assert {font for _sign, font in first.signs} <= {SONG, KAI, HEI, SIGNS}
        assert first.fonts_of("一、总体情况") == {HEI}
        assert first.fonts_of("征求意见稿") == {HEI}
        assert first.fonts_of("（一）资金。") == {KAI}
        assert first.fonts_of("截至3月6日，共56项，已销号14项，占25%") == {SONG}


def test_the_readers_of_a_brief_stand_between_rules_as_wide_as_the_line(tmp_path: Path) -> None:
    with printed(bulletin_file(paper(BulletinKind.BRIEF, tables=(), appendix=())), tmp_path) as sheets:
        last = sheets[-1].picture.convert("L")
    left, right = round(28 * 72 / 25.4) + 2, round((210 - 26) * 72 / 25.4) - 2
    inked = [all(last.getpixel((x, y)) < 200 for x in range(left, right)) for y in range(last.height)]
    rules = sum(now and not before for before, now in pairwise([False, *inked]))
    # Above each reader, above the number of copies and under it; the red rule of the head is one more on its page.
    assert rules - (1 if len(sheets) == 1 else 0) == 5


def test_an_office_of_two_lines_and_its_day_stay_together_at_the_right(tmp_path: Path) -> None:
    issuer = "新疆维吾尔自治区阿克苏地区阿克苏市教育优质均衡发展工作领导小组办公室"
    with printed(bulletin_file(paper(issuer=issuer, appendix=())), tmp_path) as sheets:
        last = sheets[-1]
        assert issuer in told([last])
        assert max(left for _top, left, words in last.lines if words == "日") > 150


@pytest.mark.parametrize("kind", BulletinKind)
def test_odd_words_break_no_paper(kind: BulletinKind, tmp_path: Path) -> None:
    odd = paper(
        kind,
        title=HOSTILE,
        issuer=HOSTILE[:60],
        region=HOSTILE[:20],
        addressee=HOSTILE,
        blocks=[Block("a", HOSTILE, HOSTILE, HOSTILE), Block("b", "", "", "")],
        tables=[replace(UNITS, rows=[]), replace(UNITS, rows=[[HOSTILE, "1", "2", "3"], ["少一格"]])],
        appendix=[ledger(300), replace(UNITS, title="")],
        number=None,
    )
    with printed(bulletin_file(odd), tmp_path) as sheets:
        words = told(sheets)
    assert "<w:p>&amp;" in words
    assert "第300中学" in words
