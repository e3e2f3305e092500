"""Tasks in paragraphs: brackets, labels, clauses, groups and notes in the layouts of plans of any field."""

from __future__ import annotations

import time

import pytest

from tracker.documents.paper import Paper, Paragraph
from tracker.documents.plan_draft import DraftTask
from tracker.documents.readers.plain_text import read_text
from tracker.documents.recognition.measures import measures_in
from tracker.documents.recognition.outline import outline_of
from tracker.rules.reading.doubts import ReadingDoubt
from tracker.rules.reading.papers import PaperKind
from tracker.rules.task_kinds import AssignmentRole

SIGNS = {AssignmentRole.LEAD: "牵", AssignmentRole.RESPONSIBLE: "责", AssignmentRole.COOPERATING: "配"}


def found(text: str):  # type: ignore[no-untyped-def]
    """What is found in the lines of a text."""
    blocks = tuple(Paragraph(line, count) for count, line in enumerate(text.strip().split("\n"), 1))
    return measures_in(outline_of(Paper(PaperKind.TEXT, blocks)))


def tasks(text: str) -> list[DraftTask]:
    """Its tasks."""
    return [each.task for each in found(text).tasks]


def told(task: DraftTask) -> str:
    """The units of a task with their parts, in one line."""
    return " ".join(f"{SIGNS[each.role]}{each.name}" for each in task.units)


@pytest.mark.parametrize("brackets", ["（）", "()", "〔〕", "[]", "【】"])
def test_brackets_of_any_sort_at_the_end_say_who_does_it(brackets: str) -> None:
    start, end = brackets[0], brackets[1]
    (task,) = tasks(f"一、主要任务\n1.强化水质检测。每月检测。{start}责任单位：县水务局、各乡（镇、街道）{end}")
    assert (task.title, told(task), task.requirement) == ("强化水质检测", "责县水务局 责各乡（镇、街道）", "每月检测。")


def test_labels_need_no_bracket_and_may_stand_in_the_paragraph() -> None:
    (task,) = tasks("1、招聘水管员。全年招聘。牵头单位：人事科 配合单位：规财科、供水科 完成时限：每年9月底前")
    assert (task.title, told(task), task.deadline) == ("招聘水管员", "牵人事科 配规财科 配供水科", "每年9月底前")
    (task,) = tasks("1、招聘水管员 牵头单位：人事科 配合单位：规财科")
    assert (task.title, told(task)) == ("招聘水管员", "牵人事科 配规财科")


def test_names_go_on_under_their_label() -> None:
    (task,) = tasks("2.推进改造。\n主办单位：市水务局\n协办单位：市医保局\n市财政局\n市人社局\n时间要求：2024年6月底")
    assert told(task) == "牵市水务局 配市医保局 配市财政局 配市人社局"
    assert task.deadline == "2024年6月底"
    (task,) = tasks("3.开展签约。\n责任单位\n各县（区）水务局\n时限\n长期坚持")
    assert (told(task), task.deadline) == ("责各县（区）水务局", "长期坚持")


def test_numbered_labels_belong_to_what_stands_above_them() -> None:
    (task,) = tasks("1.推进改造\n（1）责任单位：市水务局\n（2）配合单位：市财政局\n（3）完成时限：2024年6月")
    assert (task.title, told(task), task.deadline) == ("推进改造", "责市水务局 配市财政局", "2024年6月")


def test_a_clause_on_a_line_of_its_own_says_who_does_it() -> None:
    (task,) = tasks("1.推进改造。完成改造。\n县水务局牵头，县财政局配合，2024年6月底前完成。")
    assert (told(task), task.deadline) == ("牵县水务局 配县财政局", "2024年6月底前")


def test_points_of_a_list_with_brackets_are_tasks_of_their_own() -> None:
    first, second = tasks(
        "一、养老\n●建设养老院2所。（县民政局、县财政局负责）\n●改造敬老院。（县民政局牵头，各镇负责）"
    )
    assert (first.title, told(first)) == ("建设养老院2所", "责县民政局 责县财政局")
    assert (second.title, told(second)) == ("改造敬老院", "牵县民政局 责各镇")


def test_an_item_with_labels_keeps_its_number_beside_groups() -> None:
    first, _second = tasks("（一）改造路灯300盏\n责任单位：县住建局\n（二）改造桥梁\n1.甲桥。拆除。\n责任单位：各镇")
    assert (first.number, first.section) == ("一", ())


