"""Each rule of the check-up of a plan's words: a plan that breaks it, beside one that differs little and does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tracker.rules.checkup import About, Code, Finding
from tracker.rules.deadlines import Doubt, Precision
from tracker.rules.plan_checks import plan_findings
from tracker.rules.plan_facts import (
    GoalFacts,
    HeadingFacts,
    ItemFacts,
    PlanFacts,
    ReportedFacts,
    TaskFacts,
    UnitPart,
)
from tracker.rules.task_kinds import AssignmentRole, TaskKind
from tracker.rules.unit_checks import bare_name

LEAD = (UnitPart("水务局", AssignmentRole.LEAD),)
HELP = (UnitPart("财政局", AssignmentRole.COOPERATING),)
BOTH = (UnitPart("水务局", AssignmentRole.RESPONSIBLE), UnitPart("农业农村局", AssignmentRole.RESPONSIBLE))


def task(count: int = 1, **differences: Any) -> TaskFacts:
    """A task of which nothing is doubtful."""
    clean = TaskFacts(
        About(f"m-{count:02d}", f"任务{count}"),
        TaskKind.MEASURE,
        number=str(count),
        section=("主要任务",),
        units=LEAD,
        deadline="2026年9月底前",
        precision=Precision.MONTH,
        due_on=date(2026, 9, 30),
    )
    return replace(clean, **differences)


def plan(*tasks: TaskFacts, **differences: Any) -> PlanFacts:
    """A plan of some tasks of which nothing else is doubtful."""
    return replace(PlanFacts("甲政发〔2026〕1号", date(2026, 1, 5), tasks), **differences)


def item(number: int, **differences: Any) -> ItemFacts:
    """An indicator of the plan's own list."""
    return replace(ItemFacts(f"1.{number}", str(number), f"指标{number}"), **differences)


def numbered(*numbers: str) -> tuple[HeadingFacts, ...]:
    """Headings of one rank."""
    return tuple(HeadingFacts(4, number, "标题") for number in numbers)


def goal(words: str, deadline: str | None = None, due_on: date | None = None) -> GoalFacts:
    """A goal of the plan."""
    return GoalFacts(words, deadline, due_on)


def codes(facts: PlanFacts) -> list[Code]:
    """The kinds of what is found."""
    return [each.code for each in plan_findings(facts)]


def only(facts: PlanFacts) -> Finding:
    """The one finding."""
    (found,) = plan_findings(facts)
    return found


