"""/plans: a plan made by hand from nothing to its end."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import COUNTY, World, make_plan, make_task
from tests.visit import checked, client_for, send, token_of, visit
from tracker import clock
from tracker.models import (
    Event,
    Framework,
    OutboxMail,
    Phase,
    Plan,
    PlanGoal,
    PlanState,
    Report,
    Situation,
    Task,
    Unit,
    UnitKind,
    db,
)
from tracker.notifications.digest import queue_digests
from tracker.rules.lights import Light

XSS = "<script>alert(1)</script>\"'&"
FACTS = {
    "code": "hand-2026",
    "region": COUNTY,
    "title": "手工方案",
    "document_number": "兴府办发〔2026〕3号",
    "issuer": "兴国县人民政府办公室",
    "issued_on": "2026-01-10",
    "starts_on": "2026-01-01",
    "ends_on": "2030-12-31",
    "target_text": "2027年",
    "target_on": "2027-12-31",
}


def make(client: FlaskClient, **differences: str) -> TestResponse:
    """Send the form of a new plan."""
    return send(client, "/plans/new", FACTS | differences)


def sent_form(page: BeautifulSoup, action: str) -> dict[str, Any]:
    """Every value that a browser would send of the form with this action."""
    form = page.select_one(f"form[action='{action}']")
    assert form is not None, action
    values: dict[str, Any] = {}
    for item in form.select("input[name], textarea[name], select[name]"):
        name = str(item["name"])
        if item.name == "textarea":
            values[name] = item.get_text().removeprefix("\r\n")
        elif item.name == "select":
            chosen = item.select_one("option[selected]") or item.select_one("option")
            values[name] = str(chosen["value"]) if chosen else ""
        elif item.get("type") != "checkbox" or item.has_attr("checked"):
            values[name] = str(item.get("value", ""))
    return values


def fill(client: FlaskClient, page: str, action: str, **differences: Any) -> TestResponse:
    """Send the form of a page as it stands there, but for these differences."""
    values = sent_form(BeautifulSoup(client.get(page).text, "html.parser"), action)
    return client.post(action, data=values | differences)


def plan_of(code: str) -> Plan:
    """A plan as it is stored now."""
    db.session.rollback()
    db.session.expire_all()
    found = db.session.scalar(sa.select(Plan).where(Plan.code == code))
    assert found
    return found


def queued(now: datetime) -> int:
    """How many mails stand in the outbox after the digests of the day."""
    queue_digests(now)
    db.session.commit()
    return db.session.scalar(sa.select(sa.func.count()).select_from(OutboxMail)) or 0


def events(act: str) -> list[Event]:
    """The events of an act, oldest first."""
    return list(db.session.scalars(sa.select(Event).where(Event.act == act, Event.allowed).order_by(Event.id)))


@pytest.fixture
def office(app: Flask, world: World) -> FlaskClient:
    """The plan office."""
    return client_for(app, world.office)


@pytest.fixture
def draft(app: Flask, office: FlaskClient) -> Plan:
    """An empty draft made by hand."""
    assert make(office).status_code == 302
    return plan_of("hand-2026")


def test_a_plan_goes_from_nothing_to_active_by_its_forms_and_mails_nobody(
    app: Flask, world: World, office: FlaskClient
) -> None:
    assert make(office).headers["Location"] == "/plans/hand-2026"
    page, add = "/plans/hand-2026", "/plans/hand-2026/tasks"
    assert "还没有任务" in visit(office, page).get_text()
    for title in ("校舍建设", "教师补充"):
        answer = fill(office, page, add, title=title, requirement="按期完成", deadline="2026年底前", lead="财政局")
        assert answer.status_code == 302, answer.text
    now = clock.now()
    tomorrow = clock.office_day(now) + timedelta(days=1)
    words = f"{tomorrow.year}年{tomorrow.month}月{tomorrow.day}日前"
    assert fill(office, page, add, title="急件", requirement="报送", deadline=words, lead="财政局").status_code == 302
    shown = visit(office, page)
    assert "读作 2026年12月31日" in shown.get_text()
    assert sent_form(shown, add)["number"] == "4"
    assert queued(now) == 0
    assert "涉及 1 个单位、3 项任务；0 项待重定时限" in shown.get_text()
    assert fill(office, page, f"{page}/start").status_code == 302
    assert plan_of("hand-2026").state is PlanState.ACTIVE
    event = events("activate_plan")[0]
    assert (event.before, event.after, event.person_name) == (
        {"state": "draft"},
        {"state": "active"},
        world.office.name,
    )
    assert "执行中" in visit(office, "/plans").get_text()
    assert queued(now) > 0


def test_the_list_counts_what_each_plan_needs(app: Flask, world: World, office: FlaskClient) -> None:
    plan = make_plan("needy", title="待补方案", state=PlanState.DRAFT)
    make_task(plan)
    make_task(plan, lead=[world.finance], needs_redate=True, no_indicator_reason="程序")
    row = next(each for each in visit(office, "/plans").select("tbody tr") if "待补方案" in each.get_text())
    assert [cell.get_text(strip=True) for cell in row.select("td.right")] == ["2", "1", "1", "1"]
    assert "草稿" in row.get_text()


def test_a_code_is_used_once_and_the_words_come_back(office: FlaskClient) -> None:
    assert make(office).status_code == 302
    answer = make(office, title="又一个")
    assert answer.status_code == 400
    page = checked(answer)
    assert "该编号已被使用" in page.get_text()
    assert page.find(id="title")["value"] == "又一个"  # type: ignore[index]
    assert len(events("create_plan")) == 1


HOSTILE = {
    "a title of 300": ({"title": "长" * 300}, "最多200字"),
    "no title": ({"title": " \u200b"}, "请填写标题"),
    "year 0": ({"issued_on": "0000-01-01"}, "年间的日期"),
    "year 9999": ({"issued_on": "9999-12-31"}, "年间的日期"),
    "a week date": ({"issued_on": "2026-W01-1"}, "年间的日期"),
    "a NUL in a date": ({"issued_on": "2026-01-0\x00"}, "年间的日期"),
    "the end before the start": ({"ends_on": "2025-01-01"}, "止日不能早于起日"),
    "a target without a day": ({"target_on": ""}, "要么都填"),
    "a code with a slash": ({"code": "a/b"}, "编号用字母"),
    "the code of a page": ({"code": "new"}, "编号用字母"),
    "a code of 33": ({"code": "x" * 33}, "编号用字母"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_plan_cannot_be_is_refused_at_its_field(office: FlaskClient, name: str) -> None:
    values, text = HOSTILE[name]
    answer = make(office, **values)
    assert answer.status_code == 400
    assert text in checked(answer).get_text()
    assert db.session.scalar(sa.select(Plan.id).where(Plan.title == "手工方案")) is None


def test_a_foreign_region_and_an_unknown_field_are_refused(office: FlaskClient) -> None:
    assert make(office, region="640422").status_code == 400
    assert make(office, state="active").status_code == 400


def test_words_that_look_like_markup_are_shown_as_words(office: FlaskClient) -> None:
    assert make(office, title=XSS, issuer=XSS).status_code == 302
    page = visit(office, "/plans/hand-2026")
    assert page.h1.get_text() == XSS  # type: ignore[union-attr]
    assert not [tag for tag in page.find_all("script") if "alert" in tag.get_text()]


def test_phases_are_added_renumbered_and_removed_in_rows(office: FlaskClient, draft: Plan) -> None:
    address = "/plans/hand-2026/edit"
    new = {"phases-0-number": "一", "phases-0-title": "准备", "phases-0-starts_on": "2026-01-01"}
    new |= {"phases-1-number": "二", "phases-1-title": "实施", "phases-1-ends_on": "2027-12-31"}
    assert fill(office, address, address, **new).status_code == 302
    swapped = {"phases-0-number": "二", "phases-1-number": "一"}
    assert fill(office, address, address, **swapped).status_code == 302
    assert [(phase.number, phase.title) for phase in plan_of("hand-2026").phases] == [("二", "准备"), ("一", "实施")]
    twice = {"phases-0-was": "", "phases-0-number": "一", "phases-1-was": "", "phases-1-number": "三"}
    assert fill(office, address, address, **twice).status_code == 409
    gone = {"phases-0-number": "", "phases-0-title": "", "phases-0-starts_on": ""}
    assert fill(office, address, address, **gone).status_code == 302
    assert [phase.title for phase in plan_of("hand-2026").phases] == ["实施"]
    event = events("edit_plan")[-1]
    assert event.before == {"phases": ["二 准备 2026-01-01—", "一 实施 —2027-12-31"]}


def test_a_phase_with_tasks_stays(office: FlaskClient, draft: Plan) -> None:
    draft.phases.append(Phase(position=1, number="一", title="准备"))
    db.session.flush()
    make_task(draft, phase_id=draft.phases[0].id)
    address = "/plans/hand-2026/edit"
    answer = fill(office, address, address, **{"phases-0-number": "", "phases-0-title": "", "title": "新标题"})
    assert answer.status_code == 409
    page = checked(answer)
    assert "还有任务属于要删除的阶段" in page.get_text()
    assert page.find(id="title")["value"] == "新标题"  # type: ignore[index]
    assert [phase.number for phase in plan_of("hand-2026").phases] == ["一"]


def test_two_phases_of_one_number_are_refused(office: FlaskClient, draft: Plan) -> None:
    address = "/plans/hand-2026/edit"
    rows = {"phases-0-number": "一", "phases-0-title": "甲", "phases-1-number": "一", "phases-1-title": "乙"}
    answer = fill(office, address, address, **rows)
    assert answer.status_code == 400
    assert "编号重复" in checked(answer).get_text()


def test_of_two_edits_the_second_gets_both_texts(app: Flask, world: World, office: FlaskClient, draft: Plan) -> None:
    address, other = "/plans/hand-2026/edit", client_for(app, world.office2)
    mine = sent_form(visit(office, address), address)
    assert fill(other, address, address, title="同事的标题").status_code == 302
    answer = office.post(address, data=mine | {"title": "我的标题", "issuer": "我的单位"})
    assert answer.status_code == 409
    page = checked(answer)
    assert "同事的标题" in page.get_text()
    assert page.find(id="title")["value"] == "我的标题"  # type: ignore[index]
    again = office.post(address, data=sent_form(page, address))
    assert again.status_code == 302
    assert plan_of("hand-2026").title == "我的标题"


def test_a_draft_reads_its_deadlines_again_with_its_document(office: FlaskClient, draft: Plan) -> None:
    page, add, address = "/plans/hand-2026", "/plans/hand-2026/tasks", "/plans/hand-2026/edit"
    for words in ("年内", "2025年12月底前", ""):
        fill(office, page, add, title=f"任务{words}", requirement="做", deadline=words)
    assert fill(office, address, address, issued_on="2025-03-01", target_text="2028年", target_on="2028-12-31")
    tasks = list(db.session.scalars(sa.select(Task).where(Task.plan_id == draft.id).order_by(Task.position)))
    for task in tasks:
        db.session.refresh(task)
    assert [task.due_on for task in tasks] == [date(2025, 12, 31), date(2025, 12, 31), date(2028, 12, 31)]
    assert not any(task.needs_redate for task in tasks)


def test_in_force_a_plan_changes_with_a_reason_only(app: Flask, world: World, office: FlaskClient) -> None:
    address = "/plans/xg/edit"
    answer = fill(office, address, address, title="改名", reason=" ")
    assert answer.status_code == 400
    assert "请填写理由" in checked(answer).get_text()
    assert fill(office, address, address, title="改名", reason="县政府发文更正").status_code == 302
    event = events("edit_plan")[0]
    assert event.before == {"title": "测试方案"}
    assert event.after == {"title": "改名", "reason": "县政府发文更正"}


def test_a_plan_is_closed_and_reopened_with_reasons(app: Flask, world: World, office: FlaskClient) -> None:
    page = "/plans/xg"
    assert fill(office, page, f"{page}/close", reason=" ").status_code == 400
    assert fill(office, page, f"{page}/close", reason="全部完成").status_code == 302
    assert plan_of("xg").state is PlanState.CLOSED
    shown = visit(office, page)
    assert "计划已结束，只能查看" in shown.get_text()
    assert shown.select_one("form[action='/plans/xg/tasks']") is None
    token = token_of(office, page)
    values = {"csrf_token": token, "title": "x", "requirement": "y", "kind": "measure", "phase": "", "once": "k"}
    assert office.post("/plans/xg/tasks", data=values | {"unit_kind": "department"}).status_code == 409
    assert fill(office, page, f"{page}/reopen", reason="上级延长").status_code == 302
    assert plan_of("xg").state is PlanState.ACTIVE
    assert [(each.act, (each.after or {})["reason"]) for each in events("close_plan") + events("reopen_plan")] == [
        ("close_plan", "全部完成"),
        ("reopen_plan", "上级延长"),
    ]


def test_a_plan_without_tasks_or_read_before_another_save_is_not_activated(office: FlaskClient, draft: Plan) -> None:
    token, address = token_of(office, "/plans/hand-2026/edit"), "/plans/hand-2026/start"
    answer = office.post(address, data={"csrf_token": token, "version": str(draft.version)})
    assert answer.status_code == 409
    assert "还没有任务" in checked(answer).get_text()
    make_task(draft)
    assert office.post(address, data={"csrf_token": token, "version": "7"}).status_code == 409
    assert office.post(address, data={"csrf_token": token}).status_code == 400
    assert plan_of("hand-2026").state is PlanState.DRAFT
    assert fill(office, "/plans/hand-2026", address).status_code == 302
    assert office.post(address, data={"csrf_token": token, "version": "2"}).status_code == 409
    assert len(events("activate_plan")) == 1


def test_a_draft_goes_with_all_that_belongs_to_it_while_nobody_has_reported(
    app: Flask, world: World, office: FlaskClient, draft: Plan
) -> None:
    framework = Framework(code="hand-2026", name="自有指标")
    draft.framework, draft.goals = framework, [PlanGoal(position=1, text="达标")]
    draft.phases.append(Phase(position=1, number="一", title="准备"))
    db.session.flush()
    task = make_task(draft, lead=[world.finance], phase_id=draft.phases[0].id)
    address = "/plans/hand-2026/delete"
    assert "其中的 1 项任务、1 个阶段" in visit(office, address).get_text()
    said = Report(
        task=task,
        account=world.staff,
        situation=Situation.ON_PLAN,
        text="已报",
        at=clock.now(),
        light_before=Light.NORMAL,
        light_after=Light.NORMAL,
        once="x",
    )
    db.session.add(said)
    db.session.commit()
    assert "已有 1 条进展，不能删除" in visit(office, address).get_text()
    token = token_of(office, "/plans/hand-2026")
    assert office.post(address, data={"csrf_token": token, "version": str(draft.version)}).status_code == 409
    db.session.delete(said)
    db.session.commit()
    assert fill(office, address, address).status_code == 302
    db.session.rollback()
    for table, column in ((Plan, Plan.code), (Framework, Framework.code)):
        assert db.session.scalar(sa.select(table).where(column == "hand-2026")) is None
    assert (events("delete_plan")[0].before or {})["tasks"] == 1
    visit(office, "/plans/hand-2026", status=404)


def test_an_active_plan_is_not_deleted(office: FlaskClient, world: World) -> None:
    assert "不能删除" in visit(office, "/plans/xg/delete").get_text()
    token = token_of(office, "/plans/xg")
    assert office.post("/plans/xg/delete", data={"csrf_token": token, "version": "1"}).status_code == 409


@pytest.mark.parametrize("address", ["/plans", "/plans/new", "/plans/xg", "/plans/xg/edit", "/plans/xg/delete"])
def test_only_the_office_of_the_region_comes_here(app: Flask, world: World, address: str) -> None:
    for account in (world.leader, world.auditor, world.staff, world.administrator):
        visit(client_for(app, account), address, status=403)
    assert client_for(app, None).get(address).headers["Location"].startswith("/sign-in")
    stranger = client_for(app, world.stranger)
    assert stranger.get(address).status_code == (404 if "xg" in address else 200)
    assert client_for(app, world.office).put(address).status_code == 405


def test_the_office_has_no_more_than_seven_places(app: Flask, world: World, office: FlaskClient) -> None:
    links = visit(office, "/plans").select("nav.nav a:not(.help-link)")
    assert len(links) <= 7
    current = [link.get_text(strip=True) for link in links if link.get("aria-current")]
    assert current == ["计划"]


def test_the_words_of_a_plan_form_are_shown_when_the_session_has_ended(office: FlaskClient, draft: Plan) -> None:
    address = "/plans/hand-2026/tasks"
    values = sent_form(visit(office, "/plans/hand-2026"), address)
    office.get_cookie("tracker")
    office.post("/sign-out", data={"csrf_token": token_of(office, "/plans")})
    answer = office.post(address, data=values | {"title": "未存的任务", "requirement": "写了很久的要求"})
    assert answer.status_code == 401
    page = checked(answer)
    assert "写了很久的要求" in page.get_text()
    assert "请从本页复制" in page.get_text()


def test_pages_stay_quick_with_many_tasks(app: Flask, world: World, office: FlaskClient, draft: Plan) -> None:
    units = [Unit(region_code=COUNTY, name=f"单位甲{count}", kind=UnitKind.DEPARTMENT) for count in range(20)]
    db.session.add_all(units)
    for count in range(60):
        make_task(draft, lead=[units[count % 20]], cooperating=[world.finance])
    visit(office, "/plans/hand-2026", most_queries=13)
    visit(office, "/plans", most_queries=8)
