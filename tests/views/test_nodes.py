"""POST /projects/<key>/nodes…: the nodes of a project on its page."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import World, make_project, make_task
from tests.views.test_task_links import events
from tests.views.test_tasks_report import reload
from tests.visit import checked, client_for, token_of, visit
from tracker import clock
from tracker.models import NodeList, Plan, PlanState, ProjectCategory, ProjectNode, Task, db
from tracker.queries.nodes import nodes_of
from tracker.rules.lifecycle import State
from tracker.rules.nodes import USUAL_NODES

PDF = b"%PDF-1.4\n%%EOF"


def in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)


def a_project(world: World, *nodes: dict[str, Any], **differences: Any) -> Task:
    """A project of 财政局 that is under way; without nodes of its own it has three."""
    values = {"state": State.IN_PROGRESS, "due_on": in_days(900)} | differences
    task = make_task(world.plan, responsible=[world.finance], title="第九中学建设", **values)
    three = [
        {"name": "开工", "planned_on": in_days(10)},
        {"name": "封顶", "planned_on": in_days(100)},
        {"name": "投用"},
    ]
    make_project(task, nodes=list(nodes) or three)
    db.session.commit()
    return task


def bare_project(world: World, **differences: Any) -> Task:
    """A project for which the plan has said an end and nothing more."""
    task = make_task(world.plan, responsible=[world.finance], due_on=in_days(900))
    make_project(task, **differences)
    db.session.commit()
    return task


def node(task: Task, name: str) -> ProjectNode:
    db.session.expire_all()
    return next(each for each in nodes_of(task.id) if each.name == name)


def post(client: FlaskClient, task: Task, act: str = "", /, **values: Any) -> TestResponse:
    """Send one of the forms of the nodes."""
    said = {"csrf_token": token_of(client, "/password"), "version": str(reload(task).version)} | values
    return client.post(f"/projects/{task.key}/nodes{'/' if act else ''}{act}", data=said)


def on_node(client: FlaskClient, task: Task, act: str, name: str, /, **values: Any) -> TestResponse:
    """Send a form about a node."""
    return post(client, task, act, about=str(node(task, name).id), **values)


def finish(client: FlaskClient, task: Task, name: str = "开工", /, **values: Any) -> TestResponse:
    return on_node(client, task, "finish", name, **({"done_on": str(clock.today())} | values))


def section(page: BeautifulSoup) -> str:
    return page.select_one("#nodes").get_text(" ", strip=True)  # type: ignore[union-attr]


def test_a_project_without_nodes_says_so_and_offers_the_usual_ones(app: Flask, world: World) -> None:
    task = bare_project(world)
    page = visit(client_for(app, world.staff), f"/projects/{task.key}")
    assert "方案只写了时限，没有节点" in section(page)
    assert page.select_one("#nodes-plan-rows").text.strip() == "\n".join(USUAL_NODES)  # type: ignore[union-attr]
    for who in (world.leader, world.auditor):
        page = visit(client_for(app, db.session.merge(who)), f"/projects/{task.key}")
        assert "方案只写了时限，没有节点" in section(page)
        assert not page.select("#nodes form")


def test_the_list_of_the_region_is_offered_for_its_category(app: Flask, world: World) -> None:
    task = bare_project(world, category=ProjectCategory.UPGRADE)
    db.session.add(NodeList(region_code=task.region_code, category=ProjectCategory.UPGRADE, names=["采购", "安装"]))
    db.session.add(NodeList(region_code=task.region_code, category=ProjectCategory.NEW, names=["拆迁"]))
    db.session.commit()
    page = visit(client_for(app, world.office), f"/projects/{task.key}")
    assert page.select_one("#nodes-plan-rows").text.strip() == "采购\n安装"  # type: ignore[union-attr]


def test_a_pasted_list_becomes_the_nodes(app: Flask, world: World) -> None:
    task, client = bare_project(world), client_for(app, world.staff)
    assert post(client, task, rows="立项\t2099年3月\n开工，2099-05-10\n投用").status_code == 302
    page = visit(client, f"/projects/{task.key}")
    assert [row.td.text for row in page.select("#nodes tbody tr")] == ["立项", "开工", "投用"]
    assert "2099年3月31日" in section(page)
    assert reload(task).node_due_on == date(2099, 3, 31)
    assert "立项 2099-03-31" in visit(client, f"/tasks/{task.key}").get_text()


def test_a_wrong_list_comes_back_with_every_word(app: Flask, world: World) -> None:
    task, client = bare_project(world), client_for(app, world.staff)
    answer = post(client, task, rows="立项\n开工 2024年13月\n立项")
    assert answer.status_code == 400
    page = checked(answer)
    assert "第2行“开工 2024年13月”的日期读不出" in section(page)
    assert "第3行的节点与前面重名" in section(page)
    assert page.select_one("#nodes-plan-rows").text.strip() == "立项\n开工 2024年13月\n立项"  # type: ignore[union-attr]
    assert nodes_of(task.id) == []


def test_a_node_left_out_of_the_list_is_asked_for(app: Flask, world: World) -> None:
    task = a_project(world)
    answer = post(client_for(app, world.staff), task, rows="开工\n封顶")
    assert answer.status_code == 400
    assert "缺少已有的节点" in section(checked(answer))


def test_the_next_node_is_finished_from_the_top_of_the_page(app: Flask, world: World) -> None:
    task, client = a_project(world, state=State.NOT_STARTED), client_for(app, world.staff)
    page = visit(client, f"/projects/{task.key}")
    form = page.select_one(f'#node-{node(task, "开工").id} form[action$="/finish"]')
    assert form is not None
    assert form.select_one("[name=done_on]")["value"] == str(clock.today())  # type: ignore[index]
    files = [(BytesIO(PDF), "开工令.pdf")]
    assert finish(client, task, note="已进场", files=files).status_code == 302
    page = visit(client_for(app, world.leader), f"/projects/{task.key}")
    assert "已完成 1／3" in section(page)
    assert "已进场" in section(page)
    [link] = page.select('#nodes a[href^="/projects/files/"]')
    assert client_for(app, world.leader).get(str(link["href"])).data == PDF
    assert reload(task).state is State.IN_PROGRESS
    timeline = visit(client, f"/tasks/{task.key}").get_text()
    assert "节点“开工”于" in timeline
    assert "已进场" in timeline


def test_a_refused_day_keeps_the_files_that_came_with_it(app: Flask, world: World) -> None:
    task, client = a_project(world), client_for(app, world.staff)
    answer = finish(client, task, done_on=str(in_days(1)), note="明天", files=[(BytesIO(PDF), "开工令.pdf")])
    assert answer.status_code == 400
    page = checked(answer)
    assert "完成日期不能晚于今天" in section(page)
    assert "开工令.pdf" in section(page)
    kept = page.select_one('form[action$="/finish"] [name=kept]')["value"]  # type: ignore[index]
    assert finish(client, task, kept=kept).status_code == 302
    assert [file.name for file in node(task, "开工").files] == ["开工令.pdf"]
    assert finish(client, task, "封顶", files=[(BytesIO(b"x"), "a.exe")]).status_code == 400
    assert node(task, "封顶").done_on is None


def test_a_missed_node_lights_the_task_until_it_is_done(app: Flask, world: World) -> None:
    task, client = a_project(world, {"name": "开工", "planned_on": in_days(-3)}), client_for(app, world.staff)
    page = visit(client, f"/projects/{task.key}")
    assert "临期／落后" in page.select_one(".facts").text  # type: ignore[union-attr]
    assert "已过计划日期" in section(page)
    finish(client, task)
    assert "正常" in visit(client, f"/projects/{task.key}").select_one(".facts").text  # type: ignore[union-attr]


def test_a_moved_day_shows_the_first_one_struck_with_the_reason(app: Flask, world: World) -> None:
    task, client = a_project(world), client_for(app, world.office)
    moved = on_node(client, task, "move", "开工", planned_on=str(in_days(30)), reason="征地延后", following="y")
    assert moved.status_code == 302
    page = visit(client_for(app, world.leader), f"/projects/{task.key}")
    struck = [each.text for each in page.select("#nodes s")]
    assert len(struck) == 2
    assert "征地延后" in section(page)
    assert node(task, "封顶").planned_on == in_days(120)
    assert node(task, "封顶").first_planned_on == in_days(100)
    assert "征地延后" in visit(client, f"/tasks/{task.key}").get_text()


@pytest.mark.parametrize(
    ("act", "values", "said"),
    [
        ("move", {"planned_on": "2099-01-01"}, "请填写理由"),
        ("move", {"planned_on": "", "reason": "雨季"}, "请填写日期，如 2026-03-31"),
        ("move", {"planned_on": "bald", "reason": "雨季"}, "如 2026-03-31"),
        ("expect", {"expected_on": "2000-01-01"}, "预计完成日期不能早于今天"),
        ("expect", {"expected_on": "2099-01-01"}, "预计晚于计划，请写明原因"),
        ("finish", {"done_on": "", "note": "忘了哪天"}, "请填写日期，如 2026-03-31"),
        ("rename", {"name": "封顶"}, "已有同名的节点"),
        ("rename", {"name": ""}, "请填写节点名称"),
        ("rename", {"name": "节点"}, "这是表头用语"),
        ("rename", {"name": "开工 2024-05-01"}, "节点名称不能以日期"),
    ],
)
def test_a_refused_form_comes_back_on_its_node(
    app: Flask, world: World, act: str, values: dict[str, str], said: str
) -> None:
    task, client = a_project(world), client_for(app, world.staff)
    answer = on_node(client, task, act, "开工", **values)
    assert answer.status_code == 400
    page = checked(answer)
    focus = page.select_one(f"#node-{node(task, '开工').id}")
    assert focus is not None
    assert said in focus.get_text()
    for name, value in values.items():
        field = focus.select_one(f'form[action$="/{act}"] [name={name}]')
        assert field is not None
        assert value in {field.get("value"), field.text.strip()}, name


def test_what_is_expected_of_the_last_node_stands_on_the_page_of_the_task(app: Flask, world: World) -> None:
    task, client = a_project(world), client_for(app, world.staff)
    assert on_node(client, task, "expect", "投用", expected_on=str(in_days(50))).status_code == 302
    assert reload(task).expected_on == in_days(50)
    assert "节点“投用”预计" in visit(client, f"/tasks/{task.key}").get_text()


def test_any_node_opens_by_its_address(app: Flask, world: World) -> None:
    task, client = a_project(world), client_for(app, world.staff)
    finish(client, task)
    for name, offered in (("投用", "登记已完成"), ("开工", "撤销完成登记")):
        page = visit(client, f"/projects/{task.key}?edit=node-{node(task, name).id}")
        focus = page.select_one(f"section#node-{node(task, name).id}")
        assert focus is not None
        assert offered in focus.get_text()
    assert on_node(client, task, "undo", "开工", reason="日期填错").status_code == 302
    assert node(task, "开工").done_on is None
    assert on_node(client, task, "undo", "开工", reason="日期填错").status_code == 409
    visit(client, f"/projects/{task.key}?edit=node-999999")
    visit(client, f"/projects/{task.key}?edit=%00'")


def test_nodes_are_added_renamed_and_taken_away(app: Flask, world: World) -> None:
    task, client = a_project(world), client_for(app, world.office)
    after = str(node(task, "封顶").id)
    added = post(client, task, "add", name="消防验收", planned_on=str(in_days(200)), after=after)
    assert added.status_code == 302
    assert on_node(client, task, "rename", "消防验收", name="消防专项验收").status_code == 302
    assert [each.name for each in nodes_of(task.id)] == ["开工", "封顶", "消防专项验收", "投用"]
    assert post(client, task, "add", name="封顶", after="").status_code == 400
    assert post(client, task, "add", name="备案", after="x").status_code == 400
    assert on_node(client, task, "remove", "消防专项验收").status_code == 302
    assert post(client, task, "remove", about="999999").status_code == 409
    assert len(nodes_of(task.id)) == 3
    timeline = visit(client, f"/tasks/{task.key}").get_text()
    assert "删除节点“消防专项验收”" in timeline


def test_a_list_with_odd_names_is_saved_as_it_is_shown(app: Flask, world: World) -> None:
    task, client = a_project(world), client_for(app, world.office)
    odd = ["主体，封顶", "一期：主体", "1. 安装", "开 工", "Main structure"]
    for name in odd:
        assert post(client, task, "add", name=name, after="").status_code == 302
    page = visit(client, f"/projects/{task.key}")
    field = page.select_one("textarea[name=rows]")
    assert field is not None
    assert post(client, task, "", rows=field.text.strip()).status_code == 302
    assert {*odd} <= {each.name for each in nodes_of(task.id)}


def test_a_list_beyond_its_length_is_refused_unread(app: Flask, world: World) -> None:
    task, client = a_project(world), client_for(app, world.office)
    answer = post(client, task, "", rows="1 " * 2001)
    assert answer.status_code == 400
    assert "最多4000字" in checked(answer).get_text()


def test_the_own_name_of_a_node_is_no_change(app: Flask, world: World) -> None:
    task, client = a_project(world), client_for(app, world.office)
    assert on_node(client, task, "rename", "开工", name="开工").status_code == 302
    assert "改名" not in visit(client, f"/tasks/{task.key}").get_text()


def test_odd_days_are_asked_about_on_the_page(app: Flask, world: World) -> None:
    task = a_project(
        world,
        {"name": "封顶", "planned_on": in_days(50)},
        {"name": "开工", "planned_on": in_days(20)},
        {"name": "投用", "planned_on": in_days(60)},
        due_on=in_days(40),
    )
    said = section(visit(client_for(app, world.leader), f"/projects/{task.key}"))
    assert "早于排在前面的“封顶”" in said
    assert "晚于任务时限" in said


ACTS = ["add", "rename", "remove", "move", "expect", "finish", "undo", ""]


@pytest.mark.parametrize("act", ACTS)
def test_only_its_units_and_the_office_may(app: Flask, world: World, act: str) -> None:
    task = a_project(world)
    for who, status in {"housing_staff": 404, "leader": 403, "auditor": 403, "stranger": 404}.items():
        client = client_for(app, getattr(world, who))
        assert on_node(client, task, act, "开工").status_code == status, who
    client = client_for(app, world.staff)
    assert client.get(f"/projects/{task.key}/nodes{'/' if act else ''}{act}").status_code in {404, 405}
    assert on_node(client, task, act, "开工", node_id="1").status_code == 400


def test_of_two_at_once_the_second_keeps_its_words(app: Flask, world: World) -> None:
    task, client = a_project(world), client_for(app, world.staff)
    version = str(reload(task).version)
    values = {"expected_on": str(in_days(40)), "reason": "等电力改造", "version": version}
    assert on_node(client, task, "expect", "开工", **values).status_code == 302
    answer = on_node(client, task, "expect", "封顶", **values)
    assert answer.status_code == 409
    page = checked(answer)
    focus = page.select_one(f"section#node-{node(task, '封顶').id}")
    assert focus is not None
    assert "等电力改造" in focus.get_text()
    assert node(task, "封顶").expected_on is None
    assert len(events("expect_node")) == 1


def test_the_same_form_sent_twice_finishes_once(app: Flask, world: World) -> None:
    task, client = a_project(world), client_for(app, world.staff)
    values = {"version": str(reload(task).version), "files": [(BytesIO(PDF), "开工令.pdf")]}
    assert finish(client, task, **values).status_code == 302
    assert finish(client, task, **(values | {"files": [(BytesIO(PDF), "开工令.pdf")]})).status_code == 409
    assert len(node(task, "开工").files) == 1
    assert len(events("finish_node")) == 1


def test_what_is_over_is_only_read(app: Flask, world: World) -> None:
    task, client = a_project(world, state=State.SUSPENDED), client_for(app, world.staff)
    page = visit(client, f"/projects/{task.key}")
    assert "开工" in section(page)
    assert not page.select("#nodes form")
    assert finish(client, task).status_code == 409
    task = a_project(world, state=State.CLOSED, closed_on=clock.today())
    page = visit(client, f"/projects/{task.key}")
    assert "由推进办重新打开任务后更正" in section(page)
    assert not page.select("#nodes form, #handovers form")
    refused = finish(client, task)
    assert refused.status_code == 409
    assert "任务已销号，节点不能再改" in checked(refused).get_text()
    task = a_project(world)
    db.session.get_one(Plan, task.plan_id).state = PlanState.CLOSED
    db.session.commit()
    assert not visit(client, f"/projects/{task.key}").select("#nodes form")
    assert finish(client, task).status_code == 409


def test_words_outlive_the_session(app: Flask, world: World) -> None:
    task = a_project(world)
    about = str(node(task, "封顶").id)
    client = app.test_client()
    answer = client.post(
        f"/projects/{task.key}/nodes/expect",
        data={"version": "1", "about": about, "reason": "等电力改造", "expected_on": "2099-01-01"},
    )
    assert answer.status_code == 401
    assert "等电力改造" in answer.text
