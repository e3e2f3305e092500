"""POST /tasks/<key>/links/…: which indicators a task serves, as the office says it."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import World
from tests.views.test_tasks_report import reload
from tests.visit import checked, client_for, token_of, visit
from tracker.models import Contribution, Event, LinkState, PlanState, Task, db
from tracker.queries.indicators import national_indicator

REASON = "新建运动场，场地面积增加"


def post(client: FlaskClient, task: Task, act: str, **values: Any) -> TestResponse:
    """Send one of the forms of the section 带来什么."""
    said = {"csrf_token": token_of(client, "/password"), "version": str(reload(task).version)} | values
    return client.post(f"/tasks/{task.key}/{act}", data=said)


def add(client: FlaskClient, task: Task, **differences: Any) -> TestResponse:
    """Say that the task serves R5."""
    return post(client, task, "links/add", **({"indicator": "R5", "reason": REASON} | differences))


def linked(task: Task, code: str = "R5", **differences: Any) -> Contribution:
    """A link of the plan."""
    row = Contribution(task_id=task.id, indicator=national_indicator(code), **({"reason": "方案所列"} | differences))
    db.session.add(row)
    db.session.commit()
    return row


def links() -> list[Contribution]:
    """Every link, oldest first."""
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Contribution).order_by(Contribution.id)))


def events(act: str) -> list[Event]:
    """The events of an act that was done."""
    db.session.rollback()
    return list(db.session.scalars(sa.select(Event).where(Event.act == act, Event.allowed)))


def test_what_the_office_adds_is_confirmed_and_drops_the_reason_for_none(app: Flask, world: World) -> None:
    world.task.no_indicator_reason = "只是筹款"
    office = client_for(app, world.office)
    assert add(office, world.task).status_code == 302
    [row] = links()
    assert (row.indicator.code, row.reason, row.state) == ("R5", REASON, LinkState.CONFIRMED)
    assert (row.decided_by_id, row.decided_at is not None) == (world.office.id, True)
    assert reload(world.task).no_indicator_reason is None
    [event] = events("add_link")
    assert event.before["no_indicator"] == "只是筹款"
    assert event.after["links"] == [f"R5 {REASON}"]
    assert "已确认" in visit(office, f"/tasks/{world.task.key}").find(id="brings").get_text()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"indicator": "X9"}, "请选择国家指标"),
        ({"indicator": ""}, "请选择国家指标"),
        ({"reason": " "}, "请填写理由"),
        ({"condition": "G1"}, "该指标没有这个问题"),
    ],
)
def test_a_wrong_link_comes_back_with_its_words(app: Flask, world: World, values: dict[str, str], said: str) -> None:
    answer = add(client_for(app, world.office), world.task, **values)
    assert answer.status_code == 400
    page = checked(answer).find(id="brings")
    assert said in page.get_text()  # type: ignore[union-attr]
    assert links() == []


def test_an_indicator_is_linked_once(app: Flask, world: World) -> None:
    linked(world.task)
    answer = add(client_for(app, world.office), world.task)
    assert answer.status_code == 400
    assert "已有这项指标" in answer.text


def test_a_link_names_the_condition_of_the_county_that_it_meets(app: Flask, world: World) -> None:
    indicator = national_indicator("G1")
    assert indicator is not None
    indicator.conditions = [{"code": "G1", "of": "county", "asks": "layout_reasonable", "name": "布局合理"}]
    row = linked(world.task, "G1")
    office = client_for(app, world.office)
    page = visit(office, f"/tasks/{world.task.key}?edit=link-{row.id}")
    assert "布局合理" in page.select_one(f"#link-{row.id}-c-condition").get_text()  # type: ignore[union-attr]
    values = {"about": str(row.id), "condition": "G1", "reason": "布局规划批复"}
    assert post(office, world.task, "links/change", **values).status_code == 302
    [row] = links()
    assert (row.condition, row.reason, row.state) == ("G1", "布局规划批复", LinkState.CONFIRMED)
    assert "完成后即满足：布局合理" in visit(office, f"/tasks/{world.task.key}").get_text()
    [event] = events("change_link")
    assert event.before["links"] == ["G1 方案所列"]
    values["condition"] = "R5"
    assert post(office, world.task, "links/change", **values).status_code == 400


def test_the_last_link_goes_with_a_reason_for_none(app: Flask, world: World) -> None:
    gone, last = str(linked(world.task).id), str(linked(world.task, "R4").id)
    office = client_for(app, world.office)
    assert post(office, world.task, "links/remove", about=gone).status_code == 400
    assert post(office, world.task, "links/remove", about=gone, reason="误列").status_code == 302
    assert reload(world.task).no_indicator_reason is None
    [event] = events("remove_link")
    assert (event.before["links"], event.after["reason"]) == (["R5 方案所列"], "误列")
    assert post(office, world.task, "links/remove", about=last, reason="只是筹款").status_code == 302
    assert (links(), reload(world.task).no_indicator_reason) == ([], "只是筹款")
    assert post(office, world.task, "links/remove", about=last, reason="再删").status_code == 409


def test_a_link_of_another_task_is_not_there(app: Flask, world: World) -> None:
    row = linked(world.housing_task)
    office = client_for(app, world.office)
    for act in ("links/change", "links/remove"):
        assert post(office, world.task, act, about=str(row.id), reason="误列").status_code == 409
    assert post(office, world.task, "links/confirm", what=f"link:{row.id}").status_code == 409
    assert [each.state for each in links()] == [LinkState.PROPOSED]


def test_all_proposals_of_a_task_are_confirmed_at_once_and_only_once(app: Flask, world: World) -> None:
    linked(world.task)
    linked(world.task, "R4")
    office = client_for(app, world.office)
    assert post(office, world.task, "links/confirm").status_code == 302
    assert {row.state for row in links()} == {LinkState.CONFIRMED}
    assert post(office, world.task, "links/confirm").status_code == 409
    [event] = events("confirm_links")
    assert sorted(event.after["links"]) == ["R4 方案所列", "R5 方案所列"]


def test_one_proposal_is_confirmed_alone(app: Flask, world: World) -> None:
    first, _second = linked(world.task), linked(world.task, "R4")
    assert post(client_for(app, world.office), world.task, "links/confirm", what=f"link:{first.id}").status_code == 302
    assert [row.state for row in links()] == [LinkState.CONFIRMED, LinkState.PROPOSED]


def test_a_stale_form_keeps_its_words(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    answer = add(office, world.task, version="99")
    assert answer.status_code == 409
    assert REASON in answer.text
    assert add(office, world.task).status_code == 302
    assert len(links()) == 1


ACTS = ("links/add", "links/change", "links/remove", "links/confirm")


@pytest.mark.parametrize("act", ACTS)
def test_only_the_office_of_the_county_says_what_a_task_serves(app: Flask, world: World, act: str) -> None:
    row = linked(world.task)
    values = {"about": str(row.id), "indicator": "R4", "reason": REASON}
    for account, status in ((world.staff, 403), (world.leader, 403), (world.stranger, 404)):
        client = client_for(app, account)
        assert post(client, world.task, act, **values).status_code == status, account.username
    assert client_for(app, world.office).get(f"/tasks/{world.task.key}/{act}").status_code == 405
    assert [each.state for each in links()] == [LinkState.PROPOSED]


def test_a_closed_plan_is_read_only(app: Flask, world: World) -> None:
    linked(world.task)
    world.plan.state = PlanState.CLOSED
    db.session.commit()
    office = client_for(app, world.office)
    assert post(office, world.task, "links/confirm").status_code == 409
    assert "添加对应指标" not in visit(office, f"/tasks/{world.task.key}?edit=new").get_text()


def test_readers_see_the_links_and_no_form(app: Flask, world: World) -> None:
    linked(world.task)
    for account in (world.staff, world.leader, world.auditor):
        page = visit(client_for(app, account), f"/tasks/{world.task.key}").find(id="brings")
        assert "方案所列" in page.get_text()  # type: ignore[union-attr]
        assert page.find("form") is None  # type: ignore[union-attr]
