"""The check-up of the five plans, and of what a person may see."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import World, make_account, make_money, make_project, make_school, make_task
from tests.visit import counted_queries
from tracker.models import Plan, PlanState, Project, Stage, Task, Unit, db
from tracker.queries.accounts import person_of
from tracker.queries.checkup import checkup_of, doubts_in, doubts_of, figures_within
from tracker.queries.plans import plan_by_code
from tracker.rules.checkup import OF_FIGURES, Code, Finding, Severity
from tracker.rules.money import MoneyKind
from tracker.rules.permissions import Role

EXPECTED = {
    Code.CLASS_SIZE: 3,
    Code.SCHOOL_SIZE: 1,
    Code.SHARED_SITE: 1,
    Code.SAME_SITE: 1,
    Code.SPORTS_UNSTATED: 6,
    Code.ROOMS: 11,
    Code.TITLE_USE: 1,
    Code.WITHOUT_MONEY: 1,
    Code.WITHOUT_SEATS: 1,
}


def of_figures(found: list[Finding]) -> list[Finding]:
    """The findings about the figures of projects."""
    return [each for each in found if each.code in OF_FIGURES]


def findings(code: str) -> list[Finding]:
    """The findings of a stored plan."""
    plan = plan_by_code(code)
    assert plan is not None
    return checkup_of(plan)


def titles(found: list[Finding], code: Code) -> list[str]:
    """The tasks of a kind of finding."""
    return [task.title for each in found if each.code is code for task in each.about]


def test_xingguo_is_found_to_contradict_itself_and_says_what_would_put_it_right(plans_app: Flask) -> None:
    found = of_figures(findings("xingguo-2023"))
    assert Counter(each.code for each in found) == EXPECTED
    assert [(each.school, dict(each.mend)) for each in found if each.severity is Severity.CONTRADICTION] == [
        ("第十小学", {"classes_needed": 40, "seats_allowed": 1620}),
        ("第十一小学", {"classes_needed": 34, "seats_allowed": 1350}),
        ("第十二小学", {"classes_needed": 45, "seats_allowed": 1800}),
        ("第十一中学", {"seats_over": 800, "schools_needed": 2}),
    ]
    assert titles(found, Code.SHARED_SITE) == ["第八中学、第八小学建设项目"]
    assert titles(found, Code.SAME_SITE) == ["第九中学建设项目", "第十二小学建设项目"]
    assert titles(found, Code.WITHOUT_MONEY) == ["第三中学运动场建设项目"]
    assert titles(found, Code.WITHOUT_SEATS) == ["良村中心小学建设项目"]
    assert titles(found, Code.TITLE_USE) == ["古龙岗中学宿舍楼项目"]


@pytest.mark.parametrize("code", ["akqi-2022", "fushun-2020", "urumqi-2022", "xiji-2022"])
def test_the_other_plans_have_no_figures_to_doubt_and_little_noise(plans_app: Flask, code: str) -> None:
    found = findings(code)
    assert of_figures(found) == []
    assert len(found) <= 14


def test_the_check_asks_the_same_questions_however_many_projects_there_are(plans_app: Flask) -> None:
    plan = plan_by_code("xingguo-2023")
    assert plan is not None
    assert plan.framework is not None
    with counted_queries() as statements:
        checkup_of(plan)
    assert len(statements) <= 11


def test_staff_find_only_what_concerns_their_own_tasks(plans_app: Flask) -> None:
    plan = plan_by_code("xingguo-2023")
    assert plan is not None
    company = db.session.scalars(sa.select(Unit).where(Unit.name == "城投公司")).one()
    staff = person_of(make_account(Role.UNIT_STAFF, units=[company]))
    own = checkup_of(plan, staff)
    assert 0 < len(own) < sum(EXPECTED.values())
    for keys in (each.keys for each in own):
        tasks = db.session.scalars(sa.select(Task).where(Task.key.in_(keys))).all()
        assert all(company in [part.unit for part in task.assignments] for task in tasks)
    plan.state = PlanState.DRAFT
    assert checkup_of(plan, staff) == []
    stranger = person_of(make_account(Role.LEADER, region="640422"))
    assert checkup_of(plan, stranger) == []


def test_one_project_is_found_with_those_beside_it(plans_app: Flask) -> None:
    project = db.session.scalars(sa.select(Project).join(Task).where(Task.title == "第十二小学建设项目")).one()
    others = figures_within([Task.region_code == project.task.region_code])
    assert [each.code for each in doubts_of(project, others)] == [
        Code.CLASS_SIZE,
        Code.SAME_SITE,
        Code.SPORTS_UNSTATED,
        Code.ROOMS,
    ]
    dormitory = db.session.scalars(sa.select(Project).join(Task).where(Task.title == "古龙岗中学宿舍楼项目")).one()
    assert [each.code for each in doubts_of(dormitory, others)] == [Code.TITLE_USE]


def test_projects_of_several_counties_are_not_measured_by_one_standard(plans_app: Flask) -> None:
    other = db.session.scalars(sa.select(Plan).where(Plan.code == "xiji-2022")).one()
    make_project(make_task(other, position=900))
    assert doubts_in(figures_within([Task.plan_id != other.id])) != []
    assert doubts_in(figures_within([sa.true()])) == []


def test_withdrawn_tasks_are_left_out_and_the_ledger_counts_as_money(app: Flask, world: World) -> None:
    school = make_school("甲小学")
    task = make_task(world.plan, due_on=date(2026, 9, 1))
    project = make_project(task, parts=[(school, Stage.PRIMARY, 450, 12)], land_mu=Decimal(40), site="某村")
    assert [each.code for each in of_figures(checkup_of(world.plan))] == [Code.WITHOUT_MONEY]
    make_money(project, MoneyKind.PLANNED, 1_000_000, None)
    db.session.flush()
    assert of_figures(checkup_of(world.plan)) == []
    twin = make_task(world.plan, due_on=date(2026, 9, 1))
    make_project(
        twin, parts=[(make_school("乙小学"), Stage.PRIMARY, 450, 12)], land_mu=Decimal(40), site="某村", budget_yuan=1
    )
    assert [each.code for each in of_figures(checkup_of(world.plan))] == [Code.SAME_SITE]
    twin.withdrawn_on = date(2026, 1, 1)
    twin.state = "suspended"  # type: ignore[assignment]
    db.session.flush()
    assert of_figures(checkup_of(world.plan)) == []


@pytest.mark.parametrize(
    ("plan", "code", "evidence"),
    [
        ("akqi-2022", Code.BEFORE_ISSUE, {"count": 18}),
        ("akqi-2022", Code.LEFT_OUT, {"code": "G7"}),
        ("akqi-2022", Code.OTHER_TERMS, {"code": "Q4"}),
        ("akqi-2022", Code.TWO_DATES, {"task_deadline": "2022年10月底前", "goal_deadline": "2023年3月"}),
        ("xingguo-2023", Code.BEFORE_ISSUE, {"count": 26}),
        ("xingguo-2023", Code.TWO_VALUES, {}),
        ("xingguo-2023", Code.WITHOUT_MONTH, {}),
        ("xingguo-2023", Code.LEAD_UNSTATED, {}),
        ("xiji-2022", Code.NUMBER_GAP, {"before": "7", "after": "9"}),
        ("xiji-2022", Code.WITHOUT_DEADLINE, {"count": 32}),
        ("fushun-2020", Code.WITHOUT_DUTY, {"number": "32"}),
        ("fushun-2020", Code.NUMBERS_RESTART, {"last": "32"}),
        ("fushun-2020", Code.NO_DOCUMENT_NUMBER, {}),
        ("urumqi-2022", Code.INDICATORS_WITHOUT_UNITS, {"count": 32}),
        ("urumqi-2022", Code.REPORTED_SHORT, {}),
        ("urumqi-2022", Code.REPORTED_ELSEWHERE, {"title": "每百名学生拥有计算机台数", "value": "0.5052"}),
        ("urumqi-2022", Code.WHICH_YEAR, {"count": 5}),
        ("urumqi-2022", Code.HEADING_NUMBERS, {"numbers": ("一", "二", "二", "四", "五")}),
        ("xingguo-2023", Code.TWO_NAMES, {}),
        ("xiji-2022", Code.GROUP_NAMES, {}),
    ],
)
def test_what_the_stored_plans_say_against_themselves_is_found(
    plans_app: Flask, plan: str, code: Code, evidence: dict[str, object]
) -> None:
    found = [each for each in findings(plan) if each.code is code]
    assert any(all(each.evidence.get(key) == value for key, value in evidence.items()) for each in found)


def test_the_check_up_asks_a_constant_number_of_questions(plans_app: Flask) -> None:
    for code in ("xingguo-2023", "urumqi-2022"):
        plan = plan_by_code(code)
        assert plan is not None
        with counted_queries() as statements:
            checkup_of(plan)
        assert len(statements) <= 12
