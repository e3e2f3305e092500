"""The common case on a phone: open, write a sentence, submit."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from tests.factories import make_account, make_task
from tests.journeys.conftest import PHONE, Opener
from tests.journeys.hands import Hands
from tracker import clock
from tracker.models import Plan, Report, Situation, Unit, db
from tracker.rules.permissions import Role


def two_tasks() -> tuple[int, list[str]]:
    """Staff of 财政局 with two tasks that are due soon: the account and the keys."""
    unit = db.session.scalars(sa.select(Unit).where(Unit.name == "财政局", Unit.region_code == "360732")).one()
    plan = db.session.scalars(sa.select(Plan).where(Plan.code == "xingguo-2023")).one()
    tasks = [
        make_task(
            plan,
            lead=[unit],
            title=title,
            due_on=clock.today() + timedelta(days=days),
            position=9000 + days,
            key=f"xingguo-2023-t{days}",
        )
        for days, title in ((1, "第二笔资金拨付"), (2, "第三笔资金拨付"))
    ]
    staff = make_account(Role.UNIT_STAFF, units=[unit])
    keys = [task.key for task in tasks]
    db.session.commit()
    return staff.id, keys


def test_as_planned_and_one_sentence_are_three_interactions(county: Flask, open_as: Opener) -> None:
    staff, (key, other) = two_tasks()
    phone, hands = open_as(staff, PHONE), Hands()
    phone.goto("/work")
    card = phone.locator(f"#{key}")
    hands.tap(card.locator("summary"))
    hands.write(card.locator("textarea[name=text]"), "评审已完成，下周拨付")
    hands.tap(card.get_by_role("button", name="提交"))
    assert "已记录" in phone.locator("main").inner_text()
    assert hands.count <= 3
    [report] = db.session.scalars(sa.select(Report))
    assert (report.situation, report.text) == (Situation.ON_PLAN, "评审已完成，下周拨付")
    db.session.remove()  # an open transaction of the test would keep the server from writing
    # The next task that asks stands open below the confirmation: two interactions more.
    following = phone.locator(f"#{other}")
    assert following.locator("textarea[name=text]").is_visible()
    hands.write(following.locator("textarea[name=text]"), "等评审意见")
    hands.tap(following.get_by_role("button", name="提交"))
    assert hands.count == 5
