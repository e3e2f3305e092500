"""Word files as they are seen: a test for each trap."""

from __future__ import annotations

import pytest

from tests.documents.readers.test_plain_text import tables, texts
from tests.documents.readers.word_files import (
    TYPES,
    abstract,
    cell,
    level,
    listed,
    number,
    packed,
    paragraph,
    row,
    run,
    table,
    word_file,
)
from tracker.documents.paper import Paper, Paragraph
from tracker.documents.readers.paper_reader import read_paper
from tracker.documents.readers.word_numbering import in_figures
from tracker.rules.reading.papers import NoteKind


def read(body: str, **parts: str) -> Paper:
    """A Word file with this body."""
    return read_paper(word_file(body, **parts), "方案.docx")


def noted(paper: Paper) -> dict[NoteKind, int]:
    """How often each note was taken."""
    return {note.kind: note.count for note in paper.notes}


OUTLINE = abstract(
    0,
    level(0, "chineseCounting", "%1、"),
    level(1, "chineseCountingThousand", "（%2）"),
    level(2, "decimal", "%3."),
    level(3, "decimalEnclosedCircle", "%4"),
)


def test_numbers_of_lists_stand_before_the_words_as_word_computes_them() -> None:
    body = "".join(
        listed(text, 1, at)
        for text, at in [
            ("总体要求", 0),
            ("指导思想", 1),
            ("基本原则", 1),
            ("建立台账", 2),
            ("按月检查", 2),
            ("登记", 3),
            ("主要任务", 0),
            ("路网建设", 1),
        ]
    )
    assert texts(read(body, numbering=OUTLINE + number(1, 0))) == [
        "一、总体要求",
        "（一）指导思想",
        "（二）基本原则",
        "1.建立台账",
        "2.按月检查",
        "①登记",
        "二、主要任务",
        "（一）路网建设",
    ]


def test_two_lists_of_one_kind_count_on_and_a_list_that_starts_anew_does() -> None:
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbering = abstract(0, level(0, "decimal", "%1.")) + number(1, 0) + number(2, 0) + number(3, 0, again)
    body = listed("甲", 1) + listed("乙", 2) + listed("丙", 3) + listed("丁", 3) + listed("戊", 1)
    assert texts(read(body, numbering=numbering)) == ["1.甲", "2.乙", "1.丙", "2.丁", "3.戊"]


def test_a_number_of_several_levels_a_late_start_and_a_level_that_never_restarts() -> None:
    levels = (
        level(0, "chineseCounting", "第%1章", start=3),
        level(1, "decimal", "%1.%2", "<w:isLgl/>"),
        level(2, "decimal", "任务%3：", '<w:lvlRestart w:val="0"/>'),
    )
    body = listed("甲", 1) + listed("乙", 1, 1) + listed("丙", 1, 2) + listed("丁", 1) + listed("戊", 1, 2)
    numbering = abstract(0, *levels) + number(1, 0)
    assert texts(read(body, numbering=numbering)) == ["第三章甲", "3.1 乙", "任务1：丙", "第四章丁", "任务2：戊"]


def test_a_style_numbers_and_makes_headings_and_a_paragraph_may_refuse_the_number() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="a"><w:name w:val="heading 1"/><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="b"><w:name w:val="任务"/><w:basedOn w:val="a"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
    )
    levels = level(0, "chineseCounting", "%1、"), level(1, "chineseCounting", "（%2）", '<w:pStyle w:val="b"/>')
    body = "".join(
        paragraph(text, f'<w:pStyle w:val="{style}"/>{more}')
        for text, style, more in [
            ("要求", "a", ""),
            ("思想", "b", ""),
            ("附则", "a", '<w:numPr><w:numId w:val="0"/></w:numPr>'),
        ]
    )
    paper = read(body, numbering=abstract(0, *levels) + number(1, 0), styles=styles)
    assert [(block.text, block.heading) for block in paper.blocks if isinstance(block, Paragraph)] == [
        ("一、要求", 1),
        ("（一）思想", 2),
        ("附则", 1),
    ]


def test_bullets_give_no_number_and_an_unknown_list_does_no_harm() -> None:
    numbering = abstract(0, level(0, "bullet", "")) + number(1, 0)
    assert texts(read(listed("甲", 1) + listed("乙", 9), numbering=numbering)) == ["甲", "乙"]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("chineseCounting", {1: "一", 10: "十", 11: "十一", 20: "二十", 105: "一百零五", 1010: "一千零一十"}),
        ("upperRoman", {4: "IV", 9: "IX", 14: "XIV", 40: "XL", 1999: "MCMXCIX"}),
        ("lowerLetter", {1: "a", 26: "z", 27: "aa"}),
        ("decimalZero", {7: "07", 12: "12"}),
        ("decimalFullWidth", {12: "１２"}),
        ("ideographTraditional", {1: "甲", 11: "甲"}),
        ("decimalEnclosedCircleChinese", {20: "⑳", 21: "21"}),
        ("nobody knows", {3: "3"}),
    ],
)
def test_every_kind_of_figures_is_written(kind: str, values: dict[int, str]) -> None:
    assert {value: in_figures(value, kind) for value in values} == values


