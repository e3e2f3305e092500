"""Node lists as people paste them, the acts that are possible, and what is asked about odd days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tracker.rules import nodes
from tracker.rules.completion import NodeFacts
from tracker.rules.nodes import (
    DAY_CELLS,
    LONGEST_NODE,
    MOST_LINES,
    MOST_NODES,
    USUAL_NODES,
    LineFault,
    NodeListing,
    PlannedNode,
    Question,
    list_text,
    next_due,
    node_questions,
    node_step_on,
    read_nodes,
    why_not_done,
    why_not_expect,
    why_not_move,
    why_not_name,
)

TODAY = date(2026, 3, 6)


@pytest.mark.parametrize(
    ("line", "name", "day"),
    [
        ("立项", "立项", None),
        ("立项 2024年3月", "立项", date(2024, 3, 31)),
        ("开工，2024-05-10", "开工", date(2024, 5, 10)),
        ("开工, 2024/5/10", "开工", date(2024, 5, 10)),
        ("开工：2024.5.10", "开工", date(2024, 5, 10)),
        ("主体封顶\t2024年10月底前", "主体封顶", date(2024, 10, 31)),
        ("1\t主体 封顶\t2024/10/1 0:00", "主体 封顶", date(2024, 10, 1)),
        ("开工\t\t", "开工", None),
        ("开工\t待定", "开工", None),
        ("开工 —", "开工", None),
        ("3号楼封顶 2025年6月", "3号楼封顶", date(2025, 6, 30)),
        ("二期 3号楼封顶 2025年6月", "二期 3号楼封顶", date(2025, 6, 30)),
        ("立项2024年3月", "立项", date(2024, 3, 31)),
        ("1、立项 2024年", "立项", date(2024, 12, 31)),
        ("（2）可研 2024年二季度", "可研", date(2024, 6, 30)),
        ("竣工验收·投用 二〇二五年八月", "竣工验收·投用", date(2025, 8, 31)),
        ("竣工验收·投用 25年8月", "竣工验收·投用", date(2025, 8, 31)),
        ("开工 2024/5/1 0:00", "开工", date(2024, 5, 1)),
    ],
)
def test_a_line_is_read_as_it_is_written(line: str, name: str, day: date | None) -> None:
    listing = read_nodes(line)
    assert listing.wrong == ()
    assert listing.nodes == (PlannedNode(name, day),)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("开工 2024年13月", LineFault.BAD_DAY),
        ("开工 2024-02-30", LineFault.BAD_DAY),
        ("开工 3月", LineFault.BAD_DAY),
        ("开工 年底", LineFault.BAD_DAY),
        ("开工 2024年以前", LineFault.BAD_DAY),
        ("开工 2024年起", LineFault.BAD_DAY),
        ("，2024年3月", LineFault.NO_NAME),
        ("2025年8月31日前竣工", LineFault.NO_NAME),
        ("2025年8月 竣工", LineFault.BAD_DAY),
        ("长" * (LONGEST_NODE + 1), LineFault.LONG_NAME),
    ],
)
def test_a_wrong_line_is_named_by_its_number(line: str, fault: LineFault) -> None:
    listing = read_nodes(f"立项\n\n{line}")
    assert [(each.number, each.fault) for each in listing.wrong] == [(3, fault)]
    assert [node.name for node in listing.nodes] == ["立项"]


def test_a_name_stands_once_and_a_list_has_an_end() -> None:
    assert [each.fault for each in read_nodes("立项\n立项 2024年3月").wrong] == [LineFault.TWICE]
    many = "\n".join(f"节点{number}号" for number in range(MOST_NODES + 1))
    assert [(each.number, each.fault) for each in read_nodes(many).wrong] == [(MOST_NODES + 1, LineFault.TOO_MANY)]


def test_the_head_of_a_table_is_no_node() -> None:
    assert read_nodes("序号\t节点\t计划日期\n1\t立项\t2024-03-31").nodes == (PlannedNode("立项", date(2024, 3, 31)),)
    assert read_nodes("节点名称\n立项").nodes == (PlannedNode("立项"),)
    assert read_nodes(" \n\n") == read_nodes("")


def test_a_list_that_is_written_is_read_again() -> None:
    rows = tuple(PlannedNode(name, date(2026, 3, 6)) for name in USUAL_NODES)
    assert read_nodes(list_text(rows)).nodes == rows
    assert read_nodes("\n".join(USUAL_NODES)).nodes == tuple(PlannedNode(name) for name in USUAL_NODES)


A, B = date(2026, 5, 1), date(2026, 6, 1)


@pytest.mark.parametrize(
    ("old", "new", "done", "reason", "refusal"),
    [
        (None, A, None, "", None),
        (A, B, None, "雨季", None),
        (A, B, None, "", "node_reason_missing"),
        (A, A, None, "雨季", "node_same_day"),
        (A, None, None, "雨季", "node_day_missing"),
        (A, B, A, "雨季", "node_done"),
    ],
)
def test_a_planned_day_moves_with_a_reason(
    old: date | None, new: date | None, done: date | None, reason: str, refusal: str | None
) -> None:
    assert why_not_move(old, new, done, reason) == refusal


@pytest.mark.parametrize(
    ("expected", "planned", "done", "reason", "refusal"),
    [
        (A, A, None, "", None),
        (A, None, None, "", None),
        (None, A, None, "", None),
        (B, A, None, "", "node_late_reason"),
        (B, A, None, "招标延后", None),
        (date(2026, 3, 5), A, None, "", "expected_past"),
        (TODAY, A, None, "", None),
        (A, A, A, "", "node_done"),
    ],
)
def test_a_late_forecast_says_why(
    expected: date | None, planned: date | None, done: date | None, reason: str, refusal: str | None
) -> None:
    assert why_not_expect(expected, planned, done, TODAY, reason) == refusal


def test_a_node_is_done_once_and_not_in_the_future() -> None:
    assert why_not_done(TODAY, None, TODAY) is None
    assert why_not_done(date(2026, 3, 7), None, TODAY) == "node_done_future"
    assert why_not_done(None, None, TODAY) == "node_day_missing"
    assert why_not_done(TODAY, A, TODAY) == "node_done"


def test_the_next_due_node_is_the_earliest_that_is_open() -> None:
    assert next_due([(A, A), (B, None), (None, None)]) == B
    assert next_due([(A, A), (None, None)]) is None


def asked(nodes: list[NodeFacts], due_on: date | None = None) -> list[tuple[Question, str, str | None]]:
    return [
        (each.question, each.node.name, each.other.name if each.other else None)
        for each in node_questions(nodes, due_on)
    ]


def test_odd_days_are_asked_about() -> None:
    first, last = NodeFacts("开工", planned_on=B), NodeFacts("竣工", planned_on=A)
    assert asked([first, last]) == [(Question.OUT_OF_ORDER, "竣工", "开工")]
    assert asked([last, NodeFacts("中间"), first], due_on=B) == []
    assert asked([last, first], due_on=A) == [(Question.AFTER_DEADLINE, "开工", None)]
    assert asked([NodeFacts("开工"), NodeFacts("竣工", done_on=A)]) == [(Question.DONE_OUT_OF_ORDER, "竣工", "开工")]
    assert asked([NodeFacts("开工", B, done_on=A), NodeFacts("竣工", A, done_on=A)], due_on=date(2026, 1, 1)) == []
    assert asked([], due_on=A) == []


@pytest.mark.parametrize(
    ("days", "step"),
    [(-8, None), (-7, -7), (-1, -7), (0, -7), (1, 1), (7, 1), (8, 8), (14, 8), (15, 15), (400, 400 - 399 % 7)],
)
def test_a_node_asks_a_week_before_its_day_then_after_it_and_every_week(days: int, step: int | None) -> None:
    planned_on = date(2026, 5, 27)
    expected = planned_on + timedelta(days=step) if step is not None else None
    assert node_step_on(planned_on, planned_on + timedelta(days=days)) == expected


def test_a_huge_list_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    read_day = nodes.read_day
    monkeypatch.setattr(nodes, "read_day", lambda words: asked.append(words) or read_day(words))
    for text in ("1 " * 2000, "x" + "2024 " * 790):
        assert [each.fault for each in read_nodes(text).wrong] == [LineFault.LONG_LINE]
    assert not asked
    assert [each.fault for each in read_nodes("1 " * 99).wrong] == [LineFault.BAD_DAY]
    assert len(asked) <= DAY_CELLS
    assert len(read_nodes("名 1\n" * 5000).wrong) <= MOST_LINES + 1
    assert len(asked) <= DAY_CELLS + MOST_LINES + 1


NAMES = ("主体，封顶", "一期：主体", "1. 开工", "开 工", "Main structure", "节点", "开工 2024-05-01", "开工")


@pytest.mark.parametrize("day", [None, date(2026, 3, 6)])
def test_names_that_a_project_has_are_read_whatever_they_hold(day: date | None) -> None:
    rows = tuple(PlannedNode(name, day) for name in NAMES)
    assert read_nodes(list_text(rows), NAMES) == NodeListing(rows)


def test_a_known_name_is_found_with_its_day_in_any_writing() -> None:
    known = ["开 工", "开 工 二期"]
    text = "1. 开 工 二期\t2024/5/1 0:00\n开 工，2024年3月"
    assert read_nodes(text, known).nodes == (
        PlannedNode("开 工 二期", date(2024, 5, 1)),
        PlannedNode("开 工", date(2024, 3, 31)),
    )
    assert read_nodes("开工前准备 2024年3月", ["开工"]).nodes == (PlannedNode("开工前准备", date(2024, 3, 31)),)


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("节点", "node_heading"),
        ("开工 2024-05-01", "node_dated"),
        ("开工2024年5月", "node_dated"),
        ("开工 待定", "node_dated"),
        ("主体，封顶", None),
        ("1. 开工", None),
        ("开 工", None),
        ("3号楼封顶", None),
    ],
)
def test_a_name_that_no_list_can_carry_is_refused(name: str, refusal: str | None) -> None:
    assert why_not_name(name) == refusal


def test_a_last_node_planned_behind_the_first_of_september_is_asked_about() -> None:
    def asked(**days: date) -> list[Question]:
        return [each.question for each in node_questions([NodeFacts("投用", **days)], None)]

    assert asked(planned_on=date(2026, 9, 2)) == [Question.IN_SEPTEMBER]
    assert asked(planned_on=date(2026, 9, 30)) == [Question.IN_SEPTEMBER]
    assert asked(planned_on=date(2026, 9, 1)) == asked(planned_on=date(2026, 10, 1)) == []
    assert asked(planned_on=date(2026, 9, 2), done_on=date(2026, 3, 1)) == []


def test_a_last_node_expected_before_an_open_one_is_asked_about() -> None:
    roofed = NodeFacts("封顶", expected_on=date(2026, 9, 9))
    last = NodeFacts("投用", expected_on=date(2026, 8, 25))
    [found] = node_questions([roofed, last], None)
    assert (found.question, found.node, found.other) == (Question.EXPECTED_BEHIND, last, roofed)
    assert node_questions([roofed, NodeFacts("投用", expected_on=date(2026, 9, 9))], None) == []
