"""Who does what in a bracket or a line, in the ways in which documents write it; a lead is never guessed."""

from __future__ import annotations

import pytest

from tracker.rules.reading.shares import Note, note_in, shares_in
from tracker.rules.task_kinds import AssignmentRole

LETTERS = {"牵": AssignmentRole.LEAD, "责": AssignmentRole.RESPONSIBLE, "配": AssignmentRole.COOPERATING}


def said(text: str, note: Note | None = None) -> list[str]:
    """The units with their parts: 牵 县水务局."""
    signs = {role: sign for sign, role in LETTERS.items()}
    return [f"{signs[each.role]} {each.name}" for each in shares_in(text, note).units]


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("县水务局牵头、县财政局配合", ["牵 县水务局", "配 县财政局"]),
        ("县水务局牵头，会同县财政局落实", ["牵 县水务局", "配 县财政局"]),
        ("县水务局牵头会同县财政局、县人社局负责", ["牵 县水务局", "配 县财政局", "配 县人社局"]),
        ("县水务局会同县财政局负责", ["责 县水务局", "配 县财政局"]),
        ("由县水务局会同县财政局、县人社局负责", ["责 县水务局", "配 县财政局", "配 县人社局"]),
        ("责任单位：县委编办、县水务局（排第一位的为牵头单位）", ["牵 县委编办", "责 县水务局"]),
        ("牵头（责任）单位：县水务局、县财政局", ["责 县水务局", "责 县财政局"]),
        ("县水务局、县财政局负责，长期坚持", ["责 县水务局", "责 县财政局"]),
        ("责任单位：学前教育股、财务股；持续推进", ["责 学前教育股", "责 财务股"]),
        ("县水务局、县财政局等6部门按职责抓好落实", ["责 县水务局", "责 县财政局"]),
        ("牵头单位为县水务局，配合单位为县财政局", ["牵 县水务局", "配 县财政局"]),
        ("责任单位：县水务局（牵头）、县财政局", ["牵 县水务局", "责 县财政局"]),
        ("责 任 单 位：县水务局  配 合 单 位：县财政局", ["责 县水务局", "配 县财政局"]),
        ("牵头部门（单位）：县水务局；责任科（室）：办公室", ["牵 县水务局", "责 办公室"]),
        ("县水务局（主责）、县财政局", ["牵 县水务局", "责 县财政局"]),
        ("主办：市水务局，协办：市财政局", ["牵 市水务局", "配 市财政局"]),
        ("【主办】市水务局【协办】市财政局", ["牵 市水务局", "配 市财政局"]),
        (
            "县水务局牵头，各相关部门、各乡镇（街道）按照各自职责分工协同推进",
            ["牵 县水务局", "配 各相关部门", "配 各乡镇（街道）"],
        ),
        (
            "由县发展改革委牵头，县工业和信息化局等部门和各乡镇人民政府配合",
            ["牵 县发展改革委", "配 县工业和信息化局", "配 各乡镇人民政府"],
        ),
        ("人力资源社会保障部、水利部等按职责分工负责", ["责 人力资源社会保障部", "责 水利部"]),
        ("县水务局、县财政局", ["责 县水务局", "责 县财政局"]),
        ("县水务局牵头，相关部门配合", ["牵 县水务局", "配 相关部门"]),
        ("县水务局牵头，县有关部门按职责分工负责", ["牵 县水务局", "责 县有关部门"]),
        ("县水务局牵头，各部门在各自职责范围内负责", ["牵 县水务局", "责 各部门"]),
        ("县水务局牵头抓总，各乡镇人民政府属地负责", ["牵 县水务局", "责 各乡镇人民政府"]),
        ("县水务局负责牵头，各相关单位按照部门职责配合", ["牵 县水务局", "配 各相关单位"]),
        ("水利部门负责", ["责 水利部门"]),
        ("各职能部门负责", ["责 各职能部门"]),
        ("水利、公安等部门按职责分工负责", ["责 水利", "责 公安"]),
        ("县水务局为责任单位", ["责 县水务局"]),
        ("县水务局负总责", ["责 县水务局"]),
        ("县金融办、中国农业银行河口支行", ["责 县金融办", "责 中国农业银行河口支行"]),
        ("县水务局、县财政局、清水坪", ["责 县水务局", "责 县财政局", "责 清水坪"]),
        ("规划处", ["责 规划处"]),
        ("县财政局；县人社局、县水务局配合", ["责 县财政局", "配 县人社局", "配 县水务局"]),
        ("安监、公安等部门负责", ["责 安监", "责 公安"]),
        ("新建厕所两处", []),
        ("领导小组办公室设在县水务局", []),
        ("实验室、图书室、计算机室", []),
        ("城关镇、双河镇", []),
        ("试行", []),
        ("含短视频", []),
        ("国办发〔2021〕33号", []),
    ],
)
def test_units_and_their_parts_are_read(text: str, units: list[str]) -> None:
    assert said(text) == units


@pytest.mark.parametrize(
    ("text", "deadlines"),
    [
        ("县水务局负责，2025年底前完成", ("2025年底前",)),
        ("县水务局负责，长期坚持", ("长期坚持",)),
        ("责任单位：县水务局，2024年6月底前完成", ("2024年6月底前",)),
        ("责任单位：县水务局；完成时限：2024年6月", ("2024年6月",)),
        ("责任单位：县水务局（2025年6月底前完成）", ("2025年6月底前",)),
        ("责任单位：县水务局；起止时间：2024年1月至6月", ("2024年1月至6月",)),
    ],
)
def test_the_deadline_among_the_names_is_no_name(text: str, deadlines: tuple[str, ...]) -> None:
    shares = shares_in(text)
    assert (shares.deadlines, [each.name for each in shares.units]) == (deadlines, ["县水务局"])


@pytest.mark.parametrize(
    ("text", "units", "people"),
    [
        ("李敏；规划科", ["责 规划科"], ("李敏",)),
        ("李敏，规划科牵头，督导室配合", ["牵 规划科", "配 督导室"], ("李敏",)),
        ("责任领导：县委常委、副县长张三；责任单位：县水务局", ["责 县水务局"], ("张三",)),
        ("责任单位：县水务局（王五 13800000000）、县财政局 李四", ["责 县水务局", "责 县财政局"], ("王五", "李四")),
        ("张三负责", [], ()),
    ],
)
def test_people_are_told_from_units(text: str, units: list[str], people: tuple[str, ...]) -> None:
    assert (said(text), shares_in(text).officials) == (units, people)


def test_a_note_makes_the_first_of_a_list_the_lead_but_not_beside_a_named_one() -> None:
    note = note_in("以上任务列首位的为牵头单位，其他为配合单位")
    assert note == Note(first_leads=True, all_above=True, others=AssignmentRole.COOPERATING)
    assert said("县水务局、县财政局", note) == ["牵 县水务局", "配 县财政局"]
    assert said("牵头单位：县水务局，责任单位：县财政局、县人社局", note) == [
        "牵 县水务局",
        "责 县财政局",
        "责 县人社局",
    ]


@pytest.mark.parametrize(
    "text", ["县水务局牵头、" * 50_000, "责任单位：" * 50_000, "责 任 " * 50_000, "负责" * 100_000]
)
def test_hostile_words_take_no_long(text: str) -> None:
    shares_in(text)