def test_changes_count_as_accepted() -> None:
    body = paragraph(
        "县交通局",
        inner=f"<w:del><w:r><w:delText>牵头</w:delText></w:r></w:del><w:ins>{run('负责')}</w:ins>"
        f"<w:moveFrom>{run('去')}</w:moveFrom><w:moveTo>{run('来')}</w:moveTo>",
    )
    body += paragraph("路网", "<w:rPr><w:del/></w:rPr>") + paragraph("建设")
    body += table(row(cell("留")), row(cell("删"), properties="<w:del/>"))
    paper = read(body)
    assert texts(paper) == ["县交通局负责来", "路网建设"]
    assert tables(paper) == [[["留"]]]
    assert NoteKind.CHANGES_ACCEPTED in noted(paper)


def test_words_in_links_fields_controls_and_breaks_are_read() -> None:
    inner = (
        f'<w:hyperlink r:id="x">{run("县政府")}</w:hyperlink><w:smartTag>{run("办")}</w:smartTag>'
        '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>DATE</w:instrText></w:r>'
        f"<w:fldSimple>{run('2024年')}</w:fldSimple><w:r><w:softHyphen/><w:noBreakHyphen/><w:br/></w:r>"
        f"<w:sdt><w:sdtPr/><w:sdtContent>{run('次行')}</w:sdtContent></w:sdt>"
        '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'
        f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>"
    )
    body = f"<w:sdt><w:sdtContent>{paragraph('由', inner=inner)}</w:sdtContent></w:sdt>"
    assert texts(read(body)) == ["由县政府办2024年-", "次行☑"]


def test_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{paragraph('责任单位：交通局')}</w:txbxContent>"
    inner = (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing>"
        f"</mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    paper = read(paragraph("正文。", inner=inner))
    assert texts(paper) == ["正文。", "责任单位：交通局"]
    assert noted(paper) == {NoteKind.TEXT_BOX: 1}


def test_footnotes_and_pictures_are_noted() -> None:
    paper = read(paragraph("正文。", inner='<w:r><w:footnoteReference w:id="1"/></w:r><w:r><w:drawing/></w:r>'))
    assert noted(paper) == {NoteKind.FOOTNOTE: 1, NoteKind.PICTURE: 1}


DOWN, GOES_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def test_merged_cells_are_unfolded_and_every_row_is_full() -> None:
    body = table(
        row(cell("类别"), cell("任务"), cell("单位"), cell("时限")),
        row(cell("新建", DOWN), cell("东环路"), cell("交通局", DOWN), cell("2024年")),
        row(cell("", GOES_ON), cell("西环路"), cell("", GOES_ON), cell("2025年")),
        row(cell("合计", '<w:gridSpan w:val="2"/>'), cell("两项")),
        row(cell("乙"), properties='<w:gridBefore w:val="1"/>'),
        row(cell("左", '<w:hMerge w:val="restart"/>'), cell("", "<w:hMerge/>")),
    )
    assert tables(read(body)) == [
        [
            ["类别", "任务", "单位", "时限"],
            ["新建", "东环路", "交通局", "2024年"],
            ["^新建", "西环路", "^交通局", "2025年"],
            ["合计", "^合计", "两项", ""],
            ["", "乙", "", ""],
            ["左", "^左", "", ""],
        ]
    ]


def test_a_nested_table_stands_in_its_cell_and_for_itself() -> None:
    inner = table(row(cell("项目"), cell("单位")), row(cell("东环路"), cell("交通局")))
    paper = read(table(row(cell("一"), cell(paragraph("说明") + inner))) + paragraph("后文。"))
    assert tables(paper) == [[["一", "说明\n项目 单位\n东环路 交通局"]], [["项目", "单位"], ["东环路", "交通局"]]]
    assert noted(paper) == {NoteKind.NESTED_TABLE: 1}


def test_lines_and_numbers_in_a_cell_are_kept() -> None:
    inner = listed("建台账", 1) + listed("按月查", 1) + paragraph("")
    paper = read(table(row(cell(inner))), numbering=abstract(0, level(0, "decimal", "%1.")) + number(1, 0))
    assert tables(paper) == [[["1.建台账\n2.按月查"]]]


def test_a_paragraph_that_was_broken_at_every_line_is_whole_again() -> None:
    lines = [
        "坚持统筹规划、分步实施，把农村公路作为乡村振兴的先行工",
        "程，加快补齐短板，不断提高建设管理水平，让群众出行更加方",
    ]
    paper = read("".join(paragraph(line) for line in [*lines * 4, "便。", "二、任务"]))
    assert [text[-3:] for text in texts(paper)] == ["方便。", "、任务"]
    assert noted(paper) == {NoteKind.REFLOWED: 8}


def test_strict_word_files_are_read() -> None:
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    body = f'<w:document xmlns:w="{strict}"><w:body>{paragraph("正文。")}</w:body></w:document>'
    file = packed({"[Content_Types].xml": TYPES, "word/document.xml": body})
    assert texts(read_paper(file, "a.docx")) == ["正文。"]


def test_a_hostile_table_stays_small() -> None:
    wide = row(cell("甲" * 5000, '<w:gridSpan w:val="999999"/>'))
    grid = read(table(wide, wide)).blocks[0]
    assert not isinstance(grid, Paragraph)
    assert len(grid.rows[0]) == 63
    assert len(grid.rows[0][1].text) == 2000
