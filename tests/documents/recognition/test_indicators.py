"""Indicators that a text states one by one."""

from __future__ import annotations

from decimal import Decimal

from tracker.documents.paper import Paper, Paragraph
from tracker.documents.plan_draft import DraftIndicator
from tracker.documents.recognition.indicators import indicators_in
from tracker.documents.recognition.outline import outline_of
from tracker.rules.reading.papers import PaperKind


def indicators(*lines: str) -> tuple[DraftIndicator, ...]:
    """The indicators of a text of these lines."""
    blocks = tuple(Paragraph(line, count) for count, line in enumerate(lines, start=1))
    return indicators_in(outline_of(Paper(PaperKind.TEXT, blocks))).indicators


LIST = (
    "二、发展指标",
    "（一）资源配置",
    "1.每百名学生拥有高于规定学历教师数，小学、初中分别达到4.2人以上、5.3人以上；",
    "2.生均体育运动场馆面积，小学不低于7.5平方米，初中不低于10.2平方米；",
    "（二）政府保障程度",
    "1.所有小学、初中规模不超过2000人。",
    "2.特殊教育学校生均公用经费不低于6000元。",
    "（三）社会认可度",
    "学生、家长和教师的满意度达到85%以上。",
)


def test_each_stated_indicator_has_its_thresholds_by_stage() -> None:
    found = indicators(*LIST)
    assert [(each.national, each.floors) for each in found] == [
        ("R1", (("小学", Decimal("4.2")), ("初中", Decimal("5.3")))),
        ("R5", (("小学", Decimal("7.5")), ("初中", Decimal("10.2")))),
        ("G4", (("小学", Decimal(2000)), ("初中", Decimal(2000)))),
        ("G7", ()),
        ("S1", ()),
    ]


def test_lists_numbered_anew_keep_their_indicators_apart() -> None:
    assert [each.number for each in indicators(*LIST)] == ["1.1", "1.2", "2.1", "2.2", "3.1"]


def test_a_list_told_twice_counts_once() -> None:
    assert len(indicators(*LIST, "附件1", "考核指标", *LIST)) == 5


def test_two_sentences_with_a_threshold_are_no_list() -> None:
    assert indicators("三、提升教育质量", "1.巩固率达到95%以上，抓好控辍保学。", "2.三年巩固率不低于99%。") == ()


def test_differences_between_schools_are_no_thresholds_of_a_stage() -> None:
    found = indicators(*LIST[:2], "1.教学及辅助用房，差异系数小学均小于或等于0.50，初中均小于或等于0.45。", *LIST[3:])
    assert found[0].floors == ()
