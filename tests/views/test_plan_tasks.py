"""The tasks of a plan typed by hand: in a row, many at once, changed, withdrawn, restored, removed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import World, make_plan, make_task
from tests.views.test_plans import XSS, draft, events, fill, office, plan_of, sent_form
from tests.visit import checked, client_for, token_of, visit
from tracker import clock
from tracker.models import (
    Assignment,
    DeadlineChange,
    Extension,
    Handover,
    OutboxMail,
    Plan,
    PlanState,
    Project,
    School,
    Stage,
    Task,
    TaskKind,
    Unit,
    UnitAlias,
    UnitKind,
    db,
)
from tracker.queries.task import project_of
from tracker.rules.deadlines import Doubt
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light

__all__ = ["draft", "office"]  # fixtures of the plan's own tests
PAGE, ADD, MANY = "/plans/hand-2026", "/plans/hand-2026/tasks", "/plans/hand-2026/tasks/many"
BEST = {"title": "校舍建设", "requirement": "按期交付", "deadline": "2026年底前", "lead": "财政局"}


def add(client: FlaskClient, **differences: Any) -> TestResponse:
    """Send the form of one task."""
    return fill(client, PAGE, ADD, **BEST | differences)


def tasks_of(code: str = "hand-2026") -> list[Task]:
    """The tasks of a plan as they are stored now."""
    plan = plan_of(code)
    return list(db.session.scalars(sa.select(Task).where(Task.plan_id == plan.id).order_by(Task.position)))


def units_of(task: Task) -> list[tuple[str, str]]:
    """(role, unit) of a task in their order."""
    return [(each.role.value, each.unit.name) for each in task.assignments]


def fresh(task: Task) -> Task:
    """A task as it is stored now."""
    db.session.rollback()
    db.session.expire_all()
    found = db.session.get(Task, task.id)
    assert found
    return found


def edit(client: FlaskClient, task: Task, **differences: Any) -> TestResponse:
    """Send the form of a task that stands, and once more where the readings are shown first."""
    address = f"/tasks/{task.key}/edit"
    answer = fill(client, address, address, **differences)
    if answer.status_code == 200:
        answer = client.post(address, data=sent_form(checked(answer), address))
    return answer


def test_after_each_task_the_form_is_ready_for_the_next(office: FlaskClient, draft: Plan) -> None:
    words = {
        "number": "一-09",
        "section": "工程 / 学校新建",
        "kind": "policy_document",
        "cooperating": "住建局、教科体局",
    }
    answer = add(office, **words, officials="张三、李四", evidence="验收报告", quantity="1,200.5", quantity_unit="个")
    assert answer.status_code == 302
    [task] = tasks_of()
    assert (task.key, task.number, task.section) == ("hand-2026-001", "一-09", ["工程", "学校新建"])
    assert units_of(task) == [("lead", "财政局"), ("cooperating", "住建局"), ("cooperating", "教科体局")]
    assert [each.name for each in task.officials] == ["张三", "李四"]
    assert (task.quantity_total, task.quantity_unit, task.evidence_wanted) == (Decimal("1200.5"), "个", "验收报告")
    assert (task.due_on, task.first_due_on, task.kind) == (
        date(2026, 12, 31),
        date(2026, 12, 31),
        TaskKind.POLICY_DOCUMENT,
    )
    page = visit(office, answer.headers["Location"])
    assert "时限读作 2026年12月31日" in page.get_text()
    values = sent_form(page, ADD)
    assert (values["number"], values["section"], values["kind"]) == ("一-10", "工程 / 学校新建", "policy_document")
    assert (values["title"], values["lead"], values["deadline"]) == ("", "", "")
    assert page.find(id="add-title").has_attr("autofocus")  # type: ignore[union-attr]
    assert not visit(office, PAGE).find(id="add-title").has_attr("autofocus")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("words", "doubt", "said"),
    [
        ("2025年底前", Doubt.BEFORE_ISSUE, "时限早于发文日"),
        ("2027年以前", Doubt.BEFORE_WHICH_YEAR, "两种读法"),
        ("2026年2月30日", Doubt.IMPOSSIBLE_DATE, "不是有效日期"),
        ("0000年", Doubt.IMPOSSIBLE_DATE, "不是有效日期"),
        ("长期坚持", None, "长期或未定"),
        ("", None, "读作 2027年12月31日"),
    ],
)
def test_the_row_says_how_its_deadline_was_read(
    office: FlaskClient, draft: Plan, words: str, doubt: Doubt | None, said: str
) -> None:
    page = visit(office, add(office, deadline=words).headers["Location"])
    assert said in page.select_one("tr.just-added").get_text()  # type: ignore[union-attr]
    [task] = tasks_of()
    assert (task.deadline_text, task.deadline_doubt, task.needs_redate) == (words or None, doubt, doubt is not None)


def test_an_unknown_unit_is_made_only_when_it_is_ticked(world: World, office: FlaskClient, draft: Plan) -> None:
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Unit))
    answer = add(office, lead="县财政局、生态局", requirement="写好的要求")
    assert answer.status_code == 400
    page = checked(answer)
    assert "没有“县财政局”，是不是：财政局" in page.get_text()
    assert page.find(id="add-requirement").get_text().strip() == "写好的要求"  # type: ignore[union-attr]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Unit)) == before
    values = sent_form(page, ADD) | {
        "lead": "财政局、生态局",
        "create": ["生态局", "从没写过的局"],
        "unit_kind": "office",
    }
    assert office.post(ADD, data=values).status_code == 302
    [task] = tasks_of()
    assert units_of(task) == [("lead", "财政局"), ("lead", "生态局")]
    made = db.session.scalars(sa.select(Unit).where(Unit.name.in_(["生态局", "从没写过的局"]))).one()
    assert (made.kind, made.region_code) == (UnitKind.OFFICE, "360732")
    assert (events("create_unit")[0].after or {})["name"] == "生态局"


def test_an_alias_is_the_unit_and_a_merged_unit_the_one_it_went_into(
    world: World, office: FlaskClient, draft: Plan
) -> None:
    world.finance.aliases.append(UnitAlias(region_code="360732", alias="县财政"))
    old = Unit(region_code="360732", name="建设局", kind=UnitKind.DEPARTMENT, merged_into_id=world.housing.id)
    db.session.add(old)
    assert add(office, lead="县财政", cooperating="建设局").status_code == 302
    [task] = tasks_of()
    assert units_of(task) == [("lead", "财政局"), ("cooperating", "住建局")]
    assert [each.name_in_plan for each in task.assignments] == ["县财政", "建设局"]
    answer = add(office, lead="县财政、财政局")
    assert answer.status_code == 400
    assert "“财政局”写了两次" in checked(answer).get_text()


HOSTILE: dict[str, tuple[dict[str, Any], str]] = {
    "a title of 300": ({"title": "长" * 300}, "最多200字"),
    "no title": ({"title": "\x00 "}, "请填写任务标题"),
    "no requirement": ({"requirement": ""}, "请填写要求"),
    "a number of 41": ({"number": "9" * 41}, "最多40字"),
    "a quantity past floats": ({"quantity": "1e309"}, "请只填数字"),
    "not a number": ({"quantity": "NaN"}, "请只填数字"),
    "a negative quantity": ({"quantity": "-3"}, "请只填数字"),
    "a very large quantity": ({"quantity": "9" * 17}, "数字过大"),
    "three decimals": ({"quantity": "1.005"}, "小数最多2位"),
    "a unit of 300": ({"lead": "局" * 300}, "过长"),
    "an unknown indicator": ({"indicators": "R99 不存在"}, "没有代码为 R99"),
    "an indicator without a reason": ({"indicators": "R5"}, "每行一个"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_task_cannot_be_is_refused_at_its_field(office: FlaskClient, draft: Plan, name: str) -> None:
    values, text = HOSTILE[name]
    answer = add(office, **values)
    assert answer.status_code == 400
    assert text in checked(answer).get_text()
    assert tasks_of() == []


def test_an_unknown_field_kind_or_phase_is_refused(office: FlaskClient, draft: Plan) -> None:
    for odd in ({"state": "closed"}, {"kind": "secret"}, {"phase": "九"}, {"unit_kind": "x"}, {"once": "x" * 65}):
        assert add(office, **odd).status_code == 400, odd
    assert tasks_of() == []


def test_words_that_look_like_markup_are_shown_as_words(office: FlaskClient, draft: Plan) -> None:
    assert add(office, title=XSS, requirement=XSS, lead="", section=XSS.replace("/", "")).status_code == 302
    page = visit(office, PAGE)
    assert XSS in page.get_text()
    assert not [tag for tag in page.find_all("script") if "alert" in tag.get_text()]
    [task] = tasks_of()
    visit(office, f"/tasks/{task.key}/edit")


def test_a_repeated_post_makes_one_task(office: FlaskClient, draft: Plan) -> None:
    values = sent_form(visit(office, PAGE), ADD) | BEST
    for _again in range(2):
        assert office.post(ADD, data=values).status_code == 302
    assert len(tasks_of()) == 1
    assert len(events("add_task")) == 1


def test_indicators_are_served_with_a_reason(office: FlaskClient, draft: Plan) -> None:
    assert add(office, indicators="R5 新增学位\n g4：化解大班额").status_code == 302
    [task] = tasks_of()
    assert {each.indicator.code: each.reason for each in task.contributions} == {"R5": "新增学位", "G4": "化解大班额"}


ROWS = '1\t建校\t财政局\t住建局\t2026年6月\t按期\n\t补教师\t教科体局\t\t长期\t\n3\t"装备\n采购"\t\t\t2026年底前\t'


def test_many_tasks_come_from_one_text(office: FlaskClient, draft: Plan) -> None:
    assert fill(office, PAGE, MANY, rows=ROWS, section="二 / 三", kind="measure").status_code == 302
    first, second, third = tasks_of()
    assert (first.number, first.title, first.requirement, first.due_on) == ("1", "建校", "按期", date(2026, 6, 30))
    assert units_of(first) == [("lead", "财政局"), ("cooperating", "住建局")]
    assert (second.number, second.requirement, second.due_on) == (None, "补教师", None)
    assert (third.title, third.section, third.key) == ("装备 采购", ["二", "三"], "hand-2026-003")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxMail)) == 0


def test_of_many_tasks_one_fault_stores_none(world: World, office: FlaskClient, draft: Plan) -> None:
    world.finance.aliases.append(UnitAlias(region_code="360732", alias="财政部门"))
    rows = f"1\t好的\t财政局\t\t2026年\t做\n2\t{'长' * 201}\t财政\t\t\t\n\n4\t\t财政局、财政部门\t\t\t做\ta\tb"
    answer = fill(office, PAGE, MANY, rows=rows)
    assert answer.status_code == 400
    page = checked(answer)
    text = page.get_text()
    for fault in ("第2行 任务标题：最多200字", "第2行 牵头单位：没有“财政”，是不是：财政局", "第4行 任务标题：请填写"):
        assert fault in text
    assert "第4行 牵头单位：“财政局”写了两次" in text
    assert "第4行：多于6列" in text
    assert page.find(id="many-rows").get_text().removeprefix("\r\n") == rows  # type: ignore[union-attr]
    assert tasks_of() == []
    values = sent_form(page, MANY) | {"rows": "5\t新的\t生态局\t\t\t做", "create": ["生态局"]}
    assert office.post(MANY, data=values).status_code == 302
    assert units_of(tasks_of()[0]) == [("lead", "生态局")]


@pytest.mark.parametrize("rows", ["", " \t \n", "\x00", "行\n" * 201])
def test_no_rows_and_too_many_are_refused(office: FlaskClient, draft: Plan, rows: str) -> None:
    assert fill(office, PAGE, MANY, rows=rows).status_code == 400
    assert tasks_of() == []


def test_an_open_quote_is_an_ordinary_character(office: FlaskClient, draft: Plan) -> None:
    rows = '1\t"十四五"期间建校\t财政局\t\t2026年\t做\n2\t补教师\t\t\t\t做'
    assert fill(office, PAGE, MANY, rows=rows).status_code == 302
    assert [task.title for task in tasks_of()] == ['"十四五"期间建校', "补教师"]


def test_a_draft_is_changed_without_a_reason(world: World, office: FlaskClient, draft: Plan) -> None:
    add(office)
    [task] = tasks_of()
    words = {"title": "校舍扩建", "deadline": "2027年6月", "lead": "住建局", "cooperating": "财政局"}
    assert edit(office, task, **words).status_code == 302
    task = fresh(task)
    assert (task.title, task.due_on, task.first_due_on) == ("校舍扩建", date(2027, 6, 30), date(2027, 6, 30))
    assert units_of(task) == [("lead", "住建局"), ("cooperating", "财政局")]
    assert db.session.scalar(sa.select(DeadlineChange.id)) is None


def test_in_force_a_change_needs_a_reason_and_keeps_its_past(app: Flask, world: World, office: FlaskClient) -> None:
    task = world.task
    task.deadline_text = "2099年6月底前"
    handler = task.assignments[0]
    handler.handler_id = world.staff.id
    db.session.commit()
    answer = edit(office, task, title="资金拨付到位", reason="")
    assert answer.status_code == 400
    assert "请填写理由" in checked(answer).get_text()
    words = {"title": "资金拨付到位", "cooperating": "住建局", "deadline": "2098年底前", "reason": "县政府会议纪要"}
    assert edit(office, task, **words).status_code == 302
    task = fresh(task)
    [said], [assigned] = events("edit_task"), events("assign")
    assert said.before == {
        "title": "资金拨付",
        "deadline": "2099年6月底前",
        "due_on": "2099-06-30",
        "light": [None, "2099-07-01", "2099-06-15", None],
    }
    assert said.after == {
        "light": [None, "2099-01-01", "2098-12-16", None],
        "title": "资金拨付到位",
        "deadline": "2098年底前",
        "due_on": "2098-12-31",
        "reason": "县政府会议纪要",
        "version": 2,
    }
    assert (assigned.before, (assigned.after or {})["cooperating"]) == ({"cooperating": "教科体局"}, "住建局")
    assert (task.due_on, task.first_due_on) == (date(2098, 12, 31), date(2099, 6, 30))
    assert task.light(clock.today()) is Light.NOT_DUE
    change = db.session.scalars(sa.select(DeadlineChange)).one()
    assert (change.old_due_on, change.new_due_on, change.reason) == (
        date(2099, 6, 30),
        date(2098, 12, 31),
        "县政府会议纪要",
    )
    assert task.assignments[0].handler_id == world.staff.id
    page = visit(client_for(app, world.staff), f"/tasks/{task.key}").get_text()
    assert "「2099年6月底前」" in page
    assert "已调整 1 次" in page
    told = db.session.scalars(sa.select(OutboxMail).where(OutboxMail.account_id == world.staff.id)).one()
    assert (told.kind, "时限由2099年6月30日调整为2098年12月31日" in told.text) == ("redated", True)
    assert "县政府会议纪要" in page


def test_in_force_a_deadline_is_final_only_after_its_reading_was_shown(world: World, office: FlaskClient) -> None:
    address = f"/tasks/{world.task.key}/edit"
    answer = fill(office, address, address, deadline="2026年以前", reason="更正")
    assert answer.status_code == 200
    page = checked(answer)
    assert "两种读法" in page.get_text()
    assert fresh(world.task).deadline_text is None
    assert office.post(address, data=sent_form(page, address)).status_code == 302
    task = fresh(world.task)
    assert (task.deadline_text, task.needs_redate, task.light(clock.today())) == ("2026年以前", True, Light.REDATE)
    assert db.session.scalars(sa.select(OutboxMail)).all() == []


def test_in_force_a_new_task_is_shown_before_it_is_final(world: World, office: FlaskClient) -> None:
    page, add_address = "/plans/xg", "/plans/xg/tasks"
    answer = fill(office, page, add_address, **BEST, reason="增补任务")
    assert answer.status_code == 200
    shown = checked(answer)
    assert "「2026年底前」读作 2026年12月31日" in shown.get_text()
    count = len(tasks_of("xg"))
    assert office.post(add_address, data=sent_form(shown, add_address)).status_code == 302
    assert len(tasks_of("xg")) == count + 1
    assert (events("add_task")[0].after or {})["reason"] == "增补任务"
    assert fill(office, page, add_address, **BEST, reason="").status_code == 400


def test_of_two_edits_the_second_keeps_its_words(app: Flask, world: World, office: FlaskClient) -> None:
    address = f"/tasks/{world.task.key}/edit"
    mine = sent_form(visit(office, address), address) | {"title": "我的标题", "reason": "我的理由"}
    assert edit(client_for(app, world.office2), world.task, title="同事的标题", reason="会议").status_code == 302
    answer = office.post(address, data=mine)
    assert answer.status_code == 409
    page = checked(answer)
    assert "同事的标题" in page.get_text()
    assert page.find(id="title")["value"] == "我的标题"  # type: ignore[index]
    assert office.post(address, data=sent_form(page, address)).status_code == 302
    assert fresh(world.task).title == "我的标题"


def test_nothing_changed_leaves_no_event(world: World, office: FlaskClient) -> None:
    assert edit(office, world.task, reason="看看").status_code == 302
    assert events("edit_task") + events("assign") == []


def test_the_deadline_of_a_closed_task_stays(world: World, office: FlaskClient) -> None:
    world.task.state, world.task.closed_on = State.CLOSED, clock.today()
    db.session.commit()
    answer = edit(office, world.task, deadline="2027年", reason="改")
    assert answer.status_code == 400
    assert "不能调整时限" in checked(answer).get_text()


def test_a_closed_plan_takes_no_edit(world: World, office: FlaskClient) -> None:
    values = sent_form(visit(office, f"/tasks/{world.task.key}/edit"), f"/tasks/{world.task.key}/edit")
    world.plan.state = PlanState.CLOSED
    db.session.commit()
    values.pop("reason")
    assert office.post(f"/tasks/{world.task.key}/edit", data=values | {"title": "x"}).status_code == 409
    assert fresh(world.task).title == "资金拨付"


def project(office: FlaskClient, draft: Plan) -> Task:
    """A building task of a draft."""
    add(office, kind="project")
    return tasks_of()[0]


def test_a_project_keeps_its_figures_in_whole_yuan(world: World, office: FlaskClient, draft: Plan) -> None:
    task = project(office, draft)
    rows = {
        "project-schools-0-name": "第八中学",
        "project-schools-0-stage": "junior",
        "project-schools-0-seats": "2,000",
    }
    figures = {"project-category": "new", "project-budget": "13440.5", "project-land_mu": "70.26", **rows}
    answer = edit(office, task, **figures)
    assert answer.status_code == 400
    assert "没有“第八中学”" in checked(answer).get_text()
    assert edit(office, task, **figures, create_schools="第八中学").status_code == 302
    stored = project_of(fresh(task))
    assert stored
    assert (stored.budget_yuan, stored.land_mu) == (134_405_000, Decimal("70.26"))
    assert [(each.school.name, each.stage, each.seats) for each in stored.schools] == [("第八中学", Stage.JUNIOR, 2000)]
    values = sent_form(visit(office, f"/tasks/{task.key}/edit"), f"/tasks/{task.key}/edit")
    assert (values["project-budget"], values["project-schools-0-seats"]) == ("13440.5", "2000")
    assert "第八中学" in visit(office, f"/tasks/{task.key}").get_text()
    assert edit(office, task, **{"project-schools-0-name": "", "project-schools-0-seats": ""}).status_code == 302
    stored = project_of(fresh(task))
    assert stored
    assert stored.schools == []
    assert (events("edit_task")[-1].before or {})["schools"] == "第八中学 junior 2000"
    assert edit(office, task, kind="measure").status_code == 302
    assert db.session.scalar(sa.select(Project.task_id)) is None


def test_a_school_whose_seats_are_handed_over_in_batches_stays(office: FlaskClient, draft: Plan) -> None:
    task = project(office, draft)
    school = {"project-schools-0-name": "第八中学", "project-schools-0-seats": "2000"}
    assert edit(office, task, **{"project-category": "new"}, **school, create_schools="第八中学").status_code == 302
    stored = project_of(fresh(task))
    assert stored
    db.session.add(Handover(part=stored.schools[0], seats=800))
    db.session.commit()
    refused = edit(office, task, **{"project-schools-0-name": "", "project-schools-0-seats": ""})
    assert refused.status_code == 409
    assert "“第八中学”已有分批交付的登记" in checked(refused).get_text()
    assert db.session.scalar(sa.select(Handover.seats)) == 800


@pytest.mark.parametrize(
    ("figures", "text"),
    [
        ({"project-schools-0-name": "甲校", "project-schools-0-seats": "-5"}, "请只填数字"),
        ({"project-schools-0-name": "甲校", "project-schools-0-seats": "1.5"}, "请填整数"),
        ({"project-schools-0-name": "甲校", "project-schools-0-classes": "1000001"}, "数字过大"),
        ({"project-schools-0-seats": "100"}, "请填写学校名称"),
        ({"project-schools-0-name": "甲校", "project-schools-1-name": "甲校"}, "写了两次"),
        ({"project-budget": "1e309"}, "请只填数字"),
        ({"project-budget": "0.00001"}, "小数最多4位"),
        ({"project-land_mu": "-0.1"}, "请只填数字"),
    ],
)
def test_figures_that_no_project_has_are_refused(
    office: FlaskClient, draft: Plan, figures: dict[str, str], text: str
) -> None:
    db.session.add(School(region_code="360732", name="甲校"))
    task = project(office, draft)
    answer = edit(office, task, **{"project-category": "new"}, **figures)
    assert answer.status_code == 400
    assert text in checked(answer).get_text()
    assert project_of(fresh(task)) is None


def test_a_withdrawn_task_stays_readable_and_comes_back(app: Flask, world: World, office: FlaskClient) -> None:
    page = f"/tasks/{world.task.key}"
    assert fill(office, page, f"{page}/withdraw", reason=" ").status_code == 400
    assert fill(office, page, f"{page}/withdraw", reason="任务并入其他项").status_code == 302
    task = fresh(world.task)
    assert (task.state, task.withdrawn_on, task.light(clock.today())) == (
        State.SUSPENDED,
        clock.today(),
        Light.SUSPENDED,
    )
    shown = visit(client_for(app, world.staff), page).get_text()
    assert "撤销，不再执行" in shown
    assert "任务并入其他项" in shown
    token = token_of(office, page)
    again = {"csrf_token": token, "version": str(task.version), "reason": "再一次"}
    assert office.post(f"{page}/withdraw", data=again).status_code == 409
    assert fill(office, page, f"{page}/restore", reason="恢复执行").status_code == 302
    task = fresh(task)
    assert (task.state, task.withdrawn_on) == (State.IN_PROGRESS, None)
    assert [(event.after or {})["reason"] for event in events("withdraw") + events("restore")] == [
        "任务并入其他项",
        "恢复执行",
    ]
    values = {"csrf_token": token, "version": str(task.version), "reason": "x"}
    assert office.post(f"{page}/restore", data=values).status_code == 409


def test_a_task_leaves_a_draft_while_nobody_has_said_anything(world: World, office: FlaskClient, draft: Plan) -> None:
    add(office)
    add(office)
    first, second = tasks_of()
    address = f"/tasks/{second.key}/edit"
    assert fill(office, address, f"/tasks/{second.key}/delete", version="9").status_code == 409
    assert fill(office, address, f"/tasks/{second.key}/delete").status_code == 302
    assert [task.key for task in tasks_of()] == [first.key]
    assert events("delete_task")[0].object_id == "hand-2026-002"
    add(office)
    assert [task.key for task in tasks_of()] == [first.key, "hand-2026-003"]
    asked = Extension(
        task=tasks_of()[0],
        unit=world.finance,
        account=world.staff,
        due_on=date(2026, 12, 31),
        wanted_on=date(2027, 1, 31),
        reason="资金未到",
        work_state="已开工",
        at=clock.now(),
        once="x",
    )
    db.session.add(asked)
    db.session.commit()
    answer = fill(office, f"/tasks/{first.key}/edit", f"/tasks/{first.key}/delete")
    assert answer.status_code == 409
    assert "不能删除" in checked(answer).get_text()


def test_a_task_of_an_active_plan_is_not_removed(world: World, office: FlaskClient) -> None:
    address = f"/tasks/{world.task.key}"
    token = token_of(office, f"{address}/edit")
    assert office.post(f"{address}/delete", data={"csrf_token": token, "version": "1"}).status_code == 409
    assert fresh(world.task).title == "资金拨付"


def other_people(world: World) -> Iterable[Any]:
    """Everybody who may not edit."""
    return (world.leader, world.auditor, world.staff, world.administrator)


def test_only_the_office_of_the_region_edits(app: Flask, world: World) -> None:
    key = world.task.key
    for account in other_people(world):
        visit(client_for(app, account), f"/tasks/{key}/edit", status=403)
        token = token_of(client_for(app, account), "/password")
        assert token
    for name in ("edit", "withdraw", "restore", "delete"):
        client = client_for(app, world.stranger)
        token = token_of(client, "/plans")
        assert client.post(f"/tasks/{key}/{name}", data={"csrf_token": token}).status_code == 404
        staff = client_for(app, world.staff)
        token = token_of(staff, "/password")
        assert staff.post(f"/tasks/{key}/{name}", data={"csrf_token": token}).status_code == 403
    assert client_for(app, world.office).get("/plans/xg/tasks").status_code == 405
    assert "修改任务" not in visit(client_for(app, world.staff), f"/tasks/{key}").get_text()


def test_a_unit_taken_out_keeps_what_it_reported(app: Flask, world: World, office: FlaskClient) -> None:
    plan = make_plan("other", title="另一方案")
    task = make_task(plan, lead=[world.finance], cooperating=[world.housing], title="共办")
    from_units = client_for(app, world.housing_staff)
    page = f"/tasks/{task.key}"
    words = {"situation": "on_plan", "text": "住建局已办手续"}
    assert fill(from_units, page, f"{page}/report", **words).status_code == 302
    assert edit(office, task, cooperating="", reason="职责调整").status_code == 302
    assert "住建局已办手续" in visit(office, page).get_text()
    assert (
        db.session.scalar(sa.select(sa.func.count()).select_from(Assignment).where(Assignment.task_id == task.id)) == 1
    )
