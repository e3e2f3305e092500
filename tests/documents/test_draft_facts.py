"""The check-up of plans that were only read, from their documents alone; and that a clean plan has nothing to say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest

from tests.documents.recognition.test_five_plans import draft
from tracker.documents.draft_facts import checkup_of_draft
from tracker.documents.paper import Place
from tracker.documents.plan_draft import DraftHead, DraftHeading, DraftTask, DraftUnit, PlanDraft
from tracker.documents.seed_standard import national_from
from tracker.rules.checkup import Code, Finding
from tracker.rules.task_kinds import AssignmentRole, TaskKind
from tracker.settings import ROOT

NATIONAL = national_from(ROOT / "seeds" / "frameworks" / "national.yaml")


def found_in(name: str) -> list[Finding]:
    """The findings of a document."""
    return checkup_of_draft(draft(name, "docx"), NATIONAL.titles, NATIONAL.limits)


def of_kind(found: Iterable[Finding], code: Code) -> list[Finding]:
    """The findings of one kind."""
    return [each for each in found if each.code is code]


@pytest.mark.parametrize(
    ("name", "code", "evidence"),
    [
        ("akqi", Code.BEFORE_ISSUE, {"count": 18, "issued_on": "2022-06-20"}),
        ("akqi", Code.LEFT_OUT, {"code": "G7"}),
        ("akqi", Code.TWO_NAMES, {}),
        ("akqi", Code.GROUP_NAMES, {}),
        ("xingguo", Code.BEFORE_ISSUE, {"count": 26}),
        ("xingguo", Code.CLASS_SIZE, {"mean": 50}),
        ("xingguo", Code.SCHOOL_SIZE, {"seats": 2800}),
        ("xingguo", Code.WITHOUT_MONEY, {}),
        ("xingguo", Code.TITLE_USE, {}),
        ("xingguo", Code.SAME_SITE, {}),
        ("xingguo", Code.TWO_VALUES, {}),
        ("xingguo", Code.WITHOUT_MONTH, {}),
        ("xingguo", Code.LEAD_UNSTATED, {}),
        ("xiji", Code.NUMBER_GAP, {"before": "7", "after": "9"}),
        ("xiji", Code.WITHOUT_DEADLINE, {"count": 32}),
        ("xiji", Code.GROUP_NAMES, {}),
        ("fushun", Code.NUMBERS_RESTART, {"last": "32"}),
        ("fushun", Code.LEFT_OUT, {"code": "S1"}),
        ("fushun", Code.NO_DOCUMENT_NUMBER, {}),
        ("urumqi", Code.INDICATORS_WITHOUT_UNITS, {}),
        ("urumqi", Code.WHICH_YEAR, {"count": 5}),
        ("urumqi", Code.HEADING_NUMBERS, {"numbers": ("一", "二", "二", "四", "五")}),
    ],
)
def test_what_the_real_plans_say_against_themselves_is_found_in_their_documents(
    name: str, code: Code, evidence: dict[str, object]
) -> None:
    found = of_kind(found_in(name), code)
    assert found
    assert any(all(each.evidence.get(key) == value for key, value in evidence.items()) for each in found)


@pytest.mark.parametrize("name", ["akqi", "fushun", "urumqi", "xiji"])
def test_little_else_is_found(name: str) -> None:
    assert len(found_in(name)) <= 16


def clean_task(count: int) -> DraftTask:
    """A task of which nothing is doubtful."""
    return DraftTask(
        key=f"m-{count:02d}",
        kind=TaskKind.MEASURE,
        title=f"任务{count}",
        requirement="安装计量设施。",
        place=Place(count),
        source=str(count),
        sentence="",
        number=str(count),
        units=(DraftUnit("水利局", AssignmentRole.LEAD), DraftUnit("财政局", AssignmentRole.COOPERATING)),
        deadline="2025年6月底前",
    )


def test_a_clean_plan_has_nothing_to_say() -> None:
    plan = PlanDraft(
        DraftHead(title="甲县方案", document_number="甲政发〔2025〕1号", issued_on=date(2025, 1, 1)),
        tasks=tuple(clean_task(count) for count in range(1, 6)),
        headings=tuple(DraftHeading(4, number, "标题", Place(0)) for number in "一二三四"),
    )
    assert checkup_of_draft(plan, NATIONAL.titles, NATIONAL.limits) == []
