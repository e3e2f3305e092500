"""POST /tasks/<key>/reports/<id>/withdraw, and where it is offered."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import World
from tests.views.test_tasks_desk import act
from tests.views.test_tasks_report import PDF, post, reload, reports
from tests.visit import checked, client_for, token_of, visit
from tracker import clock
from tracker.models import Evidence, OutboxMail, Report, Task, db
from tracker.rules.lifecycle import State


def withdraw(client: FlaskClient, task: Task, report_id: int, **differences: Any) -> TestResponse:
    """Take back a report with the present version."""
    values = {"csrf_token": token_of(client, "/password"), "version": str(reload(task).version)}
    return client.post(f"/tasks/{task.key}/reports/{report_id}/withdraw", data=values | differences)


def offer(page: BeautifulSoup) -> Any:
    """The form that takes back a report, None where it is not offered."""
    return page.select_one("form.undo")


def test_a_report_is_taken_back_from_the_page_and_stands_struck_on_the_timeline(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    post(client, world.task, situation="done", text="报错了", files=(io.BytesIO(PDF), "凭证.pdf"))
    form = offer(visit(client, f"/tasks/{world.task.key}"))
    values = {each["name"]: each["value"] for each in form.select("input")}
    answer = client.post(form["action"], data=values)
    assert (answer.status_code, answer.location) == (302, f"/tasks/{world.task.key}")
    assert reload(world.task).state is State.NOT_STARTED
    page = visit(client, f"/tasks/{world.task.key}")
    assert page.find("s", string="报错了")
    assert "已撤回" in page.get_text()
    assert offer(page) is None
    file = db.session.scalars(sa.select(Evidence)).one()
    assert client.get(f"/evidence/{file.id}").status_code == 200
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxMail)) == 0


def test_in_my_work_it_is_offered_too_and_leads_back_there(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    assert offer(visit(client, "/work")) is None
    post(client, world.task)
    form = offer(visit(client, "/work"))
    assert "资金拨付" in form.get_text()
    values = {each["name"]: each["value"] for each in form.select("input")}
    assert client.post(form["action"], data=values).location == "/work"
    assert offer(visit(client, "/work")) is None


def test_nobody_else_is_offered_it_or_may_do_it(app: Flask, world: World) -> None:
    post(client_for(app, world.staff), world.task)
    [report] = reports()
    for account, status in [
        (world.staff2, 409),
        (world.office, 409),
        (world.housing_staff, 404),
        (world.stranger, 404),
        (world.leader, 403),
        (world.auditor, 403),
        (world.administrator, 403),
    ]:
        assert withdraw(client_for(app, account), world.task, report.id).status_code == status, account.username
    assert offer(visit(client_for(app, world.staff2), f"/tasks/{world.task.key}")) is None
    assert [each.withdrawn_at for each in reports()] == [None]
    assert client_for(app, world.staff).get(f"/tasks/{world.task.key}/reports/{report.id}/withdraw").status_code == 405


def test_a_report_is_found_through_its_own_task_only(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    post(client, world.task)
    [report] = reports()
    assert withdraw(client, world.shared_task, report.id).status_code == 404
    assert withdraw(client, world.task, 999999).status_code == 404
    assert [each.withdrawn_at for each in reports()] == [None]


def test_after_ten_minutes_the_page_offers_it_no_more_and_the_refusal_says_why(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    post(client, world.task)
    db.session.execute(sa.update(Report).values(at=clock.now() - timedelta(minutes=11)))
    db.session.commit()
    assert offer(visit(client, f"/tasks/{world.task.key}")) is None
    assert offer(visit(client, "/work")) is None
    answer = withdraw(client, world.task, reports()[0].id)
    assert answer.status_code == 409
    assert "填报后10分钟内" in checked(answer).get_text()


def test_what_was_verified_is_taken_back_no_more(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    post(client, world.task, situation="done")
    act(client_for(app, world.office), world.task, "verify")
    assert offer(visit(client, f"/tasks/{world.task.key}")) is None
    assert withdraw(client, world.task, reports()[0].id).status_code == 409
    assert reload(world.task).state is State.CLOSED


def test_a_stale_withdrawal_shows_what_came_and_a_repeated_one_does_nothing(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    post(client, world.task, text="我的话")
    report_id = reports()[0].id
    post(client_for(app, world.staff2), world.task, text="同事的话", version="2")
    answer = withdraw(client, world.task, report_id, version="2")
    assert answer.status_code == 409
    assert "同事的话" in checked(answer).get_text()
    assert withdraw(client, world.task, report_id).status_code == 302
    version = reload(world.task).version
    assert withdraw(client, world.task, report_id).status_code == 302
    assert reload(world.task).version == version
    assert withdraw(client, world.task, report_id, light="normal").status_code == 400


def test_the_same_form_sent_again_after_a_withdrawal_loses_no_word(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    post(client, world.task, once="form", text="写错的话")
    withdraw(client, world.task, reports()[0].id)
    answer = post(client, world.task, once="form", text="改好的话")
    assert answer.status_code == 409
    page = checked(answer)
    form = {each["name"]: each.get("value", "") for each in page.select("form.report-form input[type=hidden]")}
    again = client.post(f"/tasks/{world.task.key}/report", data={**form, "situation": "on_plan", "text": "改好的话"})
    assert again.status_code == 302
    assert reload(world.task).last_words == "改好的话"
