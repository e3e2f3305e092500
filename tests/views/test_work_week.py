"""GET and POST /week: a unit says its week in one table."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import World, make_account, make_task
from tests.views.test_tasks_report import post, reload, reports
from tests.visit import checked, client_for, token_of, visit
from tracker import clock
from tracker.actions.drafts import save_draft
from tracker.models import Draft, Event, LoginSession, PlanState, Task, db
from tracker.rules.lifecycle import State
from tracker.rules.permissions import Role

ADDRESS = "/week"


def fields(task: Task, once: str = "", **said: Any) -> dict[str, str]:
    """The fields of a task's row, with what is said of it."""
    values = {"version": str(task.version), "once": once or f"once-{task.key}", "situation": "", "text": "", **said}
    return {f"{task.key}:{name}": str(value) for name, value in values.items()}


def save(client: FlaskClient, *rows: dict[str, str], **more: str) -> TestResponse:
    """Send the table."""
    values = {name: value for row in rows for name, value in row.items()}
    return client.post(ADDRESS, data={"csrf_token": token_of(client, ADDRESS), **values, **more})


def test_every_open_task_of_the_unit_has_a_row(app: Flask, world: World) -> None:
    make_task(world.plan, title="已中止的任务", lead=[world.finance], state=State.SUSPENDED)
    page = visit(client_for(app, world.staff), ADDRESS)
    assert {"资金拨付", "共同责任事项"} <= set(page.get_text().split()) | {
        link.get_text().split()[-1] for link in page.select("td a")
    }
    assert "校舍建设" not in page.get_text()
    assert "已中止的任务" not in page.get_text()
    assert "已完成" not in [each.get_text() for each in page.select("option")]


def test_filled_rows_are_reported_and_the_others_left_alone(app: Flask, world: World) -> None:
    save_draft(world.staff.id, world.task.id, "tasks.report", {"text": "未交的话"}, clock.now())
    client = client_for(app, world.staff)
    answer = save(client, fields(world.task, situation="on_plan", text="已完成评审"), fields(world.shared_task))
    assert (answer.status_code, answer.location) == (302, "/work")
    assert [(each.task_id, each.unit_id, each.text) for each in reports()] == [
        (world.task.id, world.finance.id, "已完成评审")
    ]
    assert reload(world.task).state is State.IN_PROGRESS
    assert reload(world.shared_task).state is State.NOT_STARTED
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Draft)) == 0
    assert "已保存 1 项" in visit(client, "/work").get_text()
    assert db.session.scalars(sa.select(Event.act).order_by(Event.id.desc())).first() == "report"


def test_an_unchanged_week_needs_no_words_and_sent_twice_makes_one_row(app: Flask, world: World) -> None:
    client, row = client_for(app, world.staff), fields(world.task, situation="no_change")
    assert [save(client, row).status_code for _ in range(2)] == [302, 302]
    assert len(reports()) == 1


def test_stale_rows_come_back_with_their_words_and_the_sound_ones_are_saved(app: Flask, world: World) -> None:
    client, seen = client_for(app, world.staff), fields(world.task, situation="difficulty", text="卡在评审")
    post(client_for(app, world.staff2), world.task, text="同事刚写的话")
    answer = save(client, seen, fields(world.shared_task, situation="on_plan", text="按期"))
    assert answer.status_code == 409
    page = checked(answer)
    assert {"已保存 1 项", "1 项需要处理，内容还在表里。"} <= {each.get_text() for each in page.select(".notice")}
    assert "同事刚写的话" in page.get_text()
    [field] = page.select("td input[type=text]")
    assert field["value"] == "卡在评审"
    assert [each.text for each in reports()] == ["同事刚写的话", "按期"]
    form = {each["name"]: each.get("value", "") for each in page.select("form.week input")}
    chosen = page.select_one("form.week select option[selected]")
    assert chosen is not None
    again = client.post(ADDRESS, data={**form, f"{world.task.key}:situation": chosen["value"]})
    assert again.status_code == 302
    assert [each.text for each in reports()][-1] == "卡在评审"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"text": "只有文字"}, "请选择本周情况"),
        ({"situation": "on_plan"}, "请写一句话说明情况"),
        ({"situation": "on_plan", "text": "字" * 2001}, "最多2000字"),
    ],
)
def test_a_row_that_misses_something_says_what(app: Flask, world: World, said: dict[str, str], reason: str) -> None:
    answer = save(client_for(app, world.staff), fields(world.task, **said))
    assert answer.status_code == 400
    assert reason in checked(answer).get_text()
    assert reports() == []


