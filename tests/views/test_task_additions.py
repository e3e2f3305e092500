"""POST /tasks/<key>/additions/…: what a task adds to a school or the county, as the office says it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import OTHER_COUNTY, World, make_school
from tests.views.test_task_links import events, post
from tests.views.test_tasks_report import reload
from tests.visit import checked, client_for, visit
from tracker.models import Addition, Framework, LinkState, Origin, Stage, Task, db

REASON = "按竣工图"
GROUND = {"figure": "sports_ground_m2", "school": "第三中学", "amount": "1,200.5", "reason": REASON, "once": "a"}


def add(client: FlaskClient, task: Task, **differences: Any) -> TestResponse:
    """Say that the task adds a ground to 第三中学."""
    return post(client, task, "additions/add", **(GROUND | differences))


def proposed(task: Task, **differences: Any) -> Addition:
    """A proposal from the figures of a project."""
    values = {"figure": "sports_ground_m2", "amount": Decimal(900), "reason": "方案所列", "origin": Origin.PROJECT}
    values |= {"once": f"proposal-{db.session.scalar(sa.select(sa.func.count(Addition.id)))}"}
    row = Addition(task_id=task.id, **(values | differences))
    db.session.add(row)
    db.session.commit()
    return row


def additions() -> list[Addition]:
    """Every addition, oldest first."""
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Addition).order_by(Addition.id)))


def test_what_the_office_adds_is_confirmed_and_made_once(app: Flask, world: World) -> None:
    school = make_school("第三中学")
    office = client_for(app, world.office)
    assert add(office, world.task, from_on="2026-09-01").status_code == 302
    assert add(office, world.task, version="1").status_code == 302
    [row] = additions()
    assert (row.school_id, row.stage, row.amount, row.from_on) == (school.id, None, Decimal("1200.5"), date(2026, 9, 1))
    assert (row.state, row.origin, row.decided_by_id) == (LinkState.CONFIRMED, Origin.HAND, world.office.id)
    [event] = events("add_addition")
    assert event.after["additions"] == ["第三中学 sports_ground_m2 1200.5 2026-09-01"]
    text = visit(office, f"/tasks/{world.task.key}").find(id="brings").get_text()  # type: ignore[union-attr]
    assert "第三中学 体育运动场地面积 +1,200.5 ㎡" in " ".join(text.split())
    assert "不早于 2026年9月1日" in text


def test_a_figure_of_a_stage_has_a_stage_and_one_of_the_school_none(app: Flask, world: World) -> None:
    make_school("第三中学")
    office = client_for(app, world.office)
    assert add(office, world.task, figure="seats", amount="40", stage="junior").status_code == 302
    assert add(office, world.task, once="b", stage="junior").status_code == 302
    assert [row.stage for row in additions()] == [Stage.JUNIOR, None]


def test_a_figure_of_the_county_has_no_school(app: Flask, world: World) -> None:
    framework = db.session.scalars(sa.select(Framework).where(Framework.code == "national")).one()
    framework.figures = [
        {"code": "rotated", "name": "当年交流轮岗教师", "unit": "人", "question": False},
        {"code": "layout_reasonable", "name": "布局合理", "unit": "", "question": True},
    ]
    make_school("第三中学")
    office = client_for(app, world.office)
    assert add(office, world.task, figure="rotated").status_code == 400
    assert add(office, world.task, figure="layout_reasonable", school="").status_code == 400
    assert add(office, world.task, figure="rotated", school="").status_code == 302
    assert "当年交流轮岗教师" in visit(office, f"/tasks/{world.task.key}").find(id="brings").get_text()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"figure": "students"}, "请选择增加的数据"),
        ({"figure": "nothing"}, "请选择增加的数据"),
        ({"amount": "0"}, "请填写大于0的数量"),
        ({"amount": ""}, "请填写大于0的数量"),
        ({"amount": "-3"}, "请只填数字"),
        ({"amount": "9" * 30}, "请只填数字"),
        ({"school": ""}, "请填写学校"),
        ({"school": "别县小学"}, "本地区没有这所学校"),
        ({"figure": "seats", "amount": "4"}, "请选择学段"),
        ({"figure": "multimedia_rooms", "amount": "1.5"}, "请填整数"),
        ({"from_on": "bald"}, "如 2026-03-31"),
        ({"reason": ""}, "请填写理由"),
    ],
)
def test_a_wrong_addition_comes_back_with_its_words(
    app: Flask, world: World, values: dict[str, str], said: str
) -> None:
    make_school("第三中学")
    make_school("别县小学", region=OTHER_COUNTY)
    answer = add(client_for(app, world.office), world.task, **values)
    assert answer.status_code == 400
    assert said in checked(answer).find(id="brings").get_text()  # type: ignore[union-attr]
    assert additions() == []


def test_a_proposal_without_an_amount_is_filled_in_and_then_stays(app: Flask, world: World) -> None:
    school = make_school("第三中学")
    row = proposed(world.task, amount=None, school_id=school.id, reason="方案未分用途")
    office = client_for(app, world.office)
    page = visit(office, f"/tasks/{world.task.key}").find(id="brings")
    assert "数量待填" in page.get_text()  # type: ignore[union-attr]
    assert post(office, world.task, "links/confirm", what=f"addition:{row.id}").status_code == 409
    values = {**GROUND, "about": str(row.id), "amount": "640"}
    values.pop("once")
    assert post(office, world.task, "additions/change", **values).status_code == 302
    [row] = additions()
    assert (row.amount, row.state, row.origin) == (Decimal(640), LinkState.CONFIRMED, Origin.HAND)
    [event] = events("change_addition")
    assert event.before["additions"] == ["第三中学 sports_ground_m2"]


def test_a_change_that_is_refused_opens_the_form_of_its_row(app: Flask, world: World) -> None:
    school = make_school("第三中学")
    row, other = (proposed(world.task, school_id=school.id, stage=stage) for stage in (None, Stage.JUNIOR))
    values = {**GROUND, "about": str(row.id), "amount": "viel"}
    values.pop("once")
    answer = post(client_for(app, world.office), world.task, "additions/change", **values)
    assert answer.status_code == 400
    page = checked(answer)
    assert page.find(id=f"addition-{row.id}-c-amount")["value"] == "viel"  # type: ignore[index]
    assert page.find(id=f"addition-{other.id}-c-amount") is None
    page = visit(client_for(app, world.office), f"/tasks/{world.task.key}?edit=addition-{other.id}")
    assert page.find(id=f"addition-{other.id}-c-amount")["value"] == "900"  # type: ignore[index]


def test_a_dismissed_proposal_stays_dismissed_until_the_office_takes_it_up(app: Flask, world: World) -> None:
    school = make_school("第三中学")
    row = proposed(world.task, school_id=school.id)
    office = client_for(app, world.office)
    assert post(office, world.task, "additions/dismiss", about=str(row.id)).status_code == 400
    assert post(office, world.task, "additions/dismiss", about=str(row.id), reason="原有场地").status_code == 302
    assert post(office, world.task, "additions/dismiss", about=str(row.id), reason="原有场地").status_code == 409
    assert [each.state for each in additions()] == [LinkState.DISMISSED]
    [event] = events("dismiss_addition")
    assert event.after["reason"] == "原有场地"
    assert "不采用的 1 条" in visit(office, f"/tasks/{world.task.key}").get_text()
    values = {**GROUND, "about": str(row.id)}
    values.pop("once")
    assert post(office, world.task, "additions/change", **values).status_code == 302
    assert [each.state for each in additions()] == [LinkState.CONFIRMED]


def test_an_addition_of_another_task_is_not_there(app: Flask, world: World) -> None:
    school = make_school("第三中学")
    row = proposed(world.housing_task, school_id=school.id)
    office = client_for(app, world.office)
    values = {**GROUND, "about": str(row.id)}
    values.pop("once")
    assert post(office, world.task, "additions/change", **values).status_code == 409
    assert post(office, world.task, "additions/dismiss", about=str(row.id), reason="误").status_code == 409


@pytest.mark.parametrize("act", ["additions/add", "additions/change", "additions/dismiss"])
def test_only_the_office_of_the_county_says_what_a_task_adds(app: Flask, world: World, act: str) -> None:
    row = proposed(world.task, school_id=make_school("第三中学").id)
    values = {"about": str(row.id), **GROUND}
    for account, status in ((world.staff, 403), (world.auditor, 403), (world.stranger, 404)):
        assert post(client_for(app, account), world.task, act, **values).status_code == status, account.username
    assert client_for(app, world.office).get(f"/tasks/{world.task.key}/{act}").status_code == 405
    assert post(client_for(app, world.office), world.task, act, **values, admin="1").status_code == 400
    assert reload(world.task).version == 1
    assert [each.state for each in additions()] == [LinkState.PROPOSED]