NAMES = {"G14": "优质高中名额", "S1": "社会认可度"}
DUTY = {"kind": TaskKind.INDICATOR_DUTY, "serves": ("S1",)}
OPINION = task(1, about=About("d-1", "社会认可度"), **DUTY)
CASES: list[tuple[Code, PlanFacts, PlanFacts]] = [
    (Code.BEFORE_ISSUE, plan(task(doubt=Doubt.BEFORE_ISSUE)), plan(task())),
    (Code.UNREADABLE, plan(task(doubt=Doubt.UNREADABLE)), plan(task())),
    (Code.WITHOUT_MONTH, plan(task(precision=Precision.YEAR)), plan(task(precision=Precision.QUARTER))),
    (Code.WITHOUT_DEADLINE, plan(task(deadline=None)), plan(task())),
    (Code.WITHOUT_UNIT, plan(task(units=())), plan(task())),
    (Code.LEAD_UNSTATED, plan(task(units=BOTH)), plan(task(units=(*LEAD, *BOTH[1:])))),
    (Code.LEAD_UNSTATED, plan(task(units=BOTH)), plan(task(units=BOTH[:1]))),
    (Code.LEAD_UNSTATED, plan(task(units=HELP)), plan(task(units=(*BOTH[:1], *HELP)))),
    (
        Code.TWO_NAMES,
        plan(task(), task(2, units=(UnitPart("县水务局", AssignmentRole.LEAD),))),
        plan(task(), task(2, units=(UnitPart("县林业局", AssignmentRole.LEAD),))),
    ),
    (
        Code.GROUP_NAMES,
        plan(task(units=(UnitPart("各乡镇", AssignmentRole.LEAD),))),
        plan(task(units=(UnitPart("各乡镇", AssignmentRole.LEAD),)), members={"各乡镇": 9}),
    ),
    (
        Code.GROUP_NAMES,
        plan(task(units=(UnitPart("村小", AssignmentRole.LEAD),)), members={"村小": 0}),
        plan(task(units=(UnitPart("村小", AssignmentRole.LEAD),)), members={"村小": 3}),
    ),
    (Code.NUMBER_GAP, plan(task(1), task(2), task(4)), plan(task(1), task(2), task(3))),
    (Code.NUMBER_TWICE, plan(task(1), task(2), task(3, number="2")), plan(task(1), task(2), task(3, number=None))),
    (
        Code.HEADING_NUMBERS,
        plan(task(), headings=numbered("一", "二", "二", "四", "五")),
        plan(task(), headings=numbered("一", "二", "三", "一", "二", "三")),
    ),
    (
        Code.TWO_VALUES,
        plan(
            task(requirement="优质高中名额的50%分配到初中"), goals=(goal("优质高中招生名额75%到初中"),), national=NAMES
        ),
        plan(
            task(requirement="优质高中名额的50%分配到初中"), goals=(goal("优质高中招生名额50%到初中"),), national=NAMES
        ),
    ),
    (
        Code.TWO_DATES,
        plan(OPINION, goals=(goal("社会认可度达到85%", "2027年3月", date(2027, 3, 31)),)),
        plan(OPINION, goals=(goal("社会认可度达到85%", "2026年9月", date(2026, 9, 30)),)),
    ),
    (
        Code.OTHER_TERMS,
        plan(task(), items=(item(1, other_terms=True, national="S1"),), national={"S1": ""}),
        plan(task(), items=(item(1, national="S1"),), national={"S1": ""}),
    ),
    (
        Code.LEFT_OUT,
        plan(task(), items=(item(1, national="R1"), item(2, national="R2")), national={"R1": "", "R2": "", "R3": ""}),
        plan(task(), items=(item(1, national="R1"),), national={"R1": "", "R2": "", "R3": ""}),
    ),
    (
        Code.WITHOUT_DUTY,
        plan(task(1, duty_of="1.1"), task(2, duty_of="1.2"), items=(item(1), item(2), item(3))),
        plan(task(1, duty_of="1.1"), task(2, duty_of="1.2"), items=(item(1), item(2))),
    ),
    (
        Code.WITHOUT_TASK,
        plan(task(serves=("R1",)), national={"R1": "一", "R2": "二"}),
        plan(task(serves=("",)), national={"R1": "一", "R2": "二"}),
    ),
    (Code.WITHOUT_INDICATOR, plan(task(serves=())), plan(task(serves=None))),
    (
        Code.REPORTED_SHORT,
        plan(task(), reported=(ReportedFacts("R2", None, None, False),)),
        plan(task(), reported=(ReportedFacts("R2", None, None, True),)),
    ),
    (
        Code.REPORTED_ELSEWHERE,
        plan(task(), reported=(ReportedFacts(None, "计算机台数", Decimal("0.5052"), None),)),
        plan(task()),
    ),
    (
        Code.POINTS,
        plan(task(), items=(item(1, points=Decimal(9), part_points=(Decimal(4), Decimal(4))),)),
        plan(task(), items=(item(1, points=Decimal(8), part_points=(Decimal(4), Decimal(4))),)),
    ),
    (
        Code.POINTS,
        plan(task(), items=(item(1, grade="B", points=Decimal(90)),)),
        plan(task(), items=(item(1, grade="B", points=Decimal(60)), item(2, grade="B", points=Decimal(40)))),
    ),
    (
        Code.GRADE_COUNT,
        plan(task(), items=(item(1, grade="A"),), goals=(goal("A类指标27项全部达标"),)),
        plan(task(), items=(item(1, grade="A"),), goals=(goal("1项A类指标达标"),)),
    ),
    (Code.NO_DOCUMENT_NUMBER, plan(task(), document_number=None), plan(task())),
    (Code.NO_ISSUE_DATE, plan(task(), issued_on=None), plan(task())),
]


@pytest.mark.parametrize(("code", "broken", "kept"), CASES)
def test_a_rule_finds_what_breaks_it_and_leaves_what_keeps_it(code: Code, broken: PlanFacts, kept: PlanFacts) -> None:
    assert code in codes(broken)
    assert code not in codes(kept)


def test_a_clean_plan_has_no_finding_and_an_empty_one_does_no_harm() -> None:
    clean = plan(task(1), task(2), task(3), headings=numbered("一", "二", "三"))
    assert plan_findings(clean) == []
    assert codes(PlanFacts(None, None, ())) == [Code.NO_DOCUMENT_NUMBER, Code.NO_ISSUE_DATE]


def test_findings_of_one_kind_are_one_line_with_each_wording_counted() -> None:
    late = [task(count, deadline="2025年8月", doubt=Doubt.BEFORE_ISSUE) for count in (1, 2)]
    found = only(plan(*late, task(3, deadline="2025年5月", doubt=Doubt.BEFORE_ISSUE)))
    assert found.keys == ("m-01", "m-02", "m-03")
    assert found.evidence == {"count": 3, "issued_on": "2026-01-05", "texts": ("2025年8月×2", "2025年5月")}


def test_an_ambiguous_deadline_shows_both_readings() -> None:
    either = task(
        deadline="2027年以前",
        doubt=Doubt.BEFORE_WHICH_YEAR,
        due_on=date(2026, 12, 31),
        alternative_on=date(2027, 12, 31),
    )
    assert only(plan(either)).evidence["texts"] == ("2027年以前 2026-12-31 / 2027-12-31",)


def test_a_reported_coefficient_says_which_limit_it_is_above() -> None:
    over = ReportedFacts("R4", None, Decimal("0.5380"), None, "primary", limit=Decimal("0.50"))
    under = ReportedFacts("R5", None, Decimal("0.41"), None, "primary", limit=Decimal("0.50"))
    assert only(plan(task(), reported=(over, under))).evidence["titles"] == ("R4 0.5380 > 0.50", "R5 0.41")


@pytest.mark.parametrize(
    ("name", "bare"), [("县财政局", "财政局"), ("某某县财政局", "财政局"), ("财政局", "财政局"), ("县", "县")]
)
def test_a_unit_is_known_without_its_county(name: str, bare: str) -> None:
    assert bare_name(name) == bare
