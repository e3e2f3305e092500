"""What is typed on a phone is saved by itself, and is there again after the session has ended."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from tests.factories import make_account, make_task
from tests.journeys.conftest import PHONE, Opener
from tracker import clock
from tracker.models import Draft, LoginSession, Plan, Unit, db
from tracker.rules.permissions import Role


def test_a_draft_outlives_its_session(county: Flask, open_as: Opener) -> None:
    unit = db.session.scalars(sa.select(Unit).where(Unit.name == "财政局", Unit.region_code == "360732")).one()
    plan = db.session.scalars(sa.select(Plan).where(Plan.code == "xingguo-2023")).one()
    due_on = clock.today() + timedelta(days=3)
    key = make_task(plan, lead=[unit], title="第二笔资金拨付", due_on=due_on, position=9001, key="xingguo-2023-t1").key
    staff = make_account(Role.UNIT_STAFF, units=[unit]).id
    db.session.commit()

    phone = open_as(staff, PHONE)
    phone.goto("/work")
    card = phone.locator(f"#{key}")
    card.locator("summary").click()
    card.get_by_text("有困难").click()
    card.locator("textarea[name=text]").fill("评审意见还没有回来")
    card.get_by_text("已暂存").wait_for(timeout=15_000)

    db.session.execute(sa.update(LoginSession).values(ended_at=clock.now()))
    db.session.commit()
    assert [draft.words["text"] for draft in db.session.scalars(sa.select(Draft))] == ["评审意见还没有回来"]
    db.session.remove()

    again = open_as(staff, PHONE)
    again.goto("/work")
    assert again.locator(f"#{key} textarea[name=text]").input_value() == "评审意见还没有回来"
    assert again.locator(f"#{key} input[value=difficulty]").is_checked()
    again.locator(f"#{key}").get_by_role("button", name="提交").click()
    assert "已记录" in again.locator("main").inner_text()
    assert db.session.scalars(sa.select(Draft)).all() == []
