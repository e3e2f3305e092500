"""POST /urges/preview and POST /urges."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import World, make_account, make_plan, make_task, make_unit
from tests.visit import checked, client_for, counted_queries, token_of, visit
from tracker import clock
from tracker.models import Event, OutboxMail, PlanState, Task, Urge, db
from tracker.rules.lifecycle import State
from tracker.rules.permissions import Role

_once = count(1)


def preview(client: FlaskClient, *tasks: Task | str) -> TestResponse:
    """Ask for the preview of some tasks, with keys alone."""
    keys = [task if isinstance(task, str) else task.key for task in tasks]
    return client.post("/urges/preview", data={"csrf_token": token_of(client, "/password"), "key": keys})


def urge(client: FlaskClient, *tasks: Task | str, **differences: Any) -> TestResponse:
    """Urge about some tasks."""
    keys = [task if isinstance(task, str) else task.key for task in tasks]
    values = {
        "csrf_token": token_of(client, "/password"),
        "key": keys,
        "text": "请本周内更新",
        "once": f"once{next(_once)}",
    }
    return client.post("/urges", data=values | differences)


def mails() -> list[OutboxMail]:
    return list(db.session.scalars(sa.select(OutboxMail).order_by(OutboxMail.account_id)))


def test_the_preview_says_who_gets_what_and_sends_nothing(app: Flask, world: World) -> None:
    page = checked(preview(client_for(app, world.office), world.task, world.housing_task))
    text = page.get_text()
    assert "向 2 个单位发送催办邮件" in text
    assert world.staff.name in text
    assert "p***@example.test" in text
    assert world.staff.email not in text
    assert len(page.select("input[name=key]")) == 2
    assert mails() == []
    assert db.session.scalars(sa.select(Urge)).all() == []


def test_one_act_is_one_mail_per_person_and_one_event_per_task(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    sent = urge(office, world.task, world.housing_task, world.shared_task)
    assert (sent.status_code, sent.location) == (302, "/tasks")
    urges = db.session.execute(sa.select(Urge.task_id, Urge.unit_id)).all()
    assert sorted(map(tuple, urges)) == sorted(
        [
            (world.task.id, world.finance.id),
            (world.housing_task.id, world.housing.id),
            (world.shared_task.id, world.finance.id),
            (world.shared_task.id, world.housing.id),
        ]
    )
    assert [mail.account_id for mail in mails()] == [world.staff.id, world.staff2.id, world.housing_staff.id]
    assert "催办2项任务" in mails()[0].subject
    assert "请本周内更新" in mails()[0].text
    events = db.session.scalars(sa.select(Event).where(Event.act == "urge").order_by(Event.object_id)).all()
    assert len(events) == 3
    assert {"units": ["财政局", "住建局"], "text": "请本周内更新", "version": 1} in [each.after for each in events]
    assert "请本周内更新" in visit(office, f"/tasks/{world.task.key}").get_text()


def test_whom_we_urged_within_three_days_is_left_in_peace_and_said_so(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    urge(office, world.task)
    page = checked(preview(office, world.task, world.shared_task)).get_text()
    today = clock.today()
    assert f"已于 {today.year}年{today.month}月{today.day}日 催办" in page
    assert "向 2 个单位发送催办邮件" in page
    assert urge(office, world.task).status_code == 409
    assert len(mails()) == 2
    old = clock.now() - timedelta(days=3)
    db.session.execute(sa.update(Urge).values(at=old))
    db.session.commit()
    assert urge(office, world.task).status_code == 302
    assert len(mails()) == 4


def test_a_repeated_form_urges_once(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    for _time in range(2):
        assert urge(office, world.task, once="same").status_code == 302
    assert len(db.session.scalars(sa.select(Urge)).all()) == 1
    assert len(mails()) == 2


def test_what_needs_no_urging_is_named_with_its_reason(app: Flask, world: World) -> None:
    day = date(2026, 1, 5)
    lead = {"lead": [world.finance]}
    silent = make_unit("无人单位")
    tasks = {
        "待核验": make_task(world.plan, **lead, state=State.SUBMITTED, submitted_on=day),
        "已销号": make_task(world.plan, **lead, state=State.CLOSED, closed_on=day),
        "已中止": make_task(world.plan, **lead, state=State.SUSPENDED),
        "待重定时限": make_task(world.plan, **lead, needs_redate=True),
        "计划为草稿": make_task(make_plan("draft", state=PlanState.DRAFT), **lead),
        "没有待办单位": make_task(world.plan),
        "没有可用的联系人": make_task(world.plan, lead=[silent]),
    }
    db.session.commit()
    answer = preview(client_for(app, world.office), *tasks.values())
    page = checked(answer)
    rows = {row.select_one("a")["href"]: row.get_text() for row in page.select("tbody tr")}  # type: ignore[index]
    for reason, task in tasks.items():
        assert reason in rows[f"/tasks/{task.key}"]
    assert "所选任务都不需要催办" in page.get_text()
    assert not page.select("form[action^='/urges']")
    assert urge(client_for(app, world.office), *tasks.values()).status_code == 409
    assert mails() == []


def test_one_foreign_key_refuses_the_whole_request(app: Flask, world: World) -> None:
    """T030: nothing is said or done about the others either."""
    foreign = make_task(make_plan("other", region="640422"))
    db.session.commit()
    office = client_for(app, world.office)
    for bad in (foreign, "nothing", "a\x00b"):
        assert preview(office, world.task, bad).status_code in (400, 404)
        assert urge(office, world.task, bad).status_code in (400, 404)
    assert preview(client_for(app, world.stranger), world.task).status_code == 404
    assert urge(client_for(app, world.stranger), world.task).status_code == 404
    assert db.session.scalars(sa.select(Urge)).all() == []


@pytest.mark.parametrize("who", ["staff", "leader", "auditor", "administrator"])
def test_only_the_office_urges(app: Flask, world: World, who: str) -> None:
    client = client_for(app, getattr(world, who))
    assert preview(client, world.task).status_code == 403
    assert urge(client, world.task).status_code == 403
    assert mails() == []


def test_nothing_chosen_too_much_chosen_and_unknown_fields_are_a_400(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    assert preview(office).status_code == 400
    assert preview(office, *(f"key{number}" for number in range(501))).status_code == 400
    assert urge(office, world.task, other="x").status_code == 400
    assert office.get("/urges/preview").status_code == 405
    assert office.get("/urges").status_code == 405


@pytest.mark.parametrize("text", ["", "字" * 201])
def test_words_that_are_empty_or_too_long_come_back_on_the_preview(app: Flask, world: World, text: str) -> None:
    answer = urge(client_for(app, world.office), world.task, text=text)
    assert answer.status_code == 400
    page = checked(answer)
    assert page.find("textarea").get_text().strip() == text  # type: ignore[union-attr]
    assert page.select("input[name=key]")


def test_the_questions_do_not_grow_with_the_tasks(app: Flask, world: World) -> None:
    def asked(tasks: list[Task]) -> int:
        client = client_for(app, world.office)
        values = {"csrf_token": token_of(client, "/password"), "key": [task.key for task in tasks]}
        with counted_queries() as statements:
            assert client.post("/urges/preview", data=values).status_code == 200
        return len(statements)

    few = asked([world.task])
    for number in range(5):
        unit = make_unit(f"镇{number}")
        make_account(Role.UNIT_STAFF, units=[unit])
        make_task(world.plan, lead=[unit])
    db.session.commit()
    many = list(db.session.scalars(sa.select(Task).where(Task.plan_id == world.plan.id)))
    assert asked(many) <= few