def test_what_is_closed_meanwhile_leaves_its_words_and_no_trace(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    row = fields(world.task, situation="on_plan", text="还在推进")
    world.task.state = State.SUSPENDED
    answer = save(client, row, fields(world.shared_task, situation="on_plan", text="按期"))
    assert answer.status_code == 400
    assert "还在推进" in answer.text
    assert [each.text for each in reports()] == ["按期"]
    assert reload(world.task).version == 1


def test_done_and_unknown_fields_are_refused(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    assert save(client, fields(world.task, situation="done", text="完成")).status_code == 400
    assert save(client, fields(world.task, situation="on_plan", text="x", light="closed")).status_code == 400
    assert save(client, fields(world.task, situation="on_plan", text="x"), state="closed").status_code == 400
    assert reports() == []


def test_one_foreign_or_unknown_task_refuses_the_whole_table(app: Flask, world: World) -> None:
    client, own = client_for(app, world.staff), fields(world.task, situation="on_plan", text="我的话")
    foreign = fields(world.housing_task, situation="on_plan", text="x")
    missing = {name.replace(world.housing_task.key, "no-such"): value for name, value in foreign.items()}
    for other in (foreign, missing):
        assert save(client, own, other).status_code == 404
    assert reports() == []


def test_who_has_two_units_in_a_task_says_for_which_they_speak(app: Flask, world: World) -> None:
    client = client_for(app, make_account(Role.UNIT_STAFF, units=[world.finance, world.education]))
    row = fields(world.task, situation="on_plan", text="教科体局的话")
    assert "请选择填报单位" in save(client, row).text
    assert save(client, {**row, f"{world.task.key}:unit": str(world.education.id)}).status_code == 302
    assert [each.unit_id for each in reports()] == [world.education.id]


def test_a_field_sent_twice_refuses_the_whole_table(app: Flask, world: World) -> None:
    client, own = client_for(app, world.staff), fields(world.task, situation="on_plan", text="我的话")
    values = {"csrf_token": token_of(client, ADDRESS), **own, f"{world.task.key}:text": ["我的话", "别的话"]}
    assert client.post(ADDRESS, data=values).status_code == 400
    assert reports() == []


def test_a_plan_that_is_closed_meanwhile_takes_no_row_and_leaves_the_words(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    row, token = fields(world.task, situation="on_plan", text="还在推进"), token_of(client, ADDRESS)
    world.plan.state = PlanState.CLOSED
    answer = client.post(ADDRESS, data={"csrf_token": token, **row})
    assert answer.status_code == 400
    [field] = checked(answer).select("td input[type=text]")
    assert field["value"] == "还在推进"
    assert reports() == []
    assert "没有待填报的任务。" in visit(client, ADDRESS).get_text()


def test_an_empty_table_saves_nothing_and_says_so(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    answer = save(client, fields(world.task), fields(world.shared_task))
    assert (answer.status_code, answer.location) == (302, ADDRESS)
    assert "还没有填写任何一行。" in visit(client, ADDRESS).get_text()
    assert reports() == []


def test_only_staff_have_a_table(app: Flask, world: World) -> None:
    for account, status in [(world.office, 403), (world.leader, 403), (world.auditor, 403)]:
        client = client_for(app, account)
        assert client.get(ADDRESS).status_code == status
        token = token_of(client, "/password")
        assert client.post(ADDRESS, data={"csrf_token": token}).status_code == status
    assert client_for(app, world.staff).put(ADDRESS).status_code == 405
    assert client_for(app, world.staff).post(ADDRESS, data={}).status_code == 400


def test_many_tasks_are_turned_page_by_page_with_few_questions(app: Flask, world: World) -> None:
    for _number in range(70):
        make_task(world.plan, lead=[world.finance])
    client = client_for(app, world.staff)
    assert len(visit(client, ADDRESS).select("tbody tr")) == 60
    page = visit(client, f"{ADDRESS}?page=2")
    assert len(page.select("tbody tr")) == 12
    assert "第 2 / 2 页" in page.get_text()


def test_an_ended_session_shows_every_word_again(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    row, token = fields(world.task, situation="on_plan", text="写了很久的话"), token_of(client, ADDRESS)
    db.session.execute(sa.update(LoginSession).values(ended_at=clock.now()))
    answer = client.post(ADDRESS, data={"csrf_token": token, **row})
    assert answer.status_code == 401
    assert "写了很久的话" in checked(answer).find(id="typed-text").get_text()  # type: ignore[union-attr]
    assert reports() == []