def test_of_several_brackets_each_closes_a_task() -> None:
    first, second = tasks(
        "1.建设智慧灌区。一是建设感知网络，到2025年覆盖率达到80%（省水利厅牵头）；"
        "二是建设云控平台（省水利厅、省通信管理局负责）。"
    )
    assert (first.title, told(first), first.deadline) == (
        "建设感知网络，到2025年覆盖率达到80%",
        "牵省水利厅",
        "到2025年",
    )
    assert (second.title, told(second)) == ("建设云控平台", "责省水利厅 责省通信管理局")


@pytest.mark.parametrize(
    "heading",
    [
        "（一）完善机制（牵头单位：县水务局；责任单位：各镇人民政府）",
        "（一）完善机制\n牵头单位：县水务局\n责任单位：各镇人民政府",
    ],
)
def test_a_group_inherits_what_its_heading_says_and_a_doubt_says_so(heading: str) -> None:
    seen = found(f"{heading}\n1.落实主体。明确责任。\n2.加强队伍。每村1人。")
    assert [(each.task.title, told(each.task)) for each in seen.tasks] == [
        ("落实主体", "牵县水务局 责各镇人民政府"),
        ("加强队伍", "牵县水务局 责各镇人民政府"),
    ]
    assert [each.kind for each in seen.doubts] == [ReadingDoubt.INHERITED_UNITS] * 2


@pytest.mark.parametrize("where", ["before", "after"])
def test_a_note_on_the_first_of_a_list_holds_for_the_whole_document(where: str) -> None:
    note, item = "以上任务列首位的为牵头单位，其他为配合单位。", "1.抓好项目。（区发改局、区住建局）"
    lines = [note, item] if where == "before" else [item, "二、附则", note]
    assert [told(each) for each in tasks("\n".join(lines))] == ["牵区发改局 配区住建局"]


def test_a_task_may_have_an_official_or_a_deadline_alone() -> None:
    first, second = tasks("1.做好服务。\n责任领导：周强\n2.做好验收。\n完成时限：2024年6月底前")
    assert (first.officials, first.units) == (("周强",), ())
    assert (second.deadline, second.units) == ("2024年6月底前", ())


def test_another_day_in_the_sentences_beside_a_labelled_one_is_in_doubt() -> None:
    seen = found("1.新建水库。2025年6月底前完成主体工程。（责任单位：县水务局；完成时限：2026年12月）")
    (task,) = [each.task for each in seen.tasks]
    assert (task.deadline, task.other_deadlines) == ("2026年12月", ())
    assert [(each.kind, each.words) for each in seen.doubts] == [
        (ReadingDoubt.SEVERAL_DEADLINES, "2026年12月、2025年6月底前")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "（一）加强领导。成立领导小组（领导小组办公室设在县水务局）。",
        "（一）完善设施。建设功能室（实验室、图书室、计算机室）。",
        "（一）开展试点。选择两镇试点（城关镇、双河镇）。",
        "（一）开展宣传。运用新媒体（含短视频、公众号）。",
        "（一）资金保障。县财政局要统筹资金。",
    ],
)
def test_brackets_that_say_something_else_make_no_task(text: str) -> None:
    assert tasks(f"一、保障措施\n{text}") == []


def test_a_bracket_that_never_closes_ends_with_its_line() -> None:
    first, second = tasks("1.甲。做好甲。（责任单位：县水务局、县财政局\n2.乙（含丙。做好乙。（责任单位：县财政局）")
    assert (told(first), told(second)) == ("责县水务局 责县财政局", "责县财政局")


@pytest.mark.parametrize(
    "piece",
    [
        "（",
        "（责任单位：县水务局）",
        "（责任单位：",
        "责任单位：县水务局 ",
        "县水务局牵头，",
        "2024年",
        "一是甲（县水务局牵头）；",
    ],
)
def test_hostile_paragraphs_take_no_long(piece: str) -> None:
    begun = time.process_time()
    tasks("1.甲。" + piece * (300_000 // len(piece)))
    assert time.process_time() - begun < 20


def test_seats_of_no_school_that_is_named_are_a_doubt() -> None:
    text = "一、重点任务\n1.新建公办幼儿园2所。新增学位540个，总投资4200万元。（责任单位：县教育局、县住建局）\n"
    found = measures_in(outline_of(read_text(text)))
    assert [(each.kind, each.words) for each in found.doubts] == [(ReadingDoubt.UNSURE_FIGURE, "学位540个")]


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("1.完善机制。建立制度。县水务局牵头，县财政局配合。", "牵县水务局 配县财政局"),
        (
            "1.完善机制。建立制度。责任单位：县住建局（县人防办）、县水务局、各乡镇（街道）",
            "责县住建局（县人防办） 责县水务局 责各乡镇（街道）",
        ),
        ("1.完善机制。建立制度。责任单位：县水务局（责任领导：张三）", "责县水务局"),
        ("1.2025年底前，疏浚河道。（县水务局牵头，有关部门配合）", "牵县水务局 配有关部门"),
    ],
)
def test_units_are_found_without_brackets_of_their_own(text: str, units: str) -> None:
    (task,) = tasks(text)
    assert told(task) == units


