"""Plain texts as offices have them: encodings, broken lines, tables between tabs."""

from __future__ import annotations

from io import BytesIO

import pytest

from tracker.documents.paper import Cell, Paper, Paragraph, Table
from tracker.documents.readers.paper_reader import read_paper
from tracker.documents.readers.plain_text import read_text
from tracker.rules.reading.papers import NoteKind

TEXT = "一、总体要求\n坚持统筹规划，分步实施。\n"

WRAPPED = """\
清河县农村公路建设
实施方案

一、总体要求
坚持统筹规划、分步实施，把农村公路作为乡村振兴的先行工
程，加快补齐短板，不断提高建设管理水平，让群众出行更加方
便。各乡镇要落实主体责任，县直各部门要主动靠前服务，形成
工作合力。

— 1 —

到2025年，全县等级公路里程达到1200公里，乡镇通三级以上
公路的比例达到100%，建制村通双车道公路的比例分别达到
85.5%以上。
二、主要任务
（一）推进路网建设。实施县道改造工程，打通断头路，完善安
全设施，逐步消除隐患路段。
责任单位：县交通运输局
"""


def texts(paper: Paper) -> list[str]:
    """The paragraphs of a paper."""
    return [block.text for block in paper.blocks if isinstance(block, Paragraph)]


def tables(paper: Paper) -> list[list[list[str]]]:
    """The tables of a paper as texts, a covered cell with ^ before it."""
    return [
        [[f"{'^' if cell.inherited else ''}{cell.text}" for cell in row] for row in block.rows]
        for block in paper.blocks
        if isinstance(block, Table)
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_of_offices_is_read(encoding: str) -> None:
    paper = read_paper(BytesIO(TEXT.encode(encoding)), "方案.txt")
    assert texts(paper) == ["一、总体要求", "坚持统筹规划，分步实施。"]


def test_broken_lines_become_whole_paragraphs_and_page_numbers_go() -> None:
    paper = read_text(WRAPPED)
    assert [text[:8] for text in texts(paper)] == [
        "清河县农村公路建",
        "实施方案",
        "一、总体要求",
        "坚持统筹规划、分",
        "到2025年，全",
        "二、主要任务",
        "（一）推进路网建",
        "责任单位：县交通",
    ]
    assert texts(paper)[4].endswith("建制村通双车道公路的比例分别达到85.5%以上。")
    assert [(note.kind, note.count) for note in paper.notes] == [(NoteKind.REFLOWED, 6)]


def test_blank_lines_after_every_line_change_nothing() -> None:
    assert texts(read_text(WRAPPED.replace("\n", "\n\n"))) == texts(read_text(WRAPPED))


def test_a_head_that_every_page_repeats_goes_with_the_page_number() -> None:
    pages = [f"清河县农村公路建设实施方案\n{number}.建立台账，每月检查一次。\n— {number} —\n" for number in range(1, 6)]
    assert texts(read_text("".join(pages))) == [f"{number}.建立台账，每月检查一次。" for number in range(1, 6)]


def test_a_label_line_that_repeats_stays() -> None:
    items = [f"{number}.建立台账。\n牵头单位：交通局\n" for number in range(1, 6)]
    assert texts(read_text("".join(items))).count("牵头单位：交通局") == 5


def test_marks_of_markdown_go_and_its_headings_stay() -> None:
    paper = read_text("## 主要任务\n1. **建立台账。**每月检查。\n- 附件：1.清单\n")
    assert [(block.text, block.heading) for block in paper.blocks if isinstance(block, Paragraph)] == [
        ("主要任务", 2),
        ("1. 建立台账。每月检查。", 0),
        ("附件：1.清单", 0),
    ]


def test_rows_of_cells_between_tabs_are_a_table() -> None:
    paper = read_text("分工表\n序号\t任务\t单位\n1\t建设公路\t交通局、\n2\t\t\n备注：按季度报送。\n")
    assert tables(paper) == [[["序号", "任务", "单位"], ["1", "建设公路", "交通局、"], ["2", "", ""]]]
    assert texts(paper) == ["分工表", "备注：按季度报送。"]


def test_a_cell_of_several_lines_stands_in_quotes() -> None:
    paper = read_text('序号\t单位\n1\t"交通局\n财政局"\n2\t水利局\n')
    assert tables(paper) == [[["序号", "单位"], ["1", "交通局\n财政局"], ["2", "水利局"]]]


def test_numbers_before_a_tab_are_a_list_and_no_table() -> None:
    paper = read_text("1.\t建设公路。\n2.\t管护公路。\n")
    assert texts(paper) == ["1. 建设公路。", "2. 管护公路。"]


STACKED = (
    "附件1\n\t工程\n\t项目\n名  称\n\t单位\n\n\t新建工程\n\t东环路项目\n\t交通局\n财政局\n\n\t\n\t西环路项目\n\t\n\n"
    "\t改造工程\n\t南环路项目\n\t\u2002\n\n\t\u2002注：投资以批复为准。\n"
)


def test_cells_on_lines_of_their_own_are_a_table_with_covered_cells() -> None:
    paper = read_text(STACKED)
    assert tables(paper) == [
        [
            ["工程", "项目\n名  称", "单位"],
            ["新建工程", "东环路项目", "交通局\n财政局"],
            ["^新建工程", "西环路项目", "^交通局\n财政局"],
            ["改造工程", "南环路项目", ""],
        ]
    ]
    assert texts(paper) == ["附件1", "注：投资以批复为准。"]


def test_an_empty_cell_is_not_taken_for_a_covered_one_unless_the_text_tells_them_apart() -> None:
    paper = read_text(STACKED.replace("\u2002", ""))
    assert tables(paper)[0][2] == ["", "西环路项目", ""]


def test_a_cell_over_two_columns_covers_the_column_where_the_others_find_their_like() -> None:
    rows = ["类别\n\t内容\n\t要点\n\t性质\n\t单位", "甲\n\t一\n\t二\n\t必达\n\t交通局", "乙\n\t三四\n\t必达\n\t交通局"]
    paper = read_text("\t" + "\n\n\t".join(rows) + "\n")
    assert tables(paper)[0][2] == ["乙", "三四", "^三四", "必达", "交通局"]


def test_paragraphs_that_begin_with_a_tab_are_no_table() -> None:
    paper = read_text("一、要求\n\t坚持统筹规划。\n\t坚持分步实施。\n\t坚持建管并重。\n\n\t二、任务\n")
    assert texts(paper) == ["一、要求", "坚持统筹规划。", "坚持分步实施。", "坚持建管并重。", "二、任务"]


def test_strokes_between_cells_are_a_table() -> None:
    paper = read_text("| 序号 | 任务 |\n|---|:-:|\n| 1 | 建设公路<br>管护公路 |\n")
    assert tables(paper) == [[["序号", "任务"], ["1", "建设公路\n管护公路"]]]


def test_look_alikes_odd_spaces_and_invisible_marks_become_plain() -> None:
    assert texts(read_text("⼀、⼯作\u200b要求\u3000\u00a0（\u00ad试行）\x07")) == ["一、工作要求  （试行）"]


@pytest.mark.parametrize(
    "text", ["", "\n\n \t\n", "\t", "\t\n\t\n\n\t", '"\t"\n"', "|\n||\n", "（" * 3000, "1.\t" * 999]
)
def test_odd_texts_are_read_without_a_fault(text: str) -> None:
    assert read_text(text).kind


def test_a_cell_knows_whether_it_is_covered() -> None:
    assert Cell("a") != Cell("a", inherited=True)
