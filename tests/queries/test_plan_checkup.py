"""What the check-up finds in the stored plans: each line of RULES §10, how much else, and nothing on a clean one."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from flask import Flask

from tests.factories import make_plan, make_task, make_unit
from tracker.models import db
from tracker.queries.checkup import checkup_of
from tracker.queries.plans import plan_by_code
from tracker.rules.checkup import OF_FIGURES, Code, Finding
from tracker.views.check_words import evidence

CODES = ("akqi-2022", "fushun-2020", "urumqi-2022", "xiji-2022", "xingguo-2023")
# Plan, kind of finding, and what its words or the titles of its tasks must hold: RULES §10, one by one.
LISTED: list[tuple[str, Code, tuple[str, ...]]] = [
    ("akqi-2022", Code.BEFORE_ISSUE, ("18 项", "2022-06-20", "2022年3月底前×18")),
    ("akqi-2022", Code.LEFT_OUT, ("G7",)),
    ("akqi-2022", Code.OTHER_TERMS, ("Q4", "教师工资总额的1.5%")),
    ("akqi-2022", Code.TWO_DATES, ("社会认可度", "2022年10月底前", "2023年3月")),
    ("akqi-2022", Code.GROUP_NAMES, ("各中小学",)),
    ("akqi-2022", Code.TWO_NAMES, ("县财政局 / 财政局",)),
    ("xingguo-2023", Code.BEFORE_ISSUE, ("26 项", "2023-11-23")),
    ("xingguo-2023", Code.CLASS_SIZE, ("第十小学", "1,800", "36", "每班 50 人", "45")),
    ("xingguo-2023", Code.CLASS_SIZE, ("第十一小学", "1,500", "30")),
    ("xingguo-2023", Code.CLASS_SIZE, ("第十二小学", "2,000", "40")),
    ("xingguo-2023", Code.SCHOOL_SIZE, ("第十一中学", "2,800", "2,000")),
    ("xingguo-2023", Code.WITHOUT_MONTH, ("2029年×5", "2022年", "长期×9", "逐年补齐教师", "按计划", "逐年减少")),
    ("xingguo-2023", Code.WITHOUT_MONEY, ("第三中学运动场",)),
    ("xingguo-2023", Code.TITLE_USE, ("古龙岗中学宿舍楼项目", "综合楼")),
    ("xingguo-2023", Code.TWO_VALUES, ("优质高中", "50%", "74.5%", "75%")),
    ("xingguo-2023", Code.WITHOUT_SEATS, ("良村中心小学",)),
    ("xingguo-2023", Code.SAME_SITE, ("第九中学", "第十二小学")),
    ("xingguo-2023", Code.LEAD_UNSTATED, ("第九中学建设项目",)),
    ("xingguo-2023", Code.TWO_NAMES, ("县财政局 / 财政局",)),
    ("xingguo-2023", Code.GROUP_NAMES, ("各乡镇",)),
    ("xiji-2022", Code.WITHOUT_DEADLINE, ("32 项",)),
    ("xiji-2022", Code.NUMBER_GAP, ("从 7 跳到 9",)),
    ("xiji-2022", Code.GROUP_NAMES, ("各义务教育阶段学校",)),
    ("fushun-2020", Code.NUMBERS_RESTART, ("32",)),
    ("fushun-2020", Code.WITHOUT_DUTY, ("社会认可度",)),
    ("fushun-2020", Code.NO_DOCUMENT_NUMBER, ()),
    ("fushun-2020", Code.NO_ISSUE_DATE, ()),
    ("urumqi-2022", Code.INDICATORS_WITHOUT_UNITS, ("32 项指标",)),
    ("urumqi-2022", Code.REPORTED_SHORT, ("R2、R3、G3、G11", "R4 0.5380 > 0.50", "R5 0.6253 > 0.50")),
    ("urumqi-2022", Code.REPORTED_ELSEWHERE, ("计算机台数", "0.5052")),
    ("urumqi-2022", Code.REPORTED_ELSEWHERE, ("校际间差异系数", "0.099")),
    ("urumqi-2022", Code.WHICH_YEAR, ("5 项", "2024年以前 2023-12-31 / 2024-12-31", "2024年前", "2025年前")),
    (
        "urumqi-2022",
        Code.HEADING_NUMBERS,
        ("一 义务教育均衡发展面临的形势、二 总体要求、二 发展指标、四 工作任务、五",),
    ),
]
# How many findings of its words each plan has at most.
MOST = {"akqi-2022": 7, "fushun-2020": 7, "urumqi-2022": 14, "xiji-2022": 8, "xingguo-2023": 7}


def findings(code: str) -> list[Finding]:
    """The findings of a stored plan."""
    plan = plan_by_code(code)
    assert plan is not None
    return checkup_of(plan)


def words(finding: Finding) -> str:
    """The evidence of a finding and the titles of its tasks."""
    return evidence(finding) + "、".join(each.title for each in finding.about)


def test_everything_that_the_rules_list_is_found_in_the_stored_plans(plans_app: Flask) -> None:
    found = {code: findings(code) for code in CODES}
    with plans_app.test_request_context():
        missing = [
            (code, kind, said)
            for code, kind, said in LISTED
            if not any(each.code is kind and all(part in words(each) for part in said) for each in found[code])
        ]
    assert missing == []


@pytest.mark.parametrize("code", CODES)
def test_little_else_is_found_and_a_long_list_is_one_line(plans_app: Flask, code: str) -> None:
    listed = {kind for plan, kind, _said in LISTED if plan == code}
    found = [each.code for each in findings(code) if each.code not in OF_FIGURES]
    print(f"{code}: {len(found)} findings; beside those of the rules: {sorted(set(found) - listed)}")
    assert len(found) <= MOST[code]
    assert max(Counter(found).values()) <= 2


def test_a_clean_plan_has_no_finding(app: Flask) -> None:
    plan = make_plan(document_number="某政办发〔2025〕1号", issued_on=date(2025, 1, 1))
    finance = make_unit("财政局")
    for number in ("1", "2", "3"):
        make_task(
            plan, lead=[finance], number=number, deadline_text="2026年9月底前", deadline_precision="month",
            due_on=date(2026, 9, 30), no_indicator_reason="不对应指标",
        )  # fmt: skip
    db.session.flush()
    assert checkup_of(plan) == []
    make_task(plan, number="7", due_on=date(2026, 9, 30), no_indicator_reason="不对应指标")
    db.session.flush()
    assert {each.code for each in checkup_of(plan)} == {Code.WITHOUT_UNIT, Code.NUMBER_GAP, Code.WITHOUT_DEADLINE}
