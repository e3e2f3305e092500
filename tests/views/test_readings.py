"""POST /overview/issues/N/read: a leader has read an issue, and the office sees who has."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import COUNTY, OTHER_COUNTY, World, make_account, make_plan
from tests.views.test_overview import main_of
from tests.visit import client_for, token_of, visit
from tracker import clock
from tracker.actions.issues import freeze_week
from tracker.models import Event, Issue, IssueReading, IssueState, db
from tracker.rules.permissions import Role


def signed(region: str = COUNTY, days_ago: int = 0) -> Issue:
    """An issue that its office has signed."""
    issue = freeze_week(region, clock.now() - timedelta(days=days_ago))
    assert issue
    issue.state, issue.signed_at, issue.signed_by = IssueState.SIGNED, issue.cut_off_at, "陈推进"
    db.session.commit()
    return issue


def mark_read(client: FlaskClient, number: int = 1, region: str = "") -> TestResponse:
    """Press the button."""
    at = f"?region={region}" if region else ""
    return client.post(f"/overview/issues/{number}/read{at}", data={"csrf_token": token_of(client, "/password")})


def readings() -> list[IssueReading]:
    """What is stored."""
    db.session.expire_all()
    return list(db.session.scalars(sa.select(IssueReading).order_by(IssueReading.at)))


def test_a_leader_marks_a_signed_issue_once_and_sees_when(app: Flask, world: World) -> None:
    signed()
    client = client_for(app, world.leader)
    page = visit(client, "/overview/issues/1")
    assert page.select_one('form[action="/overview/issues/1/read"]')
    answer = mark_read(client)
    assert (answer.status_code, answer.location) == (302, "/overview/issues/1")
    [first] = readings()
    page = visit(client, "/overview/issues/1")
    assert not page.select_one('form[action="/overview/issues/1/read"]')
    at = clock.office_time(first.at)
    assert f"已阅 {at.year}年{at.month}月{at.day}日 {at:%H:%M}" in page.get_text()
    assert mark_read(client).status_code == 302
    [again] = readings()
    assert again.at == first.at
    event = db.session.scalars(sa.select(Event).where(Event.act == "mark_read")).one()
    assert (event.object_type, event.object_id, event.account_id) == ("issue", "1", world.leader.id)
    assert event.region_code == COUNTY


def test_the_office_sees_who_has_read_it_and_who_has_not_and_leaders_only_themselves(app: Flask, world: World) -> None:
    world.leader.name = "王县长"
    second = make_account(Role.LEADER, name="李副县长")
    make_account(Role.LEADER, name="赵停用", disabled_at=clock.now())
    make_account(Role.LEADER, name="外县长", region=OTHER_COUNTY)
    signed()
    words = main_of(visit(client_for(app, world.office), "/overview/issues/1")).get_text()
    assert "尚无领导标为已阅；未阅：李副县长同志、王县长同志。" in words
    mark_read(client_for(app, world.leader))
    words = main_of(visit(client_for(app, world.office), "/overview/issues/1")).get_text()
    assert "已阅：王县长同志 " in words
    assert "未阅：李副县长同志。" in words
    for name in ("赵停用", "外县长"):
        assert name not in words
    seen = main_of(visit(client_for(app, second), "/overview/issues/1")).get_text()
    assert "王县长" not in seen
    assert "已阅：" not in seen
    assert "王县长" not in main_of(visit(client_for(app, world.auditor), "/overview/issues/1")).get_text()


def test_a_leader_who_left_is_still_among_those_who_have_read_it(app: Flask, world: World) -> None:
    world.leader.name = "王县长"
    signed()
    mark_read(client_for(app, world.leader))
    world.leader.disabled_at = clock.now()
    db.session.commit()
    assert "已阅：王县长同志 " in visit(client_for(app, world.office), "/overview/issues/1").get_text()


def test_a_leader_of_the_prefecture_reads_the_issue_of_a_county(app: Flask, world: World) -> None:
    above = make_account(Role.LEADER, name="市领导", region="3607")
    signed()
    client = client_for(app, above)
    form = visit(client, f"/overview/issues/1?region={COUNTY}").select_one("form[action*='/read']")
    assert form
    assert form["action"] == f"/overview/issues/1/read?region={COUNTY}"
    assert mark_read(client, region=COUNTY).location == f"/overview/issues/1?region={COUNTY}"
    assert "已阅：市领导同志 " in visit(client_for(app, world.office), "/overview/issues/1").get_text()


def test_a_draft_is_not_yet_read(app: Flask, world: World) -> None:
    freeze_week(COUNTY, clock.now())
    client = client_for(app, world.leader)
    page = visit(client, "/overview/issues/1")
    assert not page.select_one("form[action*='/read']")
    answer = mark_read(client)
    assert answer.status_code == 409
    assert "本期尚未签发" in answer.text
    assert not readings()
    assert "未阅：" not in visit(client_for(app, world.office), "/overview/issues/1").get_text()


@pytest.mark.parametrize("who", ["office", "auditor", "staff", "administrator"])
def test_only_leaders_mark(app: Flask, world: World, who: str) -> None:
    signed()
    assert mark_read(client_for(app, getattr(world, who))).status_code == 403
    assert not readings()


def test_an_issue_of_elsewhere_or_none_is_not_found(app: Flask, world: World) -> None:
    make_plan(region=OTHER_COUNTY)
    signed(OTHER_COUNTY)
    client = client_for(app, world.leader)
    assert mark_read(client).status_code == 404
    assert mark_read(client, region=OTHER_COUNTY).status_code == 404
    assert mark_read(client, number=99).status_code == 404


def test_it_takes_a_form_of_ours_alone(app: Flask, world: World) -> None:
    signed()
    client = client_for(app, world.leader)
    assert client.get("/overview/issues/1/read").status_code == 405
    assert client.post("/overview/issues/1/read").status_code == 400
    token = token_of(client, "/password")
    assert client.post("/overview/issues/1/read", data={"csrf_token": token, "at": "2020-01-01"}).status_code == 400
    assert not readings()