def test_a_numbered_paragraph_that_was_not_understood_among_tasks_is_a_doubt() -> None:
    text = "一、任务\n1.甲。做好甲。（县水务局负责）\n2.乙。做好乙。\n3.丙。做好丙。（县财政局负责）"
    found = measures_in(outline_of(read_text(text)))
    assert [(each.kind, each.words) for each in found.doubts] == [(ReadingDoubt.UNSURE_TASK, "2.乙。做好乙。")]


def test_paragraphs_among_which_few_are_tasks_are_no_doubt() -> None:
    text = "一、要求\n1.甲。做好甲。\n2.乙。做好乙。\n3.丙。做好丙。（县财政局负责）"
    assert measures_in(outline_of(read_text(text))).doubts == ()


def test_the_end_of_a_document_is_no_part_of_its_last_task() -> None:
    end = "附件：1.任务表\n2.项目表\n\n县水务局\n县财政局\n2024年5月8日\n（此件公开发布）\n"
    (task,) = tasks(f"一、任务\n1.疏浚河道。做好疏浚。（县水务局负责）\n{end}")
    assert (task.requirement, task.sentence) == ("做好疏浚。", "1.疏浚河道。做好疏浚。（县水务局负责）")


def test_an_item_with_headed_lines_below_is_a_task_though_its_neighbour_is_a_group() -> None:
    text = "1.完善机制\n主要内容：建立制度。\n责任单位：县水务局\n2.疏浚\n（1）河道。疏浚。（县水务局负责）"
    first, second = tasks(text)
    assert ((first.number, first.title), (second.number, second.title)) == (("1", "完善机制"), ("1", "河道"))


def test_labels_behind_the_last_of_several_steps_speak_for_their_heading() -> None:
    steps = "1.修订规划。\n2.疏浚支流。\n责任单位：县水务局\n完成时限：2025年底前\n"
    first, second = tasks(f"一、任务\n（一）整治河道\n{steps}（二）巡查\n1.每月巡查。\n2.每年总结。\n责任单位：各乡镇")
    assert (first.number, first.title, told(first), first.deadline) == ("一", "整治河道", "责县水务局", "2025年底前")
    assert first.requirement == "1.修订规划。\n2.疏浚支流。"
    assert (second.title, told(second)) == ("巡查", "责各乡镇")


def test_labels_behind_each_step_are_its_own() -> None:
    text = "一、任务\n（一）整治河道\n1.修订规划。\n责任单位：县水务局\n2.疏浚支流。\n责任单位：县财政局"
    assert [(each.title, told(each)) for each in tasks(text)] == [
        ("修订规划", "责县水务局"),
        ("疏浚支流", "责县财政局"),
    ]


def test_problems_to_be_mended_are_tasks() -> None:
    problem = "整改措施：1.疏浚；2.巡查。\n整改目标：2025年9月底前通水\n责任单位：县水务局 县财政局\n责任人：刘建国\n"
    text = f"一、整改任务\n问题一：河道淤积\n{problem}整改时限：2025年9月30日\n问题二：堤防破损\n责任单位：县财政局"
    first, second = tasks(text)
    assert (first.number, first.title, told(first)) == ("一", "河道淤积", "责县水务局 责县财政局")
    assert (first.officials, first.deadline) == (("刘建国",), "2025年9月30日")
    assert (second.number, second.title) == ("二", "堤防破损")


def test_a_lone_paragraph_that_was_not_understood_among_tasks_elsewhere_is_a_doubt() -> None:
    text = "一、任务\n（一）甲\n1.疏浚。（县水务局负责）\n2.巡查。（县水务局负责）\n（二）乙\n1.补种。做好补种。"
    found = measures_in(outline_of(read_text(text)))
    assert [each.words for each in found.doubts] == ["1.补种。做好补种。"]


def test_names_that_can_only_be_units_are_no_doubt() -> None:
    text = "一、任务\n1.疏浚。做好疏浚。〔县水务局、县财政局〕"
    assert measures_in(outline_of(read_text(text))).doubts == ()
